// Canonical bytes back to terms: the strict inverse of encode.ts. Bytes come from
// disk and network after their hash was checked, which says nothing about who made
// them, so every field is held against GRAMMAR and every member against well-formed.ts.

import { decodePlain, Link, MalformedObjectError, type Plain } from './cbor.ts'
import { CborReader } from './cbor-reader.ts'
import { FORMAT_VERSION, OBJECT_KINDS, type ObjectKind, optionsOf, SPECIAL } from './encode.ts'
import { type Hash, type Reference, referenceText } from './hash.ts'
import { MAX_TERM_DEPTH, OBJECT_BOUNDS } from './limits.ts'
import {
  type Component,
  type FieldKind,
  GRAMMAR,
  type Member,
  type Node,
  type NodeShape,
  type NodeType,
  noteMentioned,
} from './term.ts'
import { assertWellFormed } from './well-formed.ts'

/** An object of another version of the format than the one that is known here. */
export class UnknownVersionError extends MalformedObjectError {
  override readonly name = 'UnknownVersionError'
  constructor(version: number) {
    const hint =
      version > FORMAT_VERSION
        ? 'update this program: whoever made the object has a newer one'
        : 'the object was made before the format was final: add its source again'
    super(
      `Cannot decode object: it is of version ${version} of the format, expected ${FORMAT_VERSION}`,
      { version },
      { code: 'format-unknown', hint },
    )
  }
}

/** The body of an object of kind `expected`. @throws MalformedObjectError, UnknownVersionError */
export function decodeObject(object: Uint8Array, expected: ObjectKind): readonly Plain[] {
  const plain = decodePlain(object)
  if (!Array.isArray(plain)) refuse('an object that is not an array')
  checkHead(plain[0] ?? null, plain[1] ?? null, expected)
  return plain.slice(2)
}

function checkHead(version: Plain, kind: Plain, expected: ObjectKind): void {
  const number = naturalOf(version)
  if (number !== FORMAT_VERSION) throw new UnknownVersionError(number)
  if (kind !== expected) refuse(`kind ${String(kind)}, expected ${expected}`)
}

/**
 * The component that `object` encodes: complete in its grammar, with every name, label and
 * reference in range, so that what is generated from it is a program and nothing else.
 * @throws MalformedObjectError
 */
export function decodeComponent(object: Uint8Array): Component {
  const reader = new CborReader(object, OBJECT_BOUNDS)
  const from: Decoding = { reader, references: new Map(), intrinsics: new Set() }
  const length = lengthOf(reader, 'an object')
  const version = length > 0 ? reader.next() : null
  checkHead(version, length > 1 ? reader.next() : null, OBJECT_KINDS.component)
  if (length !== 3) refuse(`${length - 2} elements after the kind, expected the members`)
  const members = listOf(from, 'the members', memberOf)
  reader.end()
  if (members.length === 0) refuse('a component without members')
  const component: Component = { members }
  noteMentioned(component, { references: [...from.references.values()], intrinsics: from.intrinsics })
  assertWellFormed(component)
  return component
}

/** What is decoded, and what it was found to mention. */
interface Decoding {
  readonly reader: CborReader
  /** By their texts. */
  readonly references: Map<string, Reference>
  readonly intrinsics: Set<string>
}

function memberOf(from: Decoding): Member {
  const length = lengthOf(from.reader, 'a member')
  if (length !== 3) refuse(`a member of ${length} elements, expected 3`)
  return {
    nominal: textOrNullOf(from),
    value: nodeOf(from, EXPRESSION, 1),
    completions: listOf(from, 'completions', statementOf),
  }
}

/** Reads what a field holds; `depth` is that of the node that has the field. */
type ReadField = (from: Decoding, depth: number) => unknown

/** A node of GRAMMAR, with the kinds of its fields looked at once. */
interface Shape {
  readonly type: NodeType
  /** A bit for each category. */
  readonly categories: number
  readonly fields: readonly { readonly name: string; readonly read: ReadField }[]
}

const CATEGORIES = 'epskmoqdch'
const categoriesIn = (letters: string): number =>
  Array.from(letters).reduce((bits, letter) => bits | (1 << CATEGORIES.indexOf(letter)), 0)
const EXPRESSION = categoriesIn('e')
const STATEMENT = categoriesIn('s')

function nodeOf(from: Decoding, categories: number, depth: number): Node {
  const length = lengthOf(from.reader, 'a node')
  const tag = length > 0 ? from.reader.next() : null
  const shape = typeof tag === 'number' ? SHAPES[tag] : undefined
  if (!shape) refuse(`node tag ${String(tag)}, which the grammar lacks`)
  const { type, fields } = shape
  if (depth > MAX_TERM_DEPTH) refuse(`nodes nested more than ${MAX_TERM_DEPTH} deep`)
  if ((shape.categories & categories) === 0) refuse(`${type} where it cannot stand`)
  if (length !== fields.length + 1) refuse(`${type} with ${length - 1} fields, expected ${fields.length}`)
  const node: { type: NodeType; [field: string]: unknown } = { type }
  for (const { name, read } of fields) node[name] = read(from, depth)
  if (type === 'Reference' || type === 'Intrinsic') note(node, from)
  return node
}

function statementOf(from: Decoding): Node {
  return nodeOf(from, STATEMENT, 1)
}

function note(node: Node, { references, intrinsics }: Decoding): void {
  if (node.type === 'Intrinsic') return void intrinsics.add(node['name'] as string)
  const reference: Reference = { hash: node['hash'] as Hash, index: node['index'] as number }
  const text = referenceText(reference)
  if (!references.has(text)) references.set(text, reference)
}

function fieldReader(kind: FieldKind): ReadField {
  const colon = kind.indexOf(':')
  const base = colon < 0 ? kind : kind.slice(0, colon)
  const categories = base.startsWith('node') ? categoriesIn(kind.slice(colon + 1)) : 0
  const node = (from: Decoding, depth: number): Node => nodeOf(from, categories, depth + 1)
  const nodeOrNull = (from: Decoding, depth: number): Node | null =>
    from.reader.null() ? null : node(from, depth)
  switch (base) {
    case 'node':
      return node
    case 'node?':
      return nodeOrNull
    case 'nodes':
      return (from, depth) => listOf(from, 'nodes', node, depth)
    case 'nodes?':
      return (from, depth) => listOf(from, 'nodes', nodeOrNull, depth)
    case 'one': {
      const options = optionsOf(kind)
      return ({ reader }) => {
        const choice = naturalOf(reader.next())
        return options[choice] ?? refuse(`choice ${choice}, which the grammar lacks`)
      }
    }
    default:
      return SCALARS[base] ?? refuse(`a field of kind ${kind}`)
  }
}

const SCALARS: Readonly<Record<string, ReadField>> = {
  text: textOf,
  texts: (from) => listOf(from, 'texts', textOf),
  'texts?': (from) => listOf(from, 'texts', textOrNullOf),
  int: ({ reader }) => naturalOf(reader.next()),
  'int?': ({ reader }) => (reader.null() ? null : naturalOf(reader.next())),
  number: numberOf,
  flag({ reader }) {
    const flag = reader.next()
    return typeof flag === 'boolean' ? flag : refuse('a flag that is not true or false')
  },
  link({ reader }) {
    const link = reader.next()
    return link instanceof Link ? link.hash : refuse('something else than a link')
  },
}

/** By tag. */
const SHAPES: readonly (Shape | undefined)[] = shapesByTag()

function shapesByTag(): Shape[] {
  const shapes: Shape[] = []
  for (const [type, { tag, categories, fields }] of Object.entries<NodeShape>(GRAMMAR)) {
    shapes[tag] = {
      type: type as NodeType,
      categories: categoriesIn(categories),
      fields: fields.map(([name, kind]) => ({ name, read: fieldReader(kind) })),
    }
  }
  return shapes
}

function naturalOf(plain: Plain): number {
  return typeof plain === 'number' && Number.isSafeInteger(plain) && plain >= 0
    ? plain
    : refuse('something else than a natural number')
}

/** What a numeric literal can be: not negative (a minus is an operator), perhaps infinite (`1e400`). */
function numberOf({ reader }: Decoding): number {
  const plain = reader.next()
  if (typeof plain === 'number' && plain >= 0) return plain
  if (Array.isArray(plain) && reader.arrayLength === 1 && reader.next() === SPECIAL.infinity)
    return Number.POSITIVE_INFINITY
  return refuse('something else than a number without a sign')
}

function textOrNullOf(from: Decoding): string | null {
  return from.reader.null() ? null : textOf(from)
}

function textOf({ reader }: Decoding): string {
  const plain = reader.next()
  if (typeof plain === 'string') return plain
  const isSpecial = Array.isArray(plain) && reader.arrayLength === 2 && reader.next() === SPECIAL.utf16
  const units = isSpecial ? reader.next() : null
  if (!(units instanceof Uint8Array) || units.length % 2 !== 0) return refuse('something else than text')
  let text = ''
  for (let index = 0; index < units.length; index += 2) {
    text += String.fromCharCode(((units[index] as number) << 8) | (units[index + 1] as number))
  }
  return text.isWellFormed() ? refuse('text as UTF-16 that UTF-8 can carry') : text
}

/** A list of what `read` reads. */
function listOf<T>(from: Decoding, what: string, read: (from: Decoding, depth: number) => T, depth = 0): T[] {
  const items: T[] = []
  for (let missing = lengthOf(from.reader, what); missing > 0; missing--) items.push(read(from, depth))
  return items
}

function lengthOf(reader: CborReader, what: string): number {
  const length = reader.array()
  return length < 0 ? refuse(`${what} that is not an array`) : length
}

function refuse(problem: string): never {
  throw new MalformedObjectError(`Cannot decode object: ${problem}`)
}
