// A definition is evaluated whole: its declaration and all that completes it. What is
// evaluated in the middle of that, as the file has it, would see it as it is not yet.

import { type EsNode, isFunction } from './estree.ts'
import { type Loading, type PathOf, pathsChanged, pathsRead, type Read } from './loading-paths.ts'
import type { Bundle, Piece } from './pieces.ts'
import { type Refusal, refusal } from './refusals.ts'
import type { Binding, Scopes } from './scope.ts'

interface Change extends PathOf {
  readonly piece: Piece
  readonly index: number
}

/** For each bundle, the completions that something evaluated before them would have to see undone. */
export function untimelyCompletions(
  bundles: readonly Bundle[],
  pieces: readonly Piece[],
  scopes: Scopes,
): Map<Bundle, Refusal[]> {
  const found = new Map<Bundle, Refusal[]>()
  const order = new Map(pieces.map((piece, index) => [piece, index]))
  const loading: Loading = { scopes, values: valuesOf(pieces, scopes) }
  const owner = new Map<Piece, Set<Bundle>>()
  for (const bundle of bundles)
    for (const piece of bundle.pieces) owner.set(piece, (owner.get(piece) ?? new Set()).add(bundle))
  const reads = new Map<Piece, readonly Read[]>()
  const readsOf = (piece: Piece): readonly Read[] => {
    const known = reads.get(piece) ?? pathsRead(piece.statement, loading)
    reads.set(piece, known)
    return known
  }
  for (const bundle of bundles) {
    const changes = changesOf(bundle, order, loading)
    if (changes.length === 0) continue
    const last = Math.max(...changes.map(({ index }) => index))
    for (const piece of pieces.slice(0, last)) {
      const owners = owner.get(piece)
      if (!owners || owners.has(bundle) || isFunction(piece.statement)) continue
      const index = order.get(piece)!
      const change = changes.find(
        (each) => each.index > index && readsOf(piece).some((read) => isSeen(each, read)),
      )
      if (change) found.set(bundle, [...(found.get(bundle) ?? []), refuseUntimely(change)])
    }
  }
  return found
}

function valuesOf(pieces: readonly Piece[], scopes: Scopes): Map<Binding, EsNode> {
  const values = new Map<Binding, EsNode>()
  for (const { statement, isDeclaration } of pieces) {
    const [declarator] = statement['declarations'] ?? []
    const id: EsNode | null = declarator ? declarator.id : (statement['id'] ?? null)
    const binding = isDeclaration && id?.type === 'Identifier' ? scopes.bindingOf(id) : undefined
    const value: EsNode | null = declarator ? declarator.init : statement
    if (binding && value) values.set(binding, value)
  }
  return values
}

/** What the pieces of a bundle change of it, each at its place in the file. */
function changesOf(bundle: Bundle, order: ReadonlyMap<Piece, number>, loading: Loading): Change[] {
  return bundle.pieces.flatMap((piece): Change[] => {
    const at = { piece, index: order.get(piece)! }
    if (piece.isDeclaration)
      return isLateVariable(piece) ? piece.declares.map((binding) => ({ binding, keys: [], ...at })) : []
    const certain = pathsChanged(piece.statement, loading).filter(({ binding }) =>
      bundle.bindings.includes(binding),
    )
    const told = new Set(certain.map(({ binding }) => binding))
    const { reassigned, mutated } = piece.changes
    const others = [...reassigned, ...mutated]
      .filter((binding) => bundle.bindings.includes(binding) && !told.has(binding))
      .map((binding) => ({ binding, keys: reassigned.has(binding) ? [] : [undefined] }))
    return [...certain, ...others].map((path) => ({ ...path, ...at }))
  })
}

/** A `var` is `undefined` before its declaration; everything else that is not a function throws there. */
function isLateVariable({ statement }: Piece): boolean {
  return statement['kind'] === 'var' && statement['declarations'][0].init !== null
}

function isSeen(change: PathOf, { binding, keys, isReference }: Read): boolean {
  if (binding !== change.binding) return false
  const isAlong = keys.every((key, i) => i >= change.keys.length || agree(key, change.keys[i]))
  return isAlong && (keys.length >= change.keys.length || !isReference)
}

/** Whether two keys may be one; what is computed is hardly `prototype`. */
function agree(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return one !== 'prototype' && other !== 'prototype'
  return one === other
}

function refuseUntimely({ piece, binding }: Change): Refusal {
  return refusal(
    isConversion(piece.statement, binding.name) ? 'order-lost' : 'statement-refused',
    piece.statement,
    `it gives \`${binding.name}\` what something evaluated before reads without it, and here \`${binding.name}\` is made as a whole first`,
    'move this up to the declaration, or give each value a name of its own',
  )
}

/** `x = new Big(x)`: the same in another form, as numbers of any precision are written first as text. */
function isConversion({ expression }: EsNode, name: string): boolean {
  if (expression?.type !== 'AssignmentExpression' || expression.operator !== '=') return false
  const { left, right } = expression as EsNode & { left: EsNode; right: EsNode }
  const isName = (node: EsNode | undefined): boolean => node?.type === 'Identifier' && node['name'] === name
  return (
    isName(left) &&
    right.type === 'NewExpression' &&
    right['arguments'].length === 1 &&
    isName(right['arguments'][0])
  )
}
