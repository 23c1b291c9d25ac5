// What is known of constants of other files: `import { isNode } from './env.js'` rules the
// same branches out as the constant itself would. Only the text of the files decides, so
// that neither cycles nor the order in which they are opened do.

import { eraseTypes } from './erase.ts'
import type { EsNode } from './estree.ts'
import { knownNames } from './guards.ts'
import { type KnownNames, knownTruth } from './known-truth.ts'
import type { Module } from './modules.ts'
import { requested, type World } from './requests.ts'
import { resolveScopes, type Scopes } from './scope.ts'

/** Exports that lead through more files than this are taken as they are. */
const MAX_FILES = 16

/** Whether what the import `local` of `module` binds is a constant that is certainly true, or false. */
export function importedTruth(
  world: World,
  module: Module,
  local: string,
  steps = MAX_FILES,
): boolean | undefined {
  const entry = module.imports.get(local)
  if (!entry || entry.imported === '*' || 'required' in entry) return undefined
  const target = requested(world, module, entry)
  return target.kind === 'module' ? exportedTruth(world, target.module, entry.imported, steps) : undefined
}

function exportedTruth(world: World, module: Module, name: string, steps: number): boolean | undefined {
  if (steps === 0 || module.value) return undefined
  const entry = module.exports.get(name)
  if (entry?.kind === 'local') return localTruth(world, module, entry.local, steps - 1)
  const requests = entry ? [entry] : name === 'default' ? [] : module.stars
  for (const request of requests) {
    const target = requested(world, module, request)
    const imported = entry?.kind === 'from' ? entry.imported : name
    const truth =
      target.kind === 'module' ? exportedTruth(world, target.module, imported, steps - 1) : undefined
    if (truth !== undefined) return truth
  }
  return undefined
}

function localTruth(world: World, module: Module, local: string | null, steps: number): boolean | undefined {
  if (local !== null && module.imports.has(local)) return importedTruth(world, module, local, steps)
  const { program, known, scopes } = readKnown(world, module)
  if (local !== null) {
    const binding = scopes.moduleBindings.get(local)
    const [declared] = scopes.initialisers.filter(
      ({ id }) => id.type === 'Identifier' && scopes.bindingOf(id) === binding,
    )
    return binding && declared && known.truthOf(declared['id'])
  }
  const exported = program['body'].find(({ type }: EsNode) => type === 'ExportDefaultDeclaration')
  return exported && knownTruth(exported.declaration, known)
}

interface Known {
  readonly program: EsNode
  readonly scopes: Scopes
  readonly known: KnownNames
}

const read = new WeakMap<Module, Known>()

function readKnown(world: World, module: Module): Known {
  const before = read.get(module)
  if (before) return before
  const { program } = eraseTypes(module.source.program)
  const scopes = resolveScopes(program)
  const known = knownNames(scopes, (name) => importedTruth(world, module, name))
  const made = { program, scopes, known }
  read.set(module, made)
  return made
}
