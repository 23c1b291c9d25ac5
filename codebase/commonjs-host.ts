// First pass over a CommonJS module: what a file asks about its host is answered (`typeof
// module`, `require.main === module`), so that what is left are plain requires and exports.

import {
  childrenOf,
  type EsNode,
  identifier,
  isClass,
  isFunction,
  rewrite,
  staticName,
  staticText,
  varsWithin,
} from './estree.ts'
import { settleGuards } from './guards.ts'
import { doingStatements } from './grouped.ts'
import { inlineOnce } from './commonjs-inline.ts'
import { resolveScopes, type Scopes } from './scope.ts'
import { stringAt } from './syntax.ts'

const TYPES: Readonly<Record<string, string>> = { module: 'object', exports: 'object', require: 'function' }
/** Modules that Node has built in, and no host of this system. */
export const BUILTIN = new RegExp(
  `^(node:.*|(${[
    'assert|async_hooks|buffer|child_process|cluster|console|constants|crypto|dgram|diagnostics_channel|dns|domain',
    'events|fs|http|http2|https|inspector|module|net|os|path|perf_hooks|process|punycode|querystring|readline|repl',
    'stream|string_decoder|sys|timers|tls|trace_events|tty|url|util|v8|vm|wasi|worker_threads|zlib',
  ].join('|')})(/(promises|strict|posix|win32|types|web|consumers))?)$`,
)
/** Passes that a file gets: each takes one wrapper away. */
const MAX_PASSES = 12

/** `program` settled in place, and its scopes. */
export function settleHost(program: EsNode): Scopes {
  replaceThis(program)
  for (let pass = 0; ; pass++) {
    let scopes = resolveScopes(program)
    answerTypeof(program, scopes)
    settleGuards(program, scopes, { certain: (test) => hostTruth(test, scopes) })
    program['body'] = flattened(program['body'])
    scopes = resolveScopes(program)
    const isSettled = !takeFallbacks(program, scopes) && !inlineOnce(program, scopes)
    if (isSettled || pass === MAX_PASSES) return resolveScopes(program)
  }
}

/** Whether `node` is `name` where nothing declares it. */
export function isFree(node: EsNode, name: string, scopes: Scopes): boolean {
  return node.type === 'Identifier' && node['name'] === name && scopes.bindingOf(node) === null
}

/** The module that `node` requires, when that is certain. */
export function requiredBy(node: EsNode | null | undefined, scopes: Scopes): string | undefined {
  if (node?.type !== 'CallExpression' || node['optional'] || node['arguments'].length !== 1) return undefined
  if (!isFree(node['callee'], 'require', scopes)) return undefined
  const [argument] = node['arguments'] as EsNode[]
  const isText = argument!.type === 'TemplateLiteral' || typeof argument!['value'] === 'string'
  return isText ? staticName(argument!, true) : undefined
}

/** `this` of the module itself is what it exports. */
function replaceThis(program: EsNode): void {
  const step = (node: EsNode): void => {
    for (const field in node) {
      const value: unknown = node[field]
      if (Array.isArray(value)) for (const [i, item] of value.entries()) value[i] = replaced(item)
      else node[field] = replaced(value)
    }
  }
  const replaced = (value: unknown): unknown => {
    const node = value as EsNode | null
    if (typeof node !== 'object' || node === null || typeof node.type !== 'string') return value
    if (node.type === 'ThisExpression') return identifier('exports', node)
    if ((isFunction(node) && node.type !== 'ArrowFunctionExpression') || isClass(node)) return node
    step(node)
    return node
  }
  step(program)
}

function answerTypeof(program: EsNode, scopes: Scopes): void {
  rewrite(program, (node) => {
    const asked: EsNode | undefined =
      node.type === 'UnaryExpression' && node['operator'] === 'typeof' ? node['argument'] : undefined
    const name: string = asked?.type === 'Identifier' ? asked['name'] : ''
    if (!asked || !Object.hasOwn(TYPES, name) || scopes.bindingOf(asked) !== null) return node
    return stringAt(TYPES[name]!, node)
  })
}

/** What a test comes to in a CommonJS module of its own; undefined when only running it tells. */
function hostTruth(test: EsNode, scopes: Scopes): boolean | undefined {
  switch (test.type) {
    case 'Literal':
      return typeof test['value'] === 'boolean' ? test['value'] : undefined
    case 'Identifier':
      return ['module', 'exports', 'require'].some((name) => isFree(test, name, scopes)) ? true : undefined
    case 'MemberExpression':
      return isFree(test['object'], 'module', scopes) &&
        staticName(test['property'], test['computed']) === 'exports'
        ? true
        : undefined
    case 'BinaryExpression':
      return comparison(test, scopes)
    default:
      return undefined
  }
}

function comparison({ operator, left, right }: EsNode, scopes: Scopes): boolean | undefined {
  if (!/^[!=]==?$/.test(operator)) return undefined
  const isSame = operator.startsWith('=')
  const [first, second]: unknown[] = [left, right].map((each: EsNode) =>
    each.type === 'Literal' ? each['value'] : staticText(each),
  )
  if (first !== undefined && second !== undefined && typeof first === typeof second)
    return (first === second) === isSame
  const isMain = (node: EsNode): boolean =>
    node.type === 'MemberExpression' &&
    isFree(node['object'], 'require', scopes) &&
    staticName(node['property'], node['computed']) === 'main'
  if ((isMain(left) && isFree(right, 'module', scopes)) || (isMain(right) && isFree(left, 'module', scopes)))
    return !isSame
  return undefined
}

/** Blocks that declare nothing of their own, and sequences, as the statements in them. */
function flattened(statements: readonly EsNode[]): EsNode[] {
  return statements.flatMap((statement): EsNode[] => {
    if (statement.type === 'BlockStatement' && !statement['body'].some(isLexical))
      return flattened(statement['body'])
    if (statement.type !== 'ExpressionStatement') return [statement]
    const { expression } = statement
    if (expression.type === 'UnaryExpression' && /^(!|\+|-|~|void)$/.test(expression['operator']))
      return flattened([{ ...statement, expression: expression['argument'] }])
    if (expression.type !== 'SequenceExpression') return [statement]
    const parts: EsNode[] = expression['expressions']
    return flattened(
      parts.map((part) => ({ ...statement, expression: part, start: part.start, end: part.end })),
    )
  })
}

function isLexical({ type, kind }: EsNode): boolean {
  return /^(Function|Class)Declaration$/.test(type) || (type === 'VariableDeclaration' && kind !== 'var')
}

/** `try { … require('util') … } catch { … }`: no host of this system has `util`, so that what is caught is what runs. */
function takeFallbacks(program: EsNode, scopes: Scopes): boolean {
  let hasChanged = false
  rewrite(program, (node) => {
    if (node.type !== 'TryStatement' || !node['handler'] || node['finalizer']) return node
    const [first] = doingStatements(node['block'].body)
    if (!first || !beginsWithBuiltin(first, scopes)) return node
    if (node['handler'].param && mentionsParameter(node['handler'], scopes)) return node
    hasChanged = true
    const vars = varsWithin(node['block']).map((id) => ({
      type: 'VariableDeclarator',
      id,
      init: null,
      start: id.start,
      end: id.end,
    }))
    const declaration = {
      type: 'VariableDeclaration',
      kind: 'var',
      declarations: vars,
      start: node.start,
      end: node.end,
    }
    const body: EsNode = node['handler'].body
    return vars.length === 0 ? body : { ...body, body: [declaration, ...body['body']] }
  })
  if (hasChanged) program['body'] = flattened(program['body'])
  return hasChanged
}

function mentionsParameter(handler: EsNode, scopes: Scopes): boolean {
  const binding = scopes.bindingOf(handler['param'])
  return (
    scopes.mentions.some((mention) => mention.binding === binding) || handler['param'].type !== 'Identifier'
  )
}

/** Whether the first thing that a statement does is to require what only Node has. */
function beginsWithBuiltin(statement: EsNode, scopes: Scopes): boolean {
  const value: EsNode | undefined =
    statement.type === 'VariableDeclaration' ? statement['declarations'][0].init : statement['expression']
  const first = (node: EsNode | null | undefined): EsNode | null | undefined => {
    if (requiredBy(node, scopes) !== undefined) return node
    switch (node?.type) {
      case 'AssignmentExpression':
        return node['left'].type === 'Identifier' ||
          childrenOf(node['left']).every((c) => c.type === 'Identifier')
          ? first(node['right'])
          : null
      case 'MemberExpression':
        return first(node['object'])
      case 'CallExpression':
        return first(node['callee'])
      default:
        return null
    }
  }
  const required = requiredBy(first(value), scopes)
  return required !== undefined && BUILTIN.test(required)
}
