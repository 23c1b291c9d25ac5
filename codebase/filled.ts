// The shape that TypeScript lowers enums and namespaces to: a variable, and a call that fills
// what it holds: `var N; (function (N) { … })(N || (N = {}))`.

import { type EsNode, identifier } from './estree.ts'

export type At = Pick<EsNode, 'start' | 'end'>

/** Marks that the two statements bear, and the function that fills, so that what comes later knows them. */
export interface FilledMarks {
  readonly statement: Readonly<Record<string, unknown>>
  readonly filler?: Readonly<Record<string, unknown>>
}

export interface Filled {
  readonly kind: 'var' | 'let'
  /** Makes the name anew: no two mentions are one node. */
  readonly id: () => EsNode
  readonly body: readonly EsNode[]
  /** What the function is called with. */
  readonly argument: EsNode
  readonly at: At
  readonly marks: FilledMarks
}

export function filled({ kind, id, body, argument, at, marks }: Filled): [variable: EsNode, call: EsNode] {
  const filler = {
    type: 'FunctionExpression',
    id: null,
    params: [id()],
    async: false,
    generator: false,
    expression: false,
    ...marks.filler,
    body: { type: 'BlockStatement', body, ...at },
    ...at,
  }
  const call = { type: 'CallExpression', callee: filler, arguments: [argument], optional: false, ...at }
  const declarator = { type: 'VariableDeclarator', id: id(), init: null, ...at }
  return [
    { type: 'VariableDeclaration', kind, declarations: [declarator], ...marks.statement, ...at },
    { type: 'ExpressionStatement', expression: call, directive: null, ...marks.statement, ...at },
  ]
}

/** `target || (target = {})`. */
export function orNew(target: () => EsNode, at: At): EsNode {
  const empty = { type: 'ObjectExpression', properties: [], ...at }
  const right = assignment(target(), empty, at)
  return { type: 'LogicalExpression', operator: '||', left: target(), right, ...at }
}

export function assignment(left: EsNode, right: EsNode, { start, end }: At): EsNode {
  return { type: 'AssignmentExpression', operator: '=', left, right, start, end }
}

/** `object.property`. */
export function member(object: string, property: string, { start, end }: At): EsNode {
  const at = { start, end }
  const place = { type: 'Identifier', ...at }
  return {
    type: 'MemberExpression',
    object: identifier(object, place),
    property: identifier(property, place),
    computed: false,
    optional: false,
    ...at,
  }
}
