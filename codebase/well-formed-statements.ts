// Statements: where jumps have a target, and what the parts of a statement may be.

import { type CheckTable, type Checking, check, isAsync, type Surroundings } from './checking.ts'
import { flagAt, nodeAt, nodesAt, optionalNodeAt } from './fields.ts'
import { GRAMMAR, type Node } from './term.ts'
import { declare, target } from './well-formed-patterns.ts'

export const STATEMENTS: CheckTable = {
  ForIn: forEach,
  ForOf: forEach,
  For: loop,
  While: loop,
  DoWhile: loop,
  Break: jump,
  Continue: jump,
  Labeled(node, around, to) {
    const body = nodeAt(node, 'body')
    check(
      !['Declare', 'FunctionDeclaration', 'ClassDeclaration'].includes(body.type),
      'a labelled declaration',
    )
    to.node(body, { ...around, labels: [labelsLoop(body), ...around.labels] })
  },
  Switch(node, around, to) {
    const cases = nodesAt(node, 'cases')
    check(cases.filter((item) => item['test'] === null).length < 2, 'a switch with two defaults')
    to.node(nodeAt(node, 'discriminant'), around)
    to.nodes(cases, { ...around, inBreakable: true })
  },
  If(node, around, to) {
    const alternate = optionalNodeAt(node, 'alternate')
    const isBranch = alternate === null || alternate.type === 'Block' || alternate.type === 'If'
    check(isBranch, 'an else that is neither a block nor an if')
    to.children(node, around)
  },
  Try(node, around, to) {
    const finalizer = optionalNodeAt(node, 'finalizer')
    check(
      finalizer === null ? node['handler'] !== null : finalizer.type === 'Block',
      'a try without catch or finally',
    )
    to.children(node, around)
  },
  Catch(node, around, to) {
    const param = optionalNodeAt(node, 'param')
    if (param) target(param, around, to, 'binding')
    to.nodes(nodesAt(node, 'body'), around)
  },
}

function forEach(node: Node, around: Surroundings, to: Checking): void {
  const isAwaiting = node.type === 'ForOf' && flagAt(node, 'await')
  check(!isAwaiting || isAsync(around), 'for await outside of an async function')
  const left = nodeAt(node, 'left')
  if (left.type === 'Declare') {
    to.itself(left, around)
    declare(left, around, to, true)
  } else {
    target(left, around, to, 'target')
  }
  to.node(nodeAt(node, 'right'), around)
  loopBody(node, around, to)
}

function loop(node: Node, around: Surroundings, to: Checking): void {
  if (node.type === 'DoWhile') loopBody(node, around, to)
  for (const field of ['init', 'test', 'update']) {
    const part = node[field] as Node | null | undefined
    if (!part) continue
    const isStatement = GRAMMAR[part.type].categories.includes('s')
    check(!isStatement || part.type === 'Declare', `${part.type} in the head of a loop`)
    to.node(part, around)
  }
  if (node.type !== 'DoWhile') loopBody(node, around, to)
}

function loopBody(node: Node, around: Surroundings, to: Checking): void {
  to.nodes(nodesAt(node, 'body'), { ...around, inLoop: true, inBreakable: true })
}

function jump(node: Node, around: Surroundings): void {
  const isContinue = node.type === 'Continue'
  const label = node['label'] as number | null
  if (label === null) return check(isContinue ? around.inLoop : around.inBreakable, 'a jump out of nothing')
  const isThere = label < around.labels.length && (!isContinue || around.labels[label] === true)
  check(isThere, 'a jump to a label that is not there')
}

function labelsLoop(node: Node): boolean {
  if (node.type === 'Labeled') return labelsLoop(nodeAt(node, 'body'))
  return ['For', 'ForIn', 'ForOf', 'While', 'DoWhile'].includes(node.type)
}
