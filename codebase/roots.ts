// The files and packages that `define` is given.

import type { DefineRequest } from './defined.ts'
import type { Declaration } from './declarations.ts'
import { KnownError } from './errors.ts'
import type { EsNode } from './estree.ts'
import { exportedMeaning, definedNames } from './meanings.ts'
import { nearest } from './nearest.ts'
import { problemAt, requested, type World } from './requests.ts'
import { isModule, type Module, openModule, type ParsedModule, parseModule, problemOf } from './modules.ts'
import { exportedFiles, fileOfPackage, findPackage } from './packages.ts'
import { handedOn } from './reexports.ts'
import type { Problem } from './refusals.ts'

/** A problem of a file as a whole, by the file's name. */
export interface FileProblem {
  readonly name: string
  readonly problem: Problem
}

/** A given file, or a package's entry: then `names` are its exports. */
export interface Root {
  readonly module: Module
  readonly names?: readonly string[]
}

export interface Wanted {
  readonly module: Module
  readonly declaration: Declaration
}

/**
 * Opens what was asked for; with `partial`, a file that cannot be read is one problem of many.
 * @throws KnownError when a file cannot be read, or a package is not there
 */
export function openRoots(
  world: World,
  { files, directory, partial }: DefineRequest,
): { roots: Root[]; problems: FileProblem[] } {
  const roots: Root[] = []
  const problems: FileProblem[] = []
  for (const file of files) {
    const isPackage = file.startsWith('npm:')
    const opened = isPackage ? openPackage(world, file, directory) : [openFile(world, file)]
    for (const module of opened) {
      if (isModule(module))
        roots.push(isPackage ? { module, names: definedNames(world, module) } : { module })
      else if (partial) problems.push({ name: module.place.file, problem: module })
      else throw unreadable(module)
    }
  }
  return { roots, problems }
}

function openFile(world: World, file: string): Module | Problem {
  return openModule(world, world.fileSystem.realpath(file), undefined)
}

const PACKAGE = /^npm:((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?(?:\/(.+))?$/

const PACKAGE_NAME = /^(@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/

/** The module that is asked for, or all that the package exports. */
function openPackage(world: World, file: string, directory: string): (Module | Problem)[] {
  const [, name = file.slice(4), version, subpath] = PACKAGE.exec(file) ?? []
  if (!PACKAGE_NAME.test(name)) {
    const hint = 'write `npm:` and the name of an installed package; a file is given by its path'
    throw noPackage(file.slice(4), `\`${file.slice(4)}\` is not a package name`, hint)
  }
  const pack = findPackage(world.fileSystem, name, directory)
  if (!pack) throw noPackage(name, `\`${name}\` is not installed`, `run \`npm install ${name}\``)
  if (version !== undefined && pack.version !== version) {
    throw noPackage(
      name,
      `\`${name}\` is installed as ${pack.version}, not ${version}`,
      `run \`npm install ${name}@${version}\``,
    )
  }
  const files = subpath === undefined ? exportedFiles(world.fileSystem, pack) : []
  if (files.length > 0) return preferred(files.map((path) => parseModule(world, path, pack)))
  const found = fileOfPackage(world.fileSystem, pack, subpath === undefined ? '.' : `./${subpath}`)
  if ('reason' in found) throw noPackage(name, found.reason, found.hint)
  return [openModule(world, found.path, pack)]
}

/** Of a package that has ES modules, those: what else it ships is the same once more, for older hosts. */
function preferred(files: readonly ParsedModule[]): (Module | Problem)[] {
  const isEsModule = (module: Module | Problem): boolean =>
    isModule(module)
      ? module.value === undefined && module.source.module.hasModuleSyntax
      : module.code !== 'commonjs-refused'
  const opened = files.filter(({ isCommonJs }) => !isCommonJs).map((file) => file.open())
  const hasEsModules = opened.some((module) => isModule(module) && isEsModule(module))
  return hasEsModules ? opened.filter(isEsModule) : files.map((file) => file.open())
}

function noPackage(name: string, reason: string, hint: string): KnownError {
  return new KnownError('input', 'import-unknown', `Cannot define npm:${name}: ${reason}`, {
    hint,
    details: { package: name },
  })
}

function unreadable({ code, reason, hint, place }: Problem): KnownError {
  const at = `${place.file}:${place.line}:${place.column}`
  return new KnownError(
    'input',
    code,
    `Cannot ${code === 'syntax-error' ? 'parse' : 'define'} ${at}: ${reason}`,
    { hint, details: { ...place } },
  )
}

/** @throws KnownError usage `name-unknown` for a name of `as` that no given file defines */
export function checkNames({ as = {} }: DefineRequest, roots: readonly Root[]): void {
  const own = new Set(
    roots.flatMap(({ module, names }) => {
      if (names) return []
      const { declarations, types } = module.body()
      return [...declarations, ...types.values()].map(({ name }) => name)
    }),
  )
  const unknown = Object.keys(as).find((name) => !own.has(name))
  if (unknown === undefined) return
  const near = nearest(unknown, [...own])
  throw new KnownError(
    'usage',
    'name-unknown',
    `Cannot file ${unknown} as ${as[unknown]}: no given file defines ${unknown}`,
    {
      hint: near.length > 0 ? `did you mean ${near.join(', ')}?` : 'it takes names that given files declare',
      details: { name: unknown, nearest: near },
    },
  )
}

/** The definitions that a root asks for. */
export function wantedOf(world: World, { module, names }: Root): Wanted[] {
  if (!names) {
    const { declarations, types } = module.body()
    const own = [...declarations.filter((each) => !isExportsObject(module, each)), ...types.values()].map(
      (declaration) => ({ module, declaration }),
    )
    return [...own, ...handedOn(world, module)]
  }
  return names.flatMap((name) => {
    const meaning = exportedMeaning(world, module, name)
    if (meaning?.kind === 'declaration') return [meaning]
    if (meaning?.kind !== 'namespace') return []
    return (meaning.namespace.names() ?? []).flatMap((member) => {
      const inner = meaning.namespace.member(member)
      return inner?.kind === 'declaration' ? [inner] : []
    })
  })
}

/** Whether it is only the object around what a CommonJS file exports by name: it is there for who asks for it. */
function isExportsObject({ value, exports }: Module, { binding }: Declaration): boolean {
  return value?.isObject === true && exports.size > 0 && binding?.name === value.binding
}

/** Refused statements of a given file, and exports that lead nowhere. */
export function problemsOfRoot(world: World, { module, names }: Root): { name: string; problem: Problem }[] {
  const exported = module.value ? [...module.exports.keys()] : definedNames(world, module)
  const missing = (names ?? exported).flatMap((name) => {
    const entry = module.exports.get(name)
    const meaning = exportedMeaning(world, module, name)
    if (meaning?.kind === 'problem') return [{ name, problem: meaning.problem }]
    if (meaning || !entry || entry.kind === 'from' || isDeclaredType(module, entry.local)) return []
    const problem = problemAt(
      { module, start: entry.start },
      'name-unbound',
      `\`${entry.local ?? name}\` is exported and not declared`,
      'declare it or take the export out',
    )
    return [{ name, problem }]
  })
  return [...fileRefusals(module), ...(names ? [] : effectProblems(world, module)), ...missing]
}

/** What is refused of files that are imported for their effects, and stars that lead nowhere. */
function effectProblems(world: World, module: Module): FileProblem[] {
  const { bare } = module
  return [...bare, ...module.stars].flatMap((request, index): FileProblem[] => {
    const target = requested(world, module, request)
    if (target.kind === 'problem') return [{ name: module.source.shownAs, problem: target.problem }]
    return target.kind === 'module' && index < bare.length ? fileRefusals(target.module) : []
  })
}

function isDeclaredType(module: Module, name: string | null): boolean {
  return module.source.program['body'].some((item: EsNode) => {
    const declared: EsNode = item['declaration'] ?? item
    return declared.type.startsWith('TS') && (name === null || declared['id']?.name === name)
  })
}

/** What is refused of a file as a whole. */
export function fileRefusals(module: Module): { name: string; problem: Problem }[] {
  return module
    .body()
    .strays.map((stray) => ({ name: module.source.shownAs, problem: problemOf(module, stray) }))
}

/** What is told of a given file that holds nothing to file. */
export function emptyFile({ source }: Module): FileProblem {
  const reason = 'it declares no function, class, constant, ability or type, and re-exports none'
  const hint = 'name the files in which they stand: definitions are what is declared at the top level'
  const place = { file: source.shownAs, line: 1, column: 1 }
  return { name: source.shownAs, problem: { code: 'no-definitions', reason, hint, place } }
}
