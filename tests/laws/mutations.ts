// Changes of meaning, each the smallest of its kind: another operator, literal, order,
// branch, callee, kind of function.

import type { EsNode } from '../../codebase/estree.ts'
import { type Edit, insertion, nodesOf, type Syntax } from './text.ts'

/** One change, and the kind that it is of. */
export interface Mutation {
  readonly kind: string
  readonly edits: readonly Edit[]
  /** Where it is. */
  readonly start: number
}

const OPERATORS: Readonly<Record<string, string>> = {
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '**': '*',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '==': '!=',
  '!=': '==',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '??': '||',
  '&': '|',
  '|': '^',
  '^': '&',
  '<<': '>>',
  '>>': '>>>',
  '>>>': '<<',
  '+=': '-=',
  '-=': '+=',
  '*=': '/=',
  '/=': '*=',
  '|=': '&=',
  '&=': '|=',
  '++': '--',
  '--': '++',
}

/** Every change that can be made to a text; none where a test of absent names may rule the place out. */
export function mutationsOf(syntax: Syntax): Mutation[] {
  return nodesOf(syntax.program).flatMap(({ node, around }) => {
    const isGuarded = [node, ...around].some((outer) => isGuard(outer) || outer['operator'] === 'void')
    if (isGuarded || around.some(({ type }) => /^(Import|ExportAll)/.test(type))) return []
    return [
      ...operatorChange(node, syntax.text),
      ...literalChange(node, around[0], syntax.text),
      ...orderChange(node, syntax.text),
      ...calleeChange(node, syntax.text),
      ...functionChange(node, around[0], syntax.text),
    ].map(([kind, edits]) => ({ kind, edits, start: node.start }))
  })
}

type Change = readonly [kind: string, edits: readonly Edit[]]

/** Whether a statement or an operator asks for the type of something. */
function isGuard(node: EsNode): boolean {
  const test: EsNode | undefined = node['test'] ?? (node.type === 'LogicalExpression' ? node : undefined)
  return test !== undefined && nodesOf(test).some(({ node: inner }) => inner['operator'] === 'typeof')
}

function operatorChange(node: EsNode, text: string): Change[] {
  const other = OPERATORS[node['operator']]
  if (!other) return node.type === 'UnaryExpression' && node['operator'] === '!' ? dropped(node) : []
  const [from, to] =
    node.type === 'UpdateExpression' || node.type === 'UnaryExpression'
      ? [node.start, node.end]
      : [node['left'].end, node['right'].start]
  const between = text
    .slice(from, to)
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => ' '.repeat(comment.length))
  const at =
    from +
    (node['prefix'] === false ? between.lastIndexOf(node['operator']) : between.indexOf(node['operator']))
  return [['operator', [{ start: at, end: at + node['operator'].length, text: ` ${other} ` }]]]
}

function dropped(node: EsNode): Change[] {
  return [['operator', [{ start: node.start, end: node['argument'].start, text: ' ' }]]]
}

function literalChange(node: EsNode, parent: EsNode | undefined, text: string): Change[] {
  if (node.type === 'TemplateElement') return [['literal', [insertion(node.start, 'x')]]]
  if (node.type !== 'Literal' || parent?.type === 'ExpressionStatement') return []
  const { value, start, end } = node
  const change = (other: string): Change[] => [['literal', [{ start, end, text: other }]]]
  if (typeof value === 'number') return change(String(value + 1))
  if (typeof value === 'boolean') return change(String(!value))
  if (value === null && !node['regex']) return change('undefined')
  if (node['regex']) return change(`/(?:${node['regex'].pattern})x/${node['regex'].flags}`)
  if (typeof value === 'string' && node['bigint'] === undefined)
    return [['literal', [insertion(start + 1, 'x')]]]
  return node['bigint'] === undefined ? [] : change(`${text.slice(start, end - 1)}1n`)
}

/** Two neighbours in a list, or two branches, in each other's place. */
function orderChange(node: EsNode, text: string): Change[] {
  switch (node.type) {
    case 'CallExpression':
    case 'NewExpression':
      return swapped('order of arguments', node['arguments'], text)
    case 'ArrayExpression':
      return swapped('order of elements', node['elements'], text)
    case 'ObjectExpression':
      return swapped('order of properties', node['properties'], text)
    case 'BlockStatement':
      return swapped('order of statements', node['body'].filter(isDoing), text)
    case 'ConditionalExpression':
      return swapped('branch', [node['consequent'], node['alternate']], text)
    case 'IfStatement':
      return node['alternate']?.type === 'BlockStatement' && node['consequent'].type === 'BlockStatement'
        ? swapped('branch', [node['consequent'], node['alternate']], text)
        : []
    case 'BinaryExpression':
      return /^[-/%<>]/.test(node['operator'])
        ? swapped('order of operands', [node['left'], node['right']], text)
        : []
    default:
      return []
  }
}

function isDoing(statement: EsNode): boolean {
  return statement.type === 'ExpressionStatement' && typeof statement['expression'].value !== 'string'
}

function swapped(kind: string, nodes: readonly (EsNode | null)[], text: string): Change[] {
  const [a, b] = nodes
  if (!a || !b || isAlike(a, b, text)) return []
  const [one, other] = [text.slice(a.start, a.end), text.slice(b.start, b.end)]
  return [
    [
      kind,
      [
        { start: a.start, end: a.end, text: other },
        { start: b.start, end: b.end, text: one },
      ],
    ],
  ]
}

/** Whether two parts may be the same but for spelling: then it is no change to swap them. */
function isAlike(a: EsNode, b: EsNode, text: string): boolean {
  const shape = (node: EsNode): string => {
    const hasScope = nodesOf(node).some(({ node: inner }) => /Function|Class/.test(inner.type))
    const words = text.slice(node.start, node.end).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|[\s()'"`;]/g, '')
    return hasScope ? words.replaceAll(/[\w$]+/g, 'x') : words
  }
  return shape(a) === shape(b)
}

function calleeChange(node: EsNode, text: string): Change[] {
  if (node.type === 'NewExpression' && text.startsWith('new', node.start))
    return text[node.end - 1] === ')'
      ? [['callee', [{ start: node.start, end: node.start + 3, text: ' ' }]]]
      : []
  if (node.type !== 'CallExpression') return []
  const { callee } = node as EsNode & { callee: EsNode }
  if (callee.type === 'Identifier') return [['callee', [insertion(callee.end, '.call')]]]
  if (callee.type !== 'MemberExpression' || callee['computed'] || callee['object'].type === 'Identifier')
    return []
  return callee['property'].type === 'Identifier'
    ? [['callee', [insertion(callee['property'].end, 'x')]]]
    : []
}

function functionChange(node: EsNode, parent: EsNode | undefined, text: string): Change[] {
  if (!/^(Function|ArrowFunction)/.test(node.type) || node['async'] || node['generator']) return []
  if (!parent || /^(MethodDefinition|ParenthesizedExpression)$/.test(parent.type)) return []
  if (parent.type === 'Property' && (parent['method'] || parent['kind'] !== 'init')) return []
  const isBody = (inner: EsNode): boolean => inner.type === 'AwaitExpression' || inner['name'] === 'await'
  if (nodesOf(node).some(({ node: inner }) => isBody(inner))) return []
  const asynchronous: Change = ['function kind', [insertion(node.start, 'async ')]]
  if (node.type === 'ArrowFunctionExpression') {
    const isExpression = node['body'].type !== 'BlockStatement'
    const isSimple = isExpression && !/\b(this|arguments|super)\b/.test(text.slice(node.start, node.end))
    if (!isSimple || text[node.start] !== '(') return [asynchronous]
    const arrow = text.slice(0, node['body'].start).lastIndexOf('=>')
    const plain: Edit[] = [
      insertion(node.start, '(function '),
      { start: arrow, end: node['body'].start, text: '{ return ' },
      insertion(node.end, ' })'),
    ]
    return [asynchronous, ['function kind', plain]]
  }
  if (!text.startsWith('function', node.start)) return []
  return [asynchronous, ['function kind', [insertion(node.start + 'function'.length, '* ')]]]
}
