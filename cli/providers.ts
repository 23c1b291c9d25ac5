// The providers that come with every node: what answers abilities where they are allowed.

import type { Provider, StoreBackend } from '#abilities'
import type { Codebase } from '#codebase'
import type { Powers } from './context.ts'

export interface Providers {
  readonly all: readonly Provider[]
  close(): Promise<void>
}

/** Clock, Random, Log, Http, and Store kept in the codebase. Nothing is opened before it is used. */
export async function makeProviders(codebase: Codebase, powers: Powers): Promise<Providers> {
  const abilities = await import('#abilities')
  const http = abilities.makeHttpProvider(powers.network)
  const all = [
    abilities.makeClockProvider({ now: powers.clock, startTimer: powers.startTimer }),
    abilities.makeRandomProvider({ randomBytes: powers.randomBytes }),
    abilities.makeLogProvider(),
    abilities.makeStoreProvider(storeBackend(codebase)),
    http,
  ]
  return { all, close: () => http.close() }
}

/** Store in the codebase, apart from everything else there. */
function storeBackend(codebase: Codebase): StoreBackend {
  const storage = codebase.storage('Store')
  const isAfter = (key: string, after: string): boolean =>
    Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0
  return {
    ...storage,
    async list(prefix, range) {
      const keys = await storage.list(prefix)
      const { after, limit } = range ?? {}
      return (after === undefined ? keys : keys.filter((key) => isAfter(key, after))).slice(0, limit)
    },
  }
}
