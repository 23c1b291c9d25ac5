// Takes in objects that were made elsewhere: by a peer, or by a run. Their hashes are
// computed here, and each is held against the grammar of its kind before it is stored.

import { Batch } from './database.ts'
import type { Hash } from './hash.ts'
import { checkObject } from './check-object.ts'
import type { Workspace } from './workspace.ts'

/** Stores the objects in one batch and returns their hashes in order. @throws MalformedObjectError, with none stored */
export async function receive(workspace: Workspace, objects: readonly Uint8Array[]): Promise<Hash[]> {
  for (const object of objects) checkObject(object)
  const batch = new Batch()
  const hashes = await workspace.objects.putInto(batch, objects)
  await workspace.database.write(batch)
  return hashes
}
