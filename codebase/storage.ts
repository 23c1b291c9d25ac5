// Bytes that are not objects: what can be computed again, and what abilities keep.

import { Batch, type Database } from './database.ts'

/** Results that can be computed again, by a key that says all they depend on. */
export interface MemoStore {
  get(key: string): Promise<Uint8Array | undefined>
  /** Returns before the bytes are on disk: losing them costs a computation. */
  put(key: string, value: Uint8Array): Promise<void>
}

export function memoStore(database: Database): MemoStore {
  return {
    get: (key) => database.memo.get(key),
    put: (key, value) => database.write(new Batch().put(database.memo, key, value), { sync: false }),
  }
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
