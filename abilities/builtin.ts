// The abilities that every node knows: their names and operations, and the definitions
// that these are. An ability is a definition like any other, with an object and a hash.

import { encodeComponent, hashObject, type KnownAbility } from '#codebase'

export interface BuiltinAbility {
  readonly name: string
  /** Sorted by UTF-16 code unit, as the term holds them. */
  readonly operations: readonly string[]
}

function declare(name: string, ...operations: string[]): BuiltinAbility {
  return Object.freeze({ name, operations: Object.freeze(operations.toSorted()) })
}

/** Milliseconds since the epoch, and waiting. */
export const CLOCK = declare('Clock', 'now', 'sleep')
/** Fetching over HTTP; scope: the hosts that may be asked. */
export const HTTP = declare('Http', 'fetch')
/** Lines for whoever runs the function. */
export const LOG = declare('Log', 'debug', 'info', 'warn', 'error')
/** Unpredictable numbers, bytes and identifiers. */
export const RANDOM = declare('Random', 'number', 'bytes', 'uuid')
/** Values under keys that outlive a run; scope: the part of the store that is seen. */
export const STORE = declare('Store', 'get', 'put', 'delete', 'list')

/** The built-in abilities, by name. What authors write against is typed in guest.d.ts. */
export const BUILTIN_ABILITIES: readonly BuiltinAbility[] = Object.freeze([CLOCK, HTTP, LOG, RANDOM, STORE])

/** The definitions that `import … from 'ucm/abilities'` means. */
export function knownAbilities(): readonly KnownAbility[] {
  return BUILTIN_ABILITIES.map(({ name, operations }) => {
    const value = { type: 'Ability', name, operations } as const
    const object = encodeComponent({ members: [{ nominal: null, value, completions: [] }] })
    return Object.freeze({ name, reference: { hash: hashObject(object), index: 0 }, object, operations })
  })
}

/** The types of 'ucm/abilities' for authors. */
export const GUEST_TYPES = new URL('./guest.d.ts', import.meta.url)

/** The types of the globals that the sandbox has and the language does not. */
export const GLOBAL_TYPES = new URL('./globals.d.ts', import.meta.url)
