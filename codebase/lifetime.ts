// Which names hold something for as long as a module is loaded, so that what a call
// does to it would be seen by the next one: the module's own, and those of functions
// that loading calls on the spot.

import {
  childrenOf,
  type EsNode,
  isClass,
  isFunction,
  patternIdentifiers,
  staticName,
  walk,
} from './estree.ts'
import { doingStatements } from './grouped.ts'
import type { Binding } from './scope.ts'
import type { StaticContext } from './static-intrinsic.ts'
import { READING_METHODS } from './statements.ts'

/** Whether `child`, a child of `node`, is evaluated only by a later call. */
export function isLater(node: EsNode, child: EsNode): boolean {
  if (node.type === 'PropertyDefinition' && node['value'] === child && !node['static']) return true
  return isFunction(child) && !isCalledBy(node, child) && !child['isLoading']
}

/** Whether `node` runs the function right here: `(() => …)()`, `names.forEach((name) => …)`. */
function isCalledBy(node: EsNode, called: EsNode): boolean {
  if (node.type !== 'CallExpression') return false
  const callee: EsNode = node['callee']
  if (callee === called) return true
  const method =
    callee.type === 'MemberExpression' ? staticName(callee['property'], callee['computed']) : undefined
  return method !== undefined && READING_METHODS.has(method)
}

/** Adds to `lasting` the names that evaluating `node` declares. */
export function collectLasting(node: EsNode, { scopes }: StaticContext, lasting: Set<Binding>): void {
  const add = (id: EsNode | null | undefined): void => {
    const binding = id && scopes.bindingOf(id)
    if (binding) lasting.add(binding)
  }
  const visit = (each: EsNode): void => {
    if (each.type === 'VariableDeclarator') patternIdentifiers(each['id']).forEach(add)
    if (isFunction(each) || isClass(each)) add(each['id'])
    const self = isClass(each) && scopes.classSelves.get(each)
    if (self) lasting.add(self)
    for (const child of childrenOf(each)) {
      if (isFunction(child)) add(child['id'])
      if (isLater(each, child)) continue
      if (isFunction(child)) child['params'].flatMap(patternIdentifiers).forEach(add)
      visit(child)
    }
  }
  if (isFunction(node)) add(node['id'])
  else visit(node)
}

/**
 * Whether evaluating `stored` gives the same at every call: it mentions no parameter or variable
 * of the call, nor what one was computed with.
 */
export function isClosed(
  stored: EsNode,
  context: StaticContext,
  isLasting: (binding: Binding) => boolean,
  steps = 16,
): boolean {
  const own = new Set<Binding>()
  const declare = (id: EsNode): void => {
    const binding = context.scopes.bindingOf(id)
    if (binding) own.add(binding)
  }
  const closed = (node: EsNode, hasThis: boolean): boolean => {
    if (isFunction(node)) node['params'].flatMap(patternIdentifiers).forEach(declare)
    if (node.type === 'VariableDeclarator') patternIdentifiers(node['id']).forEach(declare)
    if (node.type === 'ThisExpression') return hasThis
    if (node.type === 'Identifier') {
      const binding = context.scopes.bindingOf(node)
      if (!binding || own.has(binding) || binding.isModule || isLasting(binding)) return true
      if (binding.kind === 'arguments') return hasThis
      if (/^(self|function)$/.test(binding.kind)) return true
      const initialiser = binding.writes === 0 ? context.constants.get(binding) : undefined
      return initialiser !== undefined && steps > 0 && isClosed(initialiser, context, isLasting, steps - 1)
    }
    const hasOwn = hasThis || (isFunction(node) && node.type !== 'ArrowFunctionExpression')
    return childrenOf(node).every((child) => closed(child, hasOwn))
  }
  return closed(stored, false)
}

/**
 * Whether what `binding` holds is written before anything else is done with it, each time: all
 * its mentions stand after a statement that is `write`, in the block of that statement or braces around it.
 */
export function isWrittenFirst(
  binding: Binding,
  write: EsNode,
  within: readonly EsNode[],
  { scopes }: StaticContext,
): boolean {
  const [first] = scopes.mentions.filter((mention) => mention.binding === binding)
  if (!first || first.identifier.start < write.start || first.identifier.start >= write.end) return false
  let block: EsNode | undefined
  for (const root of within) {
    walk(root, (node) => {
      const isIts = (statement: EsNode): boolean => statement['expression'] === write
      // The outermost of blocks that only group.
      if (node.type === 'BlockStatement' && doingStatements(node['body']).some(isIts)) block ??= node
    })
  }
  const end = block?.end ?? 0
  return scopes.mentions.every((mention) => mention.binding !== binding || mention.identifier.start < end)
}
