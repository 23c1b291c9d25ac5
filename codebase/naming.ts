// Full names of definitions: `--at`, then the path of the file, then the own name;
// for packages `lib.<package>@<version>` and the entry's export names.

import { readAddLine } from './add-line.ts'
import type { Declaration } from './declarations.ts'
import type { DefineRequest } from './defined.ts'
import { folderOf, relativePath } from './file-system.ts'
import { exportedMeaning, definedNames } from './meanings.ts'
import { type World } from './requests.ts'
import { isModule, type Module, openModule } from './modules.ts'
import { isType } from './types.ts'
import { fileOfPackage, type Package } from './packages.ts'

export interface Naming {
  nameOf(module: Module, declaration: Declaration): string
}

/** Names for everything reached from `given`, the paths of the author's own files; `request` says where they go. */
export function makeNaming(
  world: World,
  given: readonly string[],
  request: Pick<DefineRequest, 'at' | 'as'>,
): Naming {
  const entries = new Map<string, ReadonlyMap<Declaration, string>>()
  const places = new Map<Module, ModulePlace>()
  const placeFor = (module: Module): ModulePlace => {
    const place = places.get(module) ?? placeOf(module, given, request)
    places.set(module, place)
    return place
  }
  const entryNames = (pack: Package): ReadonlyMap<Declaration, string> => {
    const names = entries.get(pack.folder) ?? namesOfEntry(world, pack)
    entries.set(pack.folder, names)
    return names
  }
  return {
    nameOf(module, declaration) {
      const own = asSegment(declaration.name)
      const { path, at, as } = placeFor(module)
      const filedAs = as.get(declaration.name)
      if (!module.package) return [...at, ...(filedAs === undefined ? [...path, own] : [filedAs])].join('.')
      const root = ['lib', `${module.package.name}@${asSegment(module.package.version)}`]
      const names = entryNames(module.package)
      const exported = names.get(declaration)
      if (exported !== undefined) return [...root, asSegment(exported)].join('.')
      const isTaken = path.length === 0 && [...names.values()].includes(declaration.name)
      return [...root, ...(isTaken ? ['index'] : path), own].join('.')
    },
  }
}

/** Where the definitions of a module go. */
interface ModulePlace {
  readonly at: readonly string[]
  readonly path: readonly string[]
  /** Names that differ from the declared ones. */
  readonly as: ReadonlyMap<string, string>
}

/** What the first line of a given file says holds unless the request says otherwise. */
function placeOf(
  { source, package: pack }: Module,
  given: readonly string[],
  request: Pick<DefineRequest, 'at' | 'as'>,
): ModulePlace {
  if (pack) return { at: [], path: pathSegments(pack.folder, source.path), as: new Map() }
  const isGiven = given.includes(source.path)
  const written = readAddLine(isGiven ? source.text : '')
  const at = request.at ?? written.at ?? ''
  return {
    at: at === '' ? [] : [at],
    path: fileSegments(given, source.path),
    as: new Map(isGiven ? [...written.as, ...Object.entries(request.as ?? {})] : []),
  }
}

/** A given file adds no segment, unless it is JSON, whose constant has no other name; others add their path from the first given file whose folder contains them, each folder up as `_`. */
function fileSegments(given: readonly string[], path: string): string[] {
  if (given.includes(path) && !path.endsWith('.json')) return []
  const folder = given.map(folderOf).find((candidate) => path.startsWith(`${candidate}/`))
  return pathSegments(folder ?? folderOf(given[0] ?? path), path)
}

function pathSegments(folder: string, path: string): string[] {
  const segments = relativePath(folder, path)
    .split('/')
    .map((segment) => (segment === '..' ? '_' : segment))
  const last = segments.pop()!.replace(/\.[cm]?[jt]sx?$/, '')
  return [...segments, ...(last === 'index' ? [] : [last])].map(asSegment)
}

/** `text` with what a segment of a name cannot hold as underscores. */
function asSegment(text: string): string {
  return text.replaceAll(/[\s.#"'`\\\p{C}]/gu, '_')
}

/** The name that each definition exported by the package's entry goes by: its own when that is exported, else the first. */
function namesOfEntry(world: World, pack: Package): ReadonlyMap<Declaration, string> {
  const names = new Map<Declaration, string>()
  const file = fileOfPackage(world.fileSystem, pack, '.')
  const entry = 'path' in file ? openModule(world, file.path, pack) : undefined
  if (!entry || !isModule(entry)) return names
  for (const name of definedNames(world, entry)) {
    const meaning = exportedMeaning(world, entry, name)
    if (meaning?.kind !== 'declaration' || meaning.module.package?.folder !== pack.folder) continue
    const { declaration } = meaning
    const known = names.get(declaration)
    const isBetter =
      known === undefined || name === declaration.name || (known === 'default' && known !== declaration.name)
    if (isBetter) names.set(declaration, name === 'default' ? declaration.name : name)
  }
  return names
}

/** Whether `module` exports the definition, under whatever name. */
export function isExported(module: Module, declaration: Declaration): boolean {
  if (module.value && module.value.binding === declaration.binding?.name) return true
  for (const [name, entry] of module.typeExports) {
    if (entry.kind !== 'local') continue
    if (
      entry.local === (declaration.binding?.name ?? declaration.name) &&
      (declaration.binding || isType(declaration))
    )
      return true
    if (name === 'default' && entry.local === null && declaration.name === 'default') return true
  }
  return false
}
