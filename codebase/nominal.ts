// Which constants are nominal: those whose initialiser creates something with an
// identity that programs can rely on (an object, an array, a symbol).

import { childrenOf, type EsNode, staticName } from './estree.ts'
import type { Scopes } from './scope.ts'

const CREATING_CALLS = new Set([
  'Symbol',
  'Array',
  'Object',
  'Object.create',
  'Object.fromEntries',
  'Array.from',
  'Array.of',
])
/** Calls that return their first argument. */
const RETURNING_CALLS = new Set([
  'Object.freeze',
  'Object.seal',
  'Object.preventExtensions',
  'Object.assign',
  'Object.defineProperty',
  'Object.defineProperties',
  'Object.setPrototypeOf',
])

/** Whether evaluating `expression` creates the object or symbol that is its value. */
export function createsIdentity(expression: EsNode | null, scopes: Scopes): boolean {
  switch (expression?.type) {
    case 'ObjectExpression':
    case 'ArrayExpression':
    case 'NewExpression':
    case 'ClassExpression':
      return true
    case 'Literal':
      return expression['regex'] !== undefined
    case 'ConditionalExpression':
      return (
        createsIdentity(expression['consequent'], scopes) || createsIdentity(expression['alternate'], scopes)
      )
    case 'LogicalExpression':
      return createsIdentity(expression['left'], scopes) || createsIdentity(expression['right'], scopes)
    case 'AssignmentExpression':
      return createsIdentity(expression['right'], scopes)
    case 'SequenceExpression':
      return createsIdentity(expression['expressions'].at(-1), scopes)
    case 'CallExpression': {
      if (FUNCTIONS.has(expression['callee'].type))
        return returnedBy(expression['callee']).some((value) => createsIdentity(value, scopes))
      const callee = intrinsicPath(expression['callee'], scopes)
      if (callee === undefined) return false
      return (
        CREATING_CALLS.has(callee) ||
        (RETURNING_CALLS.has(callee) && createsIdentity(expression['arguments'][0] ?? null, scopes))
      )
    }
    default:
      return false
  }
}

const FUNCTIONS: ReadonlySet<string> = new Set(['FunctionExpression', 'ArrowFunctionExpression'])

/** What the calls of a written out function may return, its inner functions apart. */
function returnedBy(node: EsNode): EsNode[] {
  if (node['body'].type !== 'BlockStatement') return [node['body']]
  const found: EsNode[] = []
  const visit = (child: EsNode): void => {
    if (FUNCTIONS.has(child.type) || child.type === 'FunctionDeclaration' || child.type.startsWith('Class'))
      return
    if (child.type === 'ReturnStatement' && child['argument']) found.push(child['argument'])
    for (const inner of childrenOf(child)) visit(inner)
  }
  visit(node['body'])
  return found
}

/** `Object.freeze` for an expression that spells it with free names; undefined for any other. */
export function intrinsicPath(node: EsNode, scopes: Scopes): string | undefined {
  if (node.type === 'Identifier') return scopes.bindingOf(node) === null ? node['name'] : undefined
  if (node.type !== 'MemberExpression') return undefined
  const object = intrinsicPath(node['object'], scopes)
  const name = staticName(node['property'], node['computed'])
  if (object === undefined || name === undefined) return undefined
  return object === 'globalThis' ? name : `${object}.${name}`
}
