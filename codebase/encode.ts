// Terms to canonical bytes: what a hash is taken of. Driven by GRAMMAR, so that a
// node has one spelling: `[tag, …fields in grammar order]` (docs/format.md §3, §4).

import { encodePlain, type Plain } from './cbor.ts'
import { CborWriter } from './cbor-writer.ts'
import { InvariantError, KnownError } from './errors.ts'
import type { Hash } from './hash.ts'
import { MAX_TERM_DEPTH, OBJECT_BOUNDS } from './limits.ts'
import {
  type Component,
  type FieldKind,
  GRAMMAR,
  type Member,
  type Node,
  type NodeShape,
  type Pending,
} from './term.ts'

/** First element of every object. Altering anything that is hashed needs another number. */
export const FORMAT_VERSION = 1

/** Second element of every object. Numbers are never reused. */
export const OBJECT_KINDS = Object.freeze({
  component: 0,
  namespace: 1,
  commit: 2,
  receipt: 3,
  source: 4,
} as const)
export type ObjectKind = (typeof OBJECT_KINDS)[keyof typeof OBJECT_KINDS]

/** First element of the array that stands for what CBOR text or DAG-CBOR numbers cannot carry. */
export const SPECIAL = Object.freeze({ utf16: 0, infinity: 1 } as const)

/** Canonical bytes of an object: version, kind, then `body`. @throws KnownError `too-large` */
export function encodeObject(kind: ObjectKind, body: readonly Plain[]): Uint8Array {
  return encodePlain([FORMAT_VERSION, kind, ...body], checkBounds)
}

/** Canonical bytes of a component, whose members stand in slot order. @throws KnownError `too-deep`, `too-large` */
export function encodeComponent({ members }: Component): Uint8Array {
  const writer = new CborWriter()
  writer.array(3)
  writer.number(FORMAT_VERSION)
  writer.number(OBJECT_KINDS.component)
  writer.array(members.length)
  for (const member of members) writeMember(member, { writer, writePending: refusePending })
  checkBounds(writer)
  return writer.finish()
}

/** What nobody could decode is not encoded. */
function checkBounds({ length, items }: CborWriter): void {
  if (length <= OBJECT_BOUNDS.maxBytes && items <= OBJECT_BOUNDS.maxItems) return
  const found = `${length} bytes and ${items} items, expected at most ${OBJECT_BOUNDS.maxBytes} and ${OBJECT_BOUNDS.maxItems}`
  throw new KnownError('input', 'too-large', `Cannot make object: it has ${found}`, {
    hint: 'split the definition, or pass large data as an argument',
    details: { bytes: length, items },
  })
}

/** Canonical bytes of one member alone, with what `writePending` writes for a reference that has no hash yet. */
export function encodeMember(member: Member, writePending: Writing['writePending']): Uint8Array {
  const writer = new CborWriter()
  writeMember(member, { writer, writePending })
  return writer.finish()
}

interface Writing {
  readonly writer: CborWriter
  readonly writePending: (pending: Pending, writer: CborWriter) => void
}

function refusePending(): never {
  throw new InvariantError('a term was encoded before its references had hashes')
}

/** `[nominal, value, completions]`. */
function writeMember({ nominal, value, completions }: Member, to: Writing): void {
  to.writer.array(3)
  writeText(nominal, to.writer)
  writeNode(value, to, 1)
  writeNodes(completions, to, 1)
}

function writeNode(node: Node | Pending, to: Writing, depth: number): void {
  if (node.type === 'Pending') return to.writePending(node as Pending, to.writer)
  if (depth > MAX_TERM_DEPTH) throw tooDeep(node)
  const { tag, fields } = FIELDS.get(node.type)!
  to.writer.array(fields.length + 1)
  to.writer.number(tag)
  for (const field of fields) writeField(field, (node as Node)[field.name], to, depth)
}

function writeNodes(nodes: readonly (Node | null)[], to: Writing, depth: number): void {
  to.writer.array(nodes.length)
  for (const node of nodes) {
    if (node) writeNode(node, to, depth)
    else to.writer.null()
  }
}

interface Field {
  readonly name: string
  readonly kind: FieldKind
  /** Whether it holds nodes, one, or a word of a list. */
  readonly holds: 'nodes' | 'node' | 'option' | 'data'
}

/** GRAMMAR, with each field's kind looked at once. */
const FIELDS: ReadonlyMap<string, { readonly tag: number; readonly fields: readonly Field[] }> = new Map(
  Object.entries<NodeShape>(GRAMMAR).map(([type, { tag, fields }]) => [
    type,
    { tag, fields: fields.map(([name, kind]) => ({ name, kind, holds: holdingOf(kind) })) },
  ]),
)

function holdingOf(kind: FieldKind): Field['holds'] {
  if (kind.startsWith('nodes')) return 'nodes'
  if (kind.startsWith('node')) return 'node'
  return kind.startsWith('one:') ? 'option' : 'data'
}

function writeField({ kind, holds }: Field, value: unknown, to: Writing, depth: number): void {
  switch (holds) {
    case 'nodes':
      return writeNodes(value as readonly (Node | null)[], to, depth + 1)
    case 'node':
      return value === null ? to.writer.null() : writeNode(value as Node, to, depth + 1)
    case 'option':
      return to.writer.number(optionsOf(kind).indexOf(value as string))
    case 'data':
      return writeScalar(kind, value, to.writer)
  }
}

function writeScalar(kind: FieldKind, value: unknown, writer: CborWriter): void {
  if (value === null) return writer.null()
  switch (kind) {
    case 'text':
      return writeText(value as string, writer)
    case 'texts':
    case 'texts?':
      writer.array((value as readonly unknown[]).length)
      for (const text of value as readonly (string | null)[]) writeText(text, writer)
      return
    case 'number':
      return writeNumber(value as number, writer)
    case 'flag':
      return writer.boolean(value as boolean)
    case 'link':
      return writer.link(value as Hash)
    default:
      return writer.number(value as number)
  }
}

function writeNumber(value: number, writer: CborWriter): void {
  if (value !== Number.POSITIVE_INFINITY) return writer.number(value)
  writer.array(1)
  writer.number(SPECIAL.infinity)
}

function writeText(text: string | null, writer: CborWriter): void {
  if (text === null) return writer.null()
  if (text.isWellFormed()) return writer.text(text)
  writer.array(2)
  writer.number(SPECIAL.utf16)
  writer.bytes(utf16(text))
}

/** The words that a field of kind `one:…` can hold; it is encoded as the position of one of them. */
export function optionsOf(kind: FieldKind): readonly string[] {
  return OPTIONS.get(kind) ?? []
}

const OPTIONS: ReadonlyMap<FieldKind, readonly string[]> = new Map(
  Object.values(GRAMMAR)
    .flatMap((shape) => shape.fields as readonly (readonly [string, FieldKind])[])
    .filter(([, kind]) => kind.startsWith('one:'))
    .map(([, kind]) => [kind, kind.slice('one:'.length).split(' ')]),
)

/** UTF-16 units, big-endian: of text that UTF-8 cannot carry. */
function utf16(text: string): Uint8Array {
  const units = new Uint8Array(text.length * 2)
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    units[2 * index] = unit >> 8
    units[2 * index + 1] = unit & 255
  }
  return units
}

function tooDeep(node: Node | Pending): KnownError {
  return new KnownError(
    'input',
    'too-deep',
    `Cannot define: syntax nested more than ${MAX_TERM_DEPTH} deep`,
    {
      hint: 'split the expression, or build it with a loop over an array',
      details: node.start === undefined ? {} : { start: node.start },
    },
  )
}
