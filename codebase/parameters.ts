// Two faults of QuickJS 2025-09. When a closure in a parameter's default captures a parameter, that
// closure and the body have a variable each: `function f(a, g = () => a) { a = 2; return g() }`. And
// a rest parameter that is a pattern counts for `length`: `(...[a]) => a`. Which functions these
// concern is decided here: their parameters are bound in the body instead.

import { nodeAt, nodesAt, numberAt, optionalNodeAt } from './fields.ts'
import { type Node, walkTerm } from './term.ts'

/**
 * Whether the parameters of `node` are bound in its body, which must change nothing but those
 * faults: a generator's parameters are bound when it is called, its body runs later, so that its
 * defaults may only make closures.
 */
export function bindsParametersInBody(node: Node): boolean {
  const params = nodesAt(node, 'params')
  if (!hasRestPattern(params) && !hasCapturedAssignment(node, params)) return false
  return !isGenerator(node) || params.every(isInert)
}

function hasRestPattern(params: readonly Node[]): boolean {
  const last = params.at(-1)
  return last?.type === 'Rest' && nodeAt(last, 'target').type !== 'Local'
}

/** Whether a closure in the parameters captures one that something assigns to. */
function hasCapturedAssignment(node: Node, params: readonly Node[]): boolean {
  const captured = capturedParameters(params)
  if (captured.size === 0) return false
  const written = new Set<number>()
  walkTerm(node, (inner) => {
    for (const target of targetsOf(inner)) collectLocals(target, written)
  })
  return !captured.isDisjointFrom(written)
}

/** Parameters that count for `length`: those before the first default or rest. */
export function requiredParameters(params: readonly Node[]): readonly Node[] {
  const end = params.findIndex((param) => param.type === 'Default' || param.type === 'Rest')
  return end < 0 ? params : params.slice(0, end)
}

function isGenerator(node: Node): boolean {
  return node['kind'] === 'generator' || node['kind'] === 'asyncGenerator'
}

const NONE: ReadonlySet<number> = new Set()

/** Parameters that a function or class within the parameters mentions. */
function capturedParameters(params: readonly Node[]): ReadonlySet<number> {
  if (params.every(({ type }) => type === 'Local')) return NONE
  const bound = new Set<number>()
  for (const param of params) collectLocals(param, bound)
  const captured = new Set<number>()
  for (const param of params) {
    walkTerm(param, (node) => {
      if (node.type !== 'Function' && node.type !== 'Arrow' && node.type !== 'Class') return
      walkTerm(node, (inner) => {
        if (inner.type === 'Local' && bound.has(numberAt(inner, 'index')))
          captured.add(numberAt(inner, 'index'))
      })
    })
  }
  return captured
}

/** Patterns that `node` assigns to, declarations aside. */
function targetsOf(node: Node): readonly Node[] {
  switch (node.type) {
    case 'Assign':
      return [nodeAt(node, 'left')]
    case 'Update':
      return [nodeAt(node, 'argument')]
    case 'ForIn':
    case 'ForOf':
      return [nodeAt(node, 'left')]
    default:
      return []
  }
}

/** Adds the locals that `pattern` binds or assigns to. */
function collectLocals(pattern: Node, locals: Set<number>): void {
  switch (pattern.type) {
    case 'Local':
      locals.add(numberAt(pattern, 'index'))
      return
    case 'Default':
    case 'Rest':
      return collectLocals(nodeAt(pattern, 'target'), locals)
    case 'PatternProperty':
      return collectLocals(nodeAt(pattern, 'value'), locals)
    case 'ObjectPattern':
      for (const property of nodesAt(pattern, 'properties')) collectLocals(property, locals)
      return
    case 'ArrayPattern':
      for (const element of nodesAt(pattern, 'elements')) if (element) collectLocals(element, locals)
      return
    default:
  }
}

/** Whether binding `param` runs nothing that could be told from running it later. */
function isInert(param: Node): boolean {
  if (param.type === 'Local') return true
  if (param.type === 'Rest') return nodeAt(param, 'target').type === 'Local'
  if (param.type !== 'Default' || nodeAt(param, 'target').type !== 'Local') return false
  const value = optionalNodeAt(param, 'value')
  return (
    value !== null &&
    ['Function', 'Arrow', 'String', 'Number', 'BigInt', 'Boolean', 'Null', 'Undefined'].includes(value.type)
  )
}
