// Functions that make something with a state of its own: `makeCounter()` returns a
// function that counts in a variable of the call that made it. Called while a module
// loads, what they make lasts.

import { childrenOf, type EsNode, isFunction } from './estree.ts'
import { isLater } from './lifetime.ts'
import { returnedFrom } from './returned.ts'
import { changesByCall } from './state-calls.ts'
import { readCalled, type Uses } from './state-uses.ts'
import { resolveValue, type Resolved, type StaticContext } from './static-intrinsic.ts'

/** A call that loading makes, and what the functions that it returns do to the variables of that call. */
export interface Made {
  readonly call: EsNode
  readonly uses: Uses
  readonly context: StaticContext
}

/** The calls that evaluating `roots` makes whose results have a state. */
export function makersWithin(roots: readonly EsNode[], context: StaticContext): Made[] {
  const found: Made[] = []
  const visit = (node: EsNode): void => {
    if (node.type === 'CallExpression') found.push(...madeBy(node, context))
    for (const child of childrenOf(node)) if (!isLater(node, child)) visit(child)
  }
  for (const root of roots) visit(root)
  return found
}

function madeBy(call: EsNode, context: StaticContext): Made[] {
  // What is called where it is written is read with what surrounds it.
  if (isFunction(call['callee'])) return []
  const maker = resolveValue(call['callee'], context)
  if (!maker || !isFunction(maker.node)) return []
  const known = MADE.get(maker.node) ?? whatIsMade(maker)
  MADE.set(maker.node, known)
  return known.map((uses) => ({ call, uses, context: maker.context }))
}

/** By the function that makes it: a few are called all over a package. */
const MADE = new WeakMap<EsNode, readonly Uses[]>()

function whatIsMade(maker: Resolved): Uses[] {
  const { values, lasting } = returnedFrom(maker)
  return values.filter(isFunction).flatMap((value) => {
    const uses = readCalled(value, maker.context, { lasting, changesBy: changesByCall })
    const own = new Map([...uses.byBinding].filter(([binding]) => lasting.has(binding)))
    return own.size > 0 ? [{ ...uses, byBinding: own }] : []
  })
}
