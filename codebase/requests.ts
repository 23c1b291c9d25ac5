// Where a module specifier leads: to a file, a package, the codebase (`ucm/…`) or the
// built-in abilities (`ucm/abilities`), and what there is to be had.

import { BUILTIN } from './commonjs-host.ts'
import type { KnownAbility } from './defined.ts'
import type { Declaration } from './declarations.ts'
import { folderOf, joinPath } from './file-system.ts'
import type { ImportEntry, Request } from './module-entries.ts'
import { isModule, type Module, type ModuleFiles, openModule } from './modules.ts'
import { nearest } from './nearest.ts'
import {
  type Asking,
  existingFile,
  ownFile,
  type Package,
  type PackageFile,
  privateImport,
  requiredFile,
  resolvePackage,
} from './packages.ts'
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
  /** What the namespace is as a value, when that is a definition: the object that a CommonJS module exports. */
  whole?(): Meaning | undefined
  /** The module whose exports it holds. */
  readonly module?: Module
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

export type Requested =
  | { readonly kind: 'module'; readonly module: Module }
  | { readonly kind: 'names'; readonly namespace: Namespace }
  | { readonly kind: 'problem'; readonly problem: Problem }

/** What a module specifier leads to. */
export function requested(world: World, module: Module, request: Request | ImportEntry): Requested {
  const { specifier, start } = request
  const at = { module, start }
  if (specifier === 'ucm/abilities') return { kind: 'names', namespace: abilitiesNamespace(world) }
  if (specifier === 'ucm' || specifier.startsWith('ucm/'))
    return { kind: 'names', namespace: codebaseNamespace(specifier.slice(4), at) }
  const known = world.found.get(module) ?? new Map<string, FoundFile>()
  world.found.set(module, known)
  const asking = 'required' in request ? 'require' : 'import'
  const key = keyOf(asking, specifier)
  const file = known.get(key) ?? fileOf(world, module, specifier, asking)
  known.set(key, file)
  if ('reason' in file) return { kind: 'problem', problem: problemAt(at, file.code, file.reason, file.hint) }
  const opened = openModule(world, file.path, file.package)
  if (isModule(opened)) return { kind: 'module', module: opened }
  return { kind: 'problem', problem: opened }
}

/** What is asked for, apart for each who asks; most are imports. */
function keyOf(asking: Asking, what: string): string {
  return asking === 'import' ? what : `require ${what}`
}

/** The file that a path means, which many modules ask for. */
function fileAt(world: World, path: string, asking: Asking): string | undefined {
  const key = keyOf(asking, path)
  const find = asking === 'require' ? requiredFile : existingFile
  if (!world.files.has(key)) world.files.set(key, find(world.fileSystem, path))
  return world.files.get(key)
}

function fileOf(world: World, module: Module, specifier: string, asking: Asking): FoundFile {
  const folder = folderOf(module.source.path)
  if (specifier.startsWith('.') || specifier.startsWith('/')) {
    const path = specifier.startsWith('/') ? specifier : joinPath(folder, specifier)
    const found = fileAt(world, path, asking)
    if (!found)
      return {
        code: 'import-unknown',
        reason: `there is no file \`${specifier}\``,
        hint: `it was looked for next to ${module.source.shownAs}`,
      }
    if (!/\.([cm]?[jt]sx?|json)$/.test(found))
      return {
        code: 'import-refused',
        reason: `\`${specifier}\` is not a source file`,
        hint: 'write what it holds as a constant of a .ts file',
      }
    return module.package ? ownFile(module.package, found, specifier) : { path: found, package: undefined }
  }
  if (BUILTIN.test(specifier))
    return {
      code: 'import-refused',
      reason: `\`${specifier}\` belongs to Node, and functions run on any host`,
      hint: 'perform an ability of `ucm/abilities`, or take what you need of it as a parameter',
    }
  if (specifier.startsWith('#') && module.package)
    return privateImport(world.fileSystem, module.package, specifier, asking)
  return resolvePackage(world.fileSystem, specifier, folder, asking)
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
