// In which order the members of a component come to life. What one needs while it is
// evaluated (`extends`, static fields, computed keys, initialisers) comes first.

import { stronglyConnected } from './strongly-connected.ts'
import { childNodes, type Component, type Member, type Node } from './term.ts'

/** Evaluating a member's value and binding it, or running its completions. */
export interface EvaluationStep {
  readonly slot: number
  readonly part: 'value' | 'completions'
}

/** Slots that a term mentions where it is evaluated at once, and where only a later call may reach. */
interface Mentions {
  readonly eager: ReadonlySet<number>
  readonly lazy: ReadonlySet<number>
}

interface Needs {
  readonly value: Mentions
  readonly completions: Mentions
  /** Whether evaluating the value runs nothing. */
  readonly isInert: boolean
}

/**
 * The slots of `component` in the order in which values can be evaluated: first what others
 * mention at once, then as far as possible what the functions called on the way may reach;
 * otherwise by slot. `cyclic` are the slots whose initialisers need each other's values.
 */
export function valueOrder(component: Component): {
  readonly slots: readonly number[]
  readonly cyclic: readonly number[]
} {
  const needs = component.members.map(needsOf)
  const hard = needs.map((need) => [...need.value.eager])
  const soft = needs.map((need, slot) => (need.isInert ? new Set<number>() : reach(needs, slot)))
  const cyclic = stronglyConnected(needs.length, (slot) => hard[slot] as number[])
    .filter((group) => group.length > 1 || hard[group[0] as number]?.includes(group[0] as number))
    .flat()
  const placed = new Set<number>()
  while (placed.size < needs.length) placed.add(nextSlot(hard, soft, placed))
  return { slots: [...placed], cyclic }
}

function nextSlot(
  hard: readonly number[][],
  soft: readonly ReadonlySet<number>[],
  placed: ReadonlySet<number>,
): number {
  const waiting = hard.map((_, slot) => slot).filter((slot) => !placed.has(slot))
  const ready = waiting.filter((slot) => hard[slot]?.every((need) => placed.has(need)))
  const missing = (slot: number): number => (soft[slot] as ReadonlySet<number>).difference(placed).size
  // Array.prototype.sort is stable, so that slots decide where needs do not.
  return (ready.length > 0 ? ready : waiting).sort((a, b) => missing(a) - missing(b))[0] as number
}

const ALONE: readonly EvaluationStep[] = [
  { slot: 0, part: 'value' },
  { slot: 0, part: 'completions' },
]

/**
 * Every step that brings `component` to life, values in slot order. Completions run as soon
 * as what they mention is there, and before a value whose evaluation may reach their member.
 */
export function evaluationOrder(component: Component): readonly EvaluationStep[] {
  const [only] = component.members
  // Most components: nothing in them can be waited for, so that nothing needs to be looked at.
  if (only && component.members.length === 1) return only.completions.length > 0 ? ALONE : ALONE.slice(0, 1)
  const needs = component.members.map(needsOf)
  const steps: EvaluationStep[] = []
  const bound = new Set<number>()
  const waiting = new Set(
    [...component.members.keys()].filter((slot) => component.members[slot]?.completions.length),
  )
  const flush = (isDue: (slot: number, mentions: Mentions) => boolean): void => {
    for (const slot of waiting) {
      const { completions } = needs[slot] as Needs
      if (!bound.has(slot) || !completions.eager.isSubsetOf(bound) || !isDue(slot, completions)) continue
      steps.push({ slot, part: 'completions' })
      waiting.delete(slot)
    }
  }
  component.members.forEach((_, slot) => {
    const reached = needs[slot]?.isInert ? new Set<number>() : reach(needs, slot)
    flush((other) => reached.has(other))
    steps.push({ slot, part: 'value' })
    bound.add(slot)
    flush((_other, completions) => completions.lazy.isSubsetOf(bound))
  })
  for (const slot of waiting) steps.push({ slot, part: 'completions' })
  return steps
}

function needsOf(member: Member): Needs {
  return {
    value: mentionsOf([member.value]),
    completions: mentionsOf(member.completions),
    isInert: isInert(member.value),
  }
}

/** Nodes whose evaluation runs nothing but what is within them. */
const QUIET: ReadonlySet<string> = new Set([
  'Object',
  'Array',
  'Property',
  'String',
  'Number',
  'Boolean',
  'Null',
  'Undefined',
  'Reference',
  'Sibling',
  'Intrinsic',
])

/** Whether evaluating a value runs nothing: it is a function, or a literal of such. */
function isInert(node: Node): boolean {
  if (node.type === 'Function' || node.type === 'Arrow') return true
  return QUIET.has(node.type) && children(node).every(([child]) => isInert(child))
}

/** Every slot that evaluating `slot` may touch: what it mentions, and what that mentions. */
function reach(needs: readonly Needs[], slot: number): Set<number> {
  const reached = new Set<number>()
  const open = [...mentionedBy((needs[slot] as Needs).value)]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue
    reached.add(next)
    const need = needs[next] as Needs
    open.push(...mentionedBy(need.value), ...mentionedBy(need.completions))
  }
  return reached
}

function mentionedBy(mentions: Mentions): Set<number> {
  return mentions.eager.union(mentions.lazy)
}

function mentionsOf(nodes: readonly Node[]): Mentions {
  const mentions = { eager: new Set<number>(), lazy: new Set<number>() }
  const visit = (node: Node, isLazy: boolean): void => {
    if (node.type === 'Sibling') (isLazy ? mentions.lazy : mentions.eager).add(node['slot'] as number)
    for (const [child, isDeferred] of children(node)) visit(child, isLazy || isDeferred)
  }
  for (const node of nodes) visit(node, false)
  return mentions
}

/** The nodes directly below `node`, each with whether it is evaluated only later. */
function children(node: Node): (readonly [Node, boolean])[] {
  // A type is never evaluated, so that types may refer to each other.
  const isLater = node.type === 'Function' || node.type === 'Arrow' || node.type === 'Type'
  const instanceValue = node.type === 'Field' && node['static'] === false ? node['value'] : undefined
  const called = node.type === 'Call' ? node['callee'] : undefined
  return childNodes(node).flatMap((child): (readonly [Node, boolean])[] => {
    // A function that is called where it is written is evaluated at once.
    const isCalled = child === called && (child.type === 'Function' || child.type === 'Arrow')
    if (isCalled) return children(child).map(([inner]) => [inner, false])
    return [[child, isLater || child === instanceValue]]
  })
}
