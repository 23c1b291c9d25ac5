// Takes the wrapper off a module that is one function called at once, as universal
// module definitions are: its statements become those of the module.

import {
  childrenOf,
  type EsNode,
  identifier,
  isClass,
  isFunction,
  staticName,
  undefinedAt,
  walk,
} from './estree.ts'
import type { Binding, Scopes } from './scope.ts'
import { assignmentOf, constantOf, statementOf } from './syntax.ts'

/** Inlines one wrapper of `program` in place; false when there is none that can be. */
export function inlineOnce(program: EsNode, scopes: Scopes): boolean {
  const statements: EsNode[] = program['body']
  for (const [index, statement] of statements.entries()) {
    const wrapper = wrapperOf(statement, program, scopes)
    if (!wrapper || !isInlinable(wrapper, program, scopes)) continue
    const inlined = statementsOf(wrapper, scopes)
    program['body'] = [...statements.slice(0, index), ...inlined, ...statements.slice(index + 1)].filter(
      (each) => each !== wrapper.declaration,
    )
    return true
  }
  return false
}

interface Wrapper {
  readonly called: EsNode
  readonly args: readonly EsNode[]
  /** What a `this` outside of inner functions is. */
  readonly self: 'exports' | 'globalThis' | 'undefined'
  /** Where the result goes, as in `module.exports = (function () { … return x })()`. */
  readonly target: EsNode | null
  /** The declaration of a function that is called only here, and goes. */
  readonly declaration: EsNode | null
}

function wrapperOf(statement: EsNode, program: EsNode, scopes: Scopes): Wrapper | undefined {
  if (statement.type !== 'ExpressionStatement') return undefined
  const expression: EsNode = statement['expression']
  const isResult = expression.type === 'AssignmentExpression' && expression['operator'] === '='
  const call: EsNode = isResult ? expression['right'] : expression
  if (call.type !== 'CallExpression' || call['optional']) return undefined
  const target = isResult ? expression['left'] : null
  const { callee, arguments: args } = call as unknown as { callee: EsNode; arguments: EsNode[] }
  const isCall =
    callee.type === 'MemberExpression' && staticName(callee['property'], callee['computed']) === 'call'
  const object: EsNode = isCall ? callee['object'] : callee
  const named = object.type === 'Identifier' ? calledOnlyHere(object, program, scopes) : undefined
  const called = named?.value ?? object
  if (!isFunction(called) || called.type === 'FunctionDeclaration') return undefined
  const [self] = args
  if (isCall && !(self?.type === 'Identifier' && self['name'] === 'exports')) return undefined
  return {
    called,
    args: isCall ? args.slice(1) : args,
    self:
      isCall || called.type === 'ArrowFunctionExpression'
        ? 'exports'
        : isStrict(called, program)
          ? 'undefined'
          : 'globalThis',
    target,
    declaration: named?.declaration ?? null,
  }
}

/** The function that a variable holds, when one call is all that mentions it. */
function calledOnlyHere(
  callee: EsNode,
  program: EsNode,
  scopes: Scopes,
): { value: EsNode; declaration: EsNode } | undefined {
  const binding = scopes.bindingOf(callee)
  if (!binding?.isModule || scopes.mentions.filter((mention) => mention.binding === binding).length !== 1)
    return undefined
  const declaration = program['body'].find(
    ({ type, declarations }: EsNode) =>
      type === 'VariableDeclaration' &&
      declarations.length === 1 &&
      scopes.bindingOf(declarations[0].id) === binding,
  )
  const value: EsNode | undefined = declaration?.['declarations'][0].init
  return value && isFunction(value) ? { value, declaration } : undefined
}

function isStrict(called: EsNode, program: EsNode): boolean {
  return [...program['body'], ...(called['body'].body ?? [])].some(
    ({ directive }: EsNode) => directive === 'use strict',
  )
}

const HOST = new Set(['module', 'exports', 'require'])

/** Whether the statements mean the same outside of the function, and are about the module at all. */
function isInlinable(wrapper: Wrapper, program: EsNode, scopes: Scopes): boolean {
  const { called, args, target } = wrapper
  if (called['async'] || called['generator'] || called['id'] || called['body'].type !== 'BlockStatement')
    return false
  if (!called['params'].every(({ type }: EsNode) => type === 'Identifier')) return false
  if (args.some(({ type }) => type === 'SpreadElement')) return false
  const [returned, ...others] = returnsOf(called['body'])
  const isTail = returned === called['body'].body.at(-1)
  if (target ? !returned || !isTail || others.length > 0 : returned !== undefined) return false
  const inside = identifiersOf([called])
  const given = args.flatMap((argument) => identifiersOf([argument]))
  const isAboutModule = [...inside, ...given].some(
    (id) => HOST.has(id['name']) && scopes.bindingOf(id) === null,
  )
  if (!isAboutModule && !target) return false
  if (inside.some((id) => scopes.bindingOf(id)?.kind === 'arguments')) return false
  const own = new Set(inside.filter((id) => scopes.bindingOf(id)).map((id) => id['name']))
  for (const parameter of called['params'])
    if (substituteOf(wrapper, parameter, scopes)) own.delete(parameter.name)
  const inner = new Set(inside)
  const outside = identifiersOf([program]).filter((id) => !inner.has(id) && id !== wrapper.declaration)
  return (
    !outside.some((id) => own.has(id['name'])) &&
    !inside.some((id) => scopes.bindingOf(id) === null && own.has(id['name']))
  )
}

function identifiersOf(roots: readonly EsNode[]): EsNode[] {
  const found: EsNode[] = []
  for (const root of roots)
    walk(root, (node) => {
      if (node.type === 'Identifier') found.push(node)
    })
  return found
}

/** `return`s of the function itself. */
function returnsOf(body: EsNode): EsNode[] {
  if (isFunction(body) || isClass(body)) return []
  return [...(body.type === 'ReturnStatement' ? [body] : []), ...childrenOf(body).flatMap(returnsOf)]
}

/** What can stand wherever a parameter is mentioned. */
function substituteOf({ called, args }: Wrapper, parameter: EsNode, scopes: Scopes): EsNode | undefined {
  const given = args[called['params'].indexOf(parameter)] ?? undefinedAt(parameter)
  const binding = scopes.bindingOf(parameter) as Binding
  const mentions = scopes.mentions.filter((mention) => mention.binding === binding)
  if (mentions.some(({ isWrite }) => isWrite)) return undefined
  if (given.type === 'Identifier') return scopes.bindingOf(given) === null ? given : undefined
  if (given.type === 'Literal' && typeof given['value'] === 'boolean') return given
  return isFunction(given) && mentions.length === 1 ? given : undefined
}

function statementsOf(wrapper: Wrapper, scopes: Scopes): EsNode[] {
  const { called, args, self, target } = wrapper
  const substitutes = new Map<Binding, EsNode>()
  const declared: EsNode[] = []
  for (const [i, parameter] of (called['params'] as EsNode[]).entries()) {
    const substitute = substituteOf(wrapper, parameter, scopes)
    if (substitute) substitutes.set(scopes.bindingOf(parameter)!, substitute)
    else declared.push(constantOf(parameter['name'], args[i] ?? null, args[i] ?? parameter, 'var'))
  }
  const body = called['body'].body.filter(({ directive }: EsNode) => typeof directive !== 'string')
  const replaced = replacing(body, substitutes, self, scopes)
  if (!target) return [...declared, ...replaced]
  const last = replaced.at(-1)!
  const result = statementOf(assignmentOf(target, last['argument'] ?? undefinedAt(last), last), last)
  return [...declared, ...replaced.slice(0, -1), result]
}

function replacing(
  statements: EsNode[],
  substitutes: ReadonlyMap<Binding, EsNode>,
  self: Wrapper['self'],
  scopes: Scopes,
): EsNode[] {
  const visit = (node: EsNode, isOwn: boolean): EsNode => {
    const binding = node.type === 'Identifier' ? scopes.bindingOf(node) : null
    const substitute = binding && substitutes.get(binding)
    if (substitute)
      return substitute.type === 'Identifier'
        ? { ...substitute, start: node.start, end: node.end }
        : substitute
    if (node.type === 'ThisExpression' && isOwn)
      return self === 'undefined' ? undefinedAt(node) : identifier(self, node)
    const isOwnBelow =
      isOwn && !isClass(node) && (!isFunction(node) || node.type === 'ArrowFunctionExpression')
    if (node.type === 'Property' && node['shorthand']) node['shorthand'] = false
    for (const field in node) {
      const value: unknown = node[field]
      if (Array.isArray(value))
        node[field] = value.map((item) => (item?.type ? visit(item, isOwnBelow) : item))
      else if ((value as EsNode | null)?.type) node[field] = visit(value as EsNode, isOwnBelow)
    }
    return node
  }
  return statements.map((statement) => visit(statement, true))
}
