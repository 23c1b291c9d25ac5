// Reads a CommonJS module whose requires and exports are static as the module that it
// would be with `import` and `export`; every later stage sees only that. Nodes keep their
// offsets in the file. What is not static is refused at its place.

import { planExports } from './commonjs-exports.ts'
import { settleHost } from './commonjs-host.ts'
import { readMentions } from './commonjs-mentions.ts'
import type { Plan } from './commonjs-plan.ts'
import { readRequires } from './commonjs-requires.ts'
import { sloppyRefusals } from './commonjs-sloppy.ts'
import { type EsNode, identifier, rewrite } from './estree.ts'
import { type ExportEntry, type ImportEntry, MODULE_VALUE, type Request } from './module-entries.ts'
import type { Refusal } from './refusals.ts'
import type { SourceFile } from './source.ts'
import { stringAt } from './syntax.ts'

/** A CommonJS module, as one with imports and exports. */
export interface CommonJs {
  readonly program: EsNode
  readonly imports: ReadonlyMap<string, ImportEntry>
  readonly exports: ReadonlyMap<string, ExportEntry>
  readonly stars: readonly Request[]
  /** What is required for its effects alone. */
  readonly bare: readonly Request[]
  readonly value: ModuleValue
  /** Names that definitions go by, for bindings that have no name of the author's. */
  readonly shownNames: ReadonlyMap<string, string>
}

/** What `require` gives. */
export interface ModuleValue {
  /** The binding that stands for it. */
  readonly binding: string
  /** Whether it is an object of the exports, so that a property of it is one of them. */
  readonly isObject: boolean
  readonly isEsModule: boolean
  /** Properties that it certainly has besides. */
  readonly properties: ReadonlySet<string>
}

const SIGNS = /\bmodule\.exports\b|\bexports\b|\brequire\s*\(/

/** Whether a file without `import` and `export` is a CommonJS module. */
export function isCommonJs(source: SourceFile): boolean {
  return !source.module.hasModuleSyntax && /\.c?jsx?$/.test(source.path) && SIGNS.test(source.text)
}

/** Rewrites the tree of `source`, which is of no further use. */
export function readCommonJs({ program }: SourceFile): CommonJs | Refusal {
  const [sloppy] = sloppyRefusals(program)
  if (sloppy) return sloppy
  const annotated = takeAnnotations(program)
  const scopes = settleHost(program)
  const mentions = readMentions(program, scopes)
  const plan: Plan = {
    program,
    scopes,
    mentions,
    requires: readRequires(program, mentions, scopes),
    exports: new Map(),
    stars: [],
    statements: new Map(),
    replaced: new Map(),
    added: [],
    refusals: [...mentions.refusals],
    value: MODULE_VALUE,
    isObject: true,
    isEsModule: false,
    properties: new Set(annotated),
  }
  planExports(plan)
  const [refused] = plan.refusals.toSorted((a, b) => a.start - b.start)
  return refused ?? applied(plan)
}

/** `0 && (module.exports = { a, b })`, by which esbuild tells the names of exports; they are taken out. */
function takeAnnotations(program: EsNode): string[] {
  const names: string[] = []
  program['body'] = program['body'].filter(({ expression }: EsNode) => {
    if (expression?.type !== 'LogicalExpression' || expression['left'].value !== 0) return true
    const literal: EsNode | undefined = expression['right'].right
    for (const { key } of literal?.['properties'] ?? [])
      if (key?.type === 'Identifier') names.push(key['name'])
    return false
  })
  return names
}

function applied(plan: Plan): CommonJs {
  const { program, requires, exports, stars, value, isObject, isEsModule, properties } = plan
  const body = program['body'].flatMap((statement: EsNode) => statementsOf(statement, plan))
  const imports = new Map<string, ImportEntry>(requires.imports)
  program['body'] = [...[...imports].map(importDeclaration), ...body, ...plan.added]
  const replacements = new Map([...requires.replaced, ...plan.replaced])
  rewrite(program, (node) => replacements.get(node) ?? node)
  return {
    program,
    imports,
    exports,
    stars,
    bare: [...requires.bare.values()],
    value: { binding: value, isObject, isEsModule, properties },
    shownNames: shownNames(program),
  }
}

function statementsOf(statement: EsNode, { statements, requires }: Plan): readonly EsNode[] {
  const instead = statements.get(statement)
  if (instead) return instead
  if (requires.bare.has(statement)) return []
  if (statement.type !== 'VariableDeclaration') return [statement]
  const all: EsNode[] = statement['declarations']
  const kept = all.filter((declarator) => !requires.taken.has(declarator))
  if (kept.length === all.length) return [statement]
  return kept.length === 0 ? [] : [{ ...statement, declarations: kept, wordsEnd: all[0]!.start }]
}

function importDeclaration([local, { specifier, start }]: [string, ImportEntry]): EsNode {
  const at = { start, end: start }
  const name = identifier(local, at as EsNode)
  const specifiers = [{ type: 'ImportSpecifier', imported: name, local: name, ...at }]
  return { type: 'ImportDeclaration', specifiers, source: stringAt(specifier, at), attributes: [], ...at }
}

/** `exports.a` goes by `a`, and the value by its own name or `default`, unless something else has that name. */
function shownNames(program: EsNode): Map<string, string> {
  const declared = (statement: EsNode): EsNode[] =>
    statement['declarations'] ?? (statement['id'] ? [statement] : [])
  const all: EsNode[] = program['body'].flatMap(declared)
  const names = new Set<string>(all.map(({ id }) => id['name']))
  const shown = new Map<string, string>()
  const show = (binding: string, name: string): void => {
    if (names.has(name)) return
    names.add(name)
    shown.set(binding, name)
  }
  for (const { id } of all) if (id['name']?.startsWith('exports.')) show(id['name'], id['name'].slice(8))
  const value = all.find(({ id }) => id['name'] === MODULE_VALUE)
  if (value) {
    const own: EsNode | undefined = value['init']?.id
    if (own) show(MODULE_VALUE, own['name'])
    if (!shown.has(MODULE_VALUE)) show(MODULE_VALUE, 'default')
  }
  return shown
}
