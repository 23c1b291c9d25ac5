// What a worker answers of Random by itself, from this machine's source of randomness. Loaded by workers, so
// it needs little. Arguments that are not as they should be are for the provider to refuse.

import { randomBytes } from 'node:crypto'
import { ABILITY_LIMITS } from '../limits.ts'
import { fraction, uuidOf } from '../random-values.ts'

export const number = (...args: readonly unknown[]): number | undefined =>
  args.length === 0 ? fraction(randomBytes(8)) : undefined

export const uuid = (...args: readonly unknown[]): string | undefined =>
  args.length === 0 ? uuidOf(randomBytes(16)) : undefined

export const bytes = (...args: readonly unknown[]): { $bytes: string } | undefined => {
  const [count] = args
  const isFine =
    args.length === 1 &&
    Number.isInteger(count) &&
    (count as number) >= 0 &&
    (count as number) <= ABILITY_LIMITS.randomBytes
  return isFine ? { $bytes: randomBytes(count as number).toString('base64') } : undefined
}
