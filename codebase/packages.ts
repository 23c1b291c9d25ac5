// Finds the modules of installed npm packages (Node's algorithm, nodejs.org/api/esm
// "Resolution algorithm"): ES modules first (the conditions import, module and default).

import { type FileSystem, folderOf, joinPath } from './file-system.ts'
import type { RefusalCode } from './refusals.ts'

/** An installed package. */
export interface Package {
  readonly name: string
  readonly version: string
  /** With symbolic links followed. */
  readonly folder: string
  readonly manifest: Manifest
}

interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly type?: string
  readonly main?: string
  readonly module?: string
  readonly exports?: Exports
  readonly imports?: Readonly<Record<string, Exports>>
}

type Exports = string | null | readonly Exports[] | { readonly [condition: string]: Exports }

/** Why an import leads nowhere. */
export interface Unresolved {
  readonly code: RefusalCode
  readonly reason: string
  readonly hint: string
}

export type PackageFile = { readonly package: Package; readonly path: string } | Unresolved

/** Who asks: `import`, or CommonJS, which gets what Node's `require` gets. */
export type Asking = 'import' | 'require'

const CONDITIONS: Readonly<Record<Asking, readonly ReadonlySet<string>[]>> = {
  // What has no ES module is taken as CommonJS.
  import: [new Set(['import', 'module', 'default']), new Set(['import', 'module', 'require', 'default'])],
  require: [new Set(['require', 'default'])],
}
const SPECIFIER = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/

/** The file that the bare specifier `name[/subpath]` means in `folder`. */
export function resolvePackage(
  files: FileSystem,
  specifier: string,
  folder: string,
  asking: Asking = 'import',
): PackageFile {
  const [, name = specifier, subpath] = SPECIFIER.exec(specifier) ?? []
  const found = findPackage(files, name, folder)
  if (!found) {
    return {
      code: 'import-unknown',
      reason: `the package \`${name}\` is not installed`,
      hint: `run \`npm install ${name}\``,
    }
  }
  return fileOfPackage(files, found, subpath === undefined ? '.' : `./${subpath}`, asking)
}

/** The installed package called `name` that code in `folder` sees. */
export function findPackage(files: FileSystem, name: string, folder: string): Package | undefined {
  for (let at = folder; ; at = folderOf(at)) {
    const manifest = readManifest(files, joinPath(at, `node_modules/${name}`))
    if (manifest) return manifest
    if (at === '/' || at === '') return undefined
  }
}

function readManifest(files: FileSystem, folder: string): Package | undefined {
  const text = files.read(`${folder}/package.json`)
  if (text === undefined) return undefined
  const manifest = parseManifest(text)
  const real = folderOf(files.realpath(`${folder}/package.json`))
  return {
    name: manifest.name ?? folder.split('/node_modules/').at(-1)!,
    version: manifest.version ?? '0',
    folder: real,
    manifest,
  }
}

function parseManifest(text: string): Manifest {
  try {
    return (JSON.parse(text) ?? {}) as Manifest
  } catch {
    // A package.json that is not JSON says nothing; what it leads to is then not found.
    return {}
  }
}

/** The file of `subpath` (`.` or `./…`) of a package. */
export function fileOfPackage(
  files: FileSystem,
  pack: Package,
  subpath: string,
  asking: Asking = 'import',
): PackageFile {
  const { exports } = pack.manifest
  const target = exports === undefined ? undefined : exportTarget(exports, subpath, asking)
  const candidates =
    exports === undefined ? legacyTargets(files, pack, subpath, asking) : target === undefined ? [] : [target]
  for (const candidate of candidates) {
    const path = existingFile(files, joinPath(pack.folder, candidate))
    if (path) return ownFile(pack, path, candidate)
  }
  const what = subpath === '.' ? 'has no module as its entry' : `has no \`${subpath.slice(2)}\``
  return {
    code: 'import-unknown',
    reason: `the package \`${pack.name}\` (${pack.version}) ${what}`,
    hint: 'its package.json lists what can be imported under `exports`',
  }
}

/** A file as a package's, unless it lies elsewhere: what a package is would else depend on whose disk it is on. */
export function ownFile(pack: Package, path: string, specifier: string): PackageFile {
  if (path.startsWith(`${pack.folder}/`)) return { package: pack, path }
  return {
    code: 'import-refused',
    reason: `\`${specifier}\` leads out of the folder of the package \`${pack.name}\``,
    hint: 'a package has its own files, and what other packages export under their names',
  }
}

/** Every source file that an `exports` map leads to, in the map's order, patterns filled in; none without a map. */
export function exportedFiles(files: FileSystem, pack: Package): string[] {
  const { exports } = pack.manifest
  if (exports === undefined || !isSubpathMap(exports)) return []
  const below = lazily(() => files.filesBelow(pack.folder).filter((path) => !path.includes('node_modules/')))
  const subpaths = Object.keys(exports).flatMap((key) =>
    key.includes('*') ? filledIn(exports[key] ?? null, key, below()) : [key],
  )
  const paths = subpaths.flatMap((subpath) => {
    const found = fileOfPackage(files, pack, subpath)
    return 'path' in found && SOURCE.test(found.path) && !DECLARATIONS.test(found.path) ? [found.path] : []
  })
  return [...new Set(paths)]
}

const SOURCE = /\.[cm]?[jt]sx?$/
const DECLARATIONS = /\.d\.[cm]?ts$/

/** The subpaths that a pattern stands for, given the files that there are. */
function filledIn(target: Exports, key: string, paths: readonly string[]): string[] {
  const [first, second] = CONDITIONS.import
  const filled = conditionTarget(target, '*', first!) ?? conditionTarget(target, '*', second!)
  const [before = '', after = ''] = (filled ?? '').split('*')
  if (!before.startsWith('./')) return []
  const folder = before.slice(2)
  return paths
    .filter(
      (path) => path.startsWith(folder) && path.endsWith(after) && path.length > folder.length + after.length,
    )
    .map((path) => key.replace('*', path.slice(folder.length, path.length - after.length)))
    .sort()
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** What `#name` means within a package: its `imports` map. */
export function privateImport(
  files: FileSystem,
  pack: Package,
  specifier: string,
  asking: Asking,
): PackageFile {
  const target = pack.manifest.imports && exportTarget(pack.manifest.imports, specifier, asking)
  if (target?.startsWith('./')) {
    const path = existingFile(files, joinPath(pack.folder, target))
    if (path) return ownFile(pack, path, target)
  }
  if (target !== undefined && !target.startsWith('.'))
    return resolvePackage(files, target, pack.folder, asking)
  return {
    code: 'import-unknown',
    reason: `\`${specifier}\` is not among the \`imports\` of \`${pack.name}\``,
    hint: 'correct its package.json',
  }
}

function exportTarget(exports: Exports, subpath: string, asking: Asking): string | undefined {
  for (const conditions of CONDITIONS[asking]) {
    const target = targetUnder(exports, subpath, conditions)
    if (target !== undefined) return target
  }
  return undefined
}

function targetUnder(exports: Exports, subpath: string, conditions: ReadonlySet<string>): string | undefined {
  if (!isSubpathMap(exports)) return subpath === '.' ? conditionTarget(exports, '', conditions) : undefined
  const exact = exports[subpath]
  if (exact !== undefined && !subpath.includes('*')) return conditionTarget(exact, '', conditions)
  const patterns = Object.keys(exports)
    .filter((key) => key.includes('*'))
    .sort((a, b) => b.indexOf('*') - a.indexOf('*'))
  for (const pattern of patterns) {
    const [before = '', after = ''] = pattern.split('*')
    if (!subpath.startsWith(before) || !subpath.endsWith(after) || subpath.length < pattern.length) continue
    const star = subpath.slice(before.length, subpath.length - after.length)
    return conditionTarget(exports[pattern] ?? null, star, conditions)
  }
  return undefined
}

function isSubpathMap(exports: Exports): exports is { readonly [subpath: string]: Exports } {
  if (typeof exports !== 'object' || exports === null || Array.isArray(exports)) return false
  return Object.keys(exports).some((key) => key.startsWith('.') || key.startsWith('#'))
}

function conditionTarget(target: Exports, star: string, conditions: ReadonlySet<string>): string | undefined {
  if (typeof target === 'string') return target.replaceAll('*', star)
  if (target === null) return undefined
  const choices = Array.isArray(target)
    ? target
    : Object.entries(target)
        .filter(([key]) => conditions.has(key))
        .map(([, value]) => value)
  for (const choice of choices) {
    const found = conditionTarget(choice, star, conditions)
    if (found !== undefined) return found
  }
  return undefined
}

/** Where a package without an exports map has `subpath`; a folder may have a manifest of its own. */
function legacyTargets(files: FileSystem, pack: Package, subpath: string, asking: Asking): string[] {
  const entriesOf = ({ module, main }: Manifest, folder: string): string[] =>
    [asking === 'import' ? module : undefined, main, './index.js', './index.mjs']
      .filter((target) => typeof target === 'string')
      .map((target) => `${folder}/${target}`)
  if (subpath === '.') return entriesOf(pack.manifest, '.')
  const text = files.read(joinPath(pack.folder, `${subpath}/package.json`))
  return [subpath, ...(text === undefined ? [] : entriesOf(parseManifest(text), subpath))]
}

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.js', '.mjs', '.jsx', '.cjs', '.json']

/** The file that CommonJS requires by `path`: a file, or a folder by its manifest. */
export function requiredFile(files: FileSystem, path: string): string | undefined {
  const text = files.isFile(path) ? undefined : files.read(`${path}/package.json`)
  const main = text === undefined ? undefined : parseManifest(text).main
  const named = main === undefined ? undefined : existingFile(files, joinPath(path, main))
  return named ?? existingFile(files, path)
}

/** The file at `path`, tried as written, as TypeScript would name it, with an extension, and as a folder. */
export function existingFile(files: FileSystem, path: string): string | undefined {
  const typed = path.replace(/\.([cm]?)js(x?)$/, '.$1ts$2')
  const candidates = [
    path,
    typed,
    ...EXTENSIONS.map((e) => path + e),
    ...EXTENSIONS.map((e) => `${path}/index${e}`),
  ]
  const found = candidates.find((candidate) => files.isFile(candidate))
  return found && files.realpath(found)
}
