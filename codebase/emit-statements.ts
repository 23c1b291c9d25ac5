// JavaScript text of statements.

import { classText, KEYWORDS, named, signatureAndBody } from './emit-functions.ts'
import type { Emission, EmitTable } from './emission.ts'
import { flagAt, nodeAt, nodesAt, optionalNodeAt, textAt } from './fields.ts'
import { LEVEL, leftmost, mentionsIn, yields } from './precedence.ts'
import type { Node } from './term.ts'

/** What the text of an expression statement must not begin with. */
const STATEMENT_STARTS: readonly string[] = ['Object', 'ObjectPattern', 'Function', 'Class']

const SIMPLE: EmitTable = {
  Block: (node, to) => to.block(nodesAt(node, 'body')),
  Expression(node, to) {
    const expression = nodeAt(node, 'expression')
    // A string alone would be a directive.
    to.parenthesised(
      expression,
      expression.type === 'String' || STATEMENT_STARTS.includes(leftmost(expression).type),
    )
    to.write(';')
  },
  Declare(node, to) {
    declarations(node, to)
    to.write(';')
  },
  Declarator(node, to) {
    to.node(nodeAt(node, 'target'))
    const init = optionalNodeAt(node, 'init')
    if (!init) return
    to.write(' = ')
    to.expression(init)
  },
  FunctionDeclaration(node, to) {
    const value = nodeAt(node, 'value')
    named(KEYWORDS[textAt(value, 'kind')] as string, nodeAt(node, 'local'), to)
    signatureAndBody(value, to)
  },
  ClassDeclaration: (node, to) => classText(nodeAt(node, 'value'), nodeAt(node, 'local'), to),
  Return(node, to) {
    const argument = optionalNodeAt(node, 'argument')
    to.write(argument ? 'return ' : 'return')
    if (argument) to.expression(argument, LEVEL.sequence)
    to.write(';')
  },
  Throw(node, to) {
    to.write('throw ')
    to.expression(nodeAt(node, 'argument'), LEVEL.sequence)
    to.write(';')
  },
  Labeled: (node, to) =>
    holdingIterable(node, to, () => {
      to.write(`L${to.labels}: `)
      to.labels++
      to.node(nodeAt(node, 'body'))
      to.labels--
    }),
  Break: (node, to) => jump('break', node, to),
  Continue: (node, to) => jump('continue', node, to),
}

const BRANCHES: EmitTable = {
  If(node, to) {
    head('if', nodeAt(node, 'test'), to)
    to.block(nodesAt(node, 'consequent'))
    const alternate = optionalNodeAt(node, 'alternate')
    if (!alternate) return
    to.write(' else ')
    to.node(alternate)
  },
  Switch(node, to) {
    head('switch', nodeAt(node, 'discriminant'), to)
    to.braces(nodesAt(node, 'cases'), (item) => to.node(item))
  },
  Case(node, to) {
    const test = optionalNodeAt(node, 'test')
    to.write(test ? 'case ' : 'default')
    if (test) to.expression(test, LEVEL.sequence)
    to.write(':')
    for (const statement of nodesAt(node, 'consequent')) {
      to.write(' ')
      to.node(statement)
    }
  },
  Try(node, to) {
    to.write('try ')
    to.block(nodesAt(node, 'block'))
    const handler = optionalNodeAt(node, 'handler')
    if (handler) {
      to.write(' ')
      to.node(handler)
    }
    const finalizer = optionalNodeAt(node, 'finalizer')
    if (!finalizer) return
    to.write(' finally ')
    to.node(finalizer)
  },
  Catch(node, to) {
    const param = optionalNodeAt(node, 'param')
    to.write(param ? 'catch (' : 'catch ')
    if (param) {
      to.node(param)
      to.write(') ')
    }
    to.block(nodesAt(node, 'body'))
  },
}

const LOOPS: EmitTable = {
  For(node, to) {
    const init = optionalNodeAt(node, 'init')
    to.write('for (')
    if (init?.type === 'Declare') declarations(init, to, true)
    else if (init) to.parenthesised(init, mentionsIn(init))
    to.write('; ')
    optional(optionalNodeAt(node, 'test'), to)
    to.write('; ')
    optional(optionalNodeAt(node, 'update'), to)
    to.write(') ')
    to.block(nodesAt(node, 'body'))
  },
  ForIn(node, to) {
    to.write('for (')
    loopTarget(nodeAt(node, 'left'), to)
    to.write(' in ')
    to.expression(nodeAt(node, 'right'), LEVEL.sequence)
    to.write(') ')
    to.block(nodesAt(node, 'body'))
  },
  ForOf: (node, to) =>
    holdingIterable(node, to, () => {
      const isHeld = to.heldLoop === node
      to.write(flagAt(node, 'await') ? 'for await (' : 'for (')
      loopTarget(nodeAt(node, 'left'), to)
      to.write(' of ')
      if (isHeld) to.write(HELD)
      else to.expression(nodeAt(node, 'right'))
      to.write(') ')
      to.block(nodesAt(node, 'body'))
    }),
  While(node, to) {
    head('while', nodeAt(node, 'test'), to)
    to.block(nodesAt(node, 'body'))
  },
  DoWhile(node, to) {
    to.write('do ')
    to.block(nodesAt(node, 'body'))
    to.write(' while (')
    to.expression(nodeAt(node, 'test'), LEVEL.sequence)
    to.write(');')
  },
}

/** The name that an iterable is held under; no generated name is like it. */
const HELD = '$iterable'

/**
 * QuickJS 2025-09 cannot compile a `yield` in the iterable of a `for…of` ("stack underflow"):
 * such an iterable is evaluated before the loop, and before the labels that the loop has.
 */
function holdingIterable(node: Node, to: Emission, write: () => void): void {
  let loop = node
  while (loop.type === 'Labeled') loop = nodeAt(loop, 'body')
  const isFaulty = loop.type === 'ForOf' && !flagAt(loop, 'await') && yields(nodeAt(loop, 'right'))
  if (!isFaulty || to.isLegible || to.heldLoop === loop) return write()
  to.write(`{ const ${HELD} = `)
  to.expression(nodeAt(loop, 'right'))
  to.write('; ')
  to.heldLoop = loop
  write()
  to.write(' }')
}

export const STATEMENTS: EmitTable = { ...SIMPLE, ...BRANCHES, ...LOOPS }

function head(keyword: string, test: Node, to: Emission): void {
  to.write(`${keyword} (`)
  to.expression(test, LEVEL.sequence)
  to.write(') ')
}

function optional(node: Node | null, to: Emission): void {
  if (node) to.expression(node, LEVEL.sequence)
}

function jump(keyword: string, node: Node, to: Emission): void {
  const label = node['label'] as number | null
  to.write(label === null ? `${keyword};` : `${keyword} L${to.labels - 1 - label};`)
}

/** A declaration without its semicolon; in the head of a `for`, `in` must not be seen. */
function declarations(node: Node, to: Emission, isInHead = false): void {
  to.write(`${textAt(node, 'kind')} `)
  to.list(nodesAt(node, 'declarators'), (declarator) => {
    const init = optionalNodeAt(declarator, 'init')
    if (!isInHead || !init || !mentionsIn(init)) return to.node(declarator)
    to.node(nodeAt(declarator, 'target'))
    to.write(' = ')
    to.parenthesised(init, true)
  })
}

function loopTarget(left: Node, to: Emission): void {
  if (left.type === 'Declare') declarations(left, to)
  else to.node(left)
}
