// Terms to canonical bytes: what a hash is taken of. Driven by GRAMMAR, so that a
// node has one spelling: `[tag, …fields in grammar order]` (docs/format.md §3, §4).

import { encodePlain, Link, type Plain } from './cbor.ts'
import { InvariantError, KnownError } from './errors.ts'
import type { Hash } from './hash.ts'
import { MAX_TERM_DEPTH } from './limits.ts'
import { type Component, type FieldKind, GRAMMAR, type Member, type Node, type Pending } from './term.ts'

/** First element of every object. Altering anything that is hashed needs another number. */
export const FORMAT_VERSION = 0

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

/** Canonical bytes of an object: version, kind, then `body`. */
export function encodeObject(kind: ObjectKind, body: readonly Plain[]): Uint8Array {
  return encodePlain([FORMAT_VERSION, kind, ...body])
}

/** Canonical bytes of a component, whose members stand in slot order. @throws KnownError `too-deep` */
export function encodeComponent(component: Component): Uint8Array {
  return encodeObject(OBJECT_KINDS.component, [component.members.map((member) => plainOfMember(member))])
}

/** What to write for a reference that has no hash yet. */
export type PlainOfPending = (pending: Pending) => Plain

function refusePending(): never {
  throw new InvariantError('a term was encoded before its references had hashes')
}

/** `[nominal, value, completions]`. */
export function plainOfMember(member: Member, pending: PlainOfPending = refusePending): Plain[] {
  return [
    member.nominal === null ? null : plainOfText(member.nominal),
    plainOfNode(member.value, pending, 1),
    member.completions.map((completion) => plainOfNode(completion, pending, 1)),
  ]
}

function plainOfNode(node: Node | Pending, pending: PlainOfPending, depth: number): Plain {
  if (node.type === 'Pending') return pending(node as Pending)
  if (depth > MAX_TERM_DEPTH) throw tooDeep(node)
  const shape = GRAMMAR[node.type]
  const plain: Plain[] = [shape.tag]
  for (const [name, kind] of shape.fields)
    plain.push(plainOfField(kind, (node as Node)[name], pending, depth))
  return plain
}

function plainOfField(kind: FieldKind, value: unknown, pending: PlainOfPending, depth: number): Plain {
  if (kind.startsWith('nodes')) {
    return (value as readonly (Node | null)[]).map((child) => child && plainOfNode(child, pending, depth + 1))
  }
  if (kind.startsWith('node')) return value === null ? null : plainOfNode(value as Node, pending, depth + 1)
  if (kind.startsWith('one:')) return optionsOf(kind).indexOf(value as string)
  switch (kind) {
    case 'text':
      return plainOfText(value as string)
    case 'texts':
    case 'texts?':
      return (value as readonly (string | null)[]).map((text) => (text === null ? null : plainOfText(text)))
    case 'number':
      return value === Number.POSITIVE_INFINITY ? [SPECIAL.infinity] : (value as number)
    case 'link':
      return new Link(value as Hash)
    default:
      return value as Plain
  }
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

/** Text as it is, or its UTF-16 units (big-endian) when UTF-8 cannot carry it. */
export function plainOfText(text: string): Plain {
  if (text.isWellFormed()) return text
  const units = new Uint8Array(text.length * 2)
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    units[2 * index] = unit >> 8
    units[2 * index + 1] = unit & 255
  }
  return [SPECIAL.utf16, units]
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
