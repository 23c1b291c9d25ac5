// A function that completes what another package made, as `createComplexClass` adds
// methods to an imported class: each time alike. Whoever reaches the object by way of the
// function sees it complete; nobody else may reach it.

import { type EsNode, isFunction, staticName, staticText, walk } from './estree.ts'
import { doingStatements } from './grouped.ts'
import type { Binding } from './scope.ts'
import type { Use, Write } from './state-uses.ts'
import type { StaticContext } from './static-intrinsic.ts'

/** Whether all that functions do to what `binding` imports is to give it the same properties, without conditions. */
export function isCompletion(
  { writes }: Use,
  binding: Binding,
  roots: readonly EsNode[],
  context: StaticContext,
): boolean {
  if (binding.kind !== 'import') return false
  const plain = new Set<EsNode>()
  for (const root of roots) {
    walk(root, (node) => {
      // The block of a function itself, not one that is entered on a condition.
      if (!isFunction(node) || node['body'].type !== 'BlockStatement') return
      for (const statement of doingStatements(node['body'].body))
        if (statement.expression) plain.add(statement.expression)
    })
  }
  const keys = new Set(writes.map(keyOf))
  const isOwn = (node: EsNode): boolean => isUnchanged(node, binding, context, keys)
  return writes.every((write) => plain.has(write.node) && isAlike(write, isOwn))
}

/** Whether a write stores a function, a literal or what the object had under a fixed key. */
function isAlike({ node, key, stored }: Write, isOwn: (node: EsNode) => boolean): boolean {
  if (node.type === 'AssignmentExpression' && node['operator'] === '=' && key !== undefined && stored)
    return isFixed(stored) || isOwn(stored)
  if (definedKey(node) === undefined) return false
  const descriptor: EsNode | undefined = node['arguments'][2]
  if (descriptor?.type !== 'ObjectExpression') return false
  return descriptor['properties'].every(({ value }: EsNode) => value && isFixed(value))
}

function isFixed(value: EsNode): boolean {
  return isFunction(value) || value.type === 'Literal' || staticText(value) !== undefined
}

function keyOf({ node, key }: Write): string | undefined {
  return key ?? definedKey(node)
}

/** `x` of `Object.defineProperty(o, 'x', …)`. */
function definedKey(node: EsNode): string | undefined {
  const callee: EsNode | undefined = node.type === 'CallExpression' ? node['callee'] : undefined
  if (callee?.type !== 'MemberExpression') return undefined
  if (staticName(callee['property'], callee['computed']) !== 'defineProperty') return undefined
  const name: EsNode | undefined = node['arguments'][1]
  return name && staticName(name, true)
}

/** The object itself, or a property of it that nothing writes. */
function isUnchanged(
  node: EsNode,
  binding: Binding,
  context: StaticContext,
  keys: ReadonlySet<string | undefined>,
): boolean {
  if (node.type === 'Identifier') return context.scopes.bindingOf(node) === binding
  if (node.type !== 'MemberExpression') return false
  const key = staticName(node['property'], node['computed'])
  return key !== undefined && !keys.has(key) && isUnchanged(node['object'], binding, context, keys)
}
