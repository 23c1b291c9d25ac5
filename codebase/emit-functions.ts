// JavaScript text of functions, classes, methods and patterns.

import { sparseList } from './emit-expressions.ts'
import type { Emission, EmitTable } from './emission.ts'
import { flagAt, nodeAt, nodesAt, optionalNodeAt, sparseNodesAt, textAt } from './fields.ts'
import { isPlainName, stringLiteral } from './literals.ts'
import { bindsParametersInBody, requiredParameters } from './parameters.ts'
import { LEVEL, leftmost } from './precedence.ts'
import type { Node } from './term.ts'

/** What a function's text begins with, by its kind. */
export const KEYWORDS: Readonly<Record<string, string>> = {
  function: 'function',
  generator: 'function*',
  async: 'async function',
  asyncGenerator: 'async function*',
}
const METHOD_PREFIXES: Readonly<Record<string, string>> = {
  function: '',
  generator: '*',
  async: 'async ',
  asyncGenerator: 'async *',
}

export const FUNCTIONS: EmitTable = {
  Function(node, to) {
    const self = optionalNodeAt(node, 'self')
    named(KEYWORDS[textAt(node, 'kind')] as string, self, to)
    if (!self) to.write(' ')
    signatureAndBody(node, to)
  },
  Arrow(node, to) {
    if (flagAt(node, 'async')) to.write('async ')
    signatureAndBody(node, to)
  },
  Class: (node, to) => classText(node, optionalNodeAt(node, 'self'), to),
  Method(node, to) {
    const value = nodeAt(node, 'value')
    const kind = textAt(node, 'kind')
    if (flagAt(node, 'static')) to.write('static ')
    to.write(kind === 'method' ? (METHOD_PREFIXES[textAt(value, 'kind')] as string) : `${kind} `)
    key(nodeAt(node, 'key'), to)
    signatureAndBody(value, to, kind === 'set')
  },
  Field(node, to) {
    const value = optionalNodeAt(node, 'value')
    if (flagAt(node, 'static')) to.write('static ')
    key(nodeAt(node, 'key'), to)
    if (value) {
      to.write(' = ')
      to.function(() => to.expression(value))
    }
    to.write(';')
  },
  StaticBlock(node, to) {
    to.write('static ')
    to.function(() => to.block(nodesAt(node, 'body')))
  },
  Property(node, to) {
    key(nodeAt(node, 'key'), to)
    to.write(': ')
    to.expression(nodeAt(node, 'value'))
  },
}

export const PATTERNS: EmitTable = {
  ObjectPattern(node, to) {
    to.write('{ ')
    to.list(nodesAt(node, 'properties'), (property) => to.node(property))
    to.write(' }')
  },
  PatternProperty(node, to) {
    key(nodeAt(node, 'key'), to)
    to.write(': ')
    to.node(nodeAt(node, 'value'))
  },
  ArrayPattern(node, to) {
    to.write('[')
    sparseList(sparseNodesAt(node, 'elements'), to)
    to.write(']')
  },
  Default(node, to) {
    to.node(nodeAt(node, 'target'))
    to.write(' = ')
    to.expression(nodeAt(node, 'value'))
  },
  Rest(node, to) {
    to.write('...')
    to.node(nodeAt(node, 'target'))
  },
}

/** A class with the binding that its own body, or a declaration, knows it by. */
export function classText(node: Node, binding: Node | null, to: Emission): void {
  const name = textAt(node, 'name')
  if (to.isLegible && !binding && isPlainName(name)) to.write(`class ${name}`)
  else named('class', binding, to)
  const superClass = optionalNodeAt(node, 'superClass')
  if (superClass) {
    to.write(' extends ')
    to.expression(superClass, LEVEL.call)
  }
  to.write(' ')
  const members: readonly (Node | null)[] = nodesAt(node, 'members')
  const keepsName = !to.isLegible && name !== '' && !nodesAt(node, 'members').some(mayBeStaticName)
  to.braces(keepsName ? [null, ...members] : members, (member) =>
    member ? to.node(member) : nameBlock(name, to),
  )
}

/** Text before a function's parameters or a class's body: the keyword, and the binding if it has one. */
export function named(keyword: string, binding: Node | null, to: Emission): void {
  to.write(binding ? `${keyword} ` : keyword)
  if (binding) to.node(binding)
}

export function signatureAndBody(node: Node, to: Emission, isSetter = false): void {
  to.function(() => {
    if (!to.isLegible && bindsParametersInBody(node)) return boundInBody(node, to, isSetter)
    to.write('(')
    to.list(nodesAt(node, 'params'), (param) => to.node(param))
    to.write(node.type === 'Arrow' ? ') => ' : ') ')
    const result = to.isLegible && node.type === 'Arrow' ? onlyResult(node) : undefined
    if (result)
      to.parenthesised(
        result,
        result.type === 'Sequence' ||
          leftmost(result).type === 'Object' ||
          leftmost(result).type === 'ObjectPattern',
      )
    else to.block(nodesAt(node, 'body'))
  })
}

/** The expression that an arrow's only statement returns. */
function onlyResult(node: Node): Node | undefined {
  const [statement, ...others] = nodesAt(node, 'body')
  if (statement?.type !== 'Return' || others.length > 0) return undefined
  return optionalNodeAt(statement, 'argument') ?? undefined
}

/**
 * Works around what parameters.ts describes: `(a, …_r) => { let [g = () => a] = _r; … }`. The
 * parameters that count for `length` stay; a setter, which may have no rest, has an optional one.
 */
function boundInBody(node: Node, to: Emission, isSetter: boolean): void {
  const params = nodesAt(node, 'params')
  const required = requiredParameters(params)
  const others = params.slice(required.length)
  to.write('(')
  required.forEach((param, index) => {
    if (index > 0) to.write(', ')
    if (param.type === 'Local') to.node(param)
    else to.write(`_p${index}`)
  })
  if (others.length > 0) to.write(`${required.length > 0 ? ', ' : ''}${isSetter ? '_r = void 0' : '..._r'}`)
  to.write(node.type === 'Arrow' ? ') => { ' : ') { ')
  required.forEach((param, index) => {
    if (param.type === 'Local') return
    to.write('let ')
    to.node(param)
    to.write(` = _p${index}; `)
  })
  if (others.length > 0) {
    to.write('let [')
    to.list(others, (param) => to.node(param))
    to.write(isSetter ? '] = [_r]; ' : '] = _r; ')
  }
  for (const statement of nodesAt(node, 'body')) {
    to.node(statement)
    to.write(' ')
  }
  to.write('}')
}

/** A plain key without quotes where it needs none; a computed or private one as it is. */
function key(node: Node, to: Emission): void {
  const name = node.type === 'String' ? textAt(node, 'value') : undefined
  if (name !== undefined && isPlainName(name)) to.nodeAs(node, name)
  // QuickJS takes a field with this key for the private name `#constructor`, which nothing may have.
  else if (name === '#constructor' && !to.isLegible) to.nodeAs(node, '["#constructor"]')
  else to.node(node)
}

/** Gives a class the name that its author gave it, whatever its binding is called here. */
function nameBlock(name: string, to: Emission): void {
  to.write(
    `static { ${to.intrinsic('Object')}.defineProperty(this, "name", { value: ${stringLiteral(name)}, configurable: true }); }`,
  )
}

function mayBeStaticName(member: Node): boolean {
  if (member.type === 'StaticBlock' || member['static'] !== true) return false
  const memberKey = nodeAt(member, 'key')
  return memberKey.type === 'Computed' || (memberKey.type === 'String' && memberKey['value'] === 'name')
}
