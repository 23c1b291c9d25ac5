// Expressions of the author's syntax to terms. Each rule that drops a spelling is
// listed, with a vector, in docs/format.md §7.

import type { EsNode } from './estree.ts'
import { staticName } from './estree.ts'
import { functionOf, keyOf, namedValue } from './normalise-functions.ts'
import { make, type NormaliseTables, type Normalising, nodeOfTarget } from './normalising.ts'
import { isTypeofAbsent, staticTruth } from './static-truth.ts'
import type { Node } from './term.ts'

type Table = NormaliseTables['expressions']

const PRIMARY: Table = {
  Identifier: (node, to) => to.mention(node),
  Literal: literal,
  ThisExpression: (node) => make('This', node),
  Super: (node) => make('Super', node),
  MetaProperty: (node) => make('NewTarget', node),
  TemplateLiteral(node, to) {
    const cooked = cookedTexts(node)
    if (cooked.length === 1) return make('String', node, { value: cooked[0] })
    return make('Template', node, { cooked, expressions: to.expressions(node['expressions']) })
  },
  TaggedTemplateExpression: (node, to) =>
    make('TaggedTemplate', node, {
      tag: to.expression(node['tag']),
      cooked: cookedTexts(node['quasi']),
      raw: node['quasi'].quasis.map((quasi: EsNode) => quasi['value'].raw),
      expressions: to.expressions(node['quasi'].expressions),
    }),
  ArrayExpression: (node, to) =>
    make('Array', node, {
      elements: node['elements'].map((element: EsNode | null) => element && to.expression(element)),
    }),
  SpreadElement: (node, to) => make('Spread', node, { argument: to.expression(node['argument']) }),
  ObjectExpression: (node, to) =>
    make('Object', node, { properties: node['properties'].map((p: EsNode) => objectProperty(p, to)) }),
}

const OPERATORS: Table = {
  UnaryExpression(node, to) {
    const { operator, argument } = node
    if (isTypeofAbsent(node, absentIn(to))) return make('String', node, { value: 'undefined' })
    if (operator === 'void' && argument.type === 'Literal' && !argument.regex) return make('Undefined', node)
    return decided(node, to) ?? make('Unary', node, { operator, argument: to.expression(argument) })
  },
  UpdateExpression: (node, to) =>
    make('Update', node, {
      operator: node['operator'],
      prefix: node['prefix'],
      argument: to.pattern(node['argument']),
    }),
  BinaryExpression(node, to) {
    const right = (): Node => to.expression(node['right'])
    if (node['left'].type === 'PrivateIdentifier')
      return make('PrivateIn', node, { key: to.private(node['left']), right: right() })
    return (
      decided(node, to) ??
      make('Binary', node, { operator: node['operator'], left: to.expression(node['left']), right: right() })
    )
  },
  LogicalExpression(node, to) {
    const truth = staticTruth(node['left'], absentIn(to))
    // `false || x` and `true && x` are x; what is decided without x was decided above.
    if (truth !== undefined && node['operator'] !== '??')
      return decided(node, to) ?? asValue(to.expression(node['right']))
    return make('Logical', node, {
      operator: node['operator'],
      left: to.expression(node['left']),
      right: to.expression(node['right']),
    })
  },
  ConditionalExpression(node, to) {
    const truth = staticTruth(node['test'], absentIn(to))
    if (truth !== undefined) return asValue(to.expression(truth ? node['consequent'] : node['alternate']))
    return make('Conditional', node, {
      test: to.expression(node['test']),
      consequent: to.expression(node['consequent']),
      alternate: to.expression(node['alternate']),
    })
  },
  AssignmentExpression: (node, to) =>
    make('Assign', node, {
      operator: node['operator'],
      left: to.pattern(node['left']),
      right: namedValue(node['left'], node['right'], to),
    }),
  SequenceExpression: (node, to) =>
    make('Sequence', node, { expressions: to.expressions(node['expressions'].flatMap(sequenced)) }),
  YieldExpression: (node, to) =>
    make('Yield', node, { delegate: node['delegate'], argument: to.optionalExpression(node['argument']) }),
  AwaitExpression: (node, to) => make('Await', node, { argument: to.expression(node['argument']) }),
}

const ACCESS: Table = {
  CallExpression: (node, to) =>
    make('Call', node, {
      optional: node['optional'] ?? false,
      callee: to.expression(node['callee']),
      arguments: to.expressions(node['arguments']),
    }),
  NewExpression: (node, to) =>
    make('New', node, {
      callee: to.expression(node['callee']),
      arguments: to.expressions(node['arguments']),
    }),
  MemberExpression: member,
  ChainExpression(node, to) {
    const expression = to.expression(node['expression'])
    return isChain(expression) ? make('Chain', node, { expression }) : expression
  },
}

export const EXPRESSIONS: Table = { ...PRIMARY, ...OPERATORS, ...ACCESS }

function literal(node: EsNode): Node {
  if (node['regex']) {
    return make('RegExp', node, {
      pattern: node['regex'].pattern,
      flags: node['regex'].flags
        .split('')
        .sort((a: string, b: string) => (a < b ? -1 : 1))
        .join(''),
    })
  }
  if (typeof node['bigint'] === 'string')
    return make('BigInt', node, { value: BigInt(node['bigint']).toString() })
  const { value } = node
  switch (typeof value) {
    case 'string':
      return make('String', node, { value })
    case 'number':
      return make('Number', node, { value })
    case 'boolean':
      return make('Boolean', node, { value })
    default:
      return make('Null', node)
  }
}

/** What the escapes of a template come to; null where a tag may have malformed ones. */
function cookedTexts(template: EsNode): (string | null)[] {
  return template['quasis'].map((quasi: EsNode) => quasi['value'].cooked ?? null)
}

function objectProperty(property: EsNode, to: Normalising): Node {
  if (property.type === 'SpreadElement')
    return make('SpreadProperty', property, { argument: to.expression(property['argument']) })
  // `__proto__: x` sets the prototype; `{ __proto__ }` and `['__proto__']: x` make a property of that name.
  const isProto = property['shorthand'] && property['key'].name === '__proto__'
  const key = isProto
    ? make('Computed', property['key'], {
        expression: make('String', property['key'], { value: '__proto__' }),
      })
    : keyOf(property, ['__proto__'], to)
  if (property['method'] || property['kind'] !== 'init') {
    const kind = property['method'] ? 'method' : property['kind']
    return make('Method', property, { kind, static: false, key, value: functionOf(property['value'], to) })
  }
  return make('Property', property, { key, value: to.expression(property['value']) })
}

/** `a.b` and `a['b']` alike; of a namespace, what it exports under that name. */
function member(node: EsNode, to: Normalising): Node {
  const { object, property, computed } = node
  if (property.type === 'PrivateIdentifier') {
    return make('PrivateMember', node, {
      optional: node['optional'],
      object: to.expression(object),
      key: to.private(property),
    })
  }
  const name = staticName(property, computed)
  if (name !== undefined && object.type === 'Identifier') {
    const target = to.normalisation.targetOf(object)
    if (target.kind === 'namespace') {
      const exported = target.members.find((candidate) => candidate.name === name)?.target
      return nodeOfTarget(exported && exported.kind !== 'local' ? exported : { kind: 'undefined' }, node)
    }
  }
  return make('Member', node, {
    optional: node['optional'] ?? false,
    object: to.expression(object),
    property: name === undefined ? to.expression(property) : make('String', property, { value: name }),
  })
}

/** Whether a chain that ends here has a `?.`. */
function isChain(node: Node): boolean {
  if (node['optional'] === true) return true
  if (node.type === 'Call') return isChain(node['callee'] as Node)
  return (node.type === 'Member' || node.type === 'PrivateMember') && isChain(node['object'] as Node)
}

/** `(a, b), c` and `a, (b, c)` are `a, b, c`. */
function sequenced(node: EsNode): EsNode[] {
  return node.type === 'SequenceExpression' ? node['expressions'].flatMap(sequenced) : [node]
}

/** The boolean that the absence of names makes of `node`. */
function decided(node: EsNode, to: Normalising): Node | undefined {
  const value = staticTruth(node, absentIn(to))
  return value === undefined ? undefined : make('Boolean', node, { value })
}

/** Which names are never there. */
export function absentIn(to: Normalising): (identifier: EsNode) => boolean {
  return (identifier) => to.normalisation.targetOf(identifier).kind === 'typeof-undefined'
}

/** What a folded operand would become that it was not: the object of a call or `delete`, or a class that takes a name. */
const KEPT_A_VALUE: ReadonlySet<string> = new Set(['Member', 'PrivateMember', 'Chain', 'Class'])

/** `(true && o.f)()` calls `o.f` without its object: what is left of a folded operator stays a value. */
function asValue(operand: Node): Node {
  if (!KEPT_A_VALUE.has(operand.type)) return operand
  return { type: 'Sequence', expressions: [{ type: 'Undefined' }, operand] }
}
