// From the engine's stack text to places in definitions. The engine counts lines and columns of
// the program from 1, columns in code points, and names the place of a call by its parenthesis, of
// a member access by its dot, of an operation by its operator, of a returned call by its `return`; where it knows none, by the function.

import { childNodes, type Member, type Node, walkMember } from '#codebase'
import type { Frame } from './outcome.ts'
import type { Program } from './generate.ts'
import type { Marks } from './member-text.ts'
import { PROGRAM_FILE } from './sandbox.ts'

const PLACE = new RegExp(String.raw`\b${PROGRAM_FILE}:(\d{1,9}):(\d{1,9})\)?$`)

/** Lines of a stack that are looked at; the engine writes fewer. */
const MAX_LINES = 64

/** The frames of `stack` that lie in definitions, innermost first. The text may be a guest's own: nothing in it is trusted. */
export function framesOf(stack: string, program: Program): Frame[] {
  return stack.split('\n', MAX_LINES).flatMap((line) => {
    const match = PLACE.exec(line)
    const offset = match && offsetOf(program.text, Number(match[1]), Number(match[2]))
    return typeof offset === 'number' ? frameAt(program, offset) : []
  })
}

/** UTF-16 offset of a line and a column in code points, both from 1; undefined when there is no such line. */
function offsetOf(text: string, line: number, column: number): number | undefined {
  let start = 0
  for (let at = 1; at < line; at++) {
    start = text.indexOf('\n', start) + 1
    if (start === 0) return undefined
  }
  let offset = start
  for (let at = 1; at < column; at++) {
    if (offset >= text.length || text[offset] === '\n') return undefined
    const isAstral = (text.codePointAt(offset) ?? 0) > 0xffff
    offset += isAstral ? 2 : 1
  }
  return offset
}

function frameAt(program: Program, offset: number): Frame[] {
  const { text, placed } = program
  const definition = placed[lastAtOrBefore(placed, offset, ({ start }) => start)]
  if (!definition || offset >= definition.end) return []
  const marks = program.marksOf(definition)
  const node = nodeAt(marks, text, offset)
  return [{ reference: definition.reference, node: calledBy(marks.member, node) ?? node }]
}

/** Of `return f(x)`, whose call the engine places at the `return`: where a call that is not returned is placed. */
function calledBy(member: Member, ordinal: number): number | undefined {
  const nodes: Node[] = []
  walkMember(member, (node) => nodes.push(node))
  const argument = nodes[ordinal]?.type === 'Return' ? (nodes[ordinal]['argument'] as Node | null) : null
  if (argument?.type !== 'Call') return undefined
  let size = 0
  const count = (node: Node): void => {
    size++
    for (const child of childNodes(node)) count(child)
  }
  count(argument['callee'] as Node)
  return ordinal + 1 + size
}

/**
 * The node that the engine means: of `a.b` and `a[b]` what follows the dot or bracket, of
 * `new A()` the whole, else what begins last before.
 */
function nodeAt({ offsets, ordinals }: Marks, text: string, offset: number): number {
  const before = lastAtOrBefore(offsets, offset, (at) => at)
  const isAccess = text[offset] === '.' || text[offset] === '['
  if (isAccess && (offsets[before + 1] ?? Number.POSITIVE_INFINITY) <= offset + 2)
    return ordinals[before + 1] ?? -1
  const newAt = (offsets[before] ?? 0) - 'new '.length
  const isNew = text[offset] === '(' && text.startsWith('new ', newAt)
  const index = isNew ? lastAtOrBefore(offsets, newAt, (at) => at) : before
  return ordinals[index] ?? -1
}

/** Index of the last item whose key is at most `limit`, in ascending items; -1 when there is none. */
function lastAtOrBefore<T>(items: readonly T[], limit: number, keyOf: (item: T) => number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keyOf(items[middle] as T) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
