// What the value of a CommonJS module is: the object of its exports, one expression that
// takes its place (`module.exports = f`), or a variable that loading fills.

import { type EsNode, identifier, staticName } from './estree.ts'
import type { ExportsMention } from './commonjs-mentions.ts'
import { planObject } from './commonjs-object.ts'
import {
  type Chain,
  chainOf,
  isShadowed,
  memberName,
  type Plan,
  refuse,
  stableName,
  valueAt,
} from './commonjs-plan.ts'
import { importedBy } from './commonjs-requires.ts'
import { MODULE_VALUE } from './module-entries.ts'
import { constantOf, objectOf } from './syntax.ts'

/** An assignment to `module.exports` or `exports` as a whole. */
interface Replacement {
  readonly mention: ExportsMention
  readonly chain: Chain
}

export function planExports(plan: Plan): void {
  const whole = plan.mentions.exports.flatMap((mention): Replacement[] => {
    const [parent] = mention.around
    const isTarget = parent?.type === 'AssignmentExpression' && parent['left'] === mention.node
    return isTarget ? [{ mention, chain: chainOf(parent, mention.around, plan.program) }] : []
  })
  const rest = plan.mentions.exports.filter((mention) => !whole.some((each) => each.mention === mention))
  const chains = [...new Map(whole.map((each) => [each.chain.root, each])).values()]
  const isRead = (node: EsNode): boolean => rest.some((mention) => mention.node === node)
  const real = chains.filter((each) => !isFresh(each, plan) && !isRead(each.chain.value))
  const idle = chains.filter((each) => !real.includes(each))
  for (const each of idle) dropIdle(each, plan)
  const others = rest.filter((mention) => !idle.some(({ chain }) => chain.value === mention.node))
  const late = real.find(({ mention }) => !mention.isLoading)
  if (late) return refuseLate(late.mention.node, plan)
  const [only, ...more] = real
  if (!only) return planObject(plan, others, null)
  if (more.length > 0 || (!only.chain.statement && !only.chain.declarator))
    return planVariable(plan, real, others)
  planSingle(plan, only.chain, others)
}

function refuseLate(node: EsNode, plan: Plan): void {
  refuse(
    plan,
    node,
    'what the module exports is replaced in a function, and so only known when that runs',
    'assign `module.exports` at the top level',
  )
}

/** `exports = module.exports = {}` before anything is exported. */
function isFresh({ chain }: Replacement, { mentions }: Plan): boolean {
  const { value, root, statement, declarator } = chain
  if (value.type !== 'ObjectExpression' || value['properties'].length > 0 || !(statement ?? declarator))
    return false
  return mentions.exports.every((mention) => mention.node.start >= root.start || isMarker(mention))
}

/** `Object.defineProperty(exports, '__esModule', …)` */
function isMarker({ node, around }: ExportsMention): boolean {
  return (
    around[0]?.type === 'CallExpression' &&
    around[0]['arguments'][0] === node &&
    around[0]['arguments'][1]?.value === '__esModule'
  )
}

/** An assignment that changes nothing. */
function dropIdle({ chain, mention }: Replacement, plan: Plan): void {
  if (chain.statement) plan.statements.set(chain.statement, [])
  else if (chain.declarator) plan.replaced.set(chain.root, identifier(MODULE_VALUE, chain.root))
  else
    refuse(
      plan,
      mention.node,
      '`exports` is assigned within an expression',
      'assign it in a statement of its own',
    )
}

/** `module.exports = value`, once. */
function planSingle(plan: Plan, chain: Chain, others: readonly ExportsMention[]): void {
  const isChained = chain.targets.some(
    (target) => target.type === 'Identifier' && target['name'] === 'exports',
  )
  const mentions = isChained ? others : others.filter(({ via }) => via === 'module')
  if (mentions.length < others.length) keepFirst(plan, chain.root)
  if (isPlainObject(chain.value, plan)) return planObject(plan, mentions, chain)
  plan.isObject = false
  plan.value = placeValue(plan, chain)
  for (const target of chain.targets) if (!isWhole(target, plan)) refuseTarget(target, plan)
  takeValue(plan, mentions)
  if (chain.value.type === 'ObjectExpression')
    for (const { type, key, computed } of chain.value['properties'])
      if (type === 'Property') addProperty(staticName(key, computed), plan)
}

/** The first object of exports, which is an object like any other once `module.exports` is replaced. */
function keepFirst(plan: Plan, at: EsNode): void {
  plan.added.push(constantOf('exports', objectOf([], at), at))
}

function isWhole(target: EsNode, { mentions }: Plan): boolean {
  return mentions.exports.some(({ node }) => node === target)
}

function refuseTarget(target: EsNode, plan: Plan): void {
  refuse(
    plan,
    target,
    'one assignment gives a value to `module.exports` and to something else',
    'assign them one after the other',
  )
}

/** Declares the value where it is assigned; returns the name that it goes by. */
function placeValue(plan: Plan, { root, value, statement, declarator }: Chain): string {
  const name = stableName(value, plan)
  if (declarator) {
    plan.replaced.set(root, value)
    const own: string = declarator['id'].name
    if (!isShadowed(own, plan) && plan.scopes.bindingOf(declarator['id'])?.writes === 0) return own
    plan.added.push(constantOf(MODULE_VALUE, identifier(own, root), root))
    return MODULE_VALUE
  }
  const imported = importedBy(value, plan.scopes)
  if (name !== undefined || imported) {
    plan.statements.set(statement!, [])
    if (name !== undefined) return name
    plan.requires.imports.set(MODULE_VALUE, imported!)
    return MODULE_VALUE
  }
  plan.statements.set(statement!, [constantOf(MODULE_VALUE, value, statement!)])
  return MODULE_VALUE
}

/** Mentions of the value, and the properties that loading gives it. */
function takeValue(plan: Plan, mentions: readonly ExportsMention[]): void {
  for (const mention of mentions) {
    const { node, around, isLoading } = mention
    plan.replaced.set(node, valueAt(node, plan))
    if (isLoading && around[1]?.type === 'AssignmentExpression' && around[1]['left'] === around[0])
      addProperty(memberName(mention), plan)
  }
  for (const statement of plan.program['body'] as EsNode[]) {
    const target: EsNode | undefined = statement['expression']?.left
    if (target?.type === 'MemberExpression' && target['object'].name === plan.value)
      addProperty(staticName(target['property'], target['computed']), plan)
  }
}

function addProperty(name: string | undefined, plan: Plan): void {
  if (name !== undefined && name !== 'prototype') plan.properties.add(name)
}

/** `module.exports` is assigned here or there while the module loads. */
function planVariable(plan: Plan, real: readonly Replacement[], others: readonly ExportsMention[]): void {
  const { program } = plan
  plan.isObject = false
  const first = real[0]!.chain.root
  const isEither = real.every(({ mention }) => isBranch(mention, real[0]!.mention, program))
  const at = { start: first.start, end: first.start }
  const isKept = others.some(({ via }) => via === 'exports')
  if (isKept) keepFirst(plan, first)
  const initial = isKept ? identifier('exports', first) : objectOf([], at)
  plan.added.unshift(constantOf(MODULE_VALUE, isEither ? null : initial, at, 'var'))
  for (const { chain, mention } of real) {
    const [inner, ...outer] = chain.targets
    if (outer.length > 0)
      return refuse(
        plan,
        mention.node,
        '`module.exports` is assigned together with something else, and not only once',
        'assign it once',
      )
    plan.replaced.set(inner!, identifier(MODULE_VALUE, inner!))
  }
  takeValue(
    plan,
    others.filter(({ via }) => via === 'module'),
  )
}

/** Whether two assignments are the two branches of one `if` of the module. */
function isBranch(mention: ExportsMention, first: ExportsMention, program: EsNode): boolean {
  const outer = (each: ExportsMention): EsNode | undefined => each.around[each.around.indexOf(program) - 1]
  return (
    outer(mention) === outer(first) &&
    outer(first)?.type === 'IfStatement' &&
    Boolean(outer(first)!['alternate'])
  )
}

/** Whether the names in an object literal are certain: then each of its values is an export. */
function isPlainObject(value: EsNode, { requires, scopes }: Plan): boolean {
  if (value.type !== 'ObjectExpression') return false
  let hasNames = false
  return value['properties'].every((property: EsNode) => {
    if (property.type === 'SpreadElement') {
      const name = property['argument'].type === 'Identifier' && scopes.bindingOf(property['argument'])?.name
      const entry = name ? requires.imports.get(name) : importedBy(property['argument'], scopes)
      return !hasNames && entry?.imported === MODULE_VALUE
    }
    hasNames = true
    const name = staticName(property['key'], property['computed'])
    return name !== undefined && name !== '__proto__'
  })
}
