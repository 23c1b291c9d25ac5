// What a function returns, as far as its text tells, and which of its names what it
// returns keeps.

import { childrenOf, type EsNode, isFunction, patternIdentifiers } from './estree.ts'
import { collectLasting } from './lifetime.ts'
import type { Binding } from './scope.ts'
import { resolveValue, type Resolved } from './static-intrinsic.ts'

/** What calls of a function may return, names of it resolved, and its parameters and variables. */
export function returnedFrom({ node, context }: Resolved): {
  readonly values: readonly EsNode[]
  readonly lasting: ReadonlySet<Binding>
} {
  const lasting = new Set<Binding>()
  if (node['async'] || node['generator']) return { values: [], lasting }
  for (const id of node['params'].flatMap(patternIdentifiers)) {
    const binding = context.scopes.bindingOf(id)
    if (binding) lasting.add(binding)
  }
  collectLasting(node['body'], context, lasting)
  const values = returnedExpressions(node).flatMap((value) => resolveValue(value, context)?.node ?? [])
  return { values, lasting }
}

function returnedExpressions({ body }: EsNode): EsNode[] {
  if (body.type !== 'BlockStatement') return [body]
  const found: EsNode[] = []
  const visit = (node: EsNode): void => {
    if (isFunction(node)) return
    if (node.type === 'ReturnStatement' && node['argument']) found.push(node['argument'])
    for (const child of childrenOf(node)) visit(child)
  }
  visit(body)
  return found
}
