// Runs that were made here: their receipts, which are objects, and what a replay of each needs.

import { checkObject } from './check-object.ts'
import { Batch } from './database.ts'
import { OBJECT_KINDS } from './encode.ts'
import { KnownError } from './errors.ts'
import { formatHash, type Hash } from './hash.ts'
import { hashesOfKind } from './resolve-text.ts'
import { requireObject } from './store.ts'
import type { Workspace } from './workspace.ts'

/** A run that is kept. */
export interface KeptRun {
  readonly hash: Hash
  /** The receipt's object. */
  readonly receipt: Uint8Array
  /** What a replay needs, as whoever ran it wrote it; undefined for a run that was made elsewhere. */
  readonly record: Uint8Array | undefined
}

/** Stores a receipt with its record, in one batch. @throws MalformedObjectError */
export async function putRun(
  { database, objects }: Workspace,
  { receipt, record }: { readonly receipt: Uint8Array; readonly record: Uint8Array },
): Promise<Hash> {
  checkObject(receipt)
  const batch = new Batch()
  const [hash] = (await objects.putInto(batch, [receipt])) as [Hash]
  await database.write(batch.put(database.runs, hash, record))
  return hash
}

/** The run whose receipt's hash begins with `text`. @throws KnownError input `receipt-unknown`, `hash-ambiguous` */
export async function findRun(workspace: Workspace, text: string): Promise<KeptRun> {
  const prefix = text.replace(/^#/, '')
  const found = /^[a-z2-7]{4,52}$/.test(prefix)
    ? await hashesOfKind(workspace, prefix, OBJECT_KINDS.receipt)
    : []
  const [hash] = found
  if (hash === undefined)
    throw new KnownError('input', 'receipt-unknown', `Cannot find receipt ${text}: the codebase has none`, {
      hint: '`ucm run` shows the receipt of each run; ten characters of it are enough',
      details: { receipt: text },
    })
  if (found.length > 1)
    throw new KnownError(
      'input',
      'hash-ambiguous',
      `Cannot tell what ${text} means: ${found.length} receipts begin so`,
      {
        hint: `give more of it: ${found.map(formatHash).join(', ')}`,
        details: { receipt: text, candidates: found },
      },
    )
  const receipt = await requireObject(workspace.objects, hash)
  return { hash, receipt, record: await workspace.database.runs.get(hash) }
}
