// Lowers `constructor(private x: T)` to a field and an assignment, as TypeScript
// does for target ESNext with useDefineForClassFields.

import { type EsNode, identifier } from './estree.ts'

/** `erased` with the parameter properties of `original`, the class that it was erased from, made explicit. */
export function lowerParameterProperties(original: EsNode, erased: EsNode): EsNode {
  const isConstructor = (m: EsNode): boolean =>
    m['kind'] === 'constructor' && m['value'].body?.type === 'BlockStatement'
  const written: EsNode | undefined = original['body'].body.find(isConstructor)
  const parameters: EsNode[] =
    written?.['value'].params.filter((p: EsNode) => p.type === 'TSParameterProperty') ?? []
  if (parameters.length === 0) return erased
  const names = parameters.map(
    ({ parameter }) => (parameter.type === 'AssignmentPattern' ? parameter.left : parameter) as EsNode,
  )
  const method: EsNode = erased['body'].body.find(isConstructor)
  const body: EsNode[] = method['value'].body.body
  body.splice(afterSuper(body), 0, ...names.map(assignToThis))
  erased['body'].body.unshift(...names.map(field))
  return erased
}

/** Where the assignments go: after the `super(…)` statement, else after the directives. */
function afterSuper(body: readonly EsNode[]): number {
  const call = body.findIndex(
    (s) => s.type === 'ExpressionStatement' && s['expression'].callee?.type === 'Super',
  )
  if (call >= 0) return call + 1
  const first = body.findIndex((s) => typeof s['directive'] !== 'string')
  return first < 0 ? body.length : first
}

function field(name: EsNode): EsNode {
  const key = identifier(name['name'], name)
  return {
    type: 'PropertyDefinition',
    key,
    value: null,
    computed: false,
    static: false,
    start: name.start,
    end: name.end,
  }
}

function assignToThis(name: EsNode): EsNode {
  const at = { start: name.start, end: name.end }
  const property = identifier(name['name'], name)
  const left = {
    type: 'MemberExpression',
    object: { type: 'ThisExpression', ...at },
    property,
    computed: false,
    optional: false,
    ...at,
  }
  const expression = {
    type: 'AssignmentExpression',
    operator: '=',
    left,
    right: identifier(name['name'], name),
    ...at,
  }
  return { type: 'ExpressionStatement', expression, directive: null, ...at }
}
