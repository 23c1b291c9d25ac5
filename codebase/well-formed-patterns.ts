// Where values are bound: declarations, parameters, patterns, assignments.

import { type CheckTable, type Checking, check, type Role, refuse, type Surroundings } from './checking.ts'
import { nodeAt, nodesAt, optionalNodeAt, sparseNodesAt, textAt } from './fields.ts'
import type { Node } from './term.ts'

export const PATTERNS: CheckTable = {
  ObjectPattern(node, around, to, role) {
    const properties = nodesAt(node, 'properties')
    properties.forEach((property, index) => {
      if (property.type !== 'PatternProperty') {
        check(property.type === 'Rest', `${property.type} in an object pattern`)
        return element(property, index === properties.length - 1, around, to, role)
      }
      to.itself(property, around)
      plainKey(nodeAt(property, 'key'), around, to)
      element(nodeAt(property, 'value'), false, around, to, role)
    })
  },
  ArrayPattern(node, around, to, role) {
    const elements = sparseNodesAt(node, 'elements')
    elements.forEach((item, index) => item && element(item, index === elements.length - 1, around, to, role))
  },
  Assign(node, around, to) {
    const left = nodeAt(node, 'left')
    if (textAt(node, 'operator') === '=') target(left, around, to, 'target')
    else simpleTarget(left, around, to)
    to.node(nodeAt(node, 'right'), around)
  },
  Update: (node, around, to) => simpleTarget(nodeAt(node, 'argument'), around, to),
  Declare: (node, around, to) => declare(node, around, to, false),
  FunctionDeclaration: declaration,
  ClassDeclaration: declaration,
}

/** A variable on its own: what a declaration or an inner name is. */
export function binding(node: Node, around: Surroundings, to: Checking): void {
  if (node.type !== 'Local') refuse(`${node.type} where a variable is declared`)
  to.node(node, around, 'binding')
}

export function parameters(params: readonly Node[], around: Surroundings, to: Checking): void {
  params.forEach((param, index) => element(param, index === params.length - 1, around, to, 'binding'))
}

/** What may have a default or be the rest: parameters and elements of patterns. */
function element(node: Node, isLast: boolean, around: Surroundings, to: Checking, role: Role): void {
  if (node.type === 'Rest') {
    check(isLast, 'a rest that is not last')
    return target(nodeAt(node, 'target'), around, to, role)
  }
  if (node.type !== 'Default') return target(node, around, to, role)
  target(nodeAt(node, 'target'), around, to, role)
  to.node(nodeAt(node, 'value'), around)
}

/** A variable, a property (unless it is declared) or a pattern. */
export function target(node: Node, around: Surroundings, to: Checking, role: Role): void {
  const isPattern = node.type === 'ObjectPattern' || node.type === 'ArrayPattern'
  const isAssigned =
    role === 'target' && ['Member', 'PrivateMember', 'Intrinsic', 'Arguments'].includes(node.type)
  if (!isPattern && !isAssigned && node.type !== 'Local') refuse(`${node.type} where a value is bound`)
  to.node(node, around, role)
}

function simpleTarget(node: Node, around: Surroundings, to: Checking): void {
  check(
    node.type !== 'ObjectPattern' && node.type !== 'ArrayPattern',
    'a pattern where one variable is written',
  )
  target(node, around, to, 'target')
}

export function plainKey(key: Node, around: Surroundings, to: Checking): void {
  check(key.type !== 'Private', 'a private name outside of a class')
  to.node(key, around)
}

/** A declaration; in the head of a `for … in` or `for … of` it has one variable without an initialiser. */
export function declare(node: Node, around: Surroundings, to: Checking, isLoopTarget: boolean): void {
  const declarators = nodesAt(node, 'declarators')
  const isCounted = isLoopTarget ? declarators.length === 1 : declarators.length > 0
  check(isCounted, 'a declaration of the wrong number of variables')
  for (const declarator of declarators) {
    const bound = nodeAt(declarator, 'target')
    const init = optionalNodeAt(declarator, 'init')
    const needsInit = node['kind'] === 'const' || bound.type !== 'Local'
    check(
      isLoopTarget ? init === null : init !== null || !needsInit,
      'an initialiser where there is none, or the reverse',
    )
    target(bound, around, to, 'binding')
    if (init) to.node(init, around)
  }
}

function declaration(node: Node, around: Surroundings, to: Checking): void {
  const value = nodeAt(node, 'value')
  const type = node.type === 'ClassDeclaration' ? 'Class' : 'Function'
  check(value.type === type && value['self'] === null, 'a declaration of something else')
  binding(nodeAt(node, 'local'), around, to)
  to.node(value, around)
}
