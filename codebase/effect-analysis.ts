// The row of one member's term, given what its dependencies may perform. Performing is
// yielding up to the driver, so that what a generator performs is what its `yield*`
// reach; any mention counts as reaching, for functions are values.

import {
  abilitiesOnly,
  type Effect,
  EMPTY,
  isSameEffect,
  later,
  mask,
  NOTHING,
  type Row,
  total,
  union,
  unionRows,
} from './effect-sets.ts'
import { flagAt, nodeAt, nodesAt, numberAt, optionalNodeAt, textAt } from './fields.ts'
import { childNodes, type Member, type Node, walkMember } from './term.ts'

/** What is known of a definition that is mentioned. References as text. */
export interface KnownEffects {
  readonly performs: ReadonlySet<string>
  /** Abilities that it masks in its argument: it is a handler. */
  readonly handles: ReadonlySet<string>
  /** Abilities that what it returns masks in its argument: it makes handlers. */
  readonly makes: ReadonlySet<string>
  readonly masks: readonly ReadonlySet<string>[]
}

/** A definition that a node refers to. */
export interface Mentioned {
  readonly reference: string
  readonly isAbility: boolean
  readonly effects: KnownEffects
}

/** What `node` refers to; undefined for anything but a Reference or a Sibling. */
export type LookUp = (node: Node) => Mentioned | undefined

const NONE: ReadonlySet<string> = new Set()

/** What is known of `member`, less than which nothing it does can be. */
export function analyse(member: Member, lookUp: LookUp): KnownEffects {
  const analysis = new Analysis(member, lookUp)
  const { value } = member
  const row = [value, ...member.completions].map((node) => analysis.row(node)).reduce(unionRows, EMPTY)
  const isFunction = value.type === 'Function' || value.type === 'Arrow'
  return {
    performs: total(row).abilities,
    handles: analysis.handledBy(value),
    makes: isFunction ? analysis.handledByResults(value) : NONE,
    masks: isFunction ? masksOf(nodesAt(value, 'params'), total(row)) : [],
  }
}

function masksOf(params: readonly Node[], effect: Effect): ReadonlySet<string>[] {
  const masks = params.map((param) => {
    const local = localOf(param)
    return (local !== undefined && effect.parameters.get(local)) || NONE
  })
  while (masks.at(-1)?.size === 0) masks.pop()
  return masks
}

/** The local that a parameter is, with or without a default. */
function localOf(param: Node): number | undefined {
  const target = param.type === 'Default' ? nodeAt(param, 'target') : param
  return target.type === 'Local' ? numberAt(target, 'index') : undefined
}

class Analysis {
  readonly #lookUp: LookUp
  readonly #parameters: ReadonlySet<number>
  /** Functions that a local stands for in all its life; what they perform counts where they are mentioned. */
  readonly #functions = new Map<number, Node>()
  readonly #functionEffects = new Map<number, Effect>()
  /** Other values that a local stands for in all its life: handlers are found through them. */
  readonly #constants = new Map<number, Node>()
  /** What is being looked into, so that what leads back to itself ends. */
  readonly #open = new Set<Node>()

  constructor(member: Member, lookUp: LookUp) {
    this.#lookUp = lookUp
    const { value } = member
    const params = value.type === 'Function' || value.type === 'Arrow' ? nodesAt(value, 'params') : []
    this.#parameters = new Set(params.flatMap((param) => localOf(param) ?? []))
    walkMember(member, (node) => this.#remember(node))
    this.#settleFunctions()
  }

  #remember(node: Node): void {
    if (node.type === 'FunctionDeclaration')
      this.#functions.set(numberAt(nodeAt(node, 'local'), 'index'), nodeAt(node, 'value'))
    if (node.type !== 'Declare' || node['kind'] !== 'const') return
    for (const declarator of nodesAt(node, 'declarators')) {
      const target = nodeAt(declarator, 'target')
      const init = optionalNodeAt(declarator, 'init')
      if (target.type !== 'Local' || !init) continue
      const isFunction = init.type === 'Function' || init.type === 'Arrow'
      ;(isFunction ? this.#functions : this.#constants).set(numberAt(target, 'index'), init)
    }
  }

  /** Local functions may mention each other, so their effects grow together until they are stable. */
  #settleFunctions(): void {
    for (let isStable = false; !isStable; ) {
      isStable = true
      for (const [local, node] of this.#functions) {
        const before = this.#functionEffects.get(local) ?? NOTHING
        const after = union(before, total(this.row(node)))
        if (isSameEffect(before, after)) continue
        this.#functionEffects.set(local, after)
        isStable = false
      }
    }
  }

  row(node: Node): Row {
    switch (node.type) {
      case 'Local':
        return later(this.#local(numberAt(node, 'index')))
      case 'Reference':
      case 'Sibling':
        return later(abilitiesOnly(this.#lookUp(node)?.effects.performs ?? []))
      case 'Function':
      case 'Arrow': {
        const inner = this.#function(node)
        return { now: NOTHING, later: union(inner.now, inner.later), leaked: inner.leaked }
      }
      case 'FunctionDeclaration':
        return EMPTY
      case 'Declarator':
        return this.#isLocalFunction(node) ? EMPTY : this.#children(node)
      case 'Yield':
      case 'ForOf': {
        // Iterating runs what is iterated; what comes of it may still be run later.
        const inner = this.#children(node)
        return { ...inner, now: union(inner.now, inner.later) }
      }
      case 'Assign': {
        const inner = this.#children(node)
        return { ...inner, leaked: union(inner.leaked, inner.later) }
      }
      case 'Call':
        return this.#call(node)
      default:
        return this.#children(node)
    }
  }

  /** What is inside a function; declaring a parameter is no mention of it. */
  #function(node: Node): Row {
    const defaults = nodesAt(node, 'params').flatMap((param) => {
      if (localOf(param) === undefined) return [param]
      return param.type === 'Default' ? [nodeAt(param, 'value')] : []
    })
    return [...defaults, ...nodesAt(node, 'body')].map((inner) => this.row(inner)).reduce(unionRows, EMPTY)
  }

  #children(node: Node): Row {
    return childNodes(node).reduce((row, child) => unionRows(row, this.row(child)), EMPTY)
  }

  #local(local: number): Effect {
    const effect = this.#functionEffects.get(local) ?? NOTHING
    if (!this.#parameters.has(local)) return effect
    return union(effect, { abilities: NONE, parameters: new Map([[local, NONE]]) })
  }

  #isLocalFunction(declarator: Node): boolean {
    const target = nodeAt(declarator, 'target')
    return target.type === 'Local' && this.#functions.get(numberAt(target, 'index')) === declarator['init']
  }

  #call(node: Node): Row {
    const callee = nodeAt(node, 'callee')
    const args = nodesAt(node, 'arguments')
    if (isHandle(node)) {
      const isKnown = this.#abilityOf(args[0])
      return (isKnown ? args.slice(1) : args).map((arg) => this.row(arg)).reduce(unionRows, EMPTY)
    }
    const masks = this.#masksOfCallee(callee)
    let row = this.row(callee)
    let isPositional = true
    args.forEach((arg, index) => {
      isPositional &&= arg.type !== 'Spread'
      const inner = this.row(arg)
      const masked = isPositional ? (masks[index] ?? NONE) : NONE
      row = unionRows(row, { ...inner, later: mask(inner.later, masked) })
    })
    return row
  }

  /** Abilities that calling `callee` masks in each of its arguments. */
  #masksOfCallee(callee: Node): readonly ReadonlySet<string>[] {
    const handled = this.handledBy(callee)
    if (handled.size > 0) return [handled]
    return callee.type === 'Reference' || callee.type === 'Sibling'
      ? (this.#lookUp(callee)?.effects.masks ?? [])
      : []
  }

  /** Abilities that `node`, called with a computation, handles in it. */
  handledBy(node: Node): ReadonlySet<string> {
    switch (node.type) {
      case 'Local': {
        const constant = this.#constants.get(numberAt(node, 'index'))
        return constant ? this.#once(constant, () => this.handledBy(constant)) : NONE
      }
      case 'Reference':
      case 'Sibling':
        return this.#lookUp(node)?.effects.handles ?? NONE
      case 'Call': {
        if (isHandle(node)) {
          const ability = this.#abilityOf(nodesAt(node, 'arguments')[0])
          return ability === undefined ? NONE : new Set([ability])
        }
        return this.#madeBy(nodeAt(node, 'callee'))
      }
      default:
        return NONE
    }
  }

  /** Abilities that whatever `callee` returns handles. */
  #madeBy(callee: Node): ReadonlySet<string> {
    if (callee.type === 'Reference' || callee.type === 'Sibling')
      return this.#lookUp(callee)?.effects.makes ?? NONE
    const local = callee.type === 'Local' ? this.#functions.get(numberAt(callee, 'index')) : undefined
    return local ? this.#once(local, () => this.handledByResults(local)) : NONE
  }

  /** What `find` finds in `node`; nothing when that is being found already (a function that returns what it makes). */
  #once(node: Node, find: () => ReadonlySet<string>): ReadonlySet<string> {
    if (this.#open.has(node)) return NONE
    this.#open.add(node)
    const handled = find()
    this.#open.delete(node)
    return handled
  }

  /** Abilities that every result of a plain function handles. */
  handledByResults(node: Node): ReadonlySet<string> {
    if (node.type === 'Arrow' ? flagAt(node, 'async') : textAt(node, 'kind') !== 'function') return NONE
    const results = nodesAt(node, 'body').flatMap(resultsOf)
    const [first, ...others] = results.map((result) => (result ? this.handledBy(result) : NONE))
    return others.reduce((common, handled) => common.intersection(handled), first ?? NONE)
  }

  #abilityOf(node: Node | undefined): string | undefined {
    const mentioned =
      node && (node.type === 'Reference' || node.type === 'Sibling') ? this.#lookUp(node) : undefined
    return mentioned?.isAbility ? mentioned.reference : undefined
  }
}

/** Whether `node` is `handle(ability, clauses)`. */
function isHandle(node: Node): boolean {
  const callee = nodeAt(node, 'callee')
  return callee.type === 'Intrinsic' && callee['name'] === 'ucm.handle'
}

/** What the returns within a statement return, those of functions within it aside. */
function resultsOf(node: Node): (Node | null)[] {
  if (node.type === 'Return') return [optionalNodeAt(node, 'argument')]
  if (node.type === 'Function' || node.type === 'Arrow' || node.type === 'Class') return []
  return childNodes(node).flatMap(resultsOf)
}
