// Sources as objects: what the author wrote, kept beside a term and never part of its
// hash. Linked from the namespace, so that text has a history as names do.

import type { SourceRecord } from './define.ts'
import { decodeObject } from './decode.ts'
import { encodeObject, OBJECT_KINDS } from './encode.ts'
import { KnownError } from './errors.ts'
import { flagField, integerField, listField, nullable, refuse, textField } from './object-fields.ts'

/** The source as an object; its hash is what a namespace links to. */
export function encodeSource(source: SourceRecord): Uint8Array {
  return encodeObject(OBJECT_KINDS.source, [
    source.text,
    source.file,
    source.line,
    source.column,
    source.positions,
    source.signature,
    source.exported,
    source.imports.map(([local, name]) => [local, name]),
    source.parts.map(([offset, line, column]) => [offset, line, column]),
  ])
}

/** Whether no object can hold it; shorter ones are not tried. */
export function isSourceTooLarge(source: SourceRecord): boolean {
  if (source.text.length < LONG_TEXT && source.positions.length < LONG_TEXT) return false
  try {
    encodeSource(source)
    return false
  } catch (error) {
    if (error instanceof KnownError && error.code === 'too-large') return true
    throw error
  }
}

/** Units of text, or positions, from which on a source may not fit into an object. */
const LONG_TEXT = 500_000

/** The source that `object` encodes. @throws MalformedObjectError */
export function decodeSource(object: Uint8Array): SourceRecord {
  const body = decodeObject(object, OBJECT_KINDS.source)
  if (body.length !== 9) refuse('a source of 9 fields')
  const [text, file, line, column, positions, signature, exported, imports, parts] = body
  return {
    text: textField(text, 'the text of a source'),
    file: textField(file, 'the file of a source'),
    line: integerField(line, 'the line of a source', 1),
    column: integerField(column, 'the column of a source', 1),
    positions: listField(positions, 'positions').map((position) => integerField(position, 'a position', -1)),
    signature: nullable(signature, (plain) => textField(plain, 'a signature')),
    exported: flagField(exported, 'whether a source is exported'),
    imports: listField(imports, 'imports').map((entry) => {
      const [local, name] = listField(entry, 'an import of two names', 2)
      return [textField(local, 'a local name'), textField(name, 'a name')] as const
    }),
    parts: listField(parts, 'parts').map((entry) => {
      const [offset, partLine, partColumn] = listField(entry, 'a part of three numbers', 3)
      return [
        integerField(offset, 'the offset of a part', 1),
        integerField(partLine, 'the line of a part', 1),
        integerField(partColumn, 'the column of a part', 1),
      ] as const
    }),
  }
}

/** Whether the two say the same to a reader: where it stands in which file does not count. */
export function isSameSource(a: SourceRecord, b: SourceRecord): boolean {
  return isSameText(a, b) && a.signature === b.signature
}

/** Whether the two were written alike, whatever was inferred of them. */
export function isSameText(a: SourceRecord, b: SourceRecord): boolean {
  return a.text === b.text && a.exported === b.exported
}
