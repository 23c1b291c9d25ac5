// Lowers an enum to the JavaScript that TypeScript gives it: a `var` and a call
// that fills it, with constant members folded.

import { type EsNode, childrenOf, identifier } from './estree.ts'
import { assignment, filled, orNew } from './filled.ts'

/** `var E` and `(function (E) { … })(E || (E = {}))`; `erase` takes the types out of an initialiser. */
export function lowerEnum(declaration: EsNode, erase: (initialiser: EsNode) => EsNode): EsNode[] {
  const name: string = declaration['id'].name
  const at = { start: declaration.start, end: declaration.end }
  const id = (): EsNode => identifier(name, declaration['id'])
  return filled({
    kind: 'var',
    id,
    body: fillStatements(declaration, erase),
    argument: orNew(id, at),
    at,
    marks: { statement: { isOfEnum: true } },
  })
}

type Constant = number | string

/** One statement for each member: `E[E["A"] = 0] = "A"`, or `E["A"] = "text"`. */
function fillStatements(declaration: EsNode, erase: (initialiser: EsNode) => EsNode): EsNode[] {
  const enumName: string = declaration['id'].name
  const known = new Map<string, Constant | undefined>()
  let previous: Constant | undefined = -1
  return declaration['body'].members.map((member: EsNode) => {
    const name: string =
      member['id'].name ?? String(member['id'].value ?? member['id'].quasis?.[0].value.cooked)
    const initialiser: EsNode | null = member['initializer'] && erase(member['initializer'])
    const constant: Constant | undefined = initialiser
      ? evaluate(initialiser, known)
      : typeof previous === 'number'
        ? previous + 1
        : undefined
    const value =
      constant === undefined ? qualified(initialiser!, known, enumName) : literal(constant, member)
    known.set(name, constant)
    previous = constant
    const assigned = assignment(memberOf(enumName, literal(name, member), member), value, member)
    const isText = typeof constant === 'string' || value.type === 'TemplateLiteral'
    const expression = isText
      ? assigned
      : assignment(memberOf(enumName, assigned, member), literal(name, member), member)
    return { type: 'ExpressionStatement', expression, directive: null, start: member.start, end: member.end }
  })
}

function memberOf(enumName: string, property: EsNode, at: EsNode): EsNode {
  const object = identifier(enumName, at)
  return {
    type: 'MemberExpression',
    object,
    property,
    computed: true,
    optional: false,
    start: at.start,
    end: at.end,
  }
}

function literal(value: Constant, at: EsNode): EsNode {
  const place = { start: at.start, end: at.end }
  if (typeof value === 'number' && (value < 0 || Object.is(value, -0))) {
    return { type: 'UnaryExpression', operator: '-', prefix: true, argument: literal(-value, at), ...place }
  }
  return { type: 'Literal', value, raw: JSON.stringify(value), ...place }
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
}

/** The value of a constant enum expression (TypeScript handbook, "Constant enum members"), else undefined. */
function evaluate(node: EsNode, known: ReadonlyMap<string, Constant | undefined>): Constant | undefined {
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'number' || typeof node['value'] === 'string'
        ? node['value']
        : undefined
    case 'Identifier':
      return known.get(node['name']) ?? ({ NaN, Infinity } as Record<string, number>)[node['name']]
    case 'TemplateLiteral': {
      const parts = node['expressions'].map((e: EsNode) => evaluate(e, known))
      if (parts.includes(undefined)) return undefined
      return node['quasis'].map((q: EsNode, i: number) => q['value'].cooked + (parts[i] ?? '')).join('')
    }
    case 'UnaryExpression': {
      const value = evaluate(node['argument'], known)
      if (typeof value !== 'number') return undefined
      return node['operator'] === '-'
        ? -value
        : node['operator'] === '~'
          ? ~value
          : node['operator'] === '+'
            ? value
            : undefined
    }
    case 'BinaryExpression': {
      const [a, b] = [evaluate(node['left'], known), evaluate(node['right'], known)]
      if (a === undefined || b === undefined) return undefined
      if (typeof a === 'number' && typeof b === 'number') return ARITHMETIC[node['operator']]?.(a, b)
      return node['operator'] === '+' ? `${a}${b}` : undefined
    }
    default:
      return undefined
  }
}

/** The initialiser with bare names of earlier members written as `E.name`. */
function qualified(node: EsNode, known: ReadonlyMap<string, unknown>, enumName: string): EsNode {
  if (node.type === 'Identifier' && known.has(node['name']))
    return memberOf(enumName, literal(node['name'], node), node)
  if (childrenOf(node).length === 0) return node
  const copy: EsNode = { ...node }
  for (const field in node) {
    const value: unknown = node[field]
    const isName = (field === 'property' || field === 'key') && !node['computed']
    if (isName || typeof value !== 'object' || value === null) continue
    copy[field] = Array.isArray(value)
      ? value.map((v) => qualified(v, known, enumName))
      : qualified(value as EsNode, known, enumName)
  }
  return copy
}
