// Rebuilds terms with some of their nodes replaced; what does not change is shared.

import { type Member, type Node, nodeFields, type Pending } from './term.ts'

/** What to put in the place of a node; undefined leaves it and looks inside. */
export type Replace = (node: Node | Pending) => Node | Pending | undefined

export function mapMember(member: Member, replace: Replace): Member {
  const value = mapTerm(member.value, replace)
  const completions = member.completions.map((completion) => mapTerm(completion, replace))
  const isSame =
    value === member.value &&
    completions.every((completion, index) => completion === member.completions[index])
  return isSame ? member : { ...member, value, completions }
}

function mapTerm(node: Node, replace: Replace): Node {
  const replaced = replace(node)
  if (replaced) return replaced as Node
  let copy: { [field: string]: unknown } | undefined
  for (const name of nodeFields(node)) {
    const before = node[name]
    const after = Array.isArray(before)
      ? mapList(before as readonly (Node | null)[], replace)
      : before && mapTerm(before as Node, replace)
    if (after !== before) (copy ??= { ...node })[name] = after
  }
  return (copy as Node | undefined) ?? node
}

function mapList(nodes: readonly (Node | null)[], replace: Replace): readonly (Node | null)[] {
  let mapped: (Node | null)[] | undefined
  for (const [index, node] of nodes.entries()) {
    const after = node && mapTerm(node, replace)
    if (after !== node) (mapped ??= [...nodes])[index] = after
  }
  return mapped ?? nodes
}
