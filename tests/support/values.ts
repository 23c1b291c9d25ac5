// Arbitrary values that may cross a boundary.

import fc from 'fast-check'
import { hashObject, ReferenceValue, type Value } from '#codebase'

const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(0, -0, Number.NaN, 2 ** 53),
)
const keys = fc.oneof(
  text,
  fc.constantFrom('__proto__', 'constructor', '0', '1', '01', '4294967295', '$bigint', '$object'),
)

function record(entries: readonly (readonly [string, Value])[]): Value {
  const made: Record<string, Value> = {}
  for (const [key, value] of entries) {
    Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return made
}

export const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Value>(undefined, null, true, false),
    numbers,
    text,
    fc.bigInt(),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => new Uint8Array(bytes)),
    fc.date({ noInvalidDate: true }),
    fc.nat(5).map((index) => new ReferenceValue({ hash: hashObject(Uint8Array.of(index)), index })),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(keys, tie('value')), { maxLength: 4 }).map(record),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 3 }).map((entries) => new Set(entries)),
  ),
})).value
