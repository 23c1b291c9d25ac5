// The modules that a batch is made of: what each imports and exports, and what a
// name means across them. Modules are opened when something is needed of them.

import { isCommonJs, type ModuleValue, readCommonJs } from './commonjs.ts'
import { type Declaration, propertyPart, readDeclarations } from './declarations.ts'
import { qualifyExports } from './erase-namespace.ts'
import { eraseTypes } from './erase.ts'
import type { EsNode } from './estree.ts'
import { type FileSystem, relativePath } from './file-system.ts'
import { isAbsent, settleGuards } from './guards.ts'
import { type Asked, readJson } from './json-module.ts'
import { boxLazyVariables } from './lazy.ts'
import type { ExportEntry, ImportEntry, Request } from './module-entries.ts'
import type { Package } from './packages.ts'
import { type Problem, type Refusal, refusal } from './refusals.ts'
import { scratchNames } from './scratch.ts'
import { settleSelfReplacing } from './self-replacing.ts'
import { resolveScopes, type Scopes } from './scope.ts'
import { testedImports } from './tested-imports.ts'
import { readTypes } from './types.ts'
import { type Parse, parseSource, placeAt, type SourceFile } from './source.ts'

/** One source file of the batch. */
export interface Module {
  readonly source: SourceFile
  /** The package that it was reached through; undefined for the author's own files. */
  readonly package: Package | undefined
  /** By local name. */
  readonly imports: ReadonlyMap<string, ImportEntry>
  /** By exported name. */
  readonly exports: ReadonlyMap<string, ExportEntry>
  /** The same, types included. */
  readonly typeImports: ReadonlyMap<string, ImportEntry>
  readonly typeExports: ReadonlyMap<string, ExportEntry>
  /** Requests of `export * from`. */
  readonly stars: readonly Request[]
  /** The same, with those of `export type * from`; absent where there are no types. */
  readonly typeStars?: readonly Request[]
  /** Requests for what a module does when it is loaded. */
  readonly bare: readonly Request[]
  /** What `require` gives, for CommonJS and JSON. */
  readonly value?: ModuleValue
  /** Taken apart when first asked for. */
  body(): ModuleBody
}

export interface ModuleBody {
  readonly program: EsNode
  readonly scopes: Scopes
  readonly declarations: readonly Declaration[]
  /** Names of what hands a value on within a call. */
  readonly scratch: ReadonlySet<string>
  /** By the name of the binding, and `default` for an unnamed default export. */
  readonly byName: ReadonlyMap<string, Declaration>
  readonly types: ReadonlyMap<string, Declaration>
  /** Names of the module that only code mentions that never runs. */
  readonly settled: readonly NameAt[]
  /** A property of a declaration, as a declaration: one for each name. */
  propertyOf(declaration: Declaration, name: string): Declaration
  /** What is refused within declarations, by offset. */
  readonly refusals: readonly Refusal[]
  /** What is refused of the module as a whole. */
  readonly strays: readonly Refusal[]
  /** Imports, by local name, that its top-level statements change or may change, and where. */
  readonly foreign: ReadonlyMap<string, number>
}

/** A name, and where it is mentioned. */
export interface NameAt {
  readonly name: string
  readonly start: number
}

/** Opened modules by path, and what opening takes. */
export interface ModuleFiles {
  readonly fileSystem: FileSystem
  /** Paths are shown relative to this folder. */
  readonly directory: string
  readonly opened: Map<string, Module | Problem>
  readonly parse: Parse | undefined
  /** Whether an import of a module, by its local name, is a constant that is certainly true, or false. */
  truthOfImport?(module: Module, local: string): boolean | undefined
}

/** The module at `path`, or why it cannot be one. */
export function openModule(files: ModuleFiles, path: string, pack: Package | undefined): Module | Problem {
  return files.opened.get(path) ?? parseModule(files, path, pack).open()
}

/** A file of which no more is known than its text, parsed. */
export interface ParsedModule {
  readonly isCommonJs: boolean
  open(): Module | Problem
}

/** The file at `path`, of which nothing is read until it is opened. */
export function parseModule(files: ModuleFiles, path: string, pack: Package | undefined): ParsedModule {
  const opening = (isCommonJs: boolean, make: () => Module | Problem): ParsedModule => ({
    isCommonJs,
    open() {
      const opened = files.opened.get(path) ?? make()
      files.opened.set(path, opened)
      return opened
    },
  })
  const known = files.opened.get(path)
  if (known) return opening(false, () => known)
  const shownAs = relativePath(files.directory, path)
  const asked = { path, shownAs, text: files.fileSystem.read(path) ?? '', parse: files.parse }
  if (path.endsWith('.json')) return opening(false, () => makeJson(asked, pack))
  const source = parseSource(path, shownAs, asked.text, files.parse)
  if (!('program' in source)) return opening(false, () => source)
  return isCommonJs(source)
    ? opening(true, () => makeCommonJs(source, pack))
    : opening(false, () => makeModule(source, pack, files))
}

export function isModule(opened: Module | Problem): opened is Module {
  return 'source' in opened
}

function makeModule(source: SourceFile, pack: Package | undefined, files: ModuleFiles): Module {
  let body: ModuleBody | undefined
  const imports = readImports(source, false)
  const withTypes = readExports(source, true)
  const module: Module = {
    source,
    package: pack,
    imports,
    typeImports: readImports(source, true),
    ...readExports(source, false),
    typeExports: withTypes.exports,
    typeStars: withTypes.stars,
    bare: source.module.staticImports
      .filter(({ entries }) => entries.length === 0)
      .map(({ moduleRequest, start }) => ({ specifier: moduleRequest.value, start })),
    body: () =>
      (body ??= readBody(source, imports, {
        imported: (name) => files.truthOfImport?.(module, name),
      })),
  }
  return module
}

function makeCommonJs(source: SourceFile, pack: Package | undefined): Module | Problem {
  const read = readCommonJs(source)
  if ('code' in read) {
    const { code, reason, hint: toAuthor, start } = read
    const hint = pack ? hintToUser(pack) : toAuthor
    return { code, reason: `it is CommonJS, and ${reason}`, hint, place: placeAt(source, start) }
  }
  const { program, imports, exports, stars, bare, value, shownNames } = read
  const converted = { ...source, program }
  let body: ModuleBody | undefined
  return {
    source: converted,
    package: pack,
    imports,
    typeImports: imports,
    exports,
    typeExports: exports,
    stars,
    bare,
    value,
    body: () => (body ??= readBody(converted, imports, { shownNames })),
  }
}

/** What whoever uses a package can do, who did not write it. */
function hintToUser({ name }: Package): string {
  const build = name === 'lodash' ? '`lodash-es`, its build of ES modules' : 'a build of it in ES modules'
  return `use ${build}, or another package; \`--partial\` adds what does not need it`
}

/** A JSON file is one constant. */
function makeJson(asked: Asked, pack: Package | undefined): Module | Problem {
  const read = readJson(asked)
  if ('place' in read) return read
  const { source, value, shownNames } = read
  let body: ModuleBody | undefined
  const none = new Map<string, never>()
  return {
    source,
    package: pack,
    imports: none,
    typeImports: none,
    exports: none,
    typeExports: none,
    stars: [],
    bare: [],
    value,
    body: () => (body ??= readBody(source, none, { shownNames })),
  }
}

function readImports(source: SourceFile, withTypes: boolean): Map<string, ImportEntry> {
  const imports = new Map<string, ImportEntry>()
  for (const { moduleRequest, entries } of source.module.staticImports) {
    for (const { importName, localName, isType } of entries) {
      if (isType && !withTypes) continue
      const imported =
        importName.kind === 'NamespaceObject'
          ? '*'
          : importName.kind === 'Default'
            ? 'default'
            : importName.name!
      imports.set(localName.value, { specifier: moduleRequest.value, imported, start: localName.start })
    }
  }
  return imports
}

function readExports(source: SourceFile, withTypes: boolean): Pick<Module, 'exports' | 'stars'> {
  const exports = new Map<string, ExportEntry>()
  const stars: Request[] = []
  for (const {
    moduleRequest,
    importName,
    exportName,
    localName,
    isType,
    start,
  } of source.module.staticExports.flatMap((e) => e.entries)) {
    if (isType && !withTypes) continue
    const name = exportName.kind === 'Default' ? 'default' : exportName.name!
    if (!moduleRequest) exports.set(name, { kind: 'local', local: localName.name, start })
    else if (importName.kind === 'AllButDefault') stars.push({ specifier: moduleRequest.value, start })
    else
      exports.set(name, {
        kind: 'from',
        specifier: moduleRequest.value,
        imported: importName.kind === 'All' ? '*' : importName.name!,
        start,
      })
  }
  return { exports, stars }
}

interface Reading {
  readonly shownNames?: ReadonlyMap<string, string>
  /** What is certain of an imported name. */
  imported?(name: string): boolean | undefined
}

function readBody(
  source: SourceFile,
  imports: ReadonlyMap<string, ImportEntry>,
  { shownNames = new Map(), imported = () => undefined }: Reading,
): ModuleBody {
  const { program, scopes, scratch, refusals, settled } = readScopes(source, imported)
  const isAbilityMaker = (identifier: EsNode): boolean => {
    const entry =
      scopes.bindingOf(identifier)?.kind === 'import' ? imports.get(identifier['name']) : undefined
    return entry?.specifier === 'ucm/abilities' && entry.imported === 'ability'
  }
  const { declarations, strays, foreign } = readDeclarations(program, { scopes, isAbilityMaker })
  const shown = declarations.map((declaration) => showing(declaration, shownNames))
  const all = [...refusals, ...scopeRefusals(source, scopes)]
  const isWithin = ({ start }: Refusal): boolean =>
    declarations.some((d) => d.pieces.some((p) => p.start <= start && start < p.end))
  return {
    program,
    scopes,
    scratch,
    declarations: shown,
    byName: new Map(shown.map((declaration) => [declaration.binding?.name ?? declaration.name, declaration])),
    propertyOf: remembering((declaration, name) => propertyPart(declaration, name, scopes)),
    types: readTypes(source, (name) => scopes.moduleBindings.has(name)),
    settled,
    refusals: all.filter(isWithin),
    strays: [...strays, ...all.filter((each) => !isWithin(each))],
    foreign,
  }
}

type ErasedScopes = Pick<ModuleBody, 'program' | 'scopes' | 'scratch' | 'refusals' | 'settled'>

/** The module without types and with what is decided before it runs taken out; what every name in it means. */
function readScopes(source: SourceFile, imported: (name: string) => boolean | undefined): ErasedScopes {
  const { text } = source
  const asItIs = (
    program: EsNode,
    scopes: Scopes,
    refusals: readonly Refusal[],
  ): ErasedScopes | undefined => {
    if (needsRewriting(scopes)) return undefined
    const tested = [...testedImports({ program, text }, scopes)]
    if (tested.some((name) => imported(name) !== undefined)) return undefined
    return { program, scopes, scratch: scratchNames(program, scopes), refusals, settled: [] }
  }
  const plain = source.isPlain && asItIs(source.program, resolveScopes(source.program), [])
  if (plain) return plain
  const { program, refusals } = eraseTypes(source.program)
  let scopes = resolveScopes(program)
  if (qualifyExports(program, scopes)) scopes = resolveScopes(program)
  const unguarded = asItIs(program, scopes, refusals)
  if (unguarded) return unguarded
  const written = moduleMentions(scopes)
  if (settleGuards(program, scopes, { imported })) scopes = resolveScopes(program)
  if (settleSelfReplacing(program, scopes)) scopes = resolveScopes(program)
  const scratch = scratchNames(program, scopes)
  if (boxLazyVariables(program, scopes, scratch)) scopes = resolveScopes(program)
  const left = new Set(moduleMentions(scopes).map(({ start }) => start))
  return { program, scopes, scratch, refusals, settled: written.filter(({ start }) => !left.has(start)) }
}

function moduleMentions({ mentions }: Scopes): NameAt[] {
  return mentions.flatMap(({ identifier, binding }) =>
    binding?.isModule ? [{ name: binding.name, start: identifier.start }] : [],
  )
}

/** Whether guards may be settled, or lazy variables boxed: by the names that are mentioned, without a look at the tree. */
function needsRewriting({ mentions, bindingOf }: Scopes): boolean {
  return mentions.some(({ identifier, binding, isWrite }) => {
    if (binding) return isWrite && binding.isModule && binding.kind !== 'import'
    return isAbsent(identifier, { bindingOf }) || identifier['name'] === 'Function'
  })
}

function remembering(
  make: (declaration: Declaration, name: string) => Declaration,
): (declaration: Declaration, name: string) => Declaration {
  const made = new Map<Declaration, Map<string, Declaration>>()
  return (declaration, name) => {
    const known = made.get(declaration) ?? new Map<string, Declaration>()
    made.set(declaration, known)
    const property = known.get(name) ?? make(declaration, name)
    known.set(name, property)
    return property
  }
}

/** A declaration by the name that people know it by. */
function showing(declaration: Declaration, shownNames: ReadonlyMap<string, string>): Declaration {
  if (shownNames.size === 0) return declaration
  const { name, nominal } = declaration
  const parts = name.split('+').map((part) => shownNames.get(part) ?? part)
  const shown = parts.join('+')
  return { ...declaration, name: shown, nominal: nominal === name ? shown : nominal }
}

/** What its bindings alone refuse a module for. */
function scopeRefusals(source: SourceFile, scopes: Scopes): Refusal[] {
  const ambiguous = scopes.rejects.map(({ message, node }) =>
    refusal('syntax-refused', node, message, 'give one of the two another name'),
  )
  const duplicates = scopes.duplicates.map(({ node, first }) => {
    const { file, line, column } = placeAt(source, first.start)
    const reason = `\`${node['name']}\` is declared here and at ${file}:${line}:${column}`
    return refusal('duplicate-name', node, reason, 'rename one of them')
  })
  return [...ambiguous, ...duplicates]
}

/** The local name that `export default name` exports, types around it aside. */
export function defaultAlias(module: Module): string | undefined {
  const item: EsNode | undefined = module
    .body()
    .program['body'].find((s: EsNode) => s.type === 'ExportDefaultDeclaration')
  return item?.['declaration'].type === 'Identifier' ? item['declaration'].name : undefined
}

/** A refusal with its place in `module`. */
export function problemOf(module: Module, { code, reason, hint, start }: Refusal): Problem {
  return { code, reason, hint, place: placeAt(module.source, start) }
}
