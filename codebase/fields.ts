// Typed reading of a node's fields. GRAMMAR says which fields a node has; these
// only give them the type that it says.

import type { Node } from './term.ts'

export function nodeAt(node: Node, field: string): Node {
  return node[field] as Node
}

export function optionalNodeAt(node: Node, field: string): Node | null {
  return node[field] as Node | null
}

export function nodesAt(node: Node, field: string): readonly Node[] {
  return node[field] as readonly Node[]
}

/** A list with holes. */
export function sparseNodesAt(node: Node, field: string): readonly (Node | null)[] {
  return node[field] as readonly (Node | null)[]
}

export function textAt(node: Node, field: string): string {
  return node[field] as string
}

export function textsAt(node: Node, field: string): readonly string[] {
  return node[field] as readonly string[]
}

export function numberAt(node: Node, field: string): number {
  return node[field] as number
}

export function flagAt(node: Node, field: string): boolean {
  return node[field] as boolean
}
