import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeValue, hashObject, type Value, ValueError, valueFromJson, valueToJson } from '#codebase'
import { values } from '../support/values.ts'

test('valueFromJson() inverts valueToJson(), through JSON text', () => {
  fc.assert(
    fc.property(values, (value) => {
      const text = JSON.stringify(valueToJson(value))
      assert.equal(encodeValue(valueFromJson(JSON.parse(text))), encodeValue(value), text)
    }),
  )
})

test('valueToJson() writes JSON for what JSON has, `$` forms for the rest', () => {
  const cases: readonly [Value, unknown][] = [
    [{ a: [1, 'x', null, true] }, { a: [1, 'x', null, true] }],
    [12n, { $bigint: '12' }],
    [Uint8Array.of(1, 2, 255), { $bytes: 'AQL/' }],
    [new Date(0), { $date: '1970-01-01T00:00:00.000Z' }],
    [new Map([[1, 'a']]), { $map: [[1, 'a']] }],
    [new Set([1, 2n]), { $set: [1, { $bigint: '2' }] }],
    [Number.NaN, { $number: 'NaN' }],
    [-0, { $number: '-0' }],
    [Number.NEGATIVE_INFINITY, { $number: '-Infinity' }],
    [undefined, { $undefined: true }],
    [{ $bigint: '12' }, { $object: [['$bigint', '12']] }],
    [
      { $bigint: '12', more: 1 },
      { $bigint: '12', more: 1 },
    ],
    [{ $other: 1 }, { $other: 1 }],
  ]
  for (const [value, json] of cases) {
    assert.equal(valueToJson(value), json)
    assert.equal(encodeValue(valueFromJson(json)), encodeValue(value))
  }
})

test('valueFromJson() reads dates without a time as UTC, and whole references', () => {
  assert.equal(valueFromJson({ $date: '2024-02-29' }), new Date('2024-02-29T00:00:00Z'))
  const hash = hashObject(Uint8Array.of(1))
  assert.equal(valueToJson(valueFromJson({ $ref: `${hash}.2` })), { $ref: `${hash}.2` })
})

test('valueFromJson() refuses malformed `$` forms, with the path', () => {
  const cases: readonly [json: unknown, expected: RegExp][] = [
    [[{ $bigint: '1.5' }], /\$bigint .* at \$\[0\]/],
    [{ a: { $bigint: 12 } }, /at \$\.a/],
    [{ $bytes: '*' }, /base64/],
    [{ $bytes: 'AQ=A' }, /base64/],
    [{ $date: 'yesterday' }, /ISO 8601/],
    [{ $date: '2024-01-01T00:00:00' }, /ISO 8601/],
    [{ $date: '2024-13-01' }, /ISO 8601/],
    [{ $map: [[1]] }, /pairs/],
    [{ $map: 1 }, /pairs/],
    [{ $set: {} }, /not an array/],
    [{ $number: '12' }, /\$number/],
    [{ $undefined: false }, /\$undefined/],
    [{ $ref: 'abc' }, /whole hash/],
    [{ $object: [[1, 2]] }, /\$object/],
    [Number.POSITIVE_INFINITY, /beyond the range/],
    ['\ud800', /lone surrogate/],
  ]
  for (const [json, expected] of cases) {
    assert.throws(
      () => valueFromJson(json),
      (error: Error) => error instanceof ValueError && expected.test(error.message),
      JSON.stringify(json),
    )
  }
})

test('valueToJson() refuses a cycle instead of exhausting the stack', () => {
  const cycle: Value[] = []
  ;(cycle as unknown[]).push(cycle)
  assert.throws(() => valueToJson(cycle), /a cycle/)
})

test.run()
