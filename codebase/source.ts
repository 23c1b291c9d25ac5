// Parses one source file. The only file that knows oxc-parser. What the parser
// lets pass although no engine would run it (bad regexes) is refused here, so that
// later stages trust every tree they get.

import { parseSync } from 'oxc-parser'
import type { Place } from './errors.ts'
import { CHILD_FIELDS } from './estree-fields.ts'
import { childrenAsWritten, childrenOf, type EsNode } from './estree.ts'
import { MAX_SYNTAX_DEPTH } from './limits.ts'
import type { Problem } from './refusals.ts'

/** One source file, parsed. */
export interface SourceFile {
  /** Absolute path. */
  readonly path: string
  /** As people are shown it: relative to the working directory. */
  readonly shownAs: string
  readonly text: string
  /** The syntax tree as written, types and all. */
  readonly program: EsNode
  readonly comments: readonly SourceComment[]
  readonly module: ModuleRecord
  /** Whether it is JavaScript that has nothing to erase. */
  readonly isPlain: boolean
}

/** Imports and exports of a module, as oxc-parser lists them. */
export interface ModuleRecord {
  /** Whether an import, an export or `import.meta` is there. */
  readonly hasModuleSyntax: boolean
  readonly staticImports: readonly {
    readonly start: number
    readonly moduleRequest: { readonly value: string }
    readonly entries: readonly ImportRecord[]
  }[]
  readonly staticExports: readonly { readonly entries: readonly ExportRecord[] }[]
}

export interface ImportRecord {
  /** `Name`, `Default` or `NamespaceObject`. */
  readonly importName: RecordedName
  readonly localName: { readonly value: string; readonly start: number }
  readonly isType: boolean
}

export interface ExportRecord {
  readonly start: number
  readonly moduleRequest: { readonly value: string } | null
  /** `Name`, `All`, `AllButDefault` or `None`. */
  readonly importName: RecordedName
  /** `Name`, `Default` or `None`. */
  readonly exportName: RecordedName
  /** `Name`, `Default` or `None`. */
  readonly localName: RecordedName
  readonly isType: boolean
}

interface RecordedName {
  readonly kind: string
  readonly name: string | null
}

/** A parser: ESTree of an ES module, with TypeScript's nodes where the path says so, or the first error. */
export type Parse = (path: string, text: string) => Parsed | SyntaxFault

export interface Parsed extends Pick<SourceFile, 'program' | 'comments' | 'module'> {
  /** Whether it was parsed as plain JavaScript, whose nodes have no fields for types. */
  readonly isScript: boolean
}

export interface SyntaxFault {
  readonly message: string
  readonly help: string | null
  readonly start: number
}

export interface SourceComment {
  readonly start: number
  readonly end: number
  readonly value: string
}

/** Parses `text` as an ES module; a Problem `syntax-error` when it is none. */
export function parseSource(
  path: string,
  shownAs: string,
  text: string,
  parse: Parse = parseWithOxc,
): SourceFile | Problem {
  const bracket = deepBracket(text)
  if (bracket !== undefined) return tooDeep(shownAs, text, bracket)
  const parsed = parse(path, text)
  if ('message' in parsed) return syntaxError(shownAs, text, parsed.start, parsed.message, parsed.help)
  const { program, comments, module, isScript } = parsed
  const read = inspect(program, { shownAs, text }, isScript)
  return 'code' in read ? read : { path, shownAs, text, program, comments, module, ...read }
}

/** What define() parses with. */
export function parseWithOxc(path: string, text: string): Parsed | SyntaxFault {
  const { program, comments, module, errors } = parseSync(path, text, {
    lang: languageOf(path),
    sourceType: 'module',
    showSemanticErrors: true,
    preserveParens: false,
  })
  const [error] = errors
  if (error) return { message: error.message, help: error.helpMessage, start: error.labels[0]?.start ?? 0 }
  return { program: program as unknown as EsNode, comments, module, isScript: languageOf(path) === 'js' }
}

/** Line and column of a UTF-16 offset, both from 1; `\r\n` is one line break. */
export function placeAt(source: { readonly shownAs: string; readonly text: string }, offset: number): Place {
  const starts = lineStarts(source)
  // The last line that starts at or before the offset, by halving.
  let line = 0
  for (let end = starts.length; end - line > 1; ) {
    const middle = (line + end) >> 1
    if (starts[middle]! <= offset) line = middle
    else end = middle
  }
  return { file: source.shownAs, line: line + 1, column: offset - starts[line]! + 1 }
}

/** Where the lines of a file begin, by the file: found once. */
const LINE_STARTS = new WeakMap<object, readonly number[]>()

function lineStarts(source: { readonly text: string }): readonly number[] {
  const known = LINE_STARTS.get(source)
  if (known) return known
  const starts = [0]
  for (const match of source.text.matchAll(/\r\n|[\n\r\u2028\u2029]/g))
    starts.push(match.index + match[0].length)
  LINE_STARTS.set(source, starts)
  return starts
}

/** How many comments end at or before `offset`. */
export function commentsUpTo({ comments }: SourceFile, offset: number): number {
  let count = 0
  for (let end = comments.length; count < end; ) {
    const middle = (count + end) >> 1
    if (comments[middle]!.end <= offset) count = middle + 1
    else end = middle
  }
  return count
}

function languageOf(path: string): 'js' | 'jsx' | 'ts' | 'tsx' {
  const extension = /\.[cm]?(jsx?|tsx?)$/.exec(path)?.[1]
  return (extension ?? 'js') as 'js' | 'jsx' | 'ts' | 'tsx'
}

/** Where brackets stand too deep within each other: the parser is native code, and has a stack of its own. */
function deepBracket(text: string): number | undefined {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 0x28 || unit === 0x5b || unit === 0x7b) depth++
    else if (unit === 0x29 || unit === 0x5d || unit === 0x7d) depth--
    if (depth > MAX_SYNTAX_DEPTH) return index
  }
  return undefined
}

type Written = Pick<SourceFile, 'shownAs' | 'text'>

/**
 * Looks at every node once. What no later stage could take is a problem: a node that stands too deep
 * within others, since all stages recurse, or a literal that is no regular expression.
 */
function inspect(
  program: EsNode,
  written: Written,
  isScript: boolean,
): Pick<SourceFile, 'isPlain'> | Problem {
  const childrenIn = isScript ? childrenOf : childrenAsWritten
  let isPlain = isScript
  const visit = (node: EsNode, depth: number, hasThis: boolean): Problem | undefined => {
    if (depth > MAX_SYNTAX_DEPTH) return tooDeep(written.shownAs, written.text, node.start)
    if (node.type === 'Literal') return node['regex'] ? badRegularExpression(node, written) : undefined
    isPlain &&= CHILD_FIELDS.has(node.type) && !isChangedByErasing(node, hasThis)
    const hasOwn = hasThis || bindsThis(node)
    for (const child of childrenIn(node)) {
      const problem = visit(child, depth + 1, hasOwn)
      if (problem) return problem
    }
    return undefined
  }
  return visit(program, 0, false) ?? { isPlain }
}

/** `this` outside of functions is `undefined`; `debugger` is dropped; `using` is refused. */
function isChangedByErasing({ type, kind }: EsNode, hasThis: boolean): boolean {
  if (type === 'ThisExpression') return !hasThis
  return type === 'DebuggerStatement' || kind === 'using' || kind === 'await using'
}

/** Whether all `this` within are its own; of the members of a class, computed keys have that of the surroundings. */
function bindsThis(node: EsNode): boolean {
  if (node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression') return true
  return node.type === 'StaticBlock' || (node.type === 'PropertyDefinition' && node['computed'] === false)
}

function tooDeep(shownAs: string, text: string, offset: number): Problem {
  return {
    code: 'too-deep',
    reason: `syntax is nested more than ${MAX_SYNTAX_DEPTH} deep`,
    hint: 'name parts of it as constants or functions of their own',
    place: placeAt({ shownAs, text }, offset),
  }
}

function badRegularExpression({ regex, start }: EsNode, { shownAs, text }: Written): Problem | undefined {
  try {
    new RegExp(regex.pattern, regex.flags)
    return undefined
  } catch (error) {
    return syntaxError(shownAs, text, start, (error as Error).message, null)
  }
}

function syntaxError(
  shownAs: string,
  text: string,
  offset: number,
  message: string,
  help: string | null,
): Problem {
  return {
    code: 'syntax-error',
    reason: message.replace(/\.$/, ''),
    hint: help ?? 'correct the source; nothing of this file was read further',
    place: placeAt({ shownAs, text }, offset),
  }
}
