// A function that puts another one in its own place and hands its arguments on
// (`return f = E, f.apply(null, arguments)`, as compilers write their helpers) does at
// each call what `E` does: it calls `E`, and assigns nothing.

import { childrenOf, type EsNode, isFunction, staticName, walk } from './estree.ts'
import { handOutFresh } from './first-served.ts'
import { doingStatements } from './grouped.ts'
import type { Binding, Scopes } from './scope.ts'

/** Rewrites such functions of `program` in place; true when there were any, so that scopes have to be resolved again. */
export function settleSelfReplacing(program: EsNode, scopes: Scopes): boolean {
  let hasChanged = false
  for (const item of program['body'] as EsNode[]) {
    if (item.type === 'VariableDeclaration' && handOutFresh(item, scopes)) hasChanged = true
    const declared: EsNode = item['declaration'] ?? item
    if (declared.type !== 'FunctionDeclaration' || declared['async'] || declared['generator']) continue
    const binding = declared['id'] && scopes.bindingOf(declared['id'])
    if (binding?.writes === 1 && replaceBody(declared, binding, scopes)) hasChanged = true
  }
  return hasChanged
}

function replaceBody(declared: EsNode, binding: Binding, scopes: Scopes): boolean {
  const body: EsNode[] = declared['body'].body
  const statements = doingStatements(body)
  const [assignment, call, ...more] = statements.flatMap((statement) =>
    statement.type === 'ReturnStatement' && statement['argument']?.type === 'SequenceExpression'
      ? (statement['argument'].expressions as EsNode[])
      : [(statement['expression'] ?? statement['argument'] ?? statement) as EsNode],
  )
  const last = statements.at(-1)
  if (more.length > 0 || last?.type !== 'ReturnStatement' || assignment?.type !== 'AssignmentExpression')
    return false
  const { left, right, operator } = assignment as EsNode & { left: EsNode; right: EsNode }
  const isName = (node: EsNode): boolean => node.type === 'Identifier' && scopes.bindingOf(node) === binding
  if (operator !== '=' || !isName(left) || call?.type !== 'CallExpression') return false
  if (!isClosed(right, declared, scopes)) return false
  const callee: EsNode = call['callee']
  if (isName(callee) && handsOnParameters(call, declared, scopes)) call['callee'] = right
  else if (handsOnArguments(call, isName, scopes)) callee['object'] = right
  else return false
  declared['body'].body = [{ ...last, argument: call }]
  return true
}

/** Whether evaluating `node` gives the same at every call: it makes a function, and mentions nothing of the call. */
function isClosed(node: EsNode, declared: EsNode, scopes: Scopes): boolean {
  const parameters = new Set(declared['params'].map((parameter: EsNode) => scopes.bindingOf(parameter)))
  let isOfCall = false
  walk(node, (each) => {
    const binding = each.type === 'Identifier' ? scopes.bindingOf(each) : undefined
    if (binding && parameters.has(binding)) isOfCall = true
  })
  return !isOfCall && isOnlyChoice(node)
}

/** Functions, and choices between them by what the language has: nothing that has an effect, or a state. */
function isOnlyChoice(node: EsNode): boolean {
  if (isFunction(node)) return node.type !== 'ArrowFunctionExpression'
  if (node.type === 'CallExpression') {
    const { callee } = node as EsNode & { callee: EsNode }
    const isBind =
      callee.type === 'MemberExpression' && staticName(callee['property'], callee['computed']) === 'bind'
    return isBind && node['arguments'].length === 0 && isOnlyChoice(callee['object'])
  }
  return CHOICES.has(node.type) && childrenOf(node).every(isOnlyChoice)
}

const CHOICES: ReadonlySet<string> = new Set([
  'ConditionalExpression',
  'LogicalExpression',
  'BinaryExpression',
  'UnaryExpression',
  'MemberExpression',
  'Identifier',
  'Literal',
  'TemplateLiteral',
  'TemplateElement',
])

/** `f(a, b)` where `a` and `b` are all the parameters. */
function handsOnParameters(call: EsNode, declared: EsNode, scopes: Scopes): boolean {
  const [given, taken]: EsNode[][] = [call['arguments'], declared['params']]
  return (
    given!.length === taken!.length &&
    given!.every((argument, i) => {
      const parameter = taken![i]!
      const isName = argument.type === 'Identifier' && parameter.type === 'Identifier'
      return isName && scopes.bindingOf(argument) === scopes.bindingOf(parameter)
    })
  )
}

/** `f.apply(null, arguments)`, or with `this`. */
function handsOnArguments(call: EsNode, isName: (node: EsNode) => boolean, scopes: Scopes): boolean {
  const { callee } = call as EsNode & { callee: EsNode }
  const isApply =
    callee.type === 'MemberExpression' &&
    staticName(callee['property'], callee['computed']) === 'apply' &&
    isName(callee['object'])
  const [self, list, ...more]: EsNode[] = call['arguments']
  const isPlain = self?.type === 'ThisExpression' || (self?.type === 'Literal' && self['value'] === null)
  const isList = list?.type === 'Identifier' && scopes.bindingOf(list)?.kind === 'arguments'
  return isApply && isPlain && isList && more.length === 0
}
