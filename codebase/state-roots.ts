// What an expression leads to: the name that holds the object that it is a part of, and
// whether that object is a collection.

import { type EsNode, isFunction, staticName } from './estree.ts'
import type { Binding } from './scope.ts'
import { resolveValue, type StaticContext, staticIntrinsic, staticValue } from './static-intrinsic.ts'

/** What names lead to. */
export interface Rooting {
  readonly context: StaticContext
  /** Names that last as long as the module, or as what is looked at; those of the module apart. */
  readonly lasting: ReadonlySet<Binding>
  /** What `this` is, when it is something that lasts. */
  readonly self: Binding | undefined
  /** What variables of loops, parameters of callbacks and defaults come from. */
  readonly sources?: Map<Binding, EsNode>
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
  const isLikely =
    ARRAY_METHODS.test(method) || (binding.kind === 'param' && /^(set|add|delete|clear)$/.test(method))
  return isLikely && (value === undefined || !KNOWN_OTHERWISE.test(value.type))
}

const KNOWN_OTHERWISE = /^(Object|Class|Function|New|ArrowFunction)Expression$|Declaration$|Literal$/

/** Through members, what is got from a collection, and local constants to the name that holds the object. */
export function rootBinding(node: EsNode, rooting: Rooting, steps = 32): Binding | undefined {
  if (steps === 0) return undefined
  const next = (inner: EsNode): Binding | undefined => rootBinding(inner, rooting, steps - 1)
  const first = (nodes: readonly EsNode[]): Binding | undefined => {
    const found = nodes.flatMap((each) => next(each) ?? [])
    return found.find((binding) => binding.isModule || rooting.lasting.has(binding)) ?? found[0]
  }
  switch (node.type) {
    case 'MemberExpression':
      return next(node['object']) ?? first(partsOf(node['object'], rooting.context))
    case 'ConditionalExpression':
      return first([node['consequent'], node['alternate']])
    case 'SequenceExpression':
      return next(node['expressions'].at(-1))
    case 'ChainExpression':
      return next(node['expression'])
    case 'LogicalExpression':
      return first([node['left'], node['right']])
    case 'AssignmentExpression':
      return next(node['left'])
    case 'CallExpression': {
      const { callee } = node as EsNode & { callee: EsNode }
      const isGot =
        callee.type === 'MemberExpression' &&
        /^(get|at|find)$/.test(staticName(callee['property'], callee['computed']) ?? '')
      if (isGot) return next(callee['object']) ?? first(partsOf(callee['object'], rooting.context))
      const values = staticIntrinsic(callee, rooting.context)
      if (values !== undefined && /^Object\.(values|entries)$/.test(values)) {
        const [given] = node['arguments'] as EsNode[]
        return given && (next(given) ?? first(partsOf(given, rooting.context)))
      }
      return first(returnedBy(node, rooting.context))
    }
    case 'ThisExpression':
      return rooting.self
    case 'Identifier': {
      const binding = rooting.context.scopes.bindingOf(node) ?? undefined
      if (!binding || binding.isModule || rooting.lasting.has(binding)) return binding
      const initialiser = binding.writes === 0 ? rooting.context.constants.get(binding) : undefined
      if (initialiser) return next(initialiser)
      const source = rooting.sources?.get(binding)
      return source && (next(source) ?? first(partsOf(source, rooting.context)))
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

/** What a literal holds. */
function partsOf(node: EsNode, context: StaticContext): EsNode[] {
  const binding = node.type === 'Identifier' ? context.scopes.bindingOf(node) : undefined
  const literal = binding?.writes === 0 && !binding.isModule ? context.constants.get(binding) : node
  if (literal?.type === 'ArrayExpression')
    return literal['elements'].flatMap((each: EsNode | null) =>
      each && each.type !== 'SpreadElement' ? [each] : [],
    )
  if (literal?.type !== 'ObjectExpression') return []
  return literal['properties'].flatMap(({ type, value }: EsNode) => (type === 'Property' ? [value] : []))
}

/** What a call of a function of the module gives back of what it is given, or of the module's own names. */
function returnedBy(call: EsNode, context: StaticContext): EsNode[] {
  const called = resolveValue(call['callee'], context)
  if (!called || !isFunction(called.node) || called.context.scopes !== context.scopes) return []
  const {
    params,
    body,
    async: isAsync,
    generator,
  } = called.node as EsNode & { params: EsNode[]; body: EsNode }
  if (isAsync || generator) return []
  const last = body.type === 'BlockStatement' ? body['body'].at(-1) : undefined
  const value: EsNode | null | undefined =
    body.type !== 'BlockStatement' ? body : last?.type === 'ReturnStatement' ? last.argument : null
  let root = value
  while (root?.type === 'MemberExpression') root = root['object']
  const binding = root?.type === 'Identifier' ? context.scopes.bindingOf(root) : undefined
  if (!binding) return []
  const index = params.findIndex(
    (each) => each.type === 'Identifier' && context.scopes.bindingOf(each) === binding,
  )
  if (index >= 0) return (call['arguments'] as EsNode[]).slice(index, index + 1)
  return binding.isModule && binding.kind !== 'import' ? [root!] : []
}
