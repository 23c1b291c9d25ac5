// The index of dependents: for every stored component, one entry per component that it
// links to, written in the batch that stores it. Dependencies need none: they are the
// links of the object itself.

import { linksOf } from './cbor.ts'
import type { Batch, Database } from './database.ts'
import type { Hash } from './hash.ts'

/** Key of the entry that says `dependent` refers to `dependency`. */
export function dependentKey(dependency: Hash, dependent: Hash): string {
  return `${dependency}:${dependent}`
}

/** Adds to `batch` the entries of a component that is stored with it. */
export function indexComponent(batch: Batch, database: Database, hash: Hash, object: Uint8Array): void {
  for (const dependency of linksOf(object)) batch.put(database.dependents, dependentKey(dependency, hash), '')
}

/** Hashes of the stored components that link to `dependency`. */
export async function dependentComponents(database: Database, dependency: Hash): Promise<Hash[]> {
  const keys = await database.dependents.keys({ prefix: `${dependency}:` })
  return keys.map((key) => key.slice(dependency.length + 1) as Hash)
}
