// A CommonJS module whose value is an object: each property that loading gives it becomes
// an export, and the object one constant, for whoever uses it as a whole.

import { type EsNode, identifier, staticName } from './estree.ts'
import type { ExportsMention } from './commonjs-mentions.ts'
import {
  type Chain,
  chainOf,
  exportBinding,
  isShadowed,
  memberName,
  type Plan,
  refuse,
  stableName,
  usesThis,
  valueAt,
} from './commonjs-plan.ts'
import { importedBy, type Imported } from './commonjs-requires.ts'
import { readCall, readStarLoop, starOf } from './commonjs-calls.ts'
import { MODULE_VALUE } from './module-entries.ts'
import { booleanAt, constantOf, objectOf, propertyOf, restWithoutDefault, withMarker } from './syntax.ts'

/** Something that loading exports under a name. */
interface Site {
  readonly value: EsNode
  /** What stands for it in the file. */
  readonly at: EsNode
  /** The assignment; null for a property of the literal and for a getter. */
  readonly chain: Chain | null
  /** The statement that goes; null when it does more. */
  readonly statement: EsNode | null
  readonly isLoading: boolean
}

interface Property {
  readonly sites: Site[]
  readonly reads: ExportsMention[]
  /** Members that are written in place. */
  readonly written: EsNode[]
  isVariable: boolean
}

interface Reading {
  readonly plan: Plan
  readonly properties: Map<string, Property>
  /** Declarations that take the place of the literal. */
  readonly declared: EsNode[]
  /** Methods and accessors of the literal, which stay in it. */
  readonly kept: Map<string, EsNode>
}

/** Plans the object of exports; `literal` is where it is written as one. */
export function planObject(plan: Plan, mentions: readonly ExportsMention[], literal: Chain | null): void {
  const reading: Reading = { plan, properties: new Map(), declared: [], kept: new Map() }
  if (literal) readLiteral(literal, reading)
  for (const mention of mentions) readMention(mention, reading)
  const locals = new Map<string, string>()
  for (const [name, property] of reading.properties) {
    const local = declareProperty(name, property, reading)
    if (local !== undefined) locals.set(name, local)
    for (const mention of property.reads) replaceRead(mention, name, property, local, plan)
  }
  if (literal?.statement) plan.statements.set(literal.statement, reading.declared)
  else plan.added.push(...reading.declared)
  declareValue(plan, locals, literal, reading)
}

function propertyNamed(name: string, { properties }: Reading): Property {
  const known = properties.get(name) ?? { sites: [], reads: [], written: [], isVariable: false }
  properties.set(name, known)
  return known
}

function readLiteral(chain: Chain, reading: Reading): void {
  const { plan } = reading
  for (const property of chain.value['properties'] as EsNode[]) {
    if (property.type === 'SpreadElement') {
      const entry = starOf(property['argument'], plan)
      if (entry) addStar(entry, plan)
      continue
    }
    const name = staticName(property['key'], property['computed'])!
    if (property['method'] || property['kind'] !== 'init') {
      reading.kept.set(name, property)
      propertyNamed(name, reading)
      plan.properties.add(name)
      continue
    }
    const site = { value: property['value'], at: property, chain: null, statement: null, isLoading: true }
    propertyNamed(name, reading).sites.push(site)
  }
  if (chain.declarator) plan.replaced.set(chain.root, identifier(MODULE_VALUE, chain.root))
}

function addStar(entry: Imported, plan: Plan): void {
  const local = `require(${entry.specifier})`
  plan.requires.imports.set(local, entry)
  plan.stars.push({ specifier: entry.specifier, start: entry.start, local })
}

function readMention(mention: ExportsMention, reading: Reading): void {
  const { node, around, isLoading } = mention
  const { plan } = reading
  const [parent, above] = around as [EsNode, EsNode]
  if (
    parent.type === 'VariableDeclarator' &&
    parent['id'].type === 'Identifier' &&
    around[2] === plan.program
  ) {
    if (plan.mentions.exports.some((each) => each.node === parent['id'])) plan.requires.taken.add(parent)
    if (parent['id'] === node || plan.requires.taken.has(parent)) return
  }
  const loop = readStarLoop(mention, plan)
  if (loop) {
    if (!plan.statements.has(loop.statement)) addStar(loop.entry, plan)
    return void plan.statements.set(loop.statement, [])
  }
  const name = memberName(mention)
  if (name !== undefined) return readMember(mention, name, reading)
  if (
    parent.type === 'MemberExpression' &&
    parent['object'] === node &&
    isLoading &&
    isWritten(parent, above)
  )
    return refuse(
      plan,
      node,
      'the name that is exported here is only known when the module runs',
      'write `exports.name = …` for each',
    )
  if (parent.type === 'CallExpression' && parent['arguments'].includes(node) && isLoading) {
    const found = readCall(mention, plan)
    if (found?.kind === 'star') addStar(found.entry, plan)
    if (found?.kind === 'property')
      propertyNamed(found.name, reading).sites.push({
        value: found.value,
        at: above,
        chain: null,
        statement: above,
        isLoading,
      })
    if (found) return
  }
  plan.replaced.set(node, valueAt(node, plan))
}

function isWritten(member: EsNode, above: EsNode): boolean {
  return (
    (above.type === 'AssignmentExpression' && above['left'] === member) || above.type === 'UpdateExpression'
  )
}

function readMember(mention: ExportsMention, name: string, reading: Reading): void {
  const { around, isLoading } = mention
  const { plan } = reading
  const [member, above] = around as [EsNode, EsNode]
  const property = propertyNamed(name, reading)
  if (above.type === 'UnaryExpression' && above['operator'] === 'delete')
    return refuse(plan, above, `\`${name}\` is exported and deleted again`, 'do not export it')
  if (above.type === 'AssignmentExpression' && above['left'] === member && above['operator'] === '=') {
    const chain = chainOf(above, around, plan.program)
    property.sites.push({ value: chain.value, at: member, chain, statement: chain.statement, isLoading })
    return void property.written.push(member)
  }
  const isPattern =
    /^(ArrayPattern|RestElement|AssignmentPattern)$/.test(above.type) || isPatternValue(member, around)
  if (isWritten(member, above) || isPattern || (/^For(In|Of)/.test(above.type) && above['left'] === member)) {
    property.isVariable = true
    return void property.written.push(member)
  }
  property.reads.push(mention)
}

function isPatternValue(member: EsNode, around: readonly EsNode[]): boolean {
  return (
    around[1]?.type === 'Property' && around[1]['value'] === member && around[2]?.type === 'ObjectPattern'
  )
}

/** `exports.a = void 0`, which compilers write before the rest. */
function isVoid({ value }: Site): boolean {
  return (
    value.type === 'UnaryExpression' && value['operator'] === 'void' && value['argument'].type === 'Literal'
  )
}

/** Makes what is exported as `name` a constant or a variable of the module; returns its binding. */
function declareProperty(name: string, property: Property, reading: Reading): string | undefined {
  const { plan } = reading
  const { sites, isVariable } = property
  if (sites.length === 0 && !isVariable) return undefined
  if (name === '__proto__') {
    refuse(
      plan,
      sites[0]!.at,
      '`__proto__` is exported, which changes the object of exports',
      'give it another name',
    )
    return undefined
  }
  const given = sites.filter(
    (site) => !isVoid(site) || !site.chain?.statement || !sites.some((other) => !isVoid(other)),
  )
  const [site, ...more] = given
  const isConstant = !isVariable && site?.isLoading && more.length === 0 && isPlaced(site, plan)
  if (!isConstant) return declareVariable(name, property, plan)
  for (const each of sites)
    if (each !== site && each.statement && !plan.statements.has(each.statement))
      plan.statements.set(each.statement, [])
  return declareConstant(name, site, reading)
}

/** Whether all that an assignment gives a value to are exports, in a statement or declaration of its own. */
function isPlaced({ chain }: Site, plan: Plan): boolean {
  if (!chain) return true
  if (!chain.statement && !chain.declarator) return false
  return chain.targets.every((target) =>
    plan.mentions.exports.some(({ node, around }) => node === target || around[0] === target),
  )
}

function declareConstant(name: string, { value, at, chain, statement }: Site, reading: Reading): string {
  const { plan } = reading
  const binding = exportBinding(name)
  const taken = chain && sharedBinding(chain, plan)
  if (taken !== undefined && taken !== null) return taken
  const declare = (made: EsNode): void => {
    if (statement) plan.statements.set(statement, [made])
    else if (chain?.declarator) plan.added.push(made)
    else reading.declared.push(made)
  }
  const stable = stableName(value, plan)
  const entry = stable === undefined ? (importedBy(value, plan.scopes) ?? starMember(value, plan)) : undefined
  if (chain?.declarator) {
    const own: string = chain.declarator['id'].name
    if (!isShadowed(own, plan) && plan.scopes.bindingOf(chain.declarator['id'])?.writes === 0) {
      plan.replaced.set(chain.root, value)
      return remember(chain, own, plan)
    }
    plan.replaced.set(chain.root, identifier(binding, chain.root))
  }
  if (stable !== undefined || entry) {
    if (statement && !plan.statements.has(statement)) plan.statements.set(statement, [])
    if (stable !== undefined) return remember(chain, stable, plan)
    plan.requires.imports.set(binding, entry!)
    return remember(chain, binding, plan)
  }
  declare(constantOf(binding, value, statement ?? at))
  return remember(chain, binding, plan)
}

/** Bindings of chains that are declared already: `exports.a = exports.b = value` has one value. */
const shared = new WeakMap<Plan, Map<EsNode, string>>()

function sharedBinding({ root }: Chain, plan: Plan): string | undefined {
  return shared.get(plan)?.get(root)
}

function remember(chain: Chain | null, binding: string, plan: Plan): string {
  if (chain) {
    const known = shared.get(plan) ?? new Map<EsNode, string>()
    shared.set(plan, known.set(chain.root, binding))
  }
  return binding
}

/** `b.a`, where `b` is a required module. */
function starMember(value: EsNode, plan: Plan): Imported | undefined {
  if (value.type !== 'MemberExpression' || value['optional']) return undefined
  const entry = value['object'].type === 'Identifier' ? starOf(value['object'], plan) : undefined
  const imported = staticName(value['property'], value['computed'])
  return entry && imported !== undefined ? { ...entry, imported, start: value.start } : undefined
}

function declareVariable(name: string, { sites, written }: Property, plan: Plan): string {
  const binding = exportBinding(name)
  const at = (sites[0]?.at ?? written[0])!
  plan.added.unshift(constantOf(binding, null, { start: at.start, end: at.start }, 'var'))
  for (const member of written) plan.replaced.set(member, identifier(binding, member))
  return binding
}

function replaceRead(
  mention: ExportsMention,
  name: string,
  { sites }: Property,
  local: string | undefined,
  plan: Plan,
): void {
  const { node, around } = mention
  const [member, above] = around as [EsNode, EsNode]
  const isCalled = above.type === 'CallExpression' && above['callee'] === member
  const declared = sites.find(({ value }) => usesThis(valueNamed(value, plan)))
  if (local === undefined || (isCalled && declared)) plan.replaced.set(node, valueAt(node, plan))
  else plan.replaced.set(member, identifier(local, member))
}

/** The function declaration that a name stands for, or the value itself. */
function valueNamed(value: EsNode, { program }: Plan): EsNode {
  if (value.type !== 'Identifier') return value
  return (
    program['body'].find(
      ({ type, id }: EsNode) => type === 'FunctionDeclaration' && id?.name === value['name'],
    ) ?? value
  )
}

function declareValue(
  plan: Plan,
  locals: ReadonlyMap<string, string>,
  literal: Chain | null,
  reading: Reading,
): void {
  const first = [...reading.properties.values()].find(({ sites }) => sites.length > 0)?.sites[0]
  const at = literal?.statement ?? literal?.declarator ?? first?.statement ?? first?.at ?? plan.program
  const spread = plan.stars.map(({ local }) => restWithoutDefault(identifier(local, at), at))
  const own = [...reading.properties.keys()].flatMap((name): EsNode[] => {
    const local = locals.get(name)
    if (local !== undefined) return [propertyOf(name, identifier(local, at), at)]
    const kept = reading.kept.get(name)
    return kept ? [kept] : []
  })
  const hasMarker = plan.isEsModule && !locals.has('__esModule')
  const object = objectOf([...spread, ...own], at)
  plan.added.push(
    constantOf(MODULE_VALUE, hasMarker ? withMarker(object, booleanAt(true, at), at) : object, at),
  )
  for (const [name, local] of locals) {
    if (name === '__esModule') plan.isEsModule = true
    else plan.exports.set(name, { kind: 'local', local, start: at.start })
  }
}
