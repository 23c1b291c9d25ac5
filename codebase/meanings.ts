// What a name means, across modules, packages, the codebase (`ucm/…`) and the
// built-in abilities (`ucm/abilities`).

import type { Declaration } from './declarations.ts'
import { type ImportEntry, type Interop, MODULE_VALUE } from './module-entries.ts'
import { defaultAlias, type Module } from './modules.ts'
import {
  codebaseName,
  type Meaning,
  missingExport,
  type Namespace,
  type Placed,
  problemAt,
  type Requested,
  requested,
  type World,
} from './requests.ts'

/** What a module-level name means in `module`; undefined when the module declares no such value. */
export function meaningOf(world: World, module: Module, name: string, way?: Way): Meaning | undefined {
  const entry = module.imports.get(name)
  if (!entry) {
    const declaration = module.body().byName.get(name)
    return declaration && { kind: 'declaration', module, declaration }
  }
  return importedMeaning(world, module, entry, way)
}

/** What `module` exports as `name`; undefined when it exports no such value. */
export function exportedMeaning(world: World, module: Module, name: string): Meaning | undefined {
  const known = world.exported.get(module) ?? new Map<string, Meaning | undefined>()
  world.exported.set(module, known)
  if (known.has(name)) return known.get(name)
  // One that leads to itself asks for it again, to say what else there is.
  known.set(name, undefined)
  const meaning = followExport(world, module, name, undefined)
  known.set(name, meaning)
  return meaning
}

/** An export, and those that led to it. */
interface Way {
  readonly module: Module
  readonly name: string
  readonly before: Way | undefined
}

/** An export that leads to itself means nothing. */
function followExport(
  world: World,
  module: Module,
  name: string,
  before: Way | undefined,
): Meaning | undefined {
  for (let step = before; step; step = step.before)
    if (step.module === module && step.name === name) return undefined
  const way = { module, name, before }
  if (module.value)
    return name === 'default' ? valueOf(world, module, way) : propertyOfModule(world, module, name, way)
  const entry = module.exports.get(name)
  if (entry?.kind === 'from') return importedMeaning(world, module, entry, way)
  if (entry) return meaningOf(world, module, localName(module, entry.local), way)
  if (name === 'default') return undefined
  for (const star of module.stars) {
    const target = requested(world, module, star)
    const meaning =
      target.kind === 'module'
        ? followExport(world, target.module, name, way)
        : target.kind === 'names'
          ? target.namespace.member(name)
          : undefined
    if (meaning) return meaning
  }
  return undefined
}

/** The type that a name means in `module`, through relative imports; undefined when it is no type of a source file. */
export function typeNamed(
  world: World,
  module: Module,
  name: string,
  depth = 0,
): { module: Module; declaration: Declaration } | undefined {
  const declaration = module.body().types.get(name)
  if (declaration) return { module, declaration }
  const entry = module.typeImports.get(name) ?? module.typeExports.get(name)
  if (!entry || !('specifier' in entry) || !entry.specifier.startsWith('.') || depth > MAX_TYPE_DEPTH)
    return undefined
  const target = requested(world, module, entry)
  if (target.kind !== 'module') return undefined
  const exported = target.module.typeExports.get(entry.imported)
  const local = exported?.kind === 'local' ? (exported.local ?? entry.imported) : entry.imported
  return typeNamed(world, target.module, local, depth + 1)
}

/** The name in the codebase that a type is imported by; undefined when it is not imported from there. */
export function codebaseType(module: Module, local: string): string | undefined {
  const entry = module.typeImports.get(local)
  if (!entry || !/^ucm(\/|$)/.test(entry.specifier) || entry.specifier === 'ucm/abilities') return undefined
  return codebaseName(entry.specifier.slice(4), entry.imported)
}

/** Re-exports that a type is followed through. */
const MAX_TYPE_DEPTH = 32

function localName(module: Module, local: string | null): string {
  if (local !== null) return local
  return module.body().byName.has('default') ? 'default' : (defaultAlias(module) ?? 'default')
}

/** Names that `module` exports, in ascending order. */
export function exportedNames(world: World, module: Module, seen: ReadonlySet<Module> = new Set()): string[] {
  if (seen.has(module)) return []
  const deeper = new Set([...seen, module])
  const forwarded = forwardOf(module)
  const starred = [...module.stars, ...(forwarded ? [forwarded] : [])].flatMap((star) => {
    const target = requested(world, module, star)
    return target.kind === 'module'
      ? exportedNames(world, target.module, deeper).filter((name) => name !== 'default')
      : []
  })
  const own = module.value ? [...module.value.properties, 'default'] : []
  return [...new Set([...module.exports.keys(), ...own, ...starred])].sort()
}

/** Names under which definitions are exported: those of an object that is the value, or the value itself. */
export function definedNames(world: World, module: Module): string[] {
  const properties = module.value?.properties ?? new Set()
  return exportedNames(world, module).filter((name) => !properties.has(name))
}

/** The module whose value is that of `module`: `module.exports = require('./x')`. */
function forwardOf({ value, imports }: Module): ImportEntry | undefined {
  const entry = value && imports.get(value.binding)
  return entry?.imported === MODULE_VALUE ? entry : undefined
}

function importedMeaning(world: World, module: Module, entry: ImportEntry, way: Way | undefined): Meaning {
  const { specifier, imported, start, required } = entry
  const target = requested(world, module, entry)
  if (target.kind === 'problem') return target
  const namespace = target.kind === 'module' ? namespaceOf(world, target.module) : target.namespace
  if (imported === '*') return { kind: 'namespace', namespace }
  const meaning = required
    ? requiredMeaning(world, target, { module, entry, required }, way)
    : target.kind === 'module'
      ? followExport(world, target.module, imported, way)
      : namespace.member(imported)
  return (
    meaning ?? { kind: 'problem', problem: missingExport({ module, start }, specifier, imported, namespace) }
  )
}

interface Requiring {
  readonly module: Module
  readonly entry: ImportEntry
  readonly required: Interop
}

/** What `require(…)`, or a property of it, means. */
function requiredMeaning(
  world: World,
  target: Exclude<Requested, { kind: 'problem' }>,
  { module, entry, required }: Requiring,
  way: Way | undefined,
): Meaning | undefined {
  const plain: Meaning | undefined =
    target.kind === 'names'
      ? { kind: 'namespace', namespace: target.namespace }
      : valueOf(world, target.module, way)
  const isTaken =
    required === 'value' || target.kind === 'names' || !target.module.value || target.module.value.isEsModule
  const value = isTaken || !plain ? plain : wrapped(plain, required, { module, start: entry.start })
  return value && entry.imported !== MODULE_VALUE ? propertyOf(value, entry.imported) : value
}

/** The value of a module: the namespace of an ES module, what a CommonJS module exports. */
function valueOf(world: World, module: Module, way: Way | undefined): Meaning | undefined {
  const { value } = module
  if (!value) return { kind: 'namespace', namespace: namespaceOf(world, module) }
  if (!value.isObject) {
    for (let step = way; step; step = step.before)
      if (step.module === module && step.name === MODULE_VALUE) return undefined
    return meaningOf(world, module, value.binding, { module, name: MODULE_VALUE, before: way })
  }
  const whole = (): Meaning | undefined => meaningOf(world, module, value.binding)
  const names = (): string[] =>
    exportedNames(world, module).filter((name) => name !== 'default' || module.exports.has(name))
  const member = (name: string): Meaning | undefined => exportedProperty(world, module, name, undefined)
  return { kind: 'namespace', namespace: { names, member, whole, module } }
}

/** What is exported under a name by a module that has a value. */
function propertyOfModule(
  world: World,
  module: Module,
  name: string,
  way: Way | undefined,
): Meaning | undefined {
  const { value } = module
  const exported = exportedProperty(world, module, name, way)
  if (exported || !value) return exported
  const whole = value.isObject ? meaningOf(world, module, value.binding) : valueOf(world, module, way)
  const isKnown = whole?.kind === 'namespace' || value.properties.has(name)
  return whole && isKnown ? propertyOf(whole, name) : undefined
}

/** What is a definition of its own under a name of the object of exports. */
function exportedProperty(
  world: World,
  module: Module,
  name: string,
  way: Way | undefined,
): Meaning | undefined {
  const { exports, stars } = module
  const entry = exports.get(name)
  if (entry?.kind === 'local') return meaningOf(world, module, entry.local ?? 'default', way)
  for (const star of name === 'default' ? [] : stars) {
    const entry: ImportEntry = { ...star, required: 'value', imported: MODULE_VALUE }
    const target = requested(world, module, entry)
    const meaning = target.kind === 'module' ? followExport(world, target.module, name, way) : undefined
    if (meaning) return meaning
  }
  return undefined
}

/** A property of what a module's value is. */
function propertyOf(value: Meaning, name: string): Meaning | undefined {
  if (value.kind === 'problem') return value
  if (value.kind === 'declaration') {
    const { module, declaration } = value
    return { kind: 'declaration', module, declaration: module.body().propertyOf(declaration, name) }
  }
  if (value.kind !== 'namespace') return undefined
  const member = value.namespace.member(name)
  if (member) return member
  const whole = value.namespace.whole?.()
  return whole && propertyOf(whole, name)
}

/** What is no ES module as compilers take it: in an object under `default`. */
function wrapped(value: Meaning, required: Interop, at: Placed): Meaning {
  const reason = 'the object that a compiler puts around a CommonJS module is used as a whole'
  const problem = problemAt(at, 'commonjs-refused', reason, 'use a property of it')
  const member = (name: string): Meaning | undefined =>
    name === 'default' ? value : required === 'star' ? propertyOf(value, name) : undefined
  const whole = (): Meaning => ({ kind: 'problem', problem })
  return { kind: 'namespace', namespace: { names: () => ['default'], member, whole } }
}

function namespaceOf(world: World, module: Module): Namespace {
  return {
    names: () =>
      exportedNames(world, module).filter((name) => exportedMeaning(world, module, name) !== undefined),
    member: (name) => exportedMeaning(world, module, name),
    module,
  }
}
