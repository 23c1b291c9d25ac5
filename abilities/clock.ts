// Clock: what time it is, and waiting. Both are effects, so that a function without Clock
// in its row gives the same answer at any time.

import { expectAtMost, integerArgument } from './arguments.ts'
import { CLOCK } from './builtin.ts'
import { ABILITY_LIMITS } from './limits.ts'
import { cancelled, makeProvider, type Provider } from './provider.ts'

export interface ClockPowers {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Calls `callback` once after `ms` milliseconds unless the returned function is called first. */
  startTimer(callback: () => void, ms: number): () => void
}

/** Answers Clock from the clock and the timers given. `sleep` ends early when the run does. */
export function makeClockProvider(powers: ClockPowers): Provider {
  return makeProvider(CLOCK, {
    now(call) {
      expectAtMost(call, 0)
      return Math.floor(powers.now())
    },
    sleep(call, { signal }) {
      expectAtMost(call, 1)
      const ms = integerArgument(call, { position: 0, name: 'ms', min: 0, max: ABILITY_LIMITS.sleepMs })
      const { promise, resolve, reject } = Promise.withResolvers<undefined>()
      const onAbort = (): void => {
        stopTimer()
        reject(cancelled(call.operation))
      }
      const stopTimer = powers.startTimer(() => {
        signal.removeEventListener('abort', onAbort)
        resolve(undefined)
      }, ms)
      signal.addEventListener('abort', onAbort, { once: true })
      return promise
    },
  })
}
