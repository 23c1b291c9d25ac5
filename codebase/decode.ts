// Canonical bytes back to terms: the strict inverse of encode.ts. Bytes come from
// disk and network after their hash was checked, which says nothing about who made
// them, so every field is held against GRAMMAR and every member against well-formed.ts.

import { decodePlain, Link, MalformedObjectError, type Plain } from './cbor.ts'
import { FORMAT_VERSION, type ObjectKind, optionsOf, SPECIAL } from './encode.ts'
import { MAX_TERM_DEPTH } from './limits.ts'
import {
  type Component,
  type FieldKind,
  GRAMMAR,
  type Member,
  type Node,
  type NodeShape,
  type NodeType,
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
  const plain = list(decodePlain(object), 'an object')
  const version = naturalOf(plain[0] ?? null)
  if (version !== FORMAT_VERSION) throw new UnknownVersionError(version)
  if (plain[1] !== expected) refuse(`kind ${String(plain[1])}, expected ${expected}`)
  return plain.slice(2)
}

/**
 * The component that `object` encodes: complete in its grammar, with every name, label and
 * reference in range, so that what is generated from it is a program and nothing else.
 * @throws MalformedObjectError
 */
export function decodeComponent(object: Uint8Array): Component {
  const body = decodeObject(object, 0)
  if (body.length !== 1) refuse(`${body.length} elements after the kind, expected the members`)
  const members = list(body[0] as Plain, 'the members').map(memberOf)
  if (members.length === 0) refuse('a component without members')
  const component: Component = { members }
  assertWellFormed(component)
  return component
}

function memberOf(plain: Plain): Member {
  const fields = list(plain, 'a member')
  if (fields.length !== 3) refuse(`a member of ${fields.length} elements, expected 3`)
  const [nominal, value, completions] = fields as [Plain, Plain, Plain]
  return {
    nominal: nominal === null ? null : textOf(nominal),
    value: nodeOf(value, 'e', 1),
    completions: list(completions, 'completions').map((completion) => nodeOf(completion, 's', 1)),
  }
}

const SHAPES: ReadonlyMap<number, readonly [NodeType, NodeShape]> = new Map(
  Object.entries(GRAMMAR).map(([type, shape]) => [shape.tag, [type as NodeType, shape]]),
)

function nodeOf(plain: Plain, categories: string, depth: number): Node {
  const fields = list(plain, 'a node')
  const [type, shape] =
    SHAPES.get(fields[0] as number) ?? refuse(`node tag ${String(fields[0])}, which the grammar lacks`)
  if (depth > MAX_TERM_DEPTH) refuse(`nodes nested more than ${MAX_TERM_DEPTH} deep`)
  if (!shape.categories.split('').some((category) => categories.includes(category)))
    refuse(`${type} where it cannot stand`)
  if (fields.length !== shape.fields.length + 1)
    refuse(`${type} with ${fields.length - 1} fields, expected ${shape.fields.length}`)
  const node: { type: NodeType; [field: string]: unknown } = { type }
  shape.fields.forEach(([name, kind], index) => {
    node[name] = fieldOf(kind, fields[index + 1] as Plain, depth)
  })
  return node
}

function fieldOf(kind: FieldKind, plain: Plain, depth: number): unknown {
  const colon = kind.indexOf(':')
  const base = colon < 0 ? kind : kind.slice(0, colon)
  const categories = kind.slice(colon + 1)
  switch (base) {
    case 'node':
      return nodeOf(plain, categories, depth + 1)
    case 'node?':
      return plain === null ? null : nodeOf(plain, categories, depth + 1)
    case 'nodes':
      return list(plain, 'nodes').map((item) => nodeOf(item, categories, depth + 1))
    case 'nodes?':
      return list(plain, 'nodes').map((item) => (item === null ? null : nodeOf(item, categories, depth + 1)))
    case 'one':
      return optionsOf(kind)[naturalOf(plain)] ?? refuse(`choice ${String(plain)}, which the grammar lacks`)
    default:
      return scalarOf(kind, plain)
  }
}

function scalarOf(kind: FieldKind, plain: Plain): unknown {
  switch (kind) {
    case 'text':
      return textOf(plain)
    case 'texts':
      return list(plain, 'texts').map(textOf)
    case 'texts?':
      return list(plain, 'texts').map((text) => (text === null ? null : textOf(text)))
    case 'int':
      return naturalOf(plain)
    case 'int?':
      return plain === null ? null : naturalOf(plain)
    case 'number':
      return numberOf(plain)
    case 'flag':
      return typeof plain === 'boolean' ? plain : refuse('a flag that is not true or false')
    case 'link':
      return plain instanceof Link ? plain.hash : refuse('something else than a link')
    default:
      return refuse(`a field of kind ${kind}`)
  }
}

function naturalOf(plain: Plain): number {
  return typeof plain === 'number' && Number.isSafeInteger(plain) && plain >= 0
    ? plain
    : refuse('something else than a natural number')
}

/** What a numeric literal can be: not negative (a minus is an operator), perhaps infinite (`1e400`). */
function numberOf(plain: Plain): number {
  if (typeof plain === 'number' && plain >= 0) return plain
  if (Array.isArray(plain) && plain.length === 1 && plain[0] === SPECIAL.infinity)
    return Number.POSITIVE_INFINITY
  return refuse('something else than a number without a sign')
}

function textOf(plain: Plain): string {
  if (typeof plain === 'string') return plain
  const [special, units] = list(plain, 'text')
  if (
    special !== SPECIAL.utf16 ||
    !(units instanceof Uint8Array) ||
    units.length % 2 !== 0 ||
    (plain as Plain[]).length !== 2
  ) {
    refuse('something else than text')
  }
  let text = ''
  for (let index = 0; index < units.length; index += 2) {
    text += String.fromCharCode(((units[index] as number) << 8) | (units[index + 1] as number))
  }
  return text.isWellFormed() ? refuse('text as UTF-16 that UTF-8 can carry') : text
}

function list(plain: Plain, what: string): readonly Plain[] {
  return Array.isArray(plain) ? plain : refuse(`${what} that is not an array`)
}

function refuse(problem: string): never {
  throw new MalformedObjectError(`Cannot decode object: ${problem}`)
}
