// Bytes that are not objects: what can be computed again, and what abilities keep.

import { Batch, type Database } from './database.ts'
import { MEMO_BYTES } from './limits.ts'

/** Results that can be computed again, by a key that says all they depend on. */
export interface MemoStore {
  get(key: string): Promise<Uint8Array | undefined>
  /** Returns before the bytes are on disk: losing them costs a computation. */
  put(key: string, value: Uint8Array): Promise<void>
}

/**
 * Memos in two generations: when the newer one has half of `maximumBytes`, the older one goes. What is
 * read of the older one moves to the newer, so that what is used stays.
 */
export function memoStore(database: Database, maximumBytes: number = MEMO_BYTES): MemoStore {
  const { memo } = database
  const write = (batch: Batch): Promise<void> => database.write(batch, { sync: false })
  let generation: Promise<Generation> | undefined
  const put = async (key: string, value: Uint8Array): Promise<void> => {
    const now = await (generation ??= readGeneration(database))
    now.bytes += key.length + value.length
    const batch = new Batch().put(memo, `${now.number}/${key}`, value)
    if (now.bytes >= maximumBytes / 2) {
      const older = `${now.number - 1}/`
      now.number++
      now.bytes = 0
      for (const each of await memo.keys({ prefix: older })) batch.delete(memo, each)
    }
    await write(batch.put(memo, GENERATION_KEY, new TextEncoder().encode(JSON.stringify(now))))
  }
  return {
    async get(key) {
      const { number } = await (generation ??= readGeneration(database))
      // A memo must cost less than what it saves: no other thread is asked.
      const newer = memo.getNow(`${number}/${key}`)
      if (newer) return newer
      const older = memo.getNow(`${number - 1}/${key}`)
      if (older) await put(key, older)
      return older
    },
    put,
  }
}

/** The newer generation: its number, and the bytes that it has. */
interface Generation {
  number: number
  bytes: number
}

const GENERATION_KEY = 'generation'

async function readGeneration({ memo }: Database): Promise<Generation> {
  const bytes = await memo.get(GENERATION_KEY)
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as Generation) : { number: 0, bytes: 0 }
}

/** Bytes by key, apart from those of every other owner. Writes are on disk when they return. */
export interface Storage {
  get(key: string): Promise<Uint8Array | undefined>
  put(key: string, value: Uint8Array): Promise<void>
  delete(key: string): Promise<void>
  /** Keys that begin with `prefix`, in ascending order of their UTF-8 bytes: the first `limit` of those behind `after`. */
  list(prefix?: string, range?: { readonly after?: string; readonly limit?: number }): Promise<string[]>
}

/** The storage of `owner`, a name without `/`. @throws RangeError for any other */
export function storageOf(database: Database, owner: string): Storage {
  if (!/^[^/]+$/.test(owner))
    throw new RangeError(`Cannot open storage ${JSON.stringify(owner)}: expected a name without /`)
  const { storage } = database
  const base = `${owner}/`
  return {
    get: (key) => storage.get(base + key),
    put: (key, value) => database.write(new Batch().put(storage, base + key, value)),
    delete: (key) => database.write(new Batch().delete(storage, base + key)),
    list: async (prefix = '', { after, ...range } = {}) => {
      const keys = await storage.keys({
        prefix: base + prefix,
        ...(after !== undefined && { after: base + after }),
        ...range,
      })
      return keys.map((key) => key.slice(base.length))
    },
  }
}
