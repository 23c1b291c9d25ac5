// Store kept in a LevelDB sublevel, the embedded provider. The sublevel is given, so this
// file opens nothing; LevelDB orders keys by their UTF-8 bytes, as Store promises.

import type { Provider } from '../provider.ts'
import { makeStoreProvider, type StoreBackend } from './ability.ts'

/** What is used of an abstract-level database whose keys are text and whose values are bytes. */
export interface Sublevel {
  get(key: string): Promise<Uint8Array | undefined>
  put(key: string, value: Uint8Array): Promise<void>
  del(key: string): Promise<void>
  keys(range: { gte?: string; gt?: string }): AsyncIterable<string>
}

/** Answers Store from `sublevel`. */
export function makeLevelStoreProvider(sublevel: Sublevel): Provider {
  return makeStoreProvider(makeLevelBackend(sublevel))
}

/** Keeps bytes in `sublevel`. */
export function makeLevelBackend(sublevel: Sublevel): StoreBackend {
  return {
    async get(key) {
      const bytes = await sublevel.get(key)
      // LevelDB answers with a Buffer, whose slices are Buffers again: hand on plain bytes.
      return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    },
    put: (key, bytes) => sublevel.put(key, bytes),
    delete: (key) => sublevel.del(key),
    async list(prefix, range) {
      const { after, limit } = range ?? {}
      const start = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0
      const keys: string[] = []
      for await (const key of sublevel.keys(start ? { gt: after } : { gte: prefix })) {
        if (keys.length === limit || !key.startsWith(prefix)) break
        keys.push(key)
      }
      return keys
    },
  }
}
