// Functions, classes, objects and calls: where `this`, `super`, private names and
// spread arguments have a meaning.

import { type CheckTable, type Checking, check, OUTSIDE, type Surroundings } from './checking.ts'
import { flagAt, nodeAt, nodesAt, numberAt, optionalNodeAt, sparseNodesAt, textAt } from './fields.ts'
import type { Node } from './term.ts'
import { isOptional } from './well-formed-literals.ts'
import { binding, parameters, plainKey } from './well-formed-patterns.ts'

export const FUNCTIONS: CheckTable = {
  Function: (node, around, to) => functionBelow(node, around, to),
  Arrow: (node, around, to) => functionBelow(node, around, to),
  Class: classBelow,
  Object: objectBelow,
  Chain: chainBelow,
  Call(node, around, to) {
    objectOf(node, 'callee', around, to)
    spreadable(nodesAt(node, 'arguments'), around, to)
  },
  New(node, around, to) {
    to.node(nodeAt(node, 'callee'), around)
    spreadable(nodesAt(node, 'arguments'), around, to)
  },
  Array: (node, around, to) => spreadable(sparseNodesAt(node, 'elements'), around, to),
  Member(node, around, to) {
    objectOf(node, 'object', around, to)
    to.node(nodeAt(node, 'property'), around)
  },
  PrivateMember(node, around, to) {
    to.node(nodeAt(node, 'object'), around)
    privateKey(node, around, to)
  },
  PrivateIn(node, around, to) {
    privateKey(node, around, to)
    to.node(nodeAt(node, 'right'), around)
  },
}

function functionBelow(
  node: Node,
  around: Surroundings,
  to: Checking,
  extra: Partial<Surroundings> = {},
): void {
  const isArrow = node.type === 'Arrow'
  const kind = isArrow ? (flagAt(node, 'async') ? 'async' : 'function') : textAt(node, 'kind')
  const own = isArrow ? {} : { hasNewTarget: true, hasArguments: true, superCall: false, superMember: false }
  const jumps = { labels: [], inLoop: false, inBreakable: false }
  const inside: Surroundings = { ...around, kind, isArrow, ...own, ...extra, ...jumps }
  const self = isArrow ? null : optionalNodeAt(node, 'self')
  if (self) binding(self, inside, to)
  parameters(nodesAt(node, 'params'), inside, to)
  to.nodes(nodesAt(node, 'body'), inside)
}

function objectBelow(node: Node, around: Surroundings, to: Checking): void {
  const properties = nodesAt(node, 'properties')
  const prototypes = properties.filter(
    (property) => property.type === 'Property' && isKey(property, '__proto__'),
  )
  check(prototypes.length < 2, 'an object with two prototypes')
  for (const property of properties) {
    to.itself(property, around)
    if (property.type === 'SpreadProperty') {
      to.node(nodeAt(property, 'argument'), around)
      continue
    }
    plainKey(nodeAt(property, 'key'), around, to)
    if (property.type === 'Property') to.node(nodeAt(property, 'value'), around)
    else objectMethod(property, around, to)
  }
}

function objectMethod(node: Node, around: Surroundings, to: Checking): void {
  check(!flagAt(node, 'static'), 'a static method outside of a class')
  method(node, around, to, { superMember: true })
}

function method(node: Node, around: Surroundings, to: Checking, extra: Partial<Surroundings>): void {
  const value = nodeAt(node, 'value')
  const params = value.type === 'Function' ? nodesAt(value, 'params') : []
  const kind = textAt(node, 'kind')
  check(value.type === 'Function' && value['self'] === null, 'a method that is no function')
  check(kind === 'method' || value['kind'] === 'function', 'an accessor that is no plain function')
  check(kind !== 'get' || params.length === 0, 'a getter with parameters')
  check(
    kind !== 'set' || (params.length === 1 && params[0]?.type !== 'Rest'),
    'a setter without one parameter',
  )
  functionBelow(value, around, to, extra)
}

function classBelow(node: Node, around: Surroundings, to: Checking): void {
  const self = optionalNodeAt(node, 'self')
  const superClass = optionalNodeAt(node, 'superClass')
  const members = nodesAt(node, 'members')
  if (self) binding(self, around, to)
  if (superClass) to.node(superClass, around)
  check(members.filter(isConstructor).length < 2, 'a class with two constructors')
  const keys = members.flatMap((member) => (member.type === 'StaticBlock' ? [] : [nodeAt(member, 'key')]))
  const own = keys.filter((key) => key.type === 'Private').map((key) => numberAt(key, 'index'))
  const inside: Surroundings = { ...around, privates: around.privates.union(new Set(own)) }
  for (const member of members) classMember(member, inside, to, superClass !== null)
}

function classMember(node: Node, around: Surroundings, to: Checking, isDerived: boolean): void {
  const element: Surroundings = {
    ...OUTSIDE,
    privates: around.privates,
    hasNewTarget: true,
    superMember: true,
  }
  if (node.type === 'StaticBlock') return to.nodes(nodesAt(node, 'body'), element)
  const isStatic = flagAt(node, 'static')
  check(!(isStatic && isKey(node, 'prototype')), 'a static member that no class can have')
  to.node(nodeAt(node, 'key'), around)
  if (node.type === 'Field') {
    check(!isKey(node, 'constructor'), 'a field that no class can have')
    return to.nodes([optionalNodeAt(node, 'value')], element)
  }
  const isOwn = isConstructor(node)
  const isPlain = node['kind'] === 'method' && nodeAt(node, 'value')['kind'] === 'function'
  check(!isOwn || isPlain, 'a constructor that is no plain function')
  method(node, around, to, { superMember: true, superCall: isOwn && isDerived })
}

/** The links of a chain, innermost first; one of them at least is optional. */
function chainBelow(node: Node, around: Surroundings, to: Checking): void {
  let hasOptional = false
  const link = (inner: Node): void => {
    if (!['Member', 'PrivateMember', 'Call'].includes(inner.type)) return to.node(inner, around)
    hasOptional ||= isOptional(inner)
    const next = nodeAt(inner, inner.type === 'Call' ? 'callee' : 'object')
    if (next.type === 'Super') superOf(inner, around)
    else link(next)
    if (inner.type === 'Call') spreadable(nodesAt(inner, 'arguments'), around, to)
    else if (inner.type === 'Member') to.node(nodeAt(inner, 'property'), around)
    else privateKey(inner, around, to)
  }
  link(nodeAt(node, 'expression'))
  check(hasOptional, 'a chain without an optional link')
}

function spreadable(nodes: readonly (Node | null)[], around: Surroundings, to: Checking): void {
  for (const node of nodes)
    if (node) to.node(node.type === 'Spread' ? nodeAt(node, 'argument') : node, around)
}

/** The callee of a call or the object of a member: the only places for `super`. */
function objectOf(node: Node, field: 'callee' | 'object', around: Surroundings, to: Checking): void {
  const object = nodeAt(node, field)
  if (object.type === 'Super') superOf(node, around)
  else to.node(object, around)
}

function superOf(node: Node, around: Surroundings): void {
  const isPermitted = node.type === 'Call' ? around.superCall : node.type === 'Member' && around.superMember
  check(isPermitted && !isOptional(node), 'super where it has no meaning')
}

function privateKey(node: Node, around: Surroundings, to: Checking): void {
  const key = nodeAt(node, 'key')
  check(key.type === 'Private', 'a key that is not private')
  to.node(key, around)
}

function isKey(node: Node, name: string): boolean {
  const key = nodeAt(node, 'key')
  return key.type === 'String' && key['value'] === name
}

function isConstructor(node: Node): boolean {
  return node.type === 'Method' && !flagAt(node, 'static') && isKey(node, 'constructor')
}
