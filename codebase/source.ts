// Parses one source file. The only file that knows oxc-parser. What the parser
// lets pass although no engine would run it (bad regexes) is refused here, so that
// later stages trust every tree they get.

import { type EcmaScriptModule, parseSync } from 'oxc-parser'
import type { Place } from './errors.ts'
import { childrenOf, type EsNode, walk } from './estree.ts'
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
  const deep = deepNode(program)
  if (deep) return tooDeep(shownAs, text, deep.start)
  const source = { path, shownAs, text, program, comments: parsed.comments, module: parsed.module }
  return badRegularExpression(source) ?? source
}

/** Line and column of a UTF-16 offset, both from 1; `\r\n` is one line break. */
export function placeAt(source: { readonly shownAs: string; readonly text: string }, offset: number): Place {
  let line = 1
  let lineStart = 0
  for (const match of source.text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    const next = match.index + match[0].length
    if (next > offset) break
    line++
    lineStart = next
  }
  return { file: source.shownAs, line, column: offset - lineStart + 1 }
}

function languageOf(path: string): 'js' | 'jsx' | 'ts' | 'tsx' {
  const extension = /\.[cm]?(jsx?|tsx?)$/.exec(path)?.[1]
  return (extension ?? 'js') as 'js' | 'jsx' | 'ts' | 'tsx'
}

/** Where brackets stand too deep within each other: the parser is native code, and has a stack of its own. */
function deepBracket(text: string): number | undefined {
  let depth = 0
  for (const { 0: bracket, index } of text.matchAll(/[()[\]{}]/g)) {
    depth += '([{'.includes(bracket) ? 1 : -1
    if (depth > MAX_SYNTAX_DEPTH) return index
  }
  return undefined
}

/** A node that stands too deep within others, found without recursion: all later stages recurse. */
function deepNode(program: EsNode): EsNode | undefined {
  let level: EsNode[] = [program]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_SYNTAX_DEPTH) return level[0]
    level = level.flatMap(childrenOf)
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

function badRegularExpression({ program, shownAs, text }: SourceFile): Problem | undefined {
  let problem: Problem | undefined
  walk(program, (node) => {
    if (node.type !== 'Literal' || !node['regex'] || problem) return
    try {
      new RegExp(node['regex'].pattern, node['regex'].flags)
    } catch (error) {
      problem = syntaxError(shownAs, text, node.start, (error as Error).message, null)
    }
  })
  return problem
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
