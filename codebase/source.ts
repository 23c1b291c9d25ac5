// Parses one source file. The only file that knows oxc-parser. What the parser
// lets pass although no engine would run it (bad regexes) is refused here, so that
// later stages trust every tree they get.

import { type EcmaScriptModule, parseSync } from 'oxc-parser'
import type { Place } from './errors.ts'
import { childrenOf, type EsNode } from './estree.ts'
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
  /** Imports and exports as the parser lists them. */
  readonly module: EcmaScriptModule
}

export interface SourceComment {
  readonly start: number
  readonly end: number
  readonly value: string
}

/** Parses `text` as an ES module; a Problem `syntax-error` when it is none. */
export function parseSource(path: string, shownAs: string, text: string): SourceFile | Problem {
  const bracket = deepBracket(text)
  if (bracket !== undefined) return tooDeep(shownAs, text, bracket)
  const parsed = parseSync(path, text, {
    lang: languageOf(path),
    sourceType: 'module',
    showSemanticErrors: true,
    preserveParens: false,
  })
  const [error] = parsed.errors
  const label = error?.labels[0]
  if (error) return syntaxError(shownAs, text, label?.start ?? 0, error.message, error.helpMessage)
  const program = parsed.program as unknown as EsNode
  const source = { path, shownAs, text, program, comments: parsed.comments, module: parsed.module }
  return unreadablePart(source) ?? source
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

/**
 * What no later stage could take: a node that stands too deep within others, found without
 * recursion, since all later stages recurse, or a literal that is no regular expression.
 */
function unreadablePart(source: SourceFile): Problem | undefined {
  const pending: { readonly node: EsNode; readonly depth: number }[] = [{ node: source.program, depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, depth } = next
    if (depth > MAX_SYNTAX_DEPTH) return tooDeep(source.shownAs, source.text, node.start)
    const problem = node.type === 'Literal' && node['regex'] ? badRegularExpression(node, source) : undefined
    if (problem) return problem
    // The last child is pushed first, so that problems are found in source order.
    for (const child of childrenOf(node).reverse()) pending.push({ node: child, depth: depth + 1 })
  }
  return undefined
}

function tooDeep(shownAs: string, text: string, offset: number): Problem {
  return {
    code: 'too-deep',
    reason: `syntax is nested more than ${MAX_SYNTAX_DEPTH} deep`,
    hint: 'name parts of it as constants or functions of their own',
    place: placeAt({ shownAs, text }, offset),
  }
}

function badRegularExpression({ regex, start }: EsNode, { shownAs, text }: SourceFile): Problem | undefined {
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
