// The state of normalising one definition: what names mean, and which were mentioned.
// Knows no node's syntax; the tables of normalise-*.ts do.

import { InvariantError } from './errors.ts'
import type { EsNode } from './estree.ts'
import type { Reference } from './hash.ts'
import type { Binding } from './scope.ts'
import type { Node, NodeType, Pending } from './term.ts'

/** What an identifier stands for. */
export type Target =
  | { readonly kind: 'local' }
  /** A definition of the same batch, by its position there; itself included. */
  | { readonly kind: 'definition'; readonly definition: number }
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'intrinsic'; readonly name: string }
  /** `import * as ns`. */
  | {
      readonly kind: 'namespace'
      readonly members: readonly { readonly name: string; readonly target: Target }[]
    }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'arguments' }
  /** A function that is left out, since it is refused for an effect: calling it fails. */
  | { readonly kind: 'left-out' }
  /** A name that is never there: `typeof` of it is `'undefined'`. */
  | { readonly kind: 'typeof-undefined' }

/** What the author's identifiers mean. */
export interface Normalisation {
  bindingOf(identifier: EsNode): Binding | null | undefined
  targetOf(identifier: EsNode): Target
}

export interface NormaliseTables {
  readonly expressions: Readonly<Record<string, (node: EsNode, to: Normalising) => Node>>
  readonly patterns: Readonly<Record<string, (node: EsNode, to: Normalising) => Node>>
  /** A statement becomes any number of them. */
  readonly statements: Readonly<Record<string, (node: EsNode, to: Normalising) => readonly Node[]>>
}

export class Normalising {
  readonly normalisation: Normalisation
  readonly #tables: NormaliseTables
  /** Ids of bindings that were mentioned so far. */
  readonly #mentioned = new Set<number>()
  /** Labels around the current statement within its function, outermost first. */
  #labels: readonly string[] = []
  /** Private names of the classes around, innermost last. */
  #privates: readonly ReadonlyMap<string, number>[] = []
  #nextPrivate = 0

  constructor(tables: NormaliseTables, normalisation: Normalisation) {
    this.#tables = tables
    this.normalisation = normalisation
  }

  expression(node: EsNode): Node {
    return this.#lookUp(this.#tables.expressions, node)(node, this)
  }

  optionalExpression(node: EsNode | null | undefined): Node | null {
    return node ? this.expression(node) : null
  }

  expressions(nodes: readonly EsNode[]): Node[] {
    return nodes.map((node) => this.expression(node))
  }

  /** What declares, or is assigned to. */
  pattern(node: EsNode): Node {
    const normalise = this.#tables.patterns[node.type]
    return normalise ? normalise(node, this) : this.expression(node)
  }

  /** A list of statements; function declarations come first, in source order, as they are bound first. */
  statements(nodes: readonly EsNode[]): Node[] {
    const list = nodes.flatMap((node) => this.#lookUp(this.#tables.statements, node)(node, this))
    const isHoisted = (node: Node): boolean => node.type === 'FunctionDeclaration'
    return [...list.filter(isHoisted), ...list.filter((node) => !isHoisted(node))]
  }

  /** Statements with a scope of their own: a block that is all of them adds nothing. */
  block(nodes: readonly EsNode[]): Node[] {
    const list = this.statements(nodes)
    const [only] = list
    return list.length === 1 && only?.type === 'Block' ? (only['body'] as Node[]) : list
  }

  #lookUp<T>(table: Readonly<Record<string, T>>, node: EsNode): T {
    const entry = table[node.type]
    if (!entry) throw new InvariantError(`${node.type} reached normalisation, which permits refuse`)
    return entry
  }

  /** A local's declaration. Until the member is finished, its index is the binding's id. */
  declared(identifier: EsNode): Node {
    return make('Local', identifier, { index: this.#bindingOf(identifier).id })
  }

  /** The inner name of a function or class whose inside is normalised already; null when nothing mentions it. */
  self(identifier: EsNode | null | undefined): Node | null {
    const binding = identifier && this.normalisation.bindingOf(identifier)
    return binding && binding.kind === 'self' && this.#mentioned.has(binding.id)
      ? this.declared(identifier)
      : null
  }

  isMentioned(identifier: EsNode): boolean {
    return this.#mentioned.has(this.#bindingOf(identifier).id)
  }

  /** Whether nothing assigns to a declared name after its declaration. */
  isConstant(identifier: EsNode): boolean {
    return this.#bindingOf(identifier).writes === 0
  }

  mention(identifier: EsNode): Node {
    const target = this.normalisation.targetOf(identifier)
    if (target.kind !== 'local') return nodeOfTarget(target, identifier)
    this.#mentioned.add(this.#bindingOf(identifier).id)
    return this.declared(identifier)
  }

  #bindingOf(identifier: EsNode): Binding {
    const binding = this.normalisation.bindingOf(identifier)
    if (!binding) throw new InvariantError(`\`${identifier['name']}\` is called a local and has no binding`)
    return binding
  }

  /** Runs `normalise` inside a function, where no label of the outside can be reached. */
  inFunction<T>(normalise: () => T): T {
    const outer = this.#labels
    this.#labels = []
    const result = normalise()
    this.#labels = outer
    return result
  }

  inLabel<T>(name: string, normalise: () => T): T {
    const outer = this.#labels
    this.#labels = [...outer, name]
    const result = normalise()
    this.#labels = outer
    return result
  }

  /** How many labels lie between a jump and its target. */
  labelDepth(name: string): number {
    return this.#labels.length - 1 - this.#labels.lastIndexOf(name)
  }

  inClass<T>(privateNames: ReadonlySet<string>, normalise: () => T): T {
    const outer = this.#privates
    this.#privates = [...outer, new Map([...privateNames].map((name) => [name, this.#nextPrivate++]))]
    const result = normalise()
    this.#privates = outer
    return result
  }

  private(identifier: EsNode): Node {
    const index = this.#privates.findLast((names) => names.has(identifier['name']))?.get(identifier['name'])
    return make('Private', identifier, { index })
  }
}

/** A node that came from the place of `origin`. */
export function make(type: NodeType, origin: EsNode, fields: Readonly<Record<string, unknown>> = {}): Node {
  return { type, start: origin.start, ...fields }
}

/** What a name other than a local's becomes. */
export function nodeOfTarget(target: Exclude<Target, { kind: 'local' }>, origin: EsNode): Node {
  switch (target.kind) {
    case 'definition': {
      const pending: Pending = { type: 'Pending', definition: target.definition, start: origin.start }
      return pending as unknown as Node
    }
    case 'reference':
      return make('Reference', origin, { hash: target.reference.hash, index: target.reference.index })
    case 'intrinsic':
      return make('Intrinsic', origin, { name: target.name })
    case 'namespace':
      return namespaceObject(target.members, origin)
    case 'left-out':
      return failing(origin)
    case 'arguments':
      return make('Arguments', origin)
    case 'undefined':
    case 'typeof-undefined':
      return make('Undefined', origin)
  }
}

/** Hashed, so that it names nothing and says the same for every reason. FORMAT: docs/format.md §7. */
const LEFT_OUT = 'left out: it has an effect'

/** `() => { throw new Error(LEFT_OUT) }`. */
function failing(origin: EsNode): Node {
  const message = make('String', origin, { value: LEFT_OUT })
  const error = make('New', origin, {
    callee: make('Intrinsic', origin, { name: 'Error' }),
    arguments: [message],
  })
  return make('Arrow', origin, {
    async: false,
    params: [],
    body: [make('Throw', origin, { argument: error })],
  })
}

/** A namespace that escapes as a value: an object without prototype, of all its exports in the order of their names. */
function namespaceObject(
  members: readonly { readonly name: string; readonly target: Target }[],
  origin: EsNode,
): Node {
  const property = (name: string, value: Node): Node =>
    make('Property', origin, { key: make('String', origin, { value: name }), value })
  const exported = members
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, target }) => {
      if (target.kind === 'local') throw new InvariantError(`a namespace exports the local \`${name}\``)
      return property(name, nodeOfTarget(target, origin))
    })
  return make('Object', origin, { properties: [property('__proto__', make('Null', origin)), ...exported] })
}
