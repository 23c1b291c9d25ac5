// A variable that functions fill when they first need it (`table ??= makeTable()`) only
// remembers what could be computed again. It becomes a property of a constant, since
// no function of a term assigns to another definition.

import { childrenOf, type EsNode, identifier, isFunction, rewrite, writtenBy, staticText } from './estree.ts'
import type { Binding, Scopes } from './scope.ts'

/** Rewrites such variables of `program` in place; true when there were any, so that scopes have to be resolved again. */
export function boxLazyVariables(program: EsNode, scopes: Scopes, scratch: ReadonlySet<string>): boolean {
  const uses = readUses(program, scopes)
  const lazy = new Set(
    [...uses]
      .filter(([binding, use]) => scratch.has(binding.name) || isLazy(binding, use, scopes))
      .map(([binding]) => binding),
  )
  if (lazy.size === 0) return false
  rewrite(program, (node) => boxed(node, lazy, scopes))
  return true
}

/** What functions do to one module-level variable. */
interface Use {
  readonly fills: { readonly node: EsNode; readonly inside: EsNode }[]
  /** Functions that read it. */
  readonly readers: Set<EsNode>
  /** Whether something else is done: it is exported, assigned while loading, counted up… */
  isOther: boolean
}

function readUses(program: EsNode, scopes: Scopes): Map<Binding, Use> {
  const uses = new Map<Binding, Use>()
  const useOf = (node: EsNode): Use | undefined => {
    const binding = node.type === 'Identifier' ? scopes.bindingOf(node) : undefined
    if (!binding?.isModule || !/^(let|var)$/.test(binding.kind)) return undefined
    const use = uses.get(binding) ?? { fills: [], readers: new Set(), isOther: false }
    uses.set(binding, use)
    return use
  }
  const visit = (node: EsNode, inside: EsNode | null): void => {
    const within = isFunction(node) ? node : inside
    const written = writtenBy(node)
    for (const target of written) record(useOf(target), node, within)
    if (node.type === 'ExportNamedDeclaration')
      for (const child of exportedNames(node)) markOther(useOf(child))
    for (const child of childrenOf(node)) {
      if (written.includes(child)) continue
      if (within) useOf(child)?.readers.add(within)
      visit(child, within)
    }
    for (const target of written) if (target.type !== 'Identifier') visit(target, within)
  }
  visit(program, null)
  return uses
}

function record(use: Use | undefined, node: EsNode, inside: EsNode | null): void {
  if (!use) return
  const isPlain =
    node.type === 'AssignmentExpression' &&
    /^(=|\?\?=|\|\|=)$/.test(node['operator']) &&
    node['left'].type === 'Identifier'
  if (!inside || !isPlain) return markOther(use)
  use.fills.push({ node, inside })
  if (node['operator'] !== '=') use.readers.add(inside)
}

function markOther(use: Use | undefined): void {
  if (use) use.isOther = true
}

function exportedNames(node: EsNode): EsNode[] {
  const declared = (node['declaration']?.declarations ?? []).map((d: EsNode) => d['id'])
  return [...declared, ...node['specifiers'].map((s: EsNode) => s['local'])]
}

/** Whether every assignment is made by a function that looks first, and stores what it computed. */
function isLazy(binding: Binding, { fills, readers, isOther }: Use, scopes: Scopes): boolean {
  if (isOther || fills.length === 0 || isSet(binding, scopes)) return false
  const stored = fills.map(({ node }) => node['right'] as EsNode)
  return (
    fills.every(({ node, inside }) => readers.has(inside) && isComputed(node['right'], binding, scopes)) &&
    !isOneLiteral(stored)
  )
}

/** Whether it holds something before it is filled. */
function isSet(binding: Binding, scopes: Scopes): boolean {
  const declarator = scopes.initialisers.find(
    ({ id }) => id.type === 'Identifier' && scopes.bindingOf(id) === binding,
  )
  const initial: EsNode | undefined = declarator?.['init']
  return initial?.type === 'Literal' && initial['value'] !== null
}

/** One literal, whenever something is stored, only tells that something was stored. */
export function isOneLiteral(stored: readonly EsNode[]): boolean {
  const values = stored.map((each) => (each.type === 'Literal' ? each['value'] : staticText(each)))
  return values.every((value) => value !== undefined && value === values[0])
}

function isComputed(stored: EsNode, binding: Binding, scopes: Scopes): boolean {
  if (stored.type === 'Identifier' && scopes.bindingOf(stored)?.kind === 'param') return false
  const mentions = (node: EsNode): boolean =>
    (node.type === 'Identifier' && scopes.bindingOf(node) === binding) || childrenOf(node).some(mentions)
  return !mentions(stored)
}

/** `let x = y` as `const x = { value: y }`, and a mention of it as `x.value`. */
function boxed(node: EsNode, lazy: ReadonlySet<Binding>, scopes: Scopes): EsNode {
  const isLazyName = (id: EsNode): boolean =>
    id.type === 'Identifier' && lazy.has(scopes.bindingOf(id) as Binding)
  if (node.type === 'VariableDeclarator' && isLazyName(node['id'])) {
    const at = { start: node.start, end: node.end }
    const property = {
      type: 'Property',
      kind: 'init',
      key: identifier('value', node),
      value: node['init'] ?? { type: 'Identifier', name: 'undefined', ...at },
      method: false,
      shorthand: false,
      computed: false,
      ...at,
    }
    // The name itself is new, so that it is not taken for a mention.
    const id = identifier(node['id'].name, node['id'])
    return { ...node, id, init: { type: 'ObjectExpression', properties: [property], ...at } }
  }
  if (!isLazyName(node)) return node
  const object = identifier(node['name'], node)
  return {
    type: 'MemberExpression',
    object,
    property: identifier('value', node),
    computed: false,
    optional: false,
    start: node.start,
    end: node.end,
  }
}
