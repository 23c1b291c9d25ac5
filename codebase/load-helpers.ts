// Functions that only the loading of their module calls, to fill its tables: what such a
// function changes is no state, since nothing calls it later.

import { childrenOf, type EsNode, isClass, isFunction } from './estree.ts'
import type { Binding, Scopes } from './scope.ts'
import { changesOf, type Helpers } from './statements.ts'

/** Those that change something of the module, by the bindings that they are declared under. */
export function loadHelpers(program: EsNode, scopes: Scopes): Helpers {
  const helpers = new Map<Binding, EsNode>()
  const calls = calledWhileLoading(program, scopes)
  if (calls.size === 0) return helpers
  const mentions = Map.groupBy(scopes.mentions, ({ binding }) => binding)
  for (const item of program['body'] as EsNode[]) {
    for (const [id, called] of declaredFunctions(item)) {
      const binding = scopes.bindingOf(id)
      const uses = (binding && mentions.get(binding)) ?? []
      if (!binding || !uses.every(({ identifier }) => calls.has(identifier)) || uses.length === 0) continue
      if (called['async'] || called['generator']) continue
      const { reassigned, mutated } = changesOf(called['body'], scopes)
      if (reassigned.size + mutated.size === 0) continue
      helpers.set(binding, called)
      // No later call runs it, whatever looks at it.
      called['isLoading'] = true
    }
  }
  return helpers
}

/** Names that statements of the module call, as they stand there. */
function calledWhileLoading(program: EsNode, scopes: Scopes): Set<EsNode> {
  const calls = new Set<EsNode>()
  const visit = (node: EsNode): void => {
    if (isFunction(node) || isClass(node)) return
    if (
      node.type === 'CallExpression' &&
      node['callee'].type === 'Identifier' &&
      scopes.bindingOf(node['callee'])?.isModule
    )
      calls.add(node['callee'])
    for (const child of childrenOf(node)) visit(child)
  }
  for (const item of program['body'] as EsNode[]) if (item.type.endsWith('Statement')) visit(item)
  return calls
}

/** Top-level functions that are not exported where they are declared. */
function declaredFunctions(item: EsNode): [id: EsNode, called: EsNode][] {
  if (item.type === 'FunctionDeclaration') return [[item['id'], item]]
  if (item.type !== 'VariableDeclaration') return []
  return item['declarations'].flatMap(({ id, init }: EsNode) =>
    id.type === 'Identifier' && init && isFunction(init) ? [[id, init]] : [],
  )
}
