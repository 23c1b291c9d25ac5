// The limits of one run: what its request asks for, held against what may be asked.

import { KnownError } from '#codebase'
import { DEFAULT_LIMITS, type Limits, MAXIMUM_LIMITS } from './limits.ts'

/**
 * The limits of a run that asks for `wanted`.
 * @throws KnownError usage `limit-invalid` for what is not a positive whole number up to its maximum
 */
export function chooseLimits(wanted: Partial<Limits> = {}): Limits {
  const limits = { ...DEFAULT_LIMITS }
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]) {
    const value = wanted[name]
    if (value === undefined) continue
    const least = name === 'effects' ? 0 : 1
    if (!Number.isSafeInteger(value) || value < least || value > MAXIMUM_LIMITS[name]) {
      const message = `Cannot run: limit ${name} is ${value}, expected a whole number from ${least} to ${MAXIMUM_LIMITS[name]}`
      throw new KnownError('usage', 'limit-invalid', message, {
        details: { limit: name, maximum: MAXIMUM_LIMITS[name] },
      })
    }
    limits[name] = value
  }
  return limits
}
