// Keeps what the author wrote of a definition: its text with the comments before it,
// where that stands, and where in it each node of the term came from.

import type { SourceRecord } from './defined.ts'
import type { EsNode } from './estree.ts'
import type { Piece } from './pieces.ts'
import { commentsUpTo, placeAt, type SourceFile } from './source.ts'
import { type Member, walkMember } from './term.ts'

/** The text of a definition, and where a part of the file stands in it. */
interface Excerpt {
  readonly text: string
  /** Offset in the file where `text` begins. */
  readonly start: number
  /** Offset within `text` of an offset of the file; -1 outside. */
  positionOf(offset: number): number
}

export function makeSourceRecord(
  source: SourceFile,
  pieces: readonly Piece[],
  member: Member,
  rest: Pick<SourceRecord, 'signature' | 'exported' | 'imports'>,
): SourceRecord {
  const { text, start, positionOf } = excerpt(source, pieces)
  const positions: number[] = []
  walkMember(member, (node) => positions.push(node.start === undefined ? -1 : positionOf(node.start)))
  const { file, line, column } = placeAt(source, Math.max(start, 0))
  return { text, file, line, column, positions, ...rest }
}

function excerpt(source: SourceFile, pieces: readonly Piece[]): Excerpt {
  const [first] = pieces
  if (first!.keyword) return declaratorExcerpt(source, first!, pieces.slice(1))
  const inOrder = pieces.toSorted((a, b) => a.start - b.start)
  const start = withComments(source, withOverloads(source, inOrder[0]!))
  const isTogether = inOrder.every((piece, i) => i === 0 || isBlank(source, inOrder[i - 1]!.end, piece.start))
  const end = isTogether ? inOrder.at(-1)!.end : inOrder[0]!.end
  const others = isTogether ? [] : inOrder.slice(1)
  return {
    text: [
      source.text.slice(start, end),
      ...others.map((piece) => source.text.slice(piece.start, piece.end)),
    ].join('\n'),
    start,
    positionOf: (offset) => (offset >= start && offset < end ? offset - start : -1),
  }
}

/** One declarator of several, as a statement of its own: the keyword is put before it. */
function declaratorExcerpt(source: SourceFile, piece: Piece, others: readonly Piece[]): Excerpt {
  const keyword = source.text.slice(piece.keyword!.start, piece.keyword!.end).replaceAll(/\s+/g, ' ')
  const texts = [
    keyword + source.text.slice(piece.start, piece.end),
    ...others.map((other) => source.text.slice(other.start, other.end)),
  ]
  const start = piece.start - keyword.length
  return {
    text: texts.join('\n'),
    // The keyword stands before the declarator only in the excerpt, so that the start is where it would begin.
    start: Math.max(start, lineStart(source, piece.start)),
    positionOf: (offset) => (offset >= piece.start && offset < piece.end ? offset - start : -1),
  }
}

function lineStart(source: SourceFile, offset: number): number {
  return source.text.lastIndexOf('\n', offset - 1) + 1
}

/** Where the overload signatures before a function begin. */
function withOverloads(source: SourceFile, piece: Piece): number {
  const items: EsNode[] = source.program['body']
  let index = items.findIndex((item) => item.start === piece.start)
  const isOverload = (item: EsNode | undefined): boolean =>
    (item?.['declaration'] ?? item)?.type === 'TSDeclareFunction'
  if (piece.statement.type !== 'FunctionDeclaration') return piece.start
  while (isOverload(items[index - 1])) index--
  return items[index]?.start ?? piece.start
}

/** Where the comments right before `start` begin; a blank line between keeps a comment out, unless it documents. */
function withComments(source: SourceFile, start: number): number {
  let begin = start
  for (let index = commentsUpTo(source, start) - 1; index >= 0; index--) {
    const comment = source.comments[index]!
    const between = source.text.slice(comment.end, begin)
    if (between.trim() !== '' || /\n\s*\n/.test(between)) break
    if (source.text.slice(lineStart(source, comment.start), comment.start).trim() !== '') break
    begin = comment.start
  }
  return begin
}

/** Whether only space and comments stand between two offsets, or nothing at all. */
function isBlank(source: SourceFile, from: number, to: number): boolean {
  let text = ''
  let at = from
  for (const comment of source.comments.slice(commentsUpTo(source, from), commentsUpTo(source, to))) {
    if (comment.start < at || comment.end > to) continue
    text += source.text.slice(at, comment.start)
    at = comment.end
  }
  return (text + source.text.slice(at, Math.max(at, to))).trim() === ''
}
