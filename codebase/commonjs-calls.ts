// Calls by which compilers export: `Object.defineProperty(exports, …)`, `__exportStar`, and
// the loop in which Babel copies what another module exports.

import { type EsNode, staticName } from './estree.ts'
import type { ExportsMention } from './commonjs-mentions.ts'
import { type Plan, refuse } from './commonjs-plan.ts'
import { importedBy, type Imported } from './commonjs-requires.ts'
import { MODULE_VALUE } from './module-entries.ts'
import { intrinsicPath } from './nominal.ts'

export type ExportingCall =
  | { readonly kind: 'property'; readonly name: string; readonly value: EsNode }
  | { readonly kind: 'star'; readonly entry: Imported }
  /** What it does is dealt with, or refused. */
  | { readonly kind: 'done' }

const STARS = new Set(['__exportStar', '_export_star', '__reExport'])

/** What a call that is handed the exports exports; undefined when it only reads them. */
export function readCall({ node, around }: ExportsMention, plan: Plan): ExportingCall | undefined {
  const [call, holder, top] = around as [EsNode, EsNode, EsNode]
  const [first, second] = call['arguments'] as EsNode[]
  const isStatement = holder.type === 'ExpressionStatement' && top === plan.program
  const path = intrinsicPath(call['callee'], plan.scopes)
  if (path === 'Object.defineProperty' && first === node && isStatement)
    return readDefinition(call, holder, plan)
  if (path !== undefined && /^Object\.(keys|entries|values|getOwnPropertyNames)$/.test(path)) return undefined
  const callee: EsNode = call['callee']
  const name: unknown =
    callee.type === 'MemberExpression' ? staticName(callee['property'], callee['computed']) : callee['name']
  if (typeof name === 'string' && STARS.has(name) && second === node && isStatement) {
    const entry = starOf(first!, plan)
    plan.statements.set(holder, [])
    if (entry) return { kind: 'star', entry }
  }
  const what = typeof name === 'string' ? `\`${name}\`` : 'a function'
  refuse(
    plan,
    node,
    `what is exported is handed to ${what}, which may add to it`,
    'write `exports.name = …` for each',
  )
  return { kind: 'done' }
}

/** The module that an expression is, when all of it can be exported again. */
export function starOf(value: EsNode, { scopes, requires }: Plan): Imported | undefined {
  const binding = value.type === 'Identifier' ? scopes.bindingOf(value) : undefined
  const entry = binding
    ? binding.isModule
      ? requires.imports.get(binding.name)
      : undefined
    : importedBy(value, scopes)
  return entry?.imported === MODULE_VALUE ? { ...entry, start: value.start } : undefined
}

function readDefinition(call: EsNode, statement: EsNode, plan: Plan): ExportingCall {
  const [, key, descriptor] = call['arguments'] as EsNode[]
  const name = key && staticName(key, true)
  plan.statements.set(statement, [])
  if (name === '__esModule') {
    plan.isEsModule = true
    return { kind: 'done' }
  }
  const value = name === undefined || !descriptor ? undefined : describedValue(descriptor)
  if (value && name !== undefined) return { kind: 'property', name, value }
  const reason =
    name === undefined
      ? 'the name that is exported here is only known when the module runs'
      : `\`${name}\` is exported by a property that is more than a value`
  refuse(plan, call, reason, 'write `exports.name = …`')
  return { kind: 'done' }
}

/** What `{ enumerable: true, get: function () { return value } }` or `{ enumerable: true, value }` holds. */
function describedValue(descriptor: EsNode): EsNode | undefined {
  if (descriptor.type !== 'ObjectExpression') return undefined
  const fields = new Map<string | undefined, EsNode>(
    descriptor['properties'].map((p: EsNode) => [
      p.type === 'Property' ? staticName(p['key'], p['computed']) : undefined,
      p['value'],
    ]),
  )
  if (fields.has(undefined) || fields.has('set') || fields.get('enumerable')?.['value'] !== true)
    return undefined
  const getter = fields.get('get')
  if (!getter) return fields.get('value')
  const body: EsNode | undefined = getter['body']
  if (!body || getter['params'].length > 0) return undefined
  const returned: EsNode | null =
    body.type === 'BlockStatement' ? (body['body'].length === 1 ? body['body'][0].argument : null) : body
  const isName = returned?.type === 'Identifier'
  const isMember = returned?.type === 'MemberExpression' && returned['object'].type === 'Identifier'
  return isName || isMember ? returned : undefined
}

/** `Object.keys(_x).forEach(function (key) { … exports[key] = _x[key] … })`, around a mention of `exports`. */
export function readStarLoop(
  { around }: ExportsMention,
  plan: Plan,
): { statement: EsNode; entry: Imported } | undefined {
  const statement = around.at(-2)!
  const call: EsNode | undefined =
    statement.type === 'ExpressionStatement' ? statement['expression'] : undefined
  const callee: EsNode | undefined = call?.type === 'CallExpression' ? call['callee'] : undefined
  if (callee?.type !== 'MemberExpression' || staticName(callee['property'], callee['computed']) !== 'forEach')
    return undefined
  const keys: EsNode = callee['object']
  if (keys.type !== 'CallExpression' || intrinsicPath(keys['callee'], plan.scopes) !== 'Object.keys')
    return undefined
  const entry = keys['arguments'].length === 1 ? starOf(keys['arguments'][0], plan) : undefined
  return entry && { statement, entry }
}
