// Assignments to names of a module that happen in a later call, and not while it loads.

import { childrenOf, type EsNode, isFunction, writtenBy } from './estree.ts'
import { type Refusal, refusal } from './refusals.ts'
import type { Binding, Scopes } from './scope.ts'

/** The reason why an assignment to a module-level name is refused in a function. */
export function refuseReassignment(node: EsNode): Refusal {
  const name: string = node['name']
  return refusal(
    'binding-reassigned',
    node,
    `\`${name}\` is declared outside of the function that assigns it, and every call starts fresh`,
    `return the new value, or keep it with \`Store\` from \`ucm/abilities\`; what only remembers can be a \`Map\``,
  )
}

/** Assignments to one of `bindings` in functions that loading does not call. */
export function lateWrites(statement: EsNode, bindings: readonly Binding[], scopes: Scopes): Refusal[] {
  const found: Refusal[] = []
  const visit = (node: EsNode, isLate: boolean): void => {
    for (const target of isLate ? writtenBy(node) : []) {
      const binding = target.type === 'Identifier' ? scopes.bindingOf(target) : undefined
      if (binding && bindings.includes(binding)) found.push(refuseReassignment(target))
    }
    for (const child of childrenOf(node)) {
      const isCalled = node.type === 'CallExpression' && node['callee'] === child
      visit(child, isLate || (isFunction(child) && !isCalled && !child['isLoading']))
    }
  }
  visit(statement, isFunction(statement) && !statement['isLoading'])
  return found
}
