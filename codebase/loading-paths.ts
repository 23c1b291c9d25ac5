// What evaluating a statement reads and changes of a module's names, as paths: `o.a.n` is
// the name `o` and the keys `a`, `n`; a key that the text does not tell is `undefined`.

import { childrenOf, type EsNode, isClass, isFunction, staticName, writtenBy } from './estree.ts'
import { isLater } from './lifetime.ts'
import { intrinsicPath } from './nominal.ts'
import type { Binding, Scopes } from './scope.ts'
import { CHANGING_CALLS, CHANGING_METHODS } from './statements.ts'

export interface PathOf {
  readonly binding: Binding
  readonly keys: readonly (string | undefined)[]
}

export interface Loading {
  readonly scopes: Scopes
  /** Initialisers of the module's constants, and its functions. */
  readonly values: ReadonlyMap<Binding, EsNode>
}

/** The name of the module that members lead to, through constants that are another name for one. */
export function pathOf(node: EsNode, loading: Loading, steps = 16): PathOf | undefined {
  if (steps === 0) return undefined
  if (node.type === 'ChainExpression') return pathOf(node['expression'], loading, steps)
  if (node.type === 'MemberExpression') {
    const object = pathOf(node['object'], loading, steps)
    const key = staticName(node['property'], node['computed'])
    return object && { ...object, keys: [...object.keys, key] }
  }
  const binding = node.type === 'Identifier' ? loading.scopes.bindingOf(node) : undefined
  if (!binding?.isModule || binding.kind === 'import') return undefined
  const value = binding.writes === 0 ? loading.values.get(binding) : undefined
  const alias = value && /^(Identifier|MemberExpression)$/.test(value.type)
  return (alias && pathOf(value, loading, steps - 1)) || { binding, keys: [] }
}

/** What evaluating `root` certainly changes. */
export function pathsChanged(root: EsNode, loading: Loading): PathOf[] {
  const found: PathOf[] = []
  const add = (object: EsNode, keys: readonly (string | undefined)[]): void => {
    const path = pathOf(object, loading)
    if (path) found.push({ ...path, keys: [...path.keys, ...keys] })
  }
  const visit = (node: EsNode): void => {
    for (const target of writtenBy(node)) {
      // A name that is assigned is that name, whatever it was another name for.
      const binding = target.type === 'Identifier' ? loading.scopes.bindingOf(target) : undefined
      if (binding?.isModule) found.push({ binding, keys: [] })
      else if (target.type === 'MemberExpression')
        add(target['object'], [staticName(target['property'], target['computed'])])
    }
    if (node.type === 'CallExpression') changedByCall(node, loading, add)
    for (const child of childrenOf(node)) if (!isLater(node, child)) visit(child)
  }
  visit(root)
  return found
}

function changedByCall(
  { callee, arguments: given }: EsNode,
  { scopes }: Loading,
  add: (object: EsNode, keys: readonly (string | undefined)[]) => void,
): void {
  const path = intrinsicPath(callee, scopes)
  if (path !== undefined && CHANGING_CALLS.has(path) && given[0]) {
    if (/freeze|seal|prevent/.test(path)) return
    const key: EsNode | undefined = /\.defineProperty$|Reflect\.(set|delete)/.test(path)
      ? given[1]
      : undefined
    return add(given[0], [key && staticName(key, true)])
  }
  if (callee.type !== 'MemberExpression') return
  const method = staticName(callee['property'], callee['computed'])
  if (method !== undefined && CHANGING_METHODS.has(method)) add(callee['object'], [undefined])
}

/** What is read, and whether only as a value that is stored or handed on, not looked into. */
export interface Read extends PathOf {
  readonly isReference: boolean
}

/** What evaluating `root` reads, by way of the module's functions too that it calls. */
export function pathsRead(root: EsNode, loading: Loading): Read[] {
  const found: Read[] = []
  const called = new Set<EsNode>()
  const enter = (node: EsNode): void => {
    const value = node.type === 'Identifier' ? functionNamed(node, loading) : undefined
    if (!value || called.has(value)) return
    called.add(value)
    for (const child of childrenOf(value)) visit(child, true)
  }
  const visit = (node: EsNode, isReference: boolean): void => {
    const path = pathOf(node, loading)
    if (path) found.push({ ...path, isReference })
    const targets = writtenBy(node)
    const isPlain = node.type === 'AssignmentExpression' && node['operator'] === '='
    if (/^(Call|New)Expression$|^TaggedTemplate/.test(node.type)) enter(node['callee'] ?? node['tag'])
    if (path && node.type === 'MemberExpression') return visitKeys(node)
    for (const child of childrenOf(node)) {
      if (isLater(node, child) && !isHandedToIntrinsic(node, child, loading)) continue
      if (isPlain && targets.includes(child)) visitTarget(child)
      else if (!isDeclared(node, child)) visit(child, isKept(node, child, loading))
    }
  }
  const visitKeys = (node: EsNode): void => {
    if (node.type !== 'MemberExpression') return
    if (node['computed']) visit(node['property'], false)
    visitKeys(node['object'])
  }
  const visitTarget = (target: EsNode): void => {
    if (target.type !== 'MemberExpression') return
    visit(target['object'], true)
    if (target['computed']) visit(target['property'], false)
  }
  visit(root, false)
  return found
}

function functionNamed(node: EsNode, { scopes, values }: Loading): EsNode | undefined {
  const binding = scopes.bindingOf(node)
  const value = binding?.isModule ? values.get(binding) : undefined
  return value && isFunction(value) ? value : undefined
}

function isDeclared(node: EsNode, child: EsNode): boolean {
  if (node.type === 'VariableDeclarator') return node['id'] === child && child.type === 'Identifier'
  return (isFunction(node) || isClass(node)) && node['id'] === child
}

function isHandedToIntrinsic(node: EsNode, child: EsNode, { scopes }: Loading): boolean {
  return (
    node.type === 'CallExpression' &&
    node['arguments'].includes(child) &&
    intrinsicPath(node['callee'], scopes) !== undefined
  )
}

const HOLDERS =
  /^(Property|ArrayExpression|ExpressionStatement|Return(Statement)?|ConditionalExpression|LogicalExpression|SequenceExpression|ArrowFunctionExpression|Class(Declaration|Expression)|PropertyDefinition)$/

/** Whether `child` of `node` is stored, handed on, called or compared, and not looked into here. */
function isKept(node: EsNode, child: EsNode, { scopes, values }: Loading): boolean {
  switch (node.type) {
    case 'VariableDeclarator':
      return node['id'].type === 'Identifier'
    case 'AssignmentExpression':
      return node['right'] === child && !node['left'].type.endsWith('Pattern')
    case 'BinaryExpression':
      return /^([!=]==?|instanceof)$/.test(node['operator'])
    case 'UnaryExpression':
      return /^(typeof|!|void)$/.test(node['operator'])
    case 'IfStatement':
      return true
    case 'CallExpression':
    case 'NewExpression': {
      if (node['callee'] === child) return true
      const path = intrinsicPath(node['callee'], scopes)
      if (path !== undefined)
        return /^(Object\.(create|setPrototypeOf|freeze|is|define\w+)|Symbol)$/.test(path)
      // What is handed to a function is most likely called there, when it is one.
      const binding = child.type === 'Identifier' ? scopes.bindingOf(child) : undefined
      const value = binding && values.get(binding)
      return !value || isFunction(value) || isClass(value)
    }
    default:
      return HOLDERS.test(node.type)
  }
}
