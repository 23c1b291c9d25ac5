// Whether a definition still says what it said, when all that it depends on has moved.

import { referenceOf } from './dependencies.ts'
import { type Reference, referenceText } from './hash.ts'
import { GRAMMAR, type Member, type Node } from './term.ts'

/** A member and where it is. */
export interface PlacedMember {
  readonly member: Member
  readonly reference: Reference
}

/** Whether what stood at the first reference stands at the second now. */
export type HasMoved = (from: Reference, to: Reference) => boolean

/** Whether the two members differ at most in references, and these only as `hasMoved` allows. */
export function isSameButForMoves(a: PlacedMember, b: PlacedMember, hasMoved: HasMoved): boolean {
  const isSameReference = (x: Node, y: Node): boolean | undefined => {
    const from = referenceOf(x, a.reference.hash)
    const to = referenceOf(y, b.reference.hash)
    if (!from || !to) return from || to ? false : undefined
    return referenceText(from) === referenceText(to) || hasMoved(from, to)
  }
  return (
    a.member.nominal === b.member.nominal &&
    a.member.completions.length === b.member.completions.length &&
    isSameNode(a.member.value, b.member.value, isSameReference) &&
    a.member.completions.every((node, index) =>
      isSameNode(node, b.member.completions[index] as Node, isSameReference),
    )
  )
}

/** Compares two nodes that refer to something; undefined when neither does. */
type CompareReferences = (a: Node, b: Node) => boolean | undefined

function isSameNode(a: Node, b: Node, compare: CompareReferences): boolean {
  const sameReference = compare(a, b)
  if (sameReference !== undefined) return sameReference
  return (
    a.type === b.type &&
    GRAMMAR[a.type].fields.every(([name, kind]) => isSameField(kind, a[name], b[name], compare))
  )
}

function isSameField(kind: string, a: unknown, b: unknown, compare: CompareReferences): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    const itemKind = kind.startsWith('nodes') ? 'node' : 'text'
    return a.length === b.length && a.every((item, index) => isSameField(itemKind, item, b[index], compare))
  }
  if (kind.startsWith('node') && a && b) return isSameNode(a as Node, b as Node, compare)
  return Object.is(a, b)
}
