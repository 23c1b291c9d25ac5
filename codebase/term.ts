// Terms: the normalised syntax that is hashed. One table says which nodes there
// are, which fields each has and what may stand in them; the encoder, the strict
// decoder, the generator and the printer are all driven by it.

import type { Reference } from './hash.ts'

/**
 * Where a node may stand.
 * e expression · p pattern or assignment target · s statement · k key · m class member ·
 * o object property · q pattern property · d declarator · c switch case · h catch clause
 */
export type Category = 'e' | 'p' | 's' | 'k' | 'm' | 'o' | 'q' | 'd' | 'c' | 'h'

/**
 * What a field holds. A node kind names the categories accepted there: `node:ep` is an
 * expression or a pattern; `?` adds null; `nodes:` is a list, `nodes?:` a list with nulls
 * (the holes of an array). The rest are plain data.
 */
export type FieldKind =
  | `node:${string}`
  | `node?:${string}`
  | `nodes:${string}`
  | `nodes?:${string}`
  | 'text'
  | 'texts'
  | 'texts?'
  | 'int'
  | 'int?'
  | 'number'
  | 'flag'
  | 'link'
  | `one:${string}`

export interface NodeShape {
  /** First element of the node's encoded array; never reused. */
  readonly tag: number
  readonly categories: string
  readonly fields: readonly (readonly [name: string, kind: FieldKind])[]
}

const BINARY = '== != === !== < <= > >= << >> >>> + - * / % ** | ^ & in instanceof'
const ASSIGN = '= += -= *= /= %= **= <<= >>= >>>= |= ^= &= ||= &&= ??='

function shape(tag: number, categories: string, ...fields: (readonly [string, FieldKind])[]): NodeShape {
  return Object.freeze({ tag, categories, fields })
}

/** Every node of format version 1, by name. FORMAT: docs/format.md §4. */
export const GRAMMAR = Object.freeze({
  // names
  Local: shape(0, 'ep', ['index', 'int']), // numbered by first occurrence within the member, from 0
  Sibling: shape(1, 'e', ['slot', 'int']), // a member of the same component
  Reference: shape(2, 'e', ['hash', 'link'], ['index', 'int']), // a member of another component
  Intrinsic: shape(3, 'ep', ['name', 'text']), // a global in the table of permits
  // literals
  String: shape(4, 'ek', ['value', 'text']), // as a key: a plain (not computed) key
  Number: shape(5, 'e', ['value', 'number']),
  BigInt: shape(6, 'e', ['value', 'text']), // decimal digits
  RegExp: shape(7, 'e', ['pattern', 'text'], ['flags', 'text']), // flags sorted
  Boolean: shape(8, 'e', ['value', 'flag']),
  Null: shape(9, 'e'),
  Undefined: shape(10, 'e'),
  Template: shape(11, 'e', ['cooked', 'texts'], ['expressions', 'nodes:e']),
  TaggedTemplate: shape(
    12,
    'e',
    ['tag', 'node:e'],
    ['cooked', 'texts?'],
    ['raw', 'texts'],
    ['expressions', 'nodes:e'],
  ),
  // primary expressions
  This: shape(13, 'e'),
  Super: shape(14, 'e'), // only as callee or object of a Member
  NewTarget: shape(15, 'e'),
  Arguments: shape(16, 'ep'), // the `arguments` object of the nearest non-arrow function
  Array: shape(17, 'e', ['elements', 'nodes?:e']),
  Spread: shape(18, 'e', ['argument', 'node:e']), // only in Array, Call, New
  Object: shape(19, 'e', ['properties', 'nodes:o']),
  Property: shape(20, 'o', ['key', 'node:k'], ['value', 'node:e']),
  Method: shape(
    21,
    'om',
    ['kind', 'one:method get set'],
    ['static', 'flag'],
    ['key', 'node:k'],
    ['value', 'node:e'],
  ),
  SpreadProperty: shape(22, 'o', ['argument', 'node:e']),
  Computed: shape(23, 'k', ['expression', 'node:e']),
  Private: shape(24, 'k', ['index', 'int']), // numbered like Local, apart from it
  Function: shape(
    25,
    'e',
    ['kind', 'one:function generator async asyncGenerator'],
    ['self', 'node?:p'],
    ['params', 'nodes:p'],
    ['body', 'nodes:s'],
  ),
  Arrow: shape(26, 'e', ['async', 'flag'], ['params', 'nodes:p'], ['body', 'nodes:s']),
  Class: shape(
    27,
    'e',
    ['name', 'text'],
    ['self', 'node?:p'],
    ['superClass', 'node?:e'],
    ['members', 'nodes:m'],
  ),
  Field: shape(28, 'm', ['static', 'flag'], ['key', 'node:k'], ['value', 'node?:e']),
  StaticBlock: shape(29, 'm', ['body', 'nodes:s']),
  // operators
  Unary: shape(30, 'e', ['operator', 'one:- + ! ~ typeof void delete'], ['argument', 'node:e']),
  Update: shape(31, 'e', ['operator', 'one:++ --'], ['prefix', 'flag'], ['argument', 'node:p']),
  Binary: shape(32, 'e', ['operator', `one:${BINARY}`], ['left', 'node:e'], ['right', 'node:e']),
  Logical: shape(33, 'e', ['operator', 'one:|| && ??'], ['left', 'node:e'], ['right', 'node:e']),
  PrivateIn: shape(34, 'e', ['key', 'node:k'], ['right', 'node:e']),
  Assign: shape(35, 'e', ['operator', `one:${ASSIGN}`], ['left', 'node:p'], ['right', 'node:e']),
  Conditional: shape(36, 'e', ['test', 'node:e'], ['consequent', 'node:e'], ['alternate', 'node:e']),
  Call: shape(37, 'e', ['optional', 'flag'], ['callee', 'node:e'], ['arguments', 'nodes:e']),
  New: shape(38, 'e', ['callee', 'node:e'], ['arguments', 'nodes:e']),
  Member: shape(39, 'ep', ['optional', 'flag'], ['object', 'node:e'], ['property', 'node:e']), // always `object[property]`
  PrivateMember: shape(40, 'ep', ['optional', 'flag'], ['object', 'node:e'], ['key', 'node:k']),
  Chain: shape(41, 'e', ['expression', 'node:e']), // where an optional chain ends
  Sequence: shape(42, 'e', ['expressions', 'nodes:e']),
  Yield: shape(43, 'e', ['delegate', 'flag'], ['argument', 'node?:e']),
  Await: shape(44, 'e', ['argument', 'node:e']),
  Ability: shape(45, 'e', ['name', 'text'], ['operations', 'texts']), // operations sorted by UTF-16 code unit
  // patterns
  ObjectPattern: shape(50, 'p', ['properties', 'nodes:qp']), // a Rest may come last
  PatternProperty: shape(51, 'q', ['key', 'node:k'], ['value', 'node:p']),
  ArrayPattern: shape(52, 'p', ['elements', 'nodes?:p']),
  Default: shape(53, 'p', ['target', 'node:p'], ['value', 'node:e']),
  Rest: shape(54, 'p', ['target', 'node:p']),
  // statements
  Block: shape(60, 's', ['body', 'nodes:s']),
  Expression: shape(61, 's', ['expression', 'node:e']),
  Declare: shape(62, 's', ['kind', 'one:const let var'], ['declarators', 'nodes:d']),
  Declarator: shape(63, 'd', ['target', 'node:p'], ['init', 'node?:e']),
  FunctionDeclaration: shape(64, 's', ['local', 'node:p'], ['value', 'node:e']),
  ClassDeclaration: shape(65, 's', ['local', 'node:p'], ['value', 'node:e']),
  If: shape(66, 's', ['test', 'node:e'], ['consequent', 'nodes:s'], ['alternate', 'node?:s']), // alternate: a Block, or an If (else if)
  For: shape(67, 's', ['init', 'node?:es'], ['test', 'node?:e'], ['update', 'node?:e'], ['body', 'nodes:s']),
  ForIn: shape(68, 's', ['left', 'node:ps'], ['right', 'node:e'], ['body', 'nodes:s']),
  ForOf: shape(69, 's', ['await', 'flag'], ['left', 'node:ps'], ['right', 'node:e'], ['body', 'nodes:s']),
  While: shape(70, 's', ['test', 'node:e'], ['body', 'nodes:s']),
  DoWhile: shape(71, 's', ['body', 'nodes:s'], ['test', 'node:e']),
  Switch: shape(72, 's', ['discriminant', 'node:e'], ['cases', 'nodes:c']),
  Case: shape(73, 'c', ['test', 'node?:e'], ['consequent', 'nodes:s']),
  Return: shape(74, 's', ['argument', 'node?:e']),
  Throw: shape(75, 's', ['argument', 'node:e']),
  Try: shape(76, 's', ['block', 'nodes:s'], ['handler', 'node?:h'], ['finalizer', 'node?:s']), // finalizer: a Block
  Catch: shape(77, 'h', ['param', 'node?:p'], ['body', 'nodes:s']),
  Labeled: shape(78, 's', ['body', 'node:s']),
  Break: shape(79, 's', ['label', 'int?']), // labels counted outward from 0
  Continue: shape(80, 's', ['label', 'int?']),
  // a type: its text, with references resolved
  Type: shape(90, 'e', ['texts', 'texts'], ['references', 'nodes:e']), // texts[0] references[0] texts[1] …
} as const satisfies Record<string, NodeShape>)

export type NodeType = keyof typeof GRAMMAR

/**
 * A node: its type, its fields by the names in GRAMMAR, and nothing that is hashed besides.
 * `start` is the UTF-16 offset in the author's file that the node came from; it is absent
 * in decoded terms.
 */
export interface Node {
  readonly type: NodeType
  readonly start?: number
  readonly [field: string]: unknown
}

/** A reference to a definition of the same batch that has no hash yet; replaced before encoding. */
export interface Pending {
  readonly type: 'Pending'
  /** Position in the batch. */
  readonly definition: number
  readonly start?: number
}

/**
 * One definition's term. `nominal` is the name that a nominal definition was declared with
 * (constants that create an object or a symbol; a class keeps its name in its Class node).
 * `completions` are the top-level statements that belong to it (`f.x = 1`), run after `value`
 * is bound; in them and in `value` the definition itself is its own Sibling (or Pending).
 */
export interface Member {
  readonly nominal: string | null
  readonly value: Node
  readonly completions: readonly Node[]
}

/** Members in slot order: what one object of kind component holds. */
export interface Component {
  readonly members: readonly Member[]
}

/** What a definition is, read off its term. */
export type DefinitionKind = 'function' | 'generator' | 'class' | 'constant' | 'ability' | 'type'

/** Calls `visit` for every node below and including `node`, parents first, fields in grammar order: the order that positions are counted in. */
export function walkTerm(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const name of nodeFields(node)) {
    const value = node[name] as Node | null | readonly (Node | null)[]
    if (isList(value)) {
      for (const child of value) if (child) walkTerm(child, visit)
    } else if (value) {
      walkTerm(value, visit)
    }
  }
}

/** Names of the fields of `node` that hold nodes or lists of them, in grammar order; a Pending has none. */
export function nodeFields(node: Node | Pending): readonly string[] {
  return NODE_FIELDS.get(node.type) ?? []
}

const NODE_FIELDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries<NodeShape>(GRAMMAR).map(([type, { fields }]) => [
    type,
    fields.filter(([, kind]) => kind.startsWith('node')).map(([name]) => name),
  ]),
)

/** Nodes directly below `node`, in position order. */
export function childNodes(node: Node): Node[] {
  const children: Node[] = []
  for (const name of nodeFields(node)) {
    const value = node[name] as Node | null | readonly (Node | null)[]
    if (isList(value)) {
      for (const child of value) if (child) children.push(child)
    } else if (value) {
      children.push(value)
    }
  }
  return children
}

/** Whether a field of nodes holds a list of them. */
export function isList(value: Node | null | readonly (Node | null)[]): value is readonly (Node | null)[] {
  return Array.isArray(value)
}

/** Every node of a member in position order: `value`, then the completions. */
export function walkMember(member: Member, visit: (node: Node) => void): void {
  walkTerm(member.value, visit)
  for (const completion of member.completions) walkTerm(completion, visit)
}

/** What a component mentions that is none of its own. */
export interface Mentioned {
  /** Definitions of other components, each once, in order of first occurrence. */
  readonly references: readonly Reference[]
  readonly intrinsics: ReadonlySet<string>
}

/** Definitions of other components that a component refers to directly, each once, in order of first occurrence. */
export function referencesOf(component: Component): readonly Reference[] {
  return mentionedIn(component).references
}

export function mentionedIn(component: Component): Mentioned {
  const known = MENTIONED.get(component)
  if (known) return known
  const found = findMentioned(component)
  MENTIONED.set(component, found)
  return found
}

/** Keeps what a component mentions, for whoever has met it all. */
export function noteMentioned(component: Component, mentioned: Mentioned): void {
  MENTIONED.set(component, mentioned)
}

/** Asked for again and again while rows are inferred. */
const MENTIONED = new WeakMap<Component, Mentioned>()

function findMentioned(component: Component): Mentioned {
  const seen = new Map<string, Reference>()
  const intrinsics = new Set<string>()
  for (const member of component.members) {
    walkMember(member, (node) => {
      if (node.type === 'Intrinsic') intrinsics.add(node['name'] as string)
      if (node.type !== 'Reference') return
      const reference = { hash: node['hash'], index: node['index'] } as Reference
      const key = `${reference.hash}.${reference.index}`
      if (!seen.has(key)) seen.set(key, reference)
    })
  }
  return { references: [...seen.values()], intrinsics }
}
