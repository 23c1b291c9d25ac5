// Types as definitions: a top-level alias or interface is its own text, in one
// layout, with references to other top-level types in the place of their names.

import type { Declaration } from './declarations.ts'
import { type EsNode, walk } from './estree.ts'
import type { Reference } from './hash.ts'
import type { Piece } from './pieces.ts'
import type { SourceFile } from './source.ts'
import type { Member, Node, Pending } from './term.ts'

/** The types that a module declares and that are not the types of values, by name; parts of one interface are one. */
export function readTypes(
  source: SourceFile,
  isValue: (name: string) => boolean,
): ReadonlyMap<string, Declaration> {
  const pieces = new Map<string, Piece[]>()
  for (const item of source.program['body'] as EsNode[]) {
    const statement: EsNode = item['declaration'] ?? item
    if (!/^TS(TypeAlias|Interface)Declaration$/.test(statement.type) || isValue(statement['id'].name))
      continue
    const piece: Piece = { ...NOTHING, statement, start: item.start, end: item.end }
    pieces.set(statement['id'].name, [...(pieces.get(statement['id'].name) ?? []), piece])
  }
  return new Map([...pieces].map(([name, own]) => [name, typeDeclaration(name, own)]))
}

/** What loading a type does. */
const NOTHING = {
  declares: [],
  isDeclaration: true,
  changes: {
    reassigned: new Set<never>(),
    mutated: new Set<never>(),
    handed: new Set<never>(),
    outside: undefined,
  },
  creates: false,
} as const

function typeDeclaration(name: string, pieces: readonly Piece[]): Declaration {
  const value = pieces[0]!.statement
  return {
    name,
    binding: null,
    value,
    completions: [],
    nominal: null,
    locals: new Set(),
    pieces,
    refusals: [],
  }
}

export function isType({ value }: Declaration): boolean {
  return value.type.startsWith('TS')
}

/** The identifiers in a type that may name other types: those that are not its own parameters. */
export function typeMentions({ pieces }: Declaration): EsNode[] {
  const named: EsNode[] = []
  const parameters = new Set<string>()
  for (const { statement } of pieces) {
    walk(statement, (node) => {
      const mention: EsNode | undefined =
        node.type === 'TSTypeReference'
          ? node['typeName']
          : node.type === 'TSInterfaceHeritage'
            ? node['expression']
            : undefined
      if (mention?.type === 'Identifier') named.push(mention)
      if (node.type === 'TSTypeParameter') parameters.add(node['name'].name ?? node['name'])
      if (node.type === 'TSMappedType') parameters.add(node['key'].name ?? node['key'])
    })
  }
  return named.filter((identifier) => !parameters.has(identifier['name']))
}

/** The term of a type; `targetOf` is the place in the batch, or the reference, of the type that an identifier names. */
export function typeMember(
  declaration: Declaration,
  source: SourceFile,
  targetOf: (identifier: EsNode) => number | Reference | undefined,
): Member {
  const mentions = new Map(typeMentions(declaration).map((identifier) => [identifier.start, identifier]))
  const texts: string[] = []
  const references: (Pending | Node)[] = []
  let words: string[] = []
  for (const { text, start } of declaration.pieces.flatMap(({ statement }) => tokensOf(statement, source))) {
    const target = mentions.has(start) ? targetOf(mentions.get(start)!) : undefined
    if (target === undefined) {
      words.push(text)
      continue
    }
    texts.push(words.join(' '))
    references.push(
      typeof target === 'number'
        ? { type: 'Pending', definition: target, start }
        : { type: 'Reference', hash: target.hash, index: target.index, start },
    )
    words = []
  }
  texts.push(words.join(' '))
  const value: Node = { type: 'Type', start: declaration.value.start, texts, references }
  return { nominal: null, value, completions: [] }
}

/** A type as written, on one line and without its name and comments. */
export function typeText({ pieces }: Declaration, source: SourceFile): string {
  const parts = pieces.map(({ statement }) => {
    const line = withSeparators(statement, source)
      .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
      .replaceAll(/\s+/g, ' ')
      .replace(/ ?;? ?$/, '')
      .trim()
    return statement.type === 'TSInterfaceDeclaration' ? `interface ${line}` : line.replace(/^= /, '')
  })
  return parts.join(' ')
}

/** What stands after the name of a type, with a semicolon where only a line break separates members. */
function withSeparators(statement: EsNode, source: SourceFile): string {
  const { text } = source
  let written = ''
  let at: number = statement['id'].end
  for (const end of [...layoutOf(statement, source).ends].sort((a, b) => a - b)) {
    const next = text.slice(end).replace(/^(\s|\/\*[\s\S]*?\*\/|\/\/.*)+/, '')[0] ?? ''
    written += text.slice(at, end) + (/[;,}]/.test(next) ? '' : ';')
    at = end
  }
  return written + text.slice(at, statement.end)
}

interface Token {
  readonly text: string
  readonly start: number
}

const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`|(?:[\w$]|(?!\s)[\u0080-\uffff])+|=>|\.\.\.|\S/g

/** The tokens of a type without its name: what is written after `type A` or `interface A`, and which of the two. */
function tokensOf(statement: EsNode, source: SourceFile): Token[] {
  const { separators, ends, skipped } = layoutOf(statement, source)
  const from: number = statement['id'].end
  const tokens: Token[] = [
    { text: statement.type === 'TSInterfaceDeclaration' ? 'interface' : 'type', start: statement.start },
  ]
  for (const match of source.text.slice(from, statement.end).matchAll(TOKEN)) {
    const start = from + match.index
    const isComment = /^\/[/*]/.test(match[0])
    if (!isComment && !separators.has(start) && !skipped.has(start))
      tokens.push({ text: plainToken(match[0]), start })
    if (ends.has(start + match[0].length)) tokens.push({ text: ';', start: -1 })
  }
  if (tokens.at(-1)!.text === ';') tokens.pop()
  return tokens
}

/** Quotes of one kind. */
function plainToken(token: string): string {
  if (!token.startsWith("'")) return token
  const inner = token
    .slice(1, -1)
    .replaceAll(/\\[\s\S]|"/g, (part) => (part === "\\'" ? "'" : part === '"' ? '\\"' : part))
  return `"${inner}"`
}

/** What of the layout a type's text leaves out: separators of members, which follow each instead, and a leading `|`. */
function layoutOf(statement: EsNode, { text }: SourceFile) {
  const separators = new Set<number>()
  const ends = new Set<number>()
  const skipped = new Set<number>()
  walk(statement, (node) => {
    const members: EsNode[] =
      node.type === 'TSTypeLiteral' ? node['members'] : node.type === 'TSInterfaceBody' ? node['body'] : []
    for (const { end } of members) {
      const isSeparated = /[;,]/.test(text[end - 1] ?? '')
      if (isSeparated) separators.add(end - 1)
      ends.add(isSeparated ? text.slice(0, end - 1).trimEnd().length : end)
    }
    if (/^TS(Union|Intersection)Type$/.test(node.type) && /[|&]/.test(text[node.start] ?? ''))
      skipped.add(node.start)
  })
  return { separators, ends, skipped }
}
