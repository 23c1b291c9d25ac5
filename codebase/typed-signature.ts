// The signature of a definition: as its author annotated it, and from the type checker
// where something is not annotated, with the definitions that inferred types name.

import { declaredName } from './declaration-path.ts'
import type { Candidate } from './batch.ts'
import { type EsNode, isClass } from './estree.ts'
import { signatureOf } from './signature.ts'
import type { CheckedFiles } from './type-checker.ts'
import { isType } from './types.ts'
import { isChecked } from './typing.ts'

export interface TypedSignature {
  readonly text: string | null
  /** Types that only the inferred text names: as written there, the full name. */
  readonly names: readonly (readonly [local: string, name: string])[]
}

/** A longer type is of no use to a reader. */
const MAX_INFERRED_LENGTH = 4_000

export function typedSignature(
  candidate: Candidate,
  accepted: readonly Candidate[],
  types: CheckedFiles | undefined,
): TypedSignature {
  const { module, declaration } = candidate
  if (!types || !isChecked(module)) return { text: signatureOf(module.source, declaration), names: [] }
  const names = new Map<string, string>()
  const typeAt = (start: number): string | undefined => {
    const type = types.typeAt(module.source.path, start)
    if (type === undefined || type === 'any' || type.length > MAX_INFERRED_LENGTH) return undefined
    if (type.replaceAll(IMPORTED, '') === `typeof ${declaration.name}`)
      return isSymbol(declaration.value) ? 'unique symbol' : undefined
    for (const [local, name] of namesIn(type, candidate, accepted))
      if (!names.has(local)) names.set(local, name)
    return type.replaceAll(IMPORTED, '')
  }
  const text = signatureOf(module.source, declaration, typeAt)
  const words = new Set(text?.match(WORD))
  if (text?.includes('Computation<') && !names.has('Computation'))
    names.set('Computation', 'ucm/abilities.Computation')
  return { text, names: [...names].filter(([local]) => words.has(local)) }
}

/** `Symbol(…)` or `Symbol.for(…)`; a function or class that a namespace is merged with has no shorter name either. */
function isSymbol({ type, callee }: EsNode): boolean {
  return type === 'CallExpression' && (callee.name ?? callee.object?.name) === 'Symbol'
}

/** What the checker writes before a name that is not in scope everywhere. */
const IMPORTED = /import\("([^"]*)"\)\.(?=([\p{ID_Start}$_][\p{ID_Continue}$]*))/gu
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu

function namesIn(type: string, candidate: Candidate, accepted: readonly Candidate[]): [string, string][] {
  const names: [string, string][] = []
  for (const [, file = '', local = ''] of type.matchAll(IMPORTED)) {
    const name = called(accepted, local).find(
      ({ module }) => withoutExtension(module.source.path) === file,
    )?.name
    const full = name ?? importedName(file, local)
    if (full !== undefined) names.push([local, full])
  }
  const words = new Set(type.replaceAll(IMPORTED, '.').match(WORD))
  for (const other of accepted) {
    const { name } = other.declaration
    if (other.module === candidate.module && words.has(name) && called([other], name).length > 0)
      names.push([name, other.name])
  }
  return names
}

/** Types and classes called `local`. */
function called(accepted: readonly Candidate[], local: string): Candidate[] {
  return accepted.filter(
    ({ declaration }) => declaration.name === local && (isType(declaration) || isClass(declaration.value)),
  )
}

function withoutExtension(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '')
}

function importedName(file: string, local: string): string | undefined {
  return /\/\.ucm\/types\/abilities(\.d)?$/.test(file) ? `ucm/abilities.${local}` : declaredName(file)
}
