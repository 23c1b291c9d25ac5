// Builds pieces of syntax that stand for what the author wrote at some place.

import { type EsNode, identifier } from './estree.ts'

export interface At {
  readonly start: number
  readonly end: number
}

export function constantOf(name: string, init: EsNode | null, at: At, kind = 'const'): EsNode {
  const { start, end } = at
  const id = { ...identifier(name, at as EsNode) }
  const declarator = { type: 'VariableDeclarator', id, init, definite: false, start, end }
  return { type: 'VariableDeclaration', kind, declarations: [declarator], declare: false, start, end }
}

export function memberOf(object: EsNode, name: string, at: At): EsNode {
  const { start, end } = at
  const property = stringAt(name, at)
  return { type: 'MemberExpression', object, property, computed: true, optional: false, start, end }
}

export function stringAt(value: string, { start, end }: At): EsNode {
  return { type: 'Literal', value, raw: JSON.stringify(value), start, end }
}

export function booleanAt(value: boolean, { start, end }: At): EsNode {
  return { type: 'Literal', value, raw: String(value), start, end }
}

export function propertyOf(name: string, value: EsNode, at: At): EsNode {
  const { start, end } = at
  const key = stringAt(name, at)
  return {
    type: 'Property',
    kind: 'init',
    key,
    value,
    method: false,
    shorthand: false,
    computed: false,
    start,
    end,
  }
}

export function objectOf(properties: readonly EsNode[], { start, end }: At): EsNode {
  return { type: 'ObjectExpression', properties, start, end }
}

function callOf(callee: EsNode, args: readonly EsNode[], { start, end }: At): EsNode {
  return { type: 'CallExpression', callee, arguments: args, optional: false, start, end }
}

export function assignmentOf(left: EsNode, right: EsNode, { start, end }: At): EsNode {
  return { type: 'AssignmentExpression', operator: '=', left, right, start, end }
}

export function statementOf(expression: EsNode, { start, end }: At): EsNode {
  return { type: 'ExpressionStatement', expression, start, end }
}

/** `Object.defineProperty(object, '__esModule', { value })` */
export function withMarker(object: EsNode, value: EsNode, at: At): EsNode {
  const callee = memberOf(identifier('Object', at as EsNode), 'defineProperty', at)
  return callOf(
    callee,
    [object, stringAt('__esModule', at), objectOf([propertyOf('value', value, at)], at)],
    at,
  )
}

/** `...(({ default: _, ...rest }) => rest)(object)` */
export function restWithoutDefault(object: EsNode, at: At): EsNode {
  const { start, end } = at
  const own = (name: string): EsNode => identifier(name, at as EsNode)
  const rest = { type: 'RestElement', argument: own('rest'), start, end }
  const pattern = {
    type: 'ObjectPattern',
    properties: [propertyOf('default', own('_'), at), rest],
    start,
    end,
  }
  const callee = {
    type: 'ArrowFunctionExpression',
    params: [pattern],
    body: own('rest'),
    expression: true,
    async: false,
    generator: false,
    id: null,
    start,
    end,
  }
  return { type: 'SpreadElement', argument: callOf(callee, [object], at), start, end }
}
