// What an expression leads to: the name that holds the object that it is a part of, and
// whether that object is a collection.

import { type EsNode, staticName } from './estree.ts'
import type { Binding } from './scope.ts'
import { type StaticContext, staticIntrinsic, staticValue } from './static-intrinsic.ts'

/** What names lead to. */
export interface Rooting {
  readonly context: StaticContext
  /** Names that last as long as the module, or as what is looked at; those of the module apart. */
  readonly lasting: ReadonlySet<Binding>
  /** What `this` is, when it is something that lasts. */
  readonly self: Binding | undefined
}

const ARRAY_METHODS = /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin)$/

/** Whether `method` of `object` is that of a collection: certainly, or since nothing else is known of it. */
export function isCollection(object: EsNode, method: string, rooting: Rooting): boolean {
  if (collectionOf(object, rooting.context) !== undefined) return true
  const binding = rootBinding(object, rooting)
  if (!binding || binding.kind === 'import') return false
  // What a field holds, `this` apart.
  if (binding === rooting.self) return object.type !== 'ThisExpression'
  const value = staticValue(object, rooting.context)
  return ARRAY_METHODS.test(method) && (value === undefined || !KNOWN_OTHERWISE.test(value.type))
}

const KNOWN_OTHERWISE = /^(Object|Class|Function|New|ArrowFunction)Expression$|Declaration$|Literal$/

/** Through members, what is got from a collection, and local constants to the name that holds the object. */
export function rootBinding(node: EsNode, rooting: Rooting, steps = 32): Binding | undefined {
  if (steps === 0) return undefined
  const next = (inner: EsNode): Binding | undefined => rootBinding(inner, rooting, steps - 1)
  switch (node.type) {
    case 'MemberExpression':
      return next(node['object'])
    case 'ChainExpression':
      return next(node['expression'])
    case 'LogicalExpression':
    case 'AssignmentExpression':
      return next(node['left'])
    case 'CallExpression': {
      const { callee } = node as EsNode & { callee: EsNode }
      const isGot =
        callee.type === 'MemberExpression' &&
        /^(get|at|find)$/.test(staticName(callee['property'], callee['computed']) ?? '')
      return isGot ? next(callee['object']) : undefined
    }
    case 'ThisExpression':
      return rooting.self
    case 'Identifier': {
      const binding = rooting.context.scopes.bindingOf(node) ?? undefined
      if (!binding || binding.isModule || rooting.lasting.has(binding)) return binding
      const initialiser = binding.writes === 0 ? rooting.context.constants.get(binding) : undefined
      return initialiser && next(initialiser)
    }
    default:
      return undefined
  }
}

/** `Array`, `Map`, `Uint8Array`, … when `node` certainly is one. */
export function collectionOf(node: EsNode, context: StaticContext): string | undefined {
  const value = staticValue(node, context)
  if (value?.type === 'ArrayExpression') return 'Array'
  if (value?.type === 'Literal' && value['regex']) return 'RegExp'
  if (value?.type !== 'NewExpression' && value?.type !== 'CallExpression') return undefined
  const path = staticIntrinsic(value['callee'], context)
  return path?.replace(/Array\.(from|of)$/, 'Array')
}
