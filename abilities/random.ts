// Random: what cannot be known beforehand, all of it drawn from one source of bytes.

import { expectAtMost, integerArgument } from './arguments.ts'
import { RANDOM } from './builtin.ts'
import { ABILITY_LIMITS } from './limits.ts'
import { makeProvider, type Provider } from './provider.ts'

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
      return uuid(powers.draw(16))
    },
  })
}

/** A number in [0, 1) from the first 53 bits of 8 bytes; every multiple of 2^-53 is as likely as any other. */
function fraction(bytes: Uint8Array): number {
  const bits = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  return Number(bits >> 11n) / 2 ** 53
}

/** A UUID of version 4 from 16 bytes (RFC 9562 §5.4). */
function uuid(bytes: Uint8Array): string {
  const marked = Uint8Array.from(bytes)
  marked[6] = ((marked[6] ?? 0) & 0x0f) | 0x40
  marked[8] = ((marked[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(marked).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
