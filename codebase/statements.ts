// What a top-level statement does when its module is loaded: which of the module's
// own names it changes. From this follows to which definition it belongs.

import { type EsNode, childrenOf, isClass, isFunction, patternIdentifiers, staticName } from './estree.ts'
import { intrinsicPath } from './nominal.ts'
import { isPermittedIntrinsic } from './permits.ts'
import type { Binding, Scopes } from './scope.ts'

/** What running a statement changes. */
export interface Changes {
  /** Module-level names that are assigned to. */
  readonly reassigned: ReadonlySet<Binding>
  /** Module-level names whose values certainly change: a property is set, an element is added. */
  readonly mutated: ReadonlySet<Binding>
  /** Module-level names that are handed to calls which may change them, in source order. */
  readonly handed: ReadonlySet<Binding>
  /** The first node that has an effect on something that is not the module's own. */
  readonly outside:
    | { readonly node: EsNode; readonly kind: 'intrinsic' | 'unbound' | 'trace' | 'call' | 'throw' | 'await' }
    | undefined
}

/** `helpers` are the module's functions that only loading calls: what they do, their calls do. */
export function changesOf(statement: EsNode, scopes: Scopes, helpers: Helpers = new Map()): Changes {
  if (isFunction(statement)) return NOTHING
  const reading: Reading = {
    scopes,
    helpers,
    reassigned: new Set(),
    mutated: new Set(),
    handed: new Set(),
    aliases: new Map(),
    outside: undefined,
  }
  readExecuted(statement, reading)
  return reading
}

/** What declaring a function does. */
export const NOTHING: Changes = Object.freeze({
  reassigned: new Set<Binding>(),
  mutated: new Set<Binding>(),
  handed: new Set<Binding>(),
  outside: undefined,
})

/** Functions by the names that they are declared under. */
export type Helpers = ReadonlyMap<Binding, EsNode>

interface Reading extends Changes {
  readonly scopes: Scopes
  readonly helpers: Helpers
  readonly reassigned: Set<Binding>
  readonly mutated: Set<Binding>
  readonly handed: Set<Binding>
  /** Parameters of functions called on the spot, by what they were given. */
  readonly aliases: Map<Binding, EsNode>
  outside: Changes['outside']
}

/** Reads what is executed by loading: nested functions only where they are called on the spot. */
function readExecuted(node: EsNode, reading: Reading): void {
  if (isFunction(node)) return
  switch (node.type) {
    case 'AssignmentExpression':
      readTarget(node['left'], reading)
      break
    case 'UpdateExpression':
      readTarget(node['argument'], reading)
      break
    case 'UnaryExpression':
      if (node['operator'] === 'delete') readTarget(node['argument'], reading)
      break
    case 'ForInStatement':
    case 'ForOfStatement':
      if (node['left'].type !== 'VariableDeclaration') readTarget(node['left'], reading)
      if (node['await']) note(reading, node, 'await')
      break
    case 'CallExpression':
    case 'NewExpression':
      readCall(node, reading)
      break
    case 'TaggedTemplateExpression':
      note(reading, node, 'call')
      break
    case 'ThrowStatement':
      note(reading, node, 'throw')
      break
    case 'AwaitExpression':
      note(reading, node, 'await')
      break
  }
  if (isClass(node)) return readClass(node, reading)
  for (const child of childrenOf(node)) readExecuted(child, reading)
}

/** Of a class, keys, statics and the superclass are executed. */
function readClass(node: EsNode, reading: Reading): void {
  if (node['superClass']) readExecuted(node['superClass'], reading)
  for (const member of node['body'].body) {
    if (member['computed']) readExecuted(member['key'], reading)
    const isExecuted =
      member.type === 'StaticBlock' || (member['static'] && member.type === 'PropertyDefinition')
    if (isExecuted) for (const child of childrenOf(member)) readExecuted(child, reading)
  }
}

function note(reading: Reading, node: EsNode, kind: NonNullable<Changes['outside']>['kind']): void {
  reading.outside ??= { node, kind }
}

function readTarget(target: EsNode, reading: Reading): void {
  switch (target.type) {
    case 'Identifier': {
      const binding = reading.scopes.bindingOf(target)
      if (binding?.isModule) reading.reassigned.add(binding)
      else if (binding === null) note(reading, target, 'unbound')
      return
    }
    case 'MemberExpression':
      return readMutated(target['object'], reading)
    case 'ObjectPattern':
    case 'ArrayPattern':
    case 'RestElement':
    case 'AssignmentPattern':
      for (const child of target.type === 'AssignmentPattern' ? [target['left']] : childrenOf(target)) {
        readTarget(child.type === 'Property' ? child['value'] : child, reading)
      }
  }
}

function readMutated(object: EsNode, reading: Reading): void {
  const root = rootOf(object, reading)
  if (root === null) return
  if (root.type !== 'Identifier') return
  const binding = reading.scopes.bindingOf(root)
  if (binding?.isModule) reading.mutated.add(binding)
  else if (binding === null) note(reading, root, isPermittedIntrinsic(root['name']) ? 'intrinsic' : 'unbound')
}

/** The identifier that a chain of members starts from, through parameters of functions called on the spot. */
function rootOf(node: EsNode, reading: Reading): EsNode | null {
  if (node.type === 'MemberExpression') return rootOf(node['object'], reading)
  if (node.type === 'ChainExpression') return rootOf(node['expression'], reading)
  if (node.type === 'LogicalExpression' || node.type === 'AssignmentExpression')
    return rootOf(node['left'], reading)
  if (node.type !== 'Identifier') return null
  const binding = reading.scopes.bindingOf(node)
  const given = binding && reading.aliases.get(binding)
  return given ? rootOf(given, reading) : node
}

/** Built-in functions that change their first argument. */
export const CHANGING_CALLS = new Set([
  'Object.assign',
  'Object.defineProperty',
  'Object.defineProperties',
  'Object.setPrototypeOf',
  'Object.freeze',
  'Object.seal',
  'Object.preventExtensions',
  'Reflect.set',
  'Reflect.defineProperty',
  'Reflect.deleteProperty',
  'Reflect.setPrototypeOf',
  'Reflect.preventExtensions',
])
/** Methods that change what they are called on. */
export const CHANGING_METHODS = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
  'set',
  'add',
  'delete',
  'clear',
])
/** Methods that leave what they are called on as it is. */
export const READING_METHODS = new Set([
  'forEach',
  'map',
  'filter',
  'reduce',
  'reduceRight',
  'some',
  'every',
  'find',
  'findIndex',
  'keys',
  'values',
  'entries',
  'slice',
  'join',
  'includes',
  'indexOf',
  'get',
  'has',
  'concat',
  'toString',
  'flat',
  'flatMap',
  'split',
  'hasOwnProperty',
])

function readCall(call: EsNode, reading: Reading): void {
  const callee: EsNode = call['callee']
  if (readCalledOnTheSpot(call, reading)) return
  const path = intrinsicPath(callee, reading.scopes)
  if (path !== undefined) return readIntrinsicCall(call, path, reading)
  const method =
    callee.type === 'MemberExpression' ? staticName(callee['property'], callee['computed']) : undefined
  for (const argument of call['arguments']) {
    if (!isFunction(argument)) continue
    if (READING_METHODS.has(method ?? '')) readBody(argument, reading)
    else readPerhaps(argument, reading)
  }
  if (READING_METHODS.has(method ?? '')) return
  if (CHANGING_METHODS.has(method ?? '')) return readMutated(callee['object'], reading)
  const handed = [...(method === undefined ? [] : [callee['object']]), ...call['arguments']]
  for (const given of handed) {
    const root = rootOf(given, reading)
    const binding = root && reading.scopes.bindingOf(root)
    if (binding?.isModule) reading.handed.add(binding)
  }
  note(reading, call, 'call')
}

function readIntrinsicCall(call: EsNode, path: string, reading: Reading): void {
  const [first] = call['arguments'] as EsNode[]
  for (const argument of call['arguments']) if (isFunction(argument)) readBody(argument, reading)
  if (path.startsWith('console.')) return note(reading, call, 'trace')
  if (CHANGING_CALLS.has(path) && first) return readMutated(first, reading)
  if (!isPermittedIntrinsic(path.split('.')[0] ?? '')) note(reading, call, 'unbound')
}

/** `(function (x) { … })(y)`, also by way of `.call`: its body is part of the statement. */
function readCalledOnTheSpot(call: EsNode, reading: Reading): boolean {
  const callee: EsNode = call['callee']
  const viaCall =
    callee.type === 'MemberExpression' &&
    staticName(callee['property'], callee['computed']) === 'call' &&
    (isFunction(callee['object']) || callee['object'].type === 'Identifier')
  const named: EsNode = viaCall ? callee['object'] : callee
  const called = reading.helpers.get(reading.scopes.bindingOf(named) as Binding) ?? named
  if (!isFunction(called)) return false
  const given: EsNode[] = viaCall ? call['arguments'].slice(1) : call['arguments']
  for (const [i, parameter] of called['params'].entries()) {
    const binding = parameter.type === 'Identifier' && reading.scopes.bindingOf(parameter)
    if (binding && given[i]) reading.aliases.set(binding, given[i])
  }
  readBody(called, reading)
  return true
}

/**
 * What some function is handed may be called while the module loads, or later: whether it may
 * change what belongs to other files, the check of functions says.
 */
function readPerhaps(called: EsNode, reading: Reading): void {
  const within: Reading = { ...reading, reassigned: new Set(), mutated: new Set() }
  readBody(called, within)
  reading.outside ??= within.outside
  for (const binding of within.reassigned) if (binding.kind !== 'import') reading.reassigned.add(binding)
  for (const binding of within.mutated) if (binding.kind !== 'import') reading.mutated.add(binding)
}

function readBody(called: EsNode, reading: Reading): void {
  for (const child of [...called['params'], called['body']]) readExecuted(child, reading)
}

/** Imports that a statement changes, or hands to something that may change them, also in functions within. */
export function changedImports(statement: EsNode, changes: Changes, scopes: Scopes): Binding[] {
  const found = new Set([...changes.mutated, ...changes.handed])
  const visit = (node: EsNode): void => {
    if (node.type === 'AssignmentExpression') {
      const root = writtenRoot(node['left'])
      const binding = root === node['left'] ? undefined : scopes.bindingOf(root)
      if (binding) found.add(binding)
    }
    childrenOf(node).forEach(visit)
  }
  visit(statement)
  return [...found].filter((binding) => binding.kind === 'import')
}

const writtenRoot = (node: EsNode): EsNode =>
  node.type === 'MemberExpression' ? writtenRoot(node['object']) : node

/** Module-level names that a top-level declaration declares, in source order. */
export function declaredBindings(statement: EsNode, scopes: Scopes): Binding[] {
  const ids: EsNode[] =
    statement.type === 'VariableDeclaration'
      ? statement['declarations'].flatMap((d: EsNode) => patternIdentifiers(d['id']))
      : [statement['id']]
  return ids.flatMap((id) => (id && scopes.bindingOf(id)) || [])
}
