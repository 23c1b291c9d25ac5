// Settles what the table of permits decides before anything runs: a branch that
// `typeof x` of an absent name rules out is taken away, so that it is neither checked
// nor hashed; `Function('return this')()` is `globalThis`.

import { type EsNode, identifier, rewrite, staticText, undefinedAt, varsWithin } from './estree.ts'
import { isPermittedIntrinsic } from './permits.ts'
import type { Binding, Scopes } from './scope.ts'
import { isInert, type KnownNames, knownTruth } from './known-truth.ts'

/**
 * Rewrites `program` in place; true when it changed, so that its scopes have to be resolved again.
 * `more.certain` tells what more some tests come to, `more.imported` what imported names do.
 */
export function settleGuards(program: EsNode, scopes: Scopes, { certain, imported }: Known = {}): boolean {
  let hasChanged = false
  const settling = { scopes, known: { ...knownNames(scopes, imported), ...(certain && { certain }) } }
  rewrite(program, (node) => {
    let settled = node
    for (let next = settle(settled, settling); next !== settled; next = settle(settled, settling))
      settled = next
    if (settled !== node) hasChanged = true
    return settled
  })
  return hasChanged
}

/** What is known beside what the module itself says. */
interface Known {
  certain?(test: EsNode): boolean | undefined
  imported?(name: string): boolean | undefined
}

interface Settling {
  readonly scopes: Scopes
  readonly known: KnownNames
}

/** Constants that lead through more names than this are taken as they are. */
const MAX_NAMES = 16

/**
 * What the initialisers of variables that nothing assigns say of their names. A `var` that is
 * true is false before its initialiser ran, and therefore not known.
 */
export function knownNames(scopes: Scopes, imported?: Known['imported']): KnownNames {
  const declarators = new Map<Binding, EsNode | null>()
  for (const declarator of scopes.initialisers) {
    const binding = declarator['id'].type === 'Identifier' && scopes.bindingOf(declarator['id'])
    if (binding) declarators.set(binding, declarators.has(binding) ? null : declarator)
  }
  let steps = 0
  const known: KnownNames = {
    isAbsent: (identifier) => isAbsent(identifier, scopes),
    truthOf: (identifier) => {
      const binding = scopes.bindingOf(identifier)
      if (binding?.kind === 'import') return imported?.(binding.name)
      const initialiser = binding?.writes === 0 ? declarators.get(binding)?.['init'] : undefined
      if (!initialiser || steps === MAX_NAMES) return undefined
      steps++
      const truth = knownTruth(initialiser, known)
      steps--
      return truth === true && binding?.kind === 'var' ? undefined : truth
    },
  }
  return known
}

/** Whether `identifier` is a free name that the sandbox does not have. */
export function isAbsent(identifier: EsNode, scopes: Pick<Scopes, 'bindingOf'>): boolean {
  const name: string = identifier['name']
  return scopes.bindingOf(identifier) === null && !isPermittedIntrinsic(name) && name !== 'undefined'
}

function settle(node: EsNode, settling: Settling): EsNode {
  switch (node.type) {
    case 'IfStatement': {
      const test = truthOfInert(node['test'], settling)
      if (test === undefined) return node
      const [live, dead]: (EsNode | null)[] = test
        ? [node['consequent'], node['alternate']]
        : [node['alternate'], node['consequent']]
      return withVarsOf(dead ?? null, live ?? { type: 'EmptyStatement', start: node.start, end: node.end })
    }
    case 'ConditionalExpression': {
      const test = truthOfInert(node['test'], settling)
      return test === undefined ? node : asValue(test ? node['consequent'] : node['alternate'])
    }
    case 'LogicalExpression':
      return settleLogical(node, settling)
    case 'CallExpression':
      return isGlobalThisIdiom(node, settling.scopes) ? globalThisAt(node, settling.scopes) : node
    default:
      return node
  }
}

function truthOfInert(test: EsNode, { known }: Settling): boolean | undefined {
  const truth = knownTruth(test, known)
  return truth !== undefined && isInert(test, known) ? truth : undefined
}

/** `left && right`, where `left` is known: what it comes to is `left` itself, or `right`. */
function settleLogical(node: EsNode, { known }: Settling): EsNode {
  const { left: first, right, operator } = node as { left: EsNode; right: EsNode; operator?: string } & EsNode
  const left = knownTruth(first, known)
  if (left === undefined || operator === '??') return node
  if (left !== (operator === '&&'))
    return isBoolean(first) && isInert(first, known) ? booleanAt(node, left) : first
  if (isInert(first, known)) return asValue(right)
  return { type: 'SequenceExpression', expressions: [first, right], start: node.start, end: node.end }
}

/** Whether an expression is `true` or `false`, not only truthy or falsy. */
function isBoolean(node: EsNode): boolean {
  if (node.type === 'LogicalExpression') return isBoolean(node['left']) && isBoolean(node['right'])
  if (node.type === 'BinaryExpression') return /^[!=]==?$/.test(node['operator'])
  return (node.type === 'UnaryExpression' && node['operator'] === '!') || typeof node['value'] === 'boolean'
}

/** `(true && o.f)()` calls `o.f` without its object, and such a class takes no name: what is left stays a value. */
function asValue(operand: EsNode): EsNode {
  if (!/^(Member|Chain|Class)Expression$/.test(operand.type)) return operand
  const { start, end } = operand
  return { type: 'SequenceExpression', expressions: [undefinedAt(operand), operand], start, end }
}

function isGlobalThisIdiom(call: EsNode, scopes: Scopes): boolean {
  const made: EsNode = call['callee']
  if (call['arguments'].length > 0 || (made.type !== 'CallExpression' && made.type !== 'NewExpression'))
    return false
  const [code] = made['arguments']
  const isFunctionIntrinsic = made['callee'].name === 'Function' && scopes.bindingOf(made['callee']) === null
  return (
    isFunctionIntrinsic &&
    made['arguments'].length === 1 &&
    /^\s*return this;?\s*$/.test(staticText(code) ?? '')
  )
}

function globalThisAt(node: EsNode, scopes: Scopes): EsNode {
  const mention = identifier('globalThis', node)
  scopes.bindFree(mention)
  return mention
}

function booleanAt(node: EsNode, value: boolean): EsNode {
  return { type: 'Literal', value, raw: String(value), isSettled: true, start: node.start, end: node.end }
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
