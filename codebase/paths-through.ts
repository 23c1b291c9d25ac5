// Walks a function in the order in which it runs, along every path: whether something is
// so (a variable is written, a flag is as it was) wherever the function goes on or ends.

import { childrenOf, type EsNode, isFunction } from './estree.ts'

export interface Walk {
  /** Whether of a choice with several branches one is enough: which of them runs is seldom left open by accident. */
  readonly isOneEnough?: boolean
  /** What evaluating `node` itself comes to, after what is in it: true, false, or undefined when it leaves things as they are. */
  effect(node: EsNode): boolean | undefined
  /** Called at each node, before it has an effect, with what is so there. */
  at?(node: EsNode, isSo: boolean): void
  /** Called where the function is left by `return`, at its end, and where a path is broken off. */
  exit?(kind: 'return' | 'throw' | 'jump', isSo: boolean): void
}

/** Walks a function, or what an instance's field is given; `isSo` at its start. */
export function walkPaths(called: EsNode, isSo: boolean, walk: Walk): void {
  const isField = !isFunction(called)
  const parameters: EsNode[] = isField ? [] : called['params']
  const body: EsNode = isField ? called : called['body']
  const end = through(body, all(parameters, isSo, walk), walk)
  if (!isLeft(body)) walk.exit?.('return', end)
}

/** Whether every path through a statement leaves its function, so that nothing comes after it. */
function isLeft(node: EsNode): boolean {
  switch (node.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
      return true
    case 'BlockStatement':
      return node['body'].some(isLeft)
    case 'IfStatement':
      return node['alternate'] !== null && isLeft(node['consequent']) && isLeft(node['alternate'])
    case 'TryStatement': {
      const { block, handler, finalizer } = node
      return (finalizer && isLeft(finalizer)) || (isLeft(block) && (!handler || isLeft(handler.body)))
    }
    default:
      return false
  }
}

function all(nodes: readonly (EsNode | null)[], isSo: boolean, walk: Walk): boolean {
  return nodes.reduce((so, each) => (each ? through(each, so, walk) : so), isSo)
}

function through(node: EsNode, isSo: boolean, walk: Walk): boolean {
  if (isFunction(node)) {
    // Called at some time from here on.
    walkPaths(node, isSo, { ...walk, exit: () => undefined })
    return isSo
  }
  walk.at?.(node, isSo)
  const inner = branches(node, isSo, walk)
  return walk.effect(node) ?? inner
}

/** What is so after `node`; true where it is not gone on from. */
function branches(node: EsNode, isSo: boolean, walk: Walk): boolean {
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression': {
      const tested = through(node['test'], isSo, walk)
      const one = through(node['consequent'], tested, walk)
      const other = node['alternate'] ? through(node['alternate'], tested, walk) : tested
      return node['alternate'] && walk.isOneEnough ? one || other : one && other
    }
    case 'LogicalExpression':
    case 'AssignmentPattern': {
      const left = through(node['left'], isSo, walk)
      return through(node['right'], left, walk) && left
    }
    case 'AssignmentExpression': {
      const left = through(node['left'], isSo, walk)
      const right = through(node['right'], left, walk)
      return /^(&&|\|\||\?\?)=$/.test(node['operator']) ? left && right : right
    }
    case 'ChainExpression':
    case 'LabeledStatement':
      return all(childrenOf(node), isSo, walk) && isSo
    case 'SwitchStatement':
      return walk.isOneEnough
        ? switched(node, isSo, walk)
        : absorbing(walk, (within) => switched(node, isSo, within))
    case 'TryStatement':
      return tried(node, isSo, walk)
    case 'ReturnStatement':
    case 'ThrowStatement': {
      const given = all([node['argument']], isSo, walk)
      walk.exit?.(node.type === 'ReturnStatement' ? 'return' : 'throw', given)
      return true
    }
    case 'BreakStatement':
    case 'ContinueStatement':
      walk.exit?.('jump', isSo)
      return true
    default:
      return /^(For|While|DoWhile)/.test(node.type)
        ? absorbing(walk, (within) => looped(node, isSo, within))
        : all(childrenOf(node), isSo, walk)
  }
}

/** As `run` has it, and wherever it is broken off. */
function absorbing(walk: Walk, run: (within: Walk) => boolean): boolean {
  let isSoAtJumps = true
  const result = run({
    ...walk,
    exit(kind, so) {
      if (kind === 'jump') isSoAtJumps &&= so
      else walk.exit?.(kind, so)
    },
  })
  return result && isSoAtJumps
}

function looped(node: EsNode, isSo: boolean, walk: Walk): boolean {
  const before = all([node['init'], node['left'], node['right']], isSo, walk)
  if (node.type === 'DoWhileStatement') return all([node['body'], node['test']], before, walk) && before
  const tested = all([node['test']], before, walk)
  return all([node['body'], node['update']], tested, walk) && tested
}

function switched(node: EsNode, isSo: boolean, walk: Walk): boolean {
  const before = through(node['discriminant'], isSo, walk)
  const after = (node['cases'] as EsNode[]).map((each) =>
    all(each['consequent'], all([each['test']], before, walk), walk),
  )
  return walk.isOneEnough ? before || after.some(Boolean) : before && after.every(Boolean)
}

function tried(node: EsNode, isSo: boolean, walk: Walk): boolean {
  const { block, handler, finalizer } = node as EsNode & Record<string, EsNode | null>
  const isPutBack = finalizer !== null && through(finalizer!, false, { effect: (each) => walk.effect(each) })
  const within: Walk = isPutBack
    ? { ...walk, exit: (kind, so) => walk.exit?.(kind, kind === 'jump' ? so : true) }
    : walk
  const body = through(block!, isSo, within)
  const caught = handler ? through(handler, isSo && body, within) : true
  const after = body && caught
  return finalizer ? through(finalizer, after && isSo, walk) || (isPutBack ?? after) : after
}
