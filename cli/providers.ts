// The providers that come with every node: what answers abilities where they are allowed.

import type { Provider } from '#abilities'
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
    {
      ...abilities.makeClockProvider({ now: powers.clock, startTimer: powers.startTimer }),
      atHand: abilities.CLOCK_AT_HAND,
    },
    { ...abilities.makeRandomProvider({ draw: powers.randomBytes }), atHand: abilities.RANDOM_AT_HAND },
    abilities.makeLogProvider(),
    abilities.makeStoreProvider(codebase.storage('Store')),
    http,
  ]
  return { all, close: () => http.close() }
}
