// Strongly connected components (Tarjan 1972), without recursion.

/**
 * The strongly connected components of the graph of `size` vertices whose edges are
 * `targets(vertex)`; a component comes after every other that it reaches.
 */
export function stronglyConnected(size: number, targets: (vertex: number) => readonly number[]): number[][] {
  const order = new Int32Array(size).fill(-1)
  const low = new Int32Array(size)
  const isOpen = new Uint8Array(size)
  const open: number[] = []
  const components: number[][] = []
  let visited = 0

  const enter = (vertex: number): { vertex: number; edges: readonly number[]; next: number } => {
    order[vertex] = low[vertex] = visited++
    isOpen[vertex] = 1
    open.push(vertex)
    return { vertex, edges: targets(vertex), next: 0 }
  }
  const lower = (vertex: number, bound: number): void => {
    if (bound < (low[vertex] as number)) low[vertex] = bound
  }

  for (let root = 0; root < size; root++) {
    if (order[root] !== -1) continue
    const path = [enter(root)]
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const target = top.edges[top.next++]
      if (target === undefined) {
        path.pop()
        const parent = path.at(-1)
        if (parent) lower(parent.vertex, low[top.vertex] as number)
        if (low[top.vertex] === order[top.vertex]) components.push(close(open, isOpen, top.vertex))
      } else if (order[target] === -1) {
        path.push(enter(target))
      } else if (isOpen[target] === 1) {
        lower(top.vertex, order[target] as number)
      }
    }
  }
  return components
}

function close(open: number[], isOpen: Uint8Array, root: number): number[] {
  const component = open.splice(open.lastIndexOf(root))
  for (const vertex of component) isOpen[vertex] = 0
  return component
}
