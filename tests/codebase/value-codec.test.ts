import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  decodePlain,
  decodeValue,
  encodePlain,
  encodeValue,
  encodeValueOf,
  hashObject,
  MalformedObjectError,
  ReferenceValue,
  type Value,
  ValueError,
} from '#codebase'
import { values } from '../support/values.ts'

function refusal(value: unknown, options?: Parameters<typeof encodeValue>[1]): string {
  try {
    encodeValue(value as Value, options)
  } catch (error) {
    if (error instanceof ValueError) return `${error.details['path']}: ${error.message}`
    throw error
  }
  return 'accepted'
}

test('decodeValue() inverts encodeValue()', () => {
  // assert.equal() takes a property called `constructor` for the class.
  fc.assert(
    fc.property(values, (value) => assert.ok(isDeepStrictEqual(decodeValue(encodeValue(value)), value))),
  )
})

test('encodeValue() writes canonical bytes', () => {
  fc.assert(
    fc.property(values, (value) =>
      assert.equal(encodePlain(decodePlain(encodeValue(value))), encodeValue(value)),
    ),
  )
})

const KEPT = { noNullPrototype: true }

/** Many objects that are mostly alike, numbers of every size and short texts, which are read in other ways than a few. */
const rows = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ id: fc.nat(400), name: fc.string({ maxLength: 14 }), x: fc.double() }, KEPT),
      },
      fc.record({ 1: fc.integer(), id: fc.constant('ü'), '': fc.maxSafeInteger() }, KEPT),
      fc.record({ id: fc.nat(), '7': fc.boolean(), 10: fc.constant(null) }, { requiredKeys: [], ...KEPT }),
      fc
        .array(fc.tuple(fc.constantFrom('id', 'name', '__proto__', '3'), fc.record({ id: fc.nat(30) }, KEPT)))
        .map(Object.fromEntries),
      fc.array(fc.oneof(fc.nat(300), fc.maxSafeInteger(), fc.double(), fc.string()), { maxLength: 20 }),
    ),
    { minLength: 1, maxLength: 120 },
  )
  .map((items): Value => items as Value)

test('decodeValue() reads many objects alike, numbers and short texts as what they are', () => {
  fc.assert(
    fc.property(rows, (value) => {
      const bytes = encodeValue(value)
      assert.ok(isDeepStrictEqual(decodeValue(bytes), value))
      assert.equal(encodeValue(decodeValue(bytes)), bytes)
    }),
    { numRuns: 300 },
  )
})

test('decodeValue() counts every item, keys and numbers included', () => {
  const value = Array.from({ length: 4 }, () => ({ a: 1, b: [1, 2, 3] }))
  const bytes = encodeValue(value)
  const bounds = { maxBytes: 1000, maxDepth: 8 }
  const items = 2 + 4 * (2 + 3 + 2 + 3)
  assert.equal(decodeValue(bytes, { ...bounds, maxItems: items }), value)
  for (const maxItems of [items - 1, items - 2, items - 5, items - 8])
    assert.throws(() => decodeValue(bytes, { ...bounds, maxItems }), /more than \d+ items/)
})

test('encodeValueOf() says what a value is made of', () => {
  const kindsOf = (value: Value): string => encodeValueOf(value).kinds
  for (const value of [null, 1.5, 'a', [true, { a: [], '': {} }]]) assert.is(kindsOf(value), 'json')
  for (const value of [undefined, -0, Number.NaN, new Uint8Array(1), { a: [{ $ref: 1 }] }])
    assert.is(kindsOf([value]), 'data')
  const reference = new ReferenceValue({ hash: hashObject(new Uint8Array(1)), index: 0 })
  for (const value of [1n, new Date(0), new Map(), new Set<Value>(), reference] as const)
    assert.is(kindsOf({ a: [value], b: Number.NaN }), 'any')
})

test('decodeValue() of any bytes either throws MalformedObjectError or has read their only spelling', () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 3,
  })
  fc.assert(
    fc.property(fc.oneof(values, rows), changes, (value, list) => {
      const bytes = encodeValue(value)
      for (const [at, byte] of list) bytes[at % bytes.length] = byte
      try {
        assert.equal(encodeValue(decodeValue(bytes)), bytes)
      } catch (error) {
        if (!(error instanceof MalformedObjectError)) throw error
      }
    }),
    { numRuns: 3000 },
  )
})

test('encodeValue() keeps apart what JavaScript keeps apart', () => {
  const different: readonly Value[] = [
    undefined,
    null,
    false,
    0,
    -0,
    0n,
    '',
    '0',
    [],
    {},
    new Map(),
    new Set(),
    new Uint8Array(),
    new Date(0),
    Number.NaN,
    [undefined],
    [null],
    { a: undefined },
    { a: 1, b: 2 },
    { b: 2, a: 1 },
    ['a', 1],
    new Set(['a', 1]),
    new Set([1, 'a']),
    new Map([['a', 1]]),
    { ['__proto__']: 1 },
  ]
  assert.is(new Set(different.map((value) => encodeValue(value).toHex())).size, different.length)
})

test('encodeValue() takes what is the same value for the same', () => {
  const bare: Record<string, Value> = Object.create(null)
  bare['a'] = 1
  assert.equal(encodeValue(bare), encodeValue({ a: 1 }))
  assert.equal(encodeValue(Buffer.from('ab')), encodeValue(Uint8Array.of(97, 98)))
  assert.equal(
    encodeValue(new Uint8Array(Uint8Array.of(1, 2, 3).buffer, 1, 1)),
    encodeValue(Uint8Array.of(2)),
  )
})

test('decodeValue() makes own properties of every key, `__proto__` too', () => {
  const value = decodeValue(encodeValue({ ['__proto__']: { polluted: true }, constructor: 1 })) as object
  assert.equal(Object.keys(value), ['__proto__', 'constructor'])
  assert.is(Object.getPrototypeOf(value), Object.prototype)
})

test('encodeValue() refuses what cannot cross, with the path to it', () => {
  const cycle: unknown[] = [1]
  cycle.push({ again: cycle })
  const cases: readonly [value: unknown, expected: RegExp][] = [
    [cycle, /^\$\[1\]\.again: .*a cycle/],
    [{ a: [1, Symbol('x')] }, /^\$\.a\[1\]: .*a symbol/],
    [{ 'a b': () => 0 }, /^\$\["a b"\]: .*a function/],
    [{ a: { [Symbol('k')]: 1 } }, /^\$\.a: .*symbols for keys/],
    [Object.assign([1], { 2: 3 }), /^\$\[1\]: .*a hole/],
    [{ e: new (class Point {})() }, /^\$\.e: .*an instance of Point/],
    [new Error('x'), /^\$: .*an instance of Error/],
    [new (class extends Map {})(), /an instance of/],
    [
      {
        get x() {
          return 1
        },
      },
      /^\$\.x: .*an accessor/,
    ],
    [[new Date(Number.NaN)], /^\$\[0\]: .*an invalid date/],
    ['\ud800', /^\$: .*lone surrogate/],
    [{ '\udc00': 1 }, /lone surrogate/],
    [new Map([[{ k: Symbol('x') }, 1]]), /^\$\.keys\(\)\[0\]\.k: .*a symbol/],
    [new Map([['k', [Symbol('x')]]]), /^\$\.values\(\)\[0\]\[0\]/],
    [new Set([1, Symbol('x')]), /^\$\.values\(\)\[1\]: .*a symbol/],
    [Promise.resolve(), /an instance of Promise/],
    [/x/, /an instance of RegExp/],
    [new Float64Array(1), /an instance of Float64Array/],
  ]
  for (const [value, expected] of cases) assert.match(refusal(value), expected)
})

test('encodeValue() refuses what is beyond its bounds, doubling structures included', () => {
  const bounds = { maxBytes: 1000, maxDepth: 3, maxItems: 10_000 }
  assert.match(refusal([[[[]]]], bounds), /^\$\[0\]\[0\]\[0\]: .*more than 3 collections/)
  assert.match(refusal('x'.repeat(1001), bounds), /more than 1000 bytes/)
  assert.match(
    refusal(
      Array.from({ length: 20_000 }, () => null),
      { ...bounds, maxBytes: 1e9 },
    ),
    /more than 10000 items/,
  )
  let doubling: Value = []
  for (let depth = 0; depth < 60; depth++) doubling = [doubling, doubling]
  assert.match(refusal(doubling), /more than/)
})

test('decodeValue() has the bounds of encodeValue()', () => {
  const accepts = (bounds: Parameters<typeof encodeValue>[1], value: Value): [boolean, boolean] => {
    let canDecode = true
    try {
      decodeValue(encodeValue(value), bounds)
    } catch (error) {
      if (!(error instanceof MalformedObjectError)) throw error
      canDecode = false
    }
    return [refusal(value, bounds) === 'accepted', canDecode]
  }
  const size = { maxBytes: 1e6, maxDepth: 9, maxItems: 1e6 }
  assert.equal(accepts({ ...size, maxItems: 4 }, [undefined]), [true, true])
  assert.equal(accepts({ ...size, maxItems: 4 }, [undefined, null]), [false, false])
  assert.equal(accepts({ ...size, maxDepth: 2 }, [[undefined]]), [true, true])
  assert.equal(accepts({ ...size, maxDepth: 2 }, [[[]]]), [false, false])
  const bounds = fc.record({
    maxBytes: fc.integer({ min: 0, max: 200 }),
    maxDepth: fc.integer({ min: 0, max: 5 }),
    maxItems: fc.integer({ min: 0, max: 60 }),
  })
  fc.assert(
    fc.property(values, bounds, (value, bound) => {
      const [canEncode, canDecode] = accepts(bound, value)
      assert.is(canEncode, canDecode)
    }),
    { numRuns: 1000 },
  )
})

test('decodeValue() refuses what encodeValue() does not write', () => {
  const refused: readonly Parameters<typeof encodePlain>[0][] = [
    [],
    [9],
    [-1],
    ['x'],
    [2, 0],
    [3],
    [3, '01'],
    [3, '-0'],
    [3, '1.0'],
    [3, 1],
    [4, 4],
    [4, 'NaN'],
    [5, 8.65e15],
    [5, 0.5],
    [1, 'a'],
    [1, 'a', 1, 'a', 2],
    [1, 'a', 1, '1', 2],
    [1, '2', 1, '1', 2],
    [1, 1, 1],
    [6, 1, 2, 1, 3],
    [6, [4, 0], 1],
    [7, 1, 1],
    [7, [4, 1], [4, 1]],
    [8, 1, 1],
  ]
  for (const plain of refused) {
    assert.throws(
      () => decodeValue(encodePlain(plain)),
      (error: Error) => error instanceof MalformedObjectError,
      JSON.stringify(plain),
    )
  }
})

test('decodeValue() reads references', () => {
  const value = new ReferenceValue({ hash: hashObject(Uint8Array.of(1)), index: 3 })
  assert.equal(decodeValue(encodeValue([value])), [value])
})

test.run()
