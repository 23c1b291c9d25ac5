// How one namespace differs from another, sorted into what people ask about: names that
// are new, mean something else, are gone, or have moved.

import { type Hash, referenceText } from './hash.ts'
import { diffNamespaces, type Filed, type NameChange } from './namespace.ts'
import type { ObjectSource } from './store.ts'

/** A definition that left one name and took another, its hash unchanged. */
export interface Renamed {
  readonly from: string
  readonly to: string
  readonly filed: Filed
  /** As it was filed under its old name. */
  readonly was: Filed
}

/** Each list in ascending order of names. A change of source alone is in none. */
export interface Changes {
  readonly added: readonly { readonly name: string; readonly to: Filed }[]
  readonly updated: readonly { readonly name: string; readonly from: Filed; readonly to: Filed }[]
  readonly removed: readonly { readonly name: string; readonly from: Filed }[]
  readonly renamed: readonly Renamed[]
}

/** How namespace `b` differs from `a`; null is the empty namespace. */
export async function changesBetween(a: Hash | null, b: Hash | null, source: ObjectSource): Promise<Changes> {
  return sortChanges(await diffNamespaces(a, b, source))
}

/** The changes by what they are. A name that went and one that came with one reference are a rename, paired once. */
export function sortChanges(changes: readonly NameChange[]): Changes {
  const gone = new Map<string, { name: string; from: Filed }>()
  const came: { name: string; to: Filed }[] = []
  const updated: { name: string; from: Filed; to: Filed }[] = []
  for (const { name, from, to } of changes) {
    if (from && to) {
      if (referenceText(from.reference) !== referenceText(to.reference)) updated.push({ name, from, to })
    } else if (from) gone.set(name, { name, from })
    else if (to) came.push({ name, to })
  }
  const renamed: Renamed[] = []
  const added = came.filter(({ name, to }) => {
    const origin = originOf(name, to, [...gone.values()])
    if (!origin) return true
    gone.delete(origin.name)
    renamed.push({ from: origin.name, to: name, filed: to, was: origin.from })
    return false
  })
  return { added, updated, removed: [...gone.values()], renamed }
}

/** Which of the names that went the new one was: with its reference, and best with its last segment or its source. */
function originOf(
  name: string,
  { reference, source }: Filed,
  gone: readonly { readonly name: string; readonly from: Filed }[],
): { readonly name: string; readonly from: Filed } | undefined {
  const same = gone.filter(({ from }) => referenceText(from.reference) === referenceText(reference))
  return (
    same.find((other) => lastSegment(other.name) === lastSegment(name)) ??
    same.find(({ from }) => from.source === source) ??
    same[0]
  )
}

/** `mean` of `math.stats.mean`. */
export function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
