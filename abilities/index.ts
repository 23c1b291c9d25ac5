// What abilities offer the folders to their right: re-exports only.

export {
  type Allowance,
  formatAllowance,
  intersectAllowances,
  parseAllowance,
  uniteAllowances,
} from './allowance.ts'
export {
  BUILTIN_ABILITIES,
  type BuiltinAbility,
  GLOBAL_TYPES,
  GUEST_TYPES,
  knownAbilities,
} from './builtin.ts'
export { CLOCK_AT_HAND, RANDOM_AT_HAND } from './at-hand/modules.ts'
export { type ClockPowers, makeClockProvider } from './clock.ts'
export { AbilityError } from './errors.ts'
export { type HttpPowers, type HttpProvider, makeHttpProvider } from './http.ts'
export { ABILITY_LIMITS } from './limits.ts'
export { makeLogProvider } from './log.ts'
export {
  type LogEntry,
  makeProvider,
  type Operation,
  type PerformContext,
  type Provider,
} from './provider.ts'
export { makeRandomProvider, type RandomPowers } from './random.ts'
export { makeStoreProvider, type StoreBackend } from './store/ability.ts'
export { makeLevelBackend, makeLevelStoreProvider, type Sublevel } from './store/level.ts'
