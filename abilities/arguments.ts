// Checks of what a guest passed to an operation. The types of the guest are gone by now and
// the guest may be hostile, so every argument is held against what the operation takes.

import { encodeValue, KnownError, type Value } from '#codebase'
import { AbilityError } from './errors.ts'

/** An operation as it was performed: `Store.get` and what was passed. */
export interface Call {
  readonly operation: string
  readonly arguments: readonly Value[]
}

/** Which argument is meant. */
export interface Argument {
  /** Counted from 0. */
  readonly position: number
  /** What messages call it. */
  readonly name: string
}

/** A plain object of a guest. */
export type PlainObject = Readonly<Record<string, Value>>

/** The error for an argument that is not `expected`. */
export function wrongArgument(
  call: Call,
  problem: { name: string; is: string; expected: string },
): AbilityError {
  const { name, is, expected } = problem
  return new AbilityError(
    'TypeError',
    `Cannot perform ${call.operation}: ${name} is ${is}, expected ${expected}`,
  )
}

/** The error for an argument that is past a bound. */
export function outOfRange(
  call: Call,
  problem: { name: string; is: string; expected: string },
): AbilityError {
  const { name, is, expected } = problem
  return new AbilityError(
    'RangeError',
    `Cannot perform ${call.operation}: ${name} is ${is}, expected ${expected}`,
  )
}

/** @throws AbilityError TypeError when more than `count` arguments were passed */
export function expectAtMost(call: Call, count: number): void {
  if (call.arguments.length <= count) return
  const expected = count === 0 ? 'no arguments' : `at most ${count}`
  throw new AbilityError(
    'TypeError',
    `Cannot perform ${call.operation}: it got ${call.arguments.length} arguments, expected ${expected}`,
  )
}

/** Well-formed text of `minBytes` (default 0) to `maxBytes` bytes of UTF-8. @throws AbilityError TypeError, RangeError */
export function textArgument(
  call: Call,
  argument: Argument & { minBytes?: number; maxBytes: number },
): string {
  const { position, name, minBytes = 0, maxBytes } = argument
  const value = call.arguments[position]
  const expected = `text of ${minBytes} to ${maxBytes} bytes`
  if (typeof value !== 'string') throw wrongArgument(call, { name, is: describe(value), expected })
  if (!value.isWellFormed()) throw wrongArgument(call, { name, is: 'text with half a character', expected })
  const bytes = Buffer.byteLength(value)
  if (bytes < minBytes || bytes > maxBytes) throw outOfRange(call, { name, is: `${bytes} bytes`, expected })
  return value
}

/** A whole number from `min` to `max`. @throws AbilityError TypeError, RangeError */
export function integerArgument(call: Call, argument: Argument & { min: number; max: number }): number {
  const { position, name, min, max } = argument
  const value = call.arguments[position]
  const expected = `a whole number from ${min} to ${max}`
  if (typeof value !== 'number') throw wrongArgument(call, { name, is: describe(value), expected })
  if (!Number.isInteger(value) || value < min || value > max) {
    throw outOfRange(call, { name, is: String(value), expected })
  }
  return value
}

/**
 * A plain object, empty when the argument is undefined. With `keys`, any other key is refused.
 * @throws AbilityError TypeError
 */
export function objectArgument(call: Call, argument: Argument & { keys?: readonly string[] }): PlainObject {
  const { position, name, keys } = argument
  const value = call.arguments[position]
  if (value === undefined) return {}
  if (!isPlainObject(value)) {
    throw wrongArgument(call, { name, is: describe(value), expected: 'a plain object' })
  }
  const unknown = keys && Object.keys(value).find((key) => !keys.includes(key))
  if (unknown !== undefined && keys) {
    const is = `an object with ${JSON.stringify(unknown)}`
    throw wrongArgument(call, { name, is, expected: `only ${keys.join(', ')}` })
  }
  return value
}

/** The encoding of any value, at most `maxBytes` long. @throws AbilityError TypeError, RangeError */
export function encodedArgument(call: Call, argument: Argument & { maxBytes: number }): Uint8Array {
  const { position, name, maxBytes } = argument
  const bytes = encode(call, position)
  if (bytes.length > maxBytes) {
    throw outOfRange(call, { name, is: `${bytes.length} bytes`, expected: `at most ${maxBytes}` })
  }
  return bytes
}

function encode(call: Call, position: number): Uint8Array {
  try {
    return encodeValue(call.arguments[position])
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    throw new AbilityError('TypeError', `Cannot perform ${call.operation}: ${error.message}`, error)
  }
}

/** True for an object that is neither a list, bytes, a date, a map, a set nor a reference. */
export function isPlainObject(value: Value): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** What a value is, in words: `a number`, `bytes`, `null`. */
export function describe(value: Value): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return 'text'
  if (typeof value !== 'object') return `a ${typeof value}`
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof Date) return 'a date'
  if (value instanceof Map) return 'a map'
  if (value instanceof Set) return 'a set'
  return isPlainObject(value) ? 'an object' : 'a reference'
}
