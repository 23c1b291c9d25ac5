// Source texts and edits of them. Laws change spelling by edits at the offsets of another
// parser's tree, so that nothing of what they judge is trusted to make them.

import { parse } from '@babel/parser'
import { childrenAsWritten, type EsNode } from '../../codebase/estree.ts'
import { pluginsFor } from './babel.ts'

/** Replaces a range of a text. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

export interface Token {
  readonly start: number
  readonly end: number
}

export interface Syntax {
  readonly text: string
  readonly path: string
  readonly program: EsNode
  /** Without comments. */
  readonly tokens: readonly Token[]
  readonly comments: readonly Token[]
}

/** The syntax of `text`; parentheses are nodes, so that a node's range holds those around it. */
export function syntaxOf(text: string, path: string): Syntax {
  const file = parse(text, {
    sourceType: 'module',
    plugins: pluginsFor(path),
    tokens: true,
    createParenthesizedExpressions: true,
  })
  const tokens = (file.tokens ?? []) as readonly (Token & { readonly type: unknown })[]
  return {
    text,
    path,
    program: file.program as unknown as EsNode,
    tokens: tokens.filter(({ type, start, end }) => typeof type !== 'string' && end > start),
    comments: (file.comments ?? []) as readonly Token[],
  }
}

/** `text` after `edits`, which do not overlap; of insertions in one place, the first given comes first. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = ''
  let at = 0
  for (const { start, end, text: inserted } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) throw new RangeError(`edits overlap at ${start}`)
    result += text.slice(at, start) + inserted
    at = end
  }
  return result + text.slice(at)
}

export function insertion(at: number, text: string): Edit {
  return { start: at, end: at, text }
}

/** Every node with those around it, the nearest first; parents before what is below them. */
export function nodesOf(program: EsNode): { readonly node: EsNode; readonly around: readonly EsNode[] }[] {
  const found: { node: EsNode; around: readonly EsNode[] }[] = []
  const visit = (node: EsNode, around: readonly EsNode[]): void => {
    found.push({ node, around })
    for (const child of childrenAsWritten(node)) visit(child, [node, ...around])
  }
  visit(program, [])
  return found
}

/** Numbers from 0 to 1, the same for the same seed. */
export type Random = () => number

export function randomFrom(seed: string): Random {
  let state = 2_166_136_261
  for (const character of seed) state = Math.imul(state ^ character.charCodeAt(0), 16_777_619)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T
}
