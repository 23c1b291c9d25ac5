// What a call changes of what it is given: a function that fills its argument, a
// method that changes the object that it belongs to, the next step of a generator.

import { childrenOf, type EsNode, isClass, isFunction, patternIdentifiers, staticName } from './estree.ts'
import type { Binding } from './scope.ts'
import { returnedFrom } from './returned.ts'
import { rootBinding } from './state-roots.ts'
import { readCalled, type Reading, type Uses, type Write } from './state-uses.ts'
import { resolveValue, type Resolved, type StaticContext } from './static-intrinsic.ts'
import { CHANGING_METHODS } from './statements.ts'

/** The writes that `call` makes to what lasts, by way of the function that it calls. */
export function changesByCall(call: EsNode, reading: Reading): Write[] {
  if (call.type === 'MemberExpression') return getterRun(call, reading)
  if (call.type !== 'CallExpression') return stepsTaken(call, reading)
  const { callee, arguments: given } = call as EsNode & { callee: EsNode; arguments: EsNode[] }
  const borrowed = borrowedChange(call)
  if (borrowed) return [change(call, borrowed, 'change')]
  const hasLasting = given.some((each) => [each, ...heldBy(each)].some((part) => lasts(part, reading)))
  const changes = hasLasting ? changesOfArguments(call, reading) : []
  if (callee.type !== 'MemberExpression' || !lasts(callee['object'], reading)) return changes
  const kind = changeOfMethod(callee, reading)
  return kind ? [...changes, change(call, callee['object'], kind)] : changes
}

/** A getter that changes what it is read of. */
function getterRun(node: EsNode, reading: Reading): Write[] {
  const object = lasts(node['object'], reading) ? resolveValue(node['object'], reading.context) : undefined
  const name = staticName(node['property'], node['computed'])
  if (object?.node.type !== 'ObjectExpression' || name === undefined) return []
  const getter = (object.node['properties'] as EsNode[]).find(
    ({ kind, key, computed }) => kind === 'get' && staticName(key, computed) === name,
  )
  const kind = getter && changeOfThis({ node: getter['value'], context: object.context, lasting: new Set() })
  return kind ? [change(node, node['object'], 'change')] : []
}

/** What `for (x of steps)`, `[...steps]` and `const [x] = steps` take from a generator that lasts. */
function stepsTaken(node: EsNode, reading: Reading): Write[] {
  const isPattern = node.type === 'VariableDeclarator' && node['id'].type === 'ArrayPattern'
  const taken: EsNode | null = node['right'] ?? node['argument'] ?? (isPattern ? node['init'] : null)
  if (!taken || !lasts(taken, reading)) return []
  const object = resolveValue(taken, reading.context)
  return object && isGenerator(object) ? [change(node, taken, 'change')] : []
}

type Kind = 'set' | 'change'

function change(node: EsNode, object: EsNode, kind: Kind): Write {
  const stored: EsNode | null = kind === 'set' ? (node['arguments'].at(-1) ?? null) : null
  return { node, object, stored, key: undefined, isKeyed: true }
}

function lasts(node: EsNode, reading: Reading): boolean {
  const binding = rootBinding(node, reading)
  return binding !== undefined && (binding.isModule || reading.lasting.has(binding))
}

/** What `list.push.apply(list, more)` and `Array.prototype.push.call(list, one)` change. */
function borrowedChange({ callee, arguments: given }: EsNode): EsNode | undefined {
  const [handed, self] = given as EsNode[]
  if (callee.type === 'MemberExpression' && handed?.type === 'MemberExpression' && self) {
    const borrowed = staticName(handed['property'], handed['computed'])
    if (staticName(callee.property, callee.computed) === 'forEach' && CHANGING_METHODS.has(borrowed ?? ''))
      return self
  }
  const isBorrowed =
    callee.type === 'MemberExpression' &&
    /^(call|apply|bind)$/.test(staticName(callee.property, callee.computed) ?? '')
  const method: EsNode | undefined = isBorrowed ? callee.object : undefined
  if (method?.type !== 'MemberExpression') return undefined
  const name = staticName(method['property'], method['computed'])
  return name !== undefined && CHANGING_METHODS.has(name) ? given[0] : undefined
}

/** What is handed on within a literal. */
function heldBy(argument: EsNode): EsNode[] {
  if (argument.type !== 'ObjectExpression') return []
  return argument['properties'].flatMap(({ type, value }: EsNode) => (type === 'Property' ? [value] : []))
}

const known = new WeakMap<EsNode, readonly (Kind | undefined)[]>()

function changesOfArguments(call: EsNode, reading: Reading): Write[] {
  const called = resolveValue(call['callee'], reading.context)
  if (!called || !isFunction(called.node)) return []
  const kinds = known.get(called.node) ?? changedParameters(called)
  return (call['arguments'] as EsNode[]).flatMap((argument, index) => {
    const kind = kinds[index]
    if (!kind) return []
    const handed = [argument, ...heldBy(argument)].find((each) => lasts(each, reading))
    return handed ? [change(call, handed, kind)] : []
  })
}

/** How a function changes each of its parameters. */
function changedParameters({ node, context }: Resolved): (Kind | undefined)[] {
  // A function that calls itself changes what it changes otherwise.
  known.set(node, [])
  const parameters: (Binding | undefined)[] = node['params'].map((parameter: EsNode) => {
    const [id, ...more] = patternIdentifiers(parameter)
    return (more.length === 0 && id && context.scopes.bindingOf(id)) || undefined
  })
  const uses = readCalled(node, context, {
    lasting: new Set(parameters.filter((each) => each !== undefined)),
    changesBy: changesByCall,
  })
  // A parameter that is assigned leaves what was given as it is.
  for (const use of uses.byBinding.values())
    use.writes.splice(0, Infinity, ...use.writes.filter(({ isVariable }) => !isVariable))
  const kinds = parameters.map((binding) => binding && kindOf(uses, binding, context))
  known.set(node, kinds)
  return kinds
}

function kindOf({ byBinding }: Uses, binding: Binding, context: StaticContext): Kind | undefined {
  const writes = byBinding.get(binding)?.writes ?? []
  if (writes.length === 0) return undefined
  const isOwn = (write: Write): boolean =>
    countsOn(write.stored, binding, context) && !isRefreshed(write, context)
  if (writes.some(isOwn)) return 'change'
  const sets = writes.filter(({ stored, isKeyed }) => stored !== null && isKeyed)
  if (sets.length === writes.length) return 'set'
  // A cache that makes room, or that puts what was used last at its end.
  const forgets = writes.filter(({ key }) => /^(delete|clear|shift)$/.test(key ?? ''))
  const isCache =
    sets.length > 0 && sets.every((write) => isHandedIn(write, context) || isRefreshed(write, context))
  return isCache && sets.length + forgets.length === writes.length ? 'set' : 'change'
}

/** Whether what is stored is computed with what was there: `m.set(k, m.get(k) + 1)`. */
function countsOn(stored: EsNode | null, binding: Binding, context: StaticContext, steps = 8): boolean {
  if (!stored || steps === 0 || isFunction(stored)) return false
  if (stored.type !== 'Identifier')
    return childrenOf(stored).some((each) => countsOn(each, binding, context, steps))
  const named = context.scopes.bindingOf(stored)
  if (named === binding) return true
  const value = named?.writes === 0 && !named.isModule ? context.constants.get(named) : undefined
  return value !== undefined && countsOn(value, binding, context, steps - 1)
}

function isHandedIn({ stored }: Write, { scopes }: StaticContext): boolean {
  return stored?.type === 'Identifier' && scopes.bindingOf(stored)?.kind === 'param'
}

/** `const value = map.get(key); …; map.set(key, value)` */
function isRefreshed({ node, stored }: Write, { scopes, constants }: StaticContext): boolean {
  const binding = stored?.type === 'Identifier' ? scopes.bindingOf(stored) : undefined
  const got = binding?.writes === 0 ? constants.get(binding) : undefined
  const callee: EsNode | undefined = got?.type === 'CallExpression' ? got['callee'] : undefined
  if (callee?.type !== 'MemberExpression' || staticName(callee['property'], callee['computed']) !== 'get')
    return false
  const [key, same] = [node['arguments']?.[0], got!['arguments'][0]] as (EsNode | undefined)[]
  const isName = key?.type === 'Identifier' && same?.type === 'Identifier'
  return isName && scopes.bindingOf(key) === scopes.bindingOf(same) && scopes.bindingOf(key)?.writes === 0
}

/** How the method that `callee` names changes the object that it is called on. */
function changeOfMethod(callee: EsNode, reading: Reading): Kind | undefined {
  const name = staticName(callee['property'], callee['computed'])
  const object = resolveValue(callee['object'], reading.context)
  if (name === undefined || !object) return undefined
  if (/^(next|return|throw)$/.test(name) && isGenerator(object)) return 'change'
  return methodsOf(object, name).reduce<Kind | undefined>((kind, method) => {
    const own = changeOfThis(method)
    return kind === 'change' ? kind : (own ?? kind)
  }, undefined)
}

function isGenerator({ node, context }: Resolved): boolean {
  if (node.type !== 'CallExpression') return false
  const made = resolveValue(node['callee'], context)
  if (made && isFunction(made.node)) return made.node['generator'] === true
  const { callee } = node as EsNode & { callee: EsNode }
  const nameOf = ({ type, property, computed }: EsNode): string | undefined =>
    type === 'MemberExpression' ? (staticName(property, computed) ?? nameOf(property)) : undefined
  return /^(values|keys|entries|iterator|matchAll)$/.test(nameOf(callee) ?? '')
}

interface Method extends Resolved {
  /** Names of the function that made the object, which last as long as it does. */
  readonly lasting: ReadonlySet<Binding>
}

/** What `name` may be as a method of an object literal, of an instance, or of what a function returns. */
function methodsOf(object: Resolved, name: string, steps = 8): Method[] {
  const { node, context } = object
  if (steps === 0) return []
  if (node.type === 'ObjectExpression') return propertyOf(object, name, new Set())
  if (node.type === 'NewExpression') {
    const made = resolveValue(node['callee'], context)
    return made && isClass(made.node) ? methodOfClass(made, name, steps) : []
  }
  if (node.type !== 'CallExpression') return []
  const maker = resolveValue(node['callee'], context)
  if (!maker || !isFunction(maker.node)) return []
  const { values, lasting } = returnedFrom(maker)
  return values.flatMap((value) => propertyOf({ node: value, context: maker.context }, name, lasting))
}

function propertyOf({ node, context }: Resolved, name: string, lasting: ReadonlySet<Binding>): Method[] {
  if (node.type !== 'ObjectExpression') return []
  return node['properties'].flatMap(({ type, key, computed, value }: EsNode): Method[] => {
    if (type !== 'Property' || staticName(key, computed) !== name) return []
    const method = resolveValue(value, context)
    return method && isFunction(method.node) ? [{ ...method, lasting }] : []
  })
}

function methodOfClass({ node, context }: Resolved, name: string, steps: number): Method[] {
  const member = (node['body'].body as EsNode[]).find(
    (each) =>
      each.type === 'MethodDefinition' &&
      !each['static'] &&
      staticName(each['key'], each['computed']) === name,
  )
  if (member) return [{ node: member['value'], context, lasting: new Set() }]
  const parent = node['superClass'] ? resolveValue(node['superClass'], context) : undefined
  return parent && isClass(parent.node) && steps > 0 ? methodOfClass(parent, name, steps - 1) : []
}

const THIS: Binding = Object.freeze({ id: -1, name: 'this', kind: 'self', isModule: false, writes: 0 })

/** Methods that are being read: one that calls itself changes what it changes otherwise. */
const open = new Set<EsNode>()

function changeOfThis({ node, context, lasting }: Method): Kind | undefined {
  if (open.has(node)) return undefined
  open.add(node)
  const options = { lasting: new Set([...lasting, THIS]), changesBy: changesByCall, self: THIS }
  let uses: Uses
  try {
    uses = readCalled(node, context, options)
  } finally {
    open.delete(node)
  }
  const kinds = [THIS, ...lasting].map((binding) => kindOf(uses, binding, context))
  return kinds.includes('change') ? 'change' : kinds.find((kind) => kind !== undefined)
}
