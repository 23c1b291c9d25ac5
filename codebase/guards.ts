// Settles what the table of permits decides before anything runs: a branch that
// `typeof x` of an absent name rules out is taken away, so that it is neither checked
// nor hashed; `Function('return this')()` is `globalThis`.

import { type EsNode, identifier, rewrite, varsWithin } from './estree.ts'
import { isPermittedIntrinsic } from './permits.ts'
import type { Scopes } from './scope.ts'
import { staticTruth } from './static-truth.ts'

/** Rewrites `program` in place; true when it changed, so that its scopes have to be resolved again. */
export function settleGuards(program: EsNode, scopes: Scopes): boolean {
  let hasChanged = false
  rewrite(program, (node) => {
    let settled = node
    for (let next = settle(settled, scopes); next !== settled; next = settle(settled, scopes)) settled = next
    if (settled !== node) hasChanged = true
    return settled
  })
  return hasChanged
}

/** Whether `identifier` is a free name that the sandbox does not have. */
export function isAbsent(identifier: EsNode, scopes: Pick<Scopes, 'bindingOf'>): boolean {
  const name: string = identifier['name']
  return scopes.bindingOf(identifier) === null && !isPermittedIntrinsic(name) && name !== 'undefined'
}

function settle(node: EsNode, scopes: Scopes): EsNode {
  const truthOf = (test: EsNode): boolean | undefined => staticTruth(test, (id) => isAbsent(id, scopes))
  switch (node.type) {
    case 'IfStatement': {
      const test = truthOf(node['test'])
      if (test === undefined) return node
      const [live, dead]: (EsNode | null)[] = test
        ? [node['consequent'], node['alternate']]
        : [node['alternate'], node['consequent']]
      return withVarsOf(dead ?? null, live ?? { type: 'EmptyStatement', start: node.start, end: node.end })
    }
    case 'ConditionalExpression': {
      const test = truthOf(node['test'])
      return test === undefined ? node : test ? node['consequent'] : node['alternate']
    }
    case 'LogicalExpression': {
      const left = truthOf(node['left'])
      if (left === undefined || node['operator'] === '??') return node
      return left === (node['operator'] === '&&') ? node['right'] : booleanAt(node, left)
    }
    case 'CallExpression':
      return isGlobalThisIdiom(node, scopes) ? globalThisAt(node, scopes) : node
    default:
      return node
  }
}

function isGlobalThisIdiom(call: EsNode, scopes: Scopes): boolean {
  const made: EsNode = call['callee']
  if (call['arguments'].length > 0 || (made.type !== 'CallExpression' && made.type !== 'NewExpression'))
    return false
  const [code] = made['arguments']
  const isFunctionIntrinsic = made['callee'].name === 'Function' && scopes.bindingOf(made['callee']) === null
  return isFunctionIntrinsic && made['arguments'].length === 1 && /^\s*return this;?\s*$/.test(code.value)
}

function globalThisAt(node: EsNode, scopes: Scopes): EsNode {
  const mention = identifier('globalThis', node)
  scopes.bindFree(mention)
  return mention
}

function booleanAt(node: EsNode, value: boolean): EsNode {
  return { type: 'Literal', value, raw: String(value), start: node.start, end: node.end }
}

/** `live`, after declarations of the `var`s of `dead`, which the code around may mention. */
function withVarsOf(dead: EsNode | null, live: EsNode): EsNode {
  const names = dead ? varsWithin(dead) : []
  if (names.length === 0) return live
  const at = { start: live.start, end: live.end }
  const declarations = names.map((id) => ({ type: 'VariableDeclarator', id, init: null, ...at }))
  return {
    type: 'BlockStatement',
    body: [{ type: 'VariableDeclaration', kind: 'var', declarations, ...at }, live],
    ...at,
  }
}
