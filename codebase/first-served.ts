// A function that hands out what was made beforehand the first time, and makes new ones
// from then on: `let make = () => { make = ready.create; return ready }`. Where `ready` is
// itself the result of `create()`, every call gets a new one, and no call is told apart.

import { childrenOf, type EsNode, isFunction, staticName } from './estree.ts'
import { doingStatements } from './grouped.ts'
import { returnedFrom } from './returned.ts'
import type { Scopes } from './scope.ts'
import { type Resolved, resolveValue, type StaticContext } from './static-intrinsic.ts'

/** Rewrites such functions of a declaration to `() => ready.create()`; `isFirstServed` says later whether they may be. */
export function handOutFresh(declaration: EsNode, scopes: Scopes): boolean {
  let hasChanged = false
  for (const { id, init } of declaration['declarations'] as EsNode[]) {
    const binding = id.type === 'Identifier' && scopes.bindingOf(id)
    if (!binding || binding.writes !== 1 || !init || !isFunction(init) || init.params.length > 0) continue
    if (init.body.type !== 'BlockStatement') continue
    const [replacing, returning, ...more] = doingStatements(init.body.body)
    const assignment: EsNode | undefined = replacing?.['expression']
    if (
      more.length > 0 ||
      assignment?.type !== 'AssignmentExpression' ||
      returning?.type !== 'ReturnStatement'
    )
      continue
    const { left, right, operator } = assignment as EsNode & { left: EsNode; right: EsNode }
    const ready: EsNode | null = returning['argument']
    const isReplaced = operator === '=' && left.type === 'Identifier' && scopes.bindingOf(left) === binding
    const isOfReady = right.type === 'MemberExpression' && right['object'].name === ready?.['name']
    if (!isReplaced || !isOfReady || ready?.type !== 'Identifier') continue
    const at = { start: assignment.start, end: assignment.end }
    const call = {
      type: 'CallExpression',
      callee: right,
      arguments: [],
      optional: false,
      isFirstServed: true,
      ...at,
    }
    init.body.body = [{ ...returning, argument: call }]
    hasChanged = true
  }
  return hasChanged
}

/** Whether `ready` of such a call `ready.create()` was made by `create()`. */
export function isFirstServed({ callee }: EsNode, context: StaticContext): boolean {
  const ready = resolveValue(callee.object, context)
  if (ready?.node.type !== 'CallExpression' || ready.node['arguments'].length > 0) return false
  const maker = resolveValue(ready.node['callee'], ready.context)
  const name = staticName(callee.property, callee.computed)
  return maker !== undefined && isFunction(maker.node) && name !== undefined && offersItself(maker, name)
}

/** Whether what `maker` returns has `maker` as its property `name`. */
function offersItself(maker: Resolved, name: string): boolean {
  const { lasting } = returnedFrom(maker)
  const { scopes } = maker.context
  const returned = returnedNames(maker.node).map((each) => scopes.bindingOf(each))
  const offers: EsNode[] = doingStatements(maker.node['body'].body ?? []).flatMap(
    ({ expression }: EsNode): EsNode[] => {
      if (expression?.type !== 'AssignmentExpression' || expression.left.type !== 'MemberExpression')
        return []
      return staticName(expression.left.property, expression.left.computed) === name ? [expression] : []
    },
  )
  const [offer, ...more] = offers
  if (!offer || more.length > 0 || returned.length === 0) return false
  const object = offer['left'].object.type === 'Identifier' && scopes.bindingOf(offer['left'].object)
  const isReturned = !!object && lasting.has(object) && returned.every((binding) => binding === object)
  return isReturned && resolveValue(offer['right'], maker.context)?.node === maker.node
}

/** What a function returns, where that is a name. */
function returnedNames({ body }: EsNode): EsNode[] {
  const found: EsNode[] = []
  const visit = (node: EsNode): void => {
    if (isFunction(node)) return
    if (node.type === 'ReturnStatement') found.push(node['argument'] ?? node)
    for (const child of childrenOf(node)) visit(child)
  }
  visit(body)
  return found
}
