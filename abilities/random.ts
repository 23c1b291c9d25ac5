// Random: what cannot be known beforehand, all of it drawn from one source of bytes.

import { expectAtMost, integerArgument } from './arguments.ts'
import { RANDOM } from './builtin.ts'
import { ABILITY_LIMITS } from './limits.ts'
import { makeProvider, type Provider } from './provider.ts'
import { fraction, uuidOf } from './random-values.ts'

export interface RandomPowers {
  /** `count` bytes fit for secrets. */
  draw(count: number): Uint8Array
}

/** Answers Random from the bytes given. */
export function makeRandomProvider(powers: RandomPowers): Provider {
  return makeProvider(RANDOM, {
    number(call) {
      expectAtMost(call, 0)
      return fraction(powers.draw(8))
    },
    bytes(call) {
      expectAtMost(call, 1)
      const count = integerArgument(call, { position: 0, name: 'n', min: 0, max: ABILITY_LIMITS.randomBytes })
      return Uint8Array.from(powers.draw(count))
    },
    uuid(call) {
      expectAtMost(call, 0)
      return uuidOf(powers.draw(16))
    },
  })
}
