// How tightly expressions bind, and what their text begins with (ECMA-262 §13).

import { nodeAt, nodesAt, textAt } from './fields.ts'
import { GRAMMAR, type Node } from './term.ts'

/** Larger binds tighter. Binary operators lie between `conditional` and `unary`. */
export const LEVEL = Object.freeze({
  sequence: 0,
  assign: 1,
  conditional: 2,
  binary: 3,
  unary: 15,
  postfix: 16,
  call: 17,
  primary: 18,
})

const OPERATORS: Readonly<Record<string, number>> = Object.freeze({
  '??': 3,
  '||': 4,
  '&&': 5,
  '|': 6,
  '^': 7,
  '&': 8,
  '==': 9,
  '!=': 9,
  '===': 9,
  '!==': 9,
  '<': 10,
  '>': 10,
  '<=': 10,
  '>=': 10,
  in: 10,
  instanceof: 10,
  '<<': 11,
  '>>': 11,
  '>>>': 11,
  '+': 12,
  '-': 12,
  '*': 13,
  '/': 13,
  '%': 13,
  '**': 14,
})

export function levelOf(node: Node): number {
  switch (node.type) {
    case 'Sequence':
      return LEVEL.sequence
    case 'Assign':
    case 'Arrow':
    case 'Yield':
      return LEVEL.assign
    case 'Conditional':
      return LEVEL.conditional
    case 'Binary':
    case 'Logical':
      return OPERATORS[textAt(node, 'operator')] as number
    case 'PrivateIn':
      return OPERATORS['in'] as number
    case 'Unary':
    case 'Await':
    case 'Undefined': // written `void 0`
      return LEVEL.unary
    case 'Update':
      return node['prefix'] === true ? LEVEL.unary : LEVEL.postfix
    case 'Call':
    case 'Member':
    case 'PrivateMember':
    case 'New':
    case 'TaggedTemplate':
      return LEVEL.call
    case 'Chain':
      // Its end can be seen only where nothing that continues a chain follows.
      return LEVEL.postfix
    default:
      return LEVEL.primary
  }
}

/** The node whose text comes first in that of `node`. */
export function leftmost(node: Node): Node {
  switch (node.type) {
    case 'Sequence':
      return leftmost(nodesAt(node, 'expressions')[0] as Node)
    case 'Assign':
    case 'Binary':
    case 'Logical':
      return leftmost(nodeAt(node, 'left'))
    case 'Conditional':
      return leftmost(nodeAt(node, 'test'))
    case 'Call':
      return leftmost(nodeAt(node, 'callee'))
    case 'Member':
    case 'PrivateMember':
      return leftmost(nodeAt(node, 'object'))
    case 'TaggedTemplate':
      return leftmost(nodeAt(node, 'tag'))
    case 'Chain':
      return leftmost(nodeAt(node, 'expression'))
    case 'Update':
      return node['prefix'] === true ? node : leftmost(nodeAt(node, 'argument'))
    default:
      return node
  }
}

/** Whether the operator `in` stands anywhere in `node`, where the head of a `for` would mistake it. */
export function mentionsIn(node: Node): boolean {
  if (node.type === 'PrivateIn' || (node.type === 'Binary' && node['operator'] === 'in')) return true
  return GRAMMAR[node.type].fields.some(([name, kind]) => {
    if (!kind.startsWith('node')) return false
    return [node[name] as Node | null | readonly (Node | null)[]]
      .flat()
      .some((child) => child !== null && mentionsIn(child))
  })
}

/** Whether evaluating `node` may yield; functions within it yield by themselves. */
export function yields(node: Node): boolean {
  if (node.type === 'Yield') return true
  if (node.type === 'Function' || node.type === 'Arrow') return false
  return GRAMMAR[node.type].fields.some(([name, kind]) => {
    if (!kind.startsWith('node')) return false
    return [node[name] as Node | null | readonly (Node | null)[]]
      .flat()
      .some((child) => child !== null && yields(child))
  })
}
