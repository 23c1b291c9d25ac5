// Where a failure happened, in the author's own words: frames are turned into files,
// lines and columns by the sources that the codebase keeps.

import type { Codebase, SourceRecord } from '#codebase'
import type { Frame } from '#executor'

/** A place in a definition; file, line and column are absent where no source is known. */
export interface DefinitionPlace {
  /** Its name on the branch, else its short hash. */
  readonly definition: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

/** A place, and the line of the source that it is in. */
export interface LocatedFrame {
  readonly place: DefinitionPlace
  readonly sourceLine?: string
}

/** Where names and sources are looked up. */
export interface Whereabouts {
  /** Undefined where there is none: then only the hashes are known. */
  readonly codebase: Codebase | undefined
  /** What was run, and the name that it was asked for by. */
  readonly hash: string
  readonly name?: string | undefined
}

/** The place of each frame, innermost first. Of several names a definition goes by the one that its caller mentions. */
export async function locateFrames(
  frames: readonly Frame[],
  { codebase, hash, name }: Whereabouts,
): Promise<LocatedFrame[]> {
  const { referenceText } = await import('#codebase')
  const located: LocatedFrame[] = []
  let mentioned: readonly string[] = []
  for (const frame of frames.toReversed()) {
    const isAsked = name !== undefined && referenceText(frame.reference) === hash
    const found = await locate(frame, codebase, isAsked ? [name] : mentioned)
    located.push(found.located)
    if (found.source) mentioned = found.source.imports.map(([, mention]) => mention)
  }
  return located.reverse()
}

async function locate(
  { reference, node }: Frame,
  codebase: Codebase | undefined,
  preferred: readonly string[],
): Promise<{ located: LocatedFrame; source?: SourceRecord }> {
  const { formatReference } = await import('#codebase')
  const names = (await codebase?.names(reference))?.map((view) => view.name) ?? []
  const name = preferred.find((each) => names.includes(each)) ?? names[0]
  const view = await codebase?.describe(reference, name).catch(() => undefined) // code that only the node has
  const definition = view?.name ?? formatReference(reference)
  const source = view && (await codebase?.source(reference, name))
  if (!source) return { located: { place: { definition } } }
  const offset = Math.max(source.positions[node] ?? -1, 0)
  const place = { definition, file: source.file, ...placeInSource(source, offset) }
  return { located: { place, sourceLine: lineAround(source, offset) }, source }
}

/** Where the part of `source` that holds `offset` begins: in its text, and in the file. */
function partAt({ line, column, parts }: SourceRecord, offset: number): readonly [number, number, number] {
  return parts.findLast(([start]) => start <= offset) ?? [0, line, column]
}

/** Line and column, from 1, of a UTF-16 offset within the text of `source`. */
export function placeInSource(source: SourceRecord, offset: number): { line: number; column: number } {
  const [start, line, column] = partAt(source, offset)
  const before = source.text.slice(start, offset).split('\n')
  const last = before.at(-1) ?? ''
  return { line: line + before.length - 1, column: (before.length === 1 ? column : 1) + last.length }
}

/** The line of the file that holds `offset`, as far as `source` has it. */
function lineAround(source: SourceRecord, offset: number): string {
  const { text } = source
  const [start, , column] = partAt(source, offset)
  const begin = Math.max(text.lastIndexOf('\n', offset - 1) + 1, start)
  const end = text.indexOf('\n', offset)
  const shown = text.slice(begin, end < 0 ? undefined : end)
  return begin === start ? ' '.repeat(column - 1) + shown : shown
}
