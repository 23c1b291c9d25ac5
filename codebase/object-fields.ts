// Checks on the fields of decoded objects (namespace nodes, commits, sources), which
// come from disk and network: each returns its field or refuses the object.

import { Link, MalformedObjectError, type Plain } from './cbor.ts'
import type { Hash } from './hash.ts'

/** @throws MalformedObjectError naming `what` was expected */
export function refuse(what: string): never {
  throw new MalformedObjectError(`Cannot decode object: expected ${what}`)
}

export function listField(plain: Plain | undefined, what: string, length?: number): readonly Plain[] {
  if (!Array.isArray(plain) || (length !== undefined && plain.length !== length)) return refuse(what)
  return plain
}

export function textField(plain: Plain | undefined, what: string): string {
  return typeof plain === 'string' ? plain : refuse(what)
}

export function flagField(plain: Plain | undefined, what: string): boolean {
  return typeof plain === 'boolean' ? plain : refuse(what)
}

/** A whole number not below `least`. */
export function integerField(plain: Plain | undefined, what: string, least = 0): number {
  return typeof plain === 'number' && Number.isSafeInteger(plain) && plain >= least ? plain : refuse(what)
}

export function linkField(plain: Plain | undefined, what: string): Hash {
  return plain instanceof Link ? plain.hash : refuse(what)
}

/** What `read` makes of the field, or null where the field is null. */
export function nullable<T>(plain: Plain | undefined, read: (plain: Plain | undefined) => T): T | null {
  return plain === null ? null : read(plain)
}
