// The state of checking one decoded member: what is declared, how far the numbering
// has come, and what the surroundings of a node permit. Rules that hold for a node
// alone stand here; those about what may stand where are in the tables of well-formed-*.ts.

import { MalformedObjectError } from './cbor.ts'
import { nodesAt, numberAt, textAt } from './fields.ts'
import { isPermittedIntrinsic } from './permits.ts'
import { isList, type Node, nodeFields, type NodeType } from './term.ts'
import { isOptional, literalProblem } from './well-formed-literals.ts'

/** What the surroundings of a node permit. */
export interface Surroundings {
  /** Kind of the nearest function, arrows included; null outside of all. */
  readonly kind: string | null
  readonly isArrow: boolean
  /** Inside some function that is no arrow, or a class element: `new.target` has a meaning. */
  readonly hasNewTarget: boolean
  readonly hasArguments: boolean
  readonly superCall: boolean
  readonly superMember: boolean
  /** Labels around within the function, nearest first: whether each labels a loop. */
  readonly labels: readonly boolean[]
  readonly inLoop: boolean
  readonly inBreakable: boolean
  /** Private names of the classes around. */
  readonly privates: ReadonlySet<number>
}

export const OUTSIDE: Surroundings = Object.freeze({
  kind: null,
  isArrow: false,
  hasNewTarget: false,
  hasArguments: false,
  superCall: false,
  superMember: false,
  labels: [],
  inLoop: false,
  inBreakable: false,
  privates: new Set<number>(),
})

/** Whether a node is evaluated, declares variables, or is assigned to. */
export type Role = 'value' | 'binding' | 'target'

/** Checks what is below a node, in position order. */
export type CheckNode = (node: Node, around: Surroundings, to: Checking, role: Role) => void
export type CheckTable = Readonly<Partial<Record<NodeType, CheckNode>>>
/** All tables as one: a Map, for it is asked for every node. */
export type CheckNodes = ReadonlyMap<string, CheckNode>

export class Checking {
  readonly #table: CheckNodes
  readonly #slots: number
  readonly #declared = new Set<number>()
  #locals = 0
  #privates = 0

  constructor(table: CheckNodes, slots: number) {
    this.#table = table
    this.#slots = slots
  }

  /** Checks a node and all below it. */
  node(node: Node, around: Surroundings, role: Role = 'value'): void {
    if (NEVER_ALONE.has(node.type)) refuse(`${node.type} where it cannot stand`)
    check(!isOptional(node), 'an optional link outside of a chain')
    this.itself(node, around, role)
    const below = this.#table.get(node.type)
    if (below) below(node, around, this, role)
    else this.children(node, around)
  }

  nodes(nodes: readonly (Node | null)[], around: Surroundings): void {
    for (const node of nodes) if (node) this.node(node, around)
  }

  children(node: Node, around: Surroundings): void {
    for (const name of nodeFields(node)) {
      const value = node[name] as Node | null | readonly (Node | null)[]
      if (isList(value)) this.nodes(value, around)
      else if (value) this.node(value, around)
    }
  }

  /** Checks that every local was declared by some node. */
  end(): void {
    for (let index = 0; index < this.#locals; index++) {
      check(this.#declared.has(index), `local ${index}, which nothing declares`)
    }
  }

  /** Checks a node without what is below it. */
  itself(node: Node, around: Surroundings, role: Role = 'value'): void {
    const problem = literalProblem(node)
    if (problem) refuse(problem)
    switch (node.type) {
      case 'Local':
        return this.#local(node, role)
      case 'Private':
        return this.#private(node, around)
      case 'Sibling':
        return check(numberAt(node, 'slot') < this.#slots, 'a sibling that the component lacks')
      case 'Intrinsic':
        check(role !== 'binding', 'an intrinsic where a variable is declared')
        return isPermittedIntrinsic(textAt(node, 'name')) ? undefined : unknownIntrinsic(textAt(node, 'name'))
      case 'Arguments':
        return check(around.hasArguments && role !== 'binding', 'arguments outside of a function')
      case 'NewTarget':
        return check(around.hasNewTarget, 'new.target outside of a function')
      case 'Yield':
        return check(isGenerator(around) && !around.isArrow, 'yield outside of a generator')
      case 'Await':
        return check(isAsync(around), 'await outside of an async function')
      case 'Return':
        return check(around.kind !== null, 'return outside of a function')
      case 'Sequence':
        return check(nodesAt(node, 'expressions').length > 1, 'a sequence of fewer than two expressions')
      default:
    }
  }

  /** Locals count up in position order, so that a term has one numbering. */
  #local(node: Node, role: Role): void {
    const index = numberAt(node, 'index')
    check(index <= this.#locals, 'locals that are not numbered by first occurrence')
    if (index === this.#locals) this.#locals++
    if (role === 'binding') this.#declared.add(index)
  }

  #private(node: Node, around: Surroundings): void {
    const index = numberAt(node, 'index')
    check(index <= this.#privates, 'private names that are not numbered by first occurrence')
    if (index === this.#privates) this.#privates++
    check(around.privates.has(index), 'a private name that no class around declares')
  }
}

/** Nodes that only the rules of their parents admit. */
const NEVER_ALONE: ReadonlySet<NodeType> = new Set([
  'Ability',
  'Type',
  'Super',
  'Spread',
  'Default',
  'Rest',
] as const)

function isGenerator({ kind }: Surroundings): boolean {
  return kind === 'generator' || kind === 'asyncGenerator'
}

export function isAsync({ kind }: Surroundings): boolean {
  return kind === 'async' || kind === 'asyncGenerator'
}

export function check(condition: boolean, problem: string): void {
  if (!condition) refuse(problem)
}

/** The table of permits grows: whoever made the object may have a longer one. */
function unknownIntrinsic(name: string): never {
  throw new MalformedObjectError(
    `Cannot decode object: intrinsic ${name}, which is not permitted here`,
    { intrinsic: name },
    { code: 'format-unknown', hint: 'update this program: newer ones may know the intrinsic' },
  )
}

export function refuse(problem: string): never {
  throw new MalformedObjectError(`Cannot decode object: ${problem}`)
}
