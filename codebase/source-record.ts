// Keeps what the author wrote of a definition: its text with the comments before it,
// where that stands, and where in it each node of the term came from.

import type { SourceRecord } from './defined.ts'
import type { EsNode } from './estree.ts'
import type { Piece } from './pieces.ts'
import { commentsUpTo, placeAt, type SourceComment, type SourceFile } from './source.ts'
import { type Member, walkMember } from './term.ts'

/** A stretch of the file in the text of a definition, after a keyword that stands elsewhere in the file. */
interface Stretch {
  readonly keyword: string
  readonly start: number
  readonly end: number
  /** Offset within the text at which it begins, the keyword aside. */
  readonly at: number
}

export function makeSourceRecord(
  source: SourceFile,
  pieces: readonly Piece[],
  member: Member,
  rest: Pick<SourceRecord, 'signature' | 'exported' | 'imports'>,
): SourceRecord {
  const stretches = stretchesOf(source, pieces)
  const text = stretches.map(({ keyword, start, end }) => keyword + source.text.slice(start, end)).join('\n')
  const positionOf = (offset: number): number => {
    const stretch = stretches.find(({ start, end }) => offset >= start && offset < end)
    return stretch ? stretch.at + offset - stretch.start : -1
  }
  const positions: number[] = []
  walkMember(member, (node) => positions.push(node.start === undefined ? -1 : positionOf(node.start)))
  const { file, line, column } = placeAt(source, stretches[0]!.start)
  const parts = stretches
    .filter(({ at }) => at > 0)
    .map(({ at, start }) => {
      const place = placeAt(source, start)
      return [at, place.line, place.column] as const
    })
  return { text, file: recordedFile(file), line, column, positions, parts, ...rest }
}

/** Of a package that stands above the working directory, how far above does not count. */
function recordedFile(file: string): string {
  return file.replace(/^(?:\.\.\/)+(?:.*\/)?(?=node_modules\/)/, '')
}

/** The pieces in the order of the file; those with only comments between them are one stretch. */
function stretchesOf(source: SourceFile, pieces: readonly Piece[]): Stretch[] {
  const [first, ...others] = pieces.toSorted((a, b) => a.start - b.start)
  const ranges = [rangeOf(source, first!)]
  for (const piece of others) {
    const last = ranges.at(-1)!
    const next = rangeOf(source, piece)
    if (next.keyword === '' && isBlank(source, last.end, piece.start)) last.end = piece.end
    else ranges.push(next)
  }
  let at = 0
  return ranges.map((range) => {
    const begins = at + range.keyword.length
    at = begins + range.end - range.start + 1
    return { ...range, at: begins }
  })
}

/** Where a piece stands, comments before it included; a declarator that is not the first of its statement lacks its keyword. */
function rangeOf(source: SourceFile, piece: Piece): { keyword: string; start: number; end: number } {
  const { keyword, end } = piece
  if (!keyword) return { keyword: '', start: withComments(source, withOverloads(source, piece)), end }
  const isFirst = keyword.end === piece.start
  if (isFirst) return { keyword: '', start: withComments(source, keyword.start), end }
  const words = source.text.slice(keyword.start, keyword.end).replaceAll(/\s+/g, ' ')
  return { keyword: words, start: withComments(source, piece.start), end }
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
    if (between.trim() !== '' || (/\n\s*\n/.test(between) && !isDocumentation(comment))) break
    if (source.text.slice(lineStart(source, comment.start), comment.start).trim() !== '') break
    begin = comment.start
  }
  return begin
}

/** Whether it says what the next declaration is, rather than whose file this is. */
function isDocumentation({ value }: SourceComment): boolean {
  return (
    value.startsWith('*') && !/@(license|preserve|copyright|file|fileoverview|overview|module)\b/.test(value)
  )
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
