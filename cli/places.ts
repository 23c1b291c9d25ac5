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

/** The place of each frame, innermost first. Without a codebase only the hashes are known. */
export async function locateFrames(
  frames: readonly Frame[],
  codebase: Codebase | undefined,
): Promise<LocatedFrame[]> {
  return Promise.all(frames.map((frame) => locate(frame, codebase)))
}

async function locate({ reference, node }: Frame, codebase: Codebase | undefined): Promise<LocatedFrame> {
  const { formatReference } = await import('#codebase')
  const view = await codebase?.describe(reference).catch(() => undefined) // code that only the node has
  const definition = view?.name ?? formatReference(reference)
  const source = view && (await codebase?.source(reference))
  if (!source) return { place: { definition } }
  const offset = source.positions[node] ?? -1
  const { line, column } = placeInSource(source, Math.max(offset, 0))
  const sourceLine = source.text.split('\n')[line - source.line] ?? ''
  const indented = line === source.line ? ' '.repeat(source.column - 1) + sourceLine : sourceLine
  return { place: { definition, file: source.file, line, column }, sourceLine: indented }
}

/** Line and column, from 1, of a UTF-16 offset within the text of `source`. */
export function placeInSource(source: SourceRecord, offset: number): { line: number; column: number } {
  const before = source.text.slice(0, offset).split('\n')
  const last = before.at(-1) ?? ''
  const isFirstLine = before.length === 1
  return {
    line: source.line + before.length - 1,
    column: (isFirstLine ? source.column : 1) + last.length,
  }
}
