// What a name means, across modules, packages, the codebase (`ucm/…`) and the
// built-in abilities (`ucm/abilities`).

import type { KnownAbility } from './defined.ts'
import type { Declaration } from './declarations.ts'
import { folderOf, joinPath } from './file-system.ts'
import { defaultAlias, isModule, type Module, type ModuleFiles, openModule, type Request } from './modules.ts'
import { nearest } from './nearest.ts'
import { existingFile, type Package, type PackageFile, privateImport, resolvePackage } from './packages.ts'
import type { Problem, RefusalCode } from './refusals.ts'
import { placeAt } from './source.ts'

export type Meaning =
  | { readonly kind: 'declaration'; readonly module: Module; readonly declaration: Declaration }
  | { readonly kind: 'namespace'; readonly namespace: Namespace }
  /** A name, or `#hash`, of the codebase; whether it exists is asked later. */
  | { readonly kind: 'codebase'; readonly name: string; readonly request: Placed }
  | { readonly kind: 'ability'; readonly ability: KnownAbility }
  | { readonly kind: 'intrinsic'; readonly name: string }
  /** `ability` and `op`, which only stand in declarations of abilities. */
  | { readonly kind: 'declarator'; readonly name: string }
  | { readonly kind: 'problem'; readonly problem: Problem }

/** Where in which module something was asked for. */
export interface Placed {
  readonly module: Module
  readonly start: number
}

/** What `import * as` binds. */
export interface Namespace {
  /** In ascending order; undefined when they cannot be listed. */
  names(): readonly string[] | undefined
  member(name: string): Meaning | undefined
}

export interface World extends ModuleFiles {
  readonly abilities: readonly KnownAbility[]
  /** Files that specifiers lead to, by the asking module and the specifier. */
  readonly found: Map<Module, Map<string, FoundFile>>
  /** The files that paths without extension and the like lead to. */
  readonly files: Map<string, string | undefined>
  /** What exports mean, by module and name. */
  readonly exported: Map<Module, Map<string, Meaning | undefined>>
}

type FoundFile = PackageFile | { readonly package: Package | undefined; readonly path: string }

/** What a module-level name means in `module`; undefined when the module declares no such value. */
export function meaningOf(world: World, module: Module, name: string, way?: Way): Meaning | undefined {
  const entry = module.imports.get(name)
  if (!entry) {
    const declaration = module.body().byName.get(name)
    return declaration && { kind: 'declaration', module, declaration }
  }
  return importedMeaning(world, module, entry, entry.imported, way)
}

/** What `module` exports as `name`; undefined when it exports no such value. */
export function exportedMeaning(world: World, module: Module, name: string): Meaning | undefined {
  const known = world.exported.get(module) ?? new Map<string, Meaning | undefined>()
  world.exported.set(module, known)
  if (!known.has(name)) known.set(name, followExport(world, module, name, undefined))
  return known.get(name)
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
  const entry = module.exports.get(name)
  if (entry?.kind === 'from') return importedMeaning(world, module, entry, entry.imported, way)
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
  const starred = module.stars.flatMap((star) => {
    const target = requested(world, module, star)
    return target.kind === 'module'
      ? exportedNames(world, target.module, deeper).filter((name) => name !== 'default')
      : []
  })
  return [...new Set([...module.exports.keys(), ...starred])].sort()
}

function importedMeaning(
  world: World,
  module: Module,
  request: Request,
  imported: string,
  way: Way | undefined,
): Meaning {
  const target = requested(world, module, request)
  if (target.kind === 'problem') return target
  const namespace = target.kind === 'module' ? namespaceOf(world, target.module) : target.namespace
  if (imported === '*') return { kind: 'namespace', namespace }
  const meaning =
    target.kind === 'module' ? followExport(world, target.module, imported, way) : namespace.member(imported)
  return (
    meaning ?? {
      kind: 'problem',
      problem: missingExport({ module, start: request.start }, request.specifier, imported, namespace),
    }
  )
}

/** Why `name` cannot be had from what `specifier` leads to. */
export function missingExport(at: Placed, specifier: string, name: string, namespace: Namespace): Problem {
  const names = namespace.names() ?? []
  const [near] = nearest(name, names)
  const hint = near
    ? `did you mean \`${near}\`?`
    : names.length > 0
      ? `it exports ${listed(names)}`
      : 'it exports no values'
  return problemAt(at, 'import-unknown', `\`${specifier}\` exports no value called \`${name}\``, hint)
}

function listed(names: readonly string[]): string {
  return (
    names
      .slice(0, 6)
      .map((name) => `\`${name}\``)
      .join(', ') + (names.length > 6 ? ` and ${names.length - 6} more` : '')
  )
}

export function problemAt(
  { module, start }: Placed,
  code: RefusalCode,
  reason: string,
  hint: string,
): Problem {
  return { code, reason, hint, place: placeAt(module.source, start) }
}

type Requested =
  | { readonly kind: 'module'; readonly module: Module }
  | { readonly kind: 'names'; readonly namespace: Namespace }
  | { readonly kind: 'problem'; readonly problem: Problem }

/** What a module specifier leads to. */
export function requested(world: World, module: Module, request: Request): Requested {
  const { specifier, start } = request
  const at = { module, start }
  if (specifier === 'ucm/abilities') return { kind: 'names', namespace: abilitiesNamespace(world) }
  if (specifier === 'ucm' || specifier.startsWith('ucm/'))
    return { kind: 'names', namespace: codebaseNamespace(specifier.slice(4), at) }
  const known = world.found.get(module) ?? new Map<string, FoundFile>()
  world.found.set(module, known)
  const file = known.get(specifier) ?? fileOf(world, module, specifier)
  known.set(specifier, file)
  if ('reason' in file) return { kind: 'problem', problem: problemAt(at, file.code, file.reason, file.hint) }
  const opened = openModule(world, file.path, file.package)
  if (isModule(opened)) return { kind: 'module', module: opened }
  const problem =
    opened.code === 'commonjs-refused' ? { ...opened, reason: `\`${specifier}\` is CommonJS` } : opened
  return { kind: 'problem', problem }
}

const BUILTIN =
  /^(node:.*|assert|async_hooks|buffer|child_process|cluster|crypto|dgram|dns|events|fs|fs\/promises|http|http2|https|module|net|os|path|perf_hooks|process|querystring|readline|stream|string_decoder|timers|tls|tty|url|util|v8|vm|worker_threads|zlib)$/

/** The file that a path means, which many modules ask for. */
function fileAt(world: World, path: string): string | undefined {
  if (!world.files.has(path)) world.files.set(path, existingFile(world.fileSystem, path))
  return world.files.get(path)
}

function fileOf(world: World, module: Module, specifier: string): FoundFile {
  const folder = folderOf(module.source.path)
  if (specifier.startsWith('.') || specifier.startsWith('/')) {
    const path = specifier.startsWith('/') ? specifier : joinPath(folder, specifier)
    const found = fileAt(world, path)
    if (!found)
      return {
        code: 'import-unknown',
        reason: `there is no file \`${specifier}\``,
        hint: `it was looked for next to ${module.source.shownAs}`,
      }
    if (!/\.[cm]?[jt]sx?$/.test(found))
      return {
        code: 'import-refused',
        reason: `\`${specifier}\` is not a source file`,
        hint: 'write what it holds as a constant of a .ts file',
      }
    return { path: found, package: module.package }
  }
  if (BUILTIN.test(specifier))
    return {
      code: 'import-refused',
      reason: `\`${specifier}\` belongs to Node, and functions run on any host`,
      hint: 'perform an ability of `ucm/abilities`, or take what you need of it as a parameter',
    }
  if (specifier.startsWith('#') && module.package)
    return privateImport(world.fileSystem, module.package, specifier)
  return resolvePackage(world.fileSystem, specifier, folder)
}

function namespaceOf(world: World, module: Module): Namespace {
  return {
    names: () =>
      exportedNames(world, module).filter((name) => exportedMeaning(world, module, name) !== undefined),
    member: (name) => exportedMeaning(world, module, name),
  }
}

/** What `ucm/abilities` exports. */
function abilitiesNamespace(world: World): Namespace {
  const members = new Map<string, Meaning>([
    ['handle', { kind: 'intrinsic', name: 'ucm.handle' }],
    ['all', { kind: 'intrinsic', name: 'ucm.all' }],
    ['ability', { kind: 'declarator', name: 'ability' }],
    ['op', { kind: 'declarator', name: 'op' }],
    ...world.abilities.map((ability): [string, Meaning] => [ability.name, { kind: 'ability', ability }]),
  ])
  return { names: () => [...members.keys()].sort(), member: (name) => members.get(name) }
}

/** `ucm/math/stats` holds `math.stats.…`; the default export of `ucm/#hash` or `ucm/math/stats/mean` is that definition. */
function codebaseNamespace(path: string, request: Placed): Namespace {
  if (path.startsWith(LIST)) return listedNamespace(path.slice(LIST.length), request)
  return {
    names: () => undefined,
    member: (member) => ({ kind: 'codebase', name: codebaseName(path, member), request }),
  }
}

/** Begins a list of members: `ucm/?mean=math.stats.mean&sum=math.sum`. */
const LIST = '?'

/** What is imported as the namespace of exactly these members, each given with the full name that it means. */
export function listSpecifier(members: readonly (readonly [member: string, name: string])[]): string {
  const listed = members.map((pair) =>
    pair.map((text) => text.replaceAll(/[%&=+]/g, encodeURIComponent)).join('='),
  )
  return `ucm/${LIST}${listed.sort().join('&')}`
}

function listedNamespace(list: string, request: Placed): Namespace {
  const names = new Map(new URLSearchParams(list))
  return {
    names: () => [...names.keys()].sort(),
    member: (member) => {
      const name = names.get(member)
      return name === undefined ? undefined : { kind: 'codebase', name, request }
    },
  }
}

/** The name in the codebase that `member` of `ucm/` and `path` means. */
export function codebaseName(path: string, member: string): string {
  // In `@scope/package@1_0_0` the slash belongs to the segment.
  const prefix = path
    .replaceAll(/(^|\/)(@[^/]+)\//g, '$1$2\0')
    .replaceAll('/', '.')
    .replaceAll('\0', '/')
  if (prefix.startsWith('#') || (member === 'default' && prefix !== '')) return prefix
  return prefix === '' ? member : `${prefix}.${member}`
}
