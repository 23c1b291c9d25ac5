// Values through the sandbox: what goes in comes out, and nothing hostile gets further than a failure.

import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeValue, type Value, valueFromJson, valueToJson } from '#codebase'
import { values } from '../../support/values.ts'
import { BOUNDS, callMain, load, read, textOf } from '../sandboxes.ts'

/** Values without references, for the program has no other definitions. */
const sendable = values.filter((value) => !JSON.stringify(valueToJson(value)).includes('"$ref"'))

test('a value that goes through a guest comes out as it went in', () => {
  const { sandbox, image } = load("define('main', (x) => x)")
  fc.assert(
    fc.property(sendable, (value: Value) => {
      sandbox.restore(image)
      const reply = sandbox.call('start', ['main', JSON.stringify(valueToJson([value]))], BOUNDS)
      const out = valueFromJson(JSON.parse(textOf(reply).slice(1)))
      assert.is(Buffer.compare(encodeValue(out), encodeValue(value)), 0, textOf(reply))
    }),
    { numRuns: 150, seed: 7 },
  )
})

/** Long arrays of numbers and bytes, which take another way, among other things. */
const large = fc
  .array(
    fc.oneof(
      fc.array(fc.oneof(fc.integer(), fc.double()), { minLength: 60, maxLength: 300 }),
      fc
        .array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { minLength: 60, maxLength: 300 })
        .map((xs) => new Set(xs)),
      fc.uint8Array({ minLength: 0, maxLength: 300 }),
      fc.dictionary(
        fc.constantFrom('a', '__proto__', '$bytes', '$number'),
        fc.array(fc.double(), { minLength: 64 }),
        { maxKeys: 2 },
      ),
      fc.array(fc.oneof(fc.integer(), fc.string()), { minLength: 64, maxLength: 90 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((items) => [...items, 'x'.repeat(9000)] as unknown as Value)

test('what is large goes through a guest as it went in', () => {
  const { sandbox, image } = load("define('main', (x) => ({ all: x, first: x[0], copy: [...x] }))")
  fc.assert(
    fc.property(large, (value: Value) => {
      sandbox.restore(image)
      const reply = sandbox.call('start', ['main', JSON.stringify(valueToJson([value]))], BOUNDS)
      const out = valueFromJson(JSON.parse(textOf(reply).slice(1)))
      const all = value as readonly Value[]
      assert.is(Buffer.compare(encodeValue(out), encodeValue({ all, first: all[0], copy: all })), 0)
    }),
    { numRuns: 60, seed: 7 },
  )
})

test('what is handed over counts as output, and takes steps', () => {
  const { sandbox, image } = load(
    "define('main', (n, times) => { const a = new Array(n).fill(1); return new Array(times).fill(a) })",
  )
  const run = (n: number, times: number): unknown => {
    sandbox.restore(image)
    return read(
      sandbox.call('start', ['main', JSON.stringify([n, times])], { ...BOUNDS, outputBytes: 10_000 }),
    )
  }
  assert.equal(run(1000, 11), { stop: 'output' })
  assert.equal(run(1000, 4), { v: Array.from({ length: 4 }, () => Array.from({ length: 1000 }, () => 1)) })
  const long = sandbox.used
  run(500, 4)
  assert.ok(long > sandbox.used + 4 * 500)
})

test('an array that is changed while it is looked at passes as it was', () => {
  const main = `() => {
    const trap = new Proxy({}, { ownKeys() { array.length = 1; array.push(() => 1); return [] } })
    const array = [trap, 2, 'three']
    return array
  }`
  assert.equal(callMain(main), { v: [{}, 2, 'three'] })
})

test('values arrive as what they are', () => {
  const main = `(bytes, date, map, set, big, zero, nothing, object, proto) => [
    bytes instanceof Uint8Array && bytes[1], date instanceof Date && date.getTime(), map instanceof Map && map.get(1), set instanceof Set && set.has('a'),
    typeof big, Object.is(zero, -0), nothing === undefined, Object.keys(object), Object.hasOwn(proto, '__proto__')]`
  const args = [
    { $bytes: 'AQI=' },
    { $date: '2026-01-01T00:00:00.000Z' },
    { $map: [[1, 2]] },
    { $set: ['a'] },
    { $bigint: '5' },
    { $number: '-0' },
    { $undefined: true },
    { $object: [['$bytes', 1]] },
    JSON.parse('{"__proto__": 1}'),
  ]
  assert.equal(callMain(main, args), {
    v: [2, 1767225600000, 2, true, 'bigint', true, true, ['$bytes'], true],
  })
})

/** The name and message of the failure that calling `main` ends in. */
const failureOf = (main: string): unknown => {
  const { f } = callMain(main) as { f: { name: string; message: string } }
  return f && [f.name, f.message]
}

test('what is no value is refused with its path', () => {
  for (const [main, problem] of [
    ['() => ({ a: [1, () => 1] })', '$.a[1]: a function that is not a definition'],
    ['() => new Map([[1, new Map([[Symbol(), 2]])]])', '$.values()[0].keys()[0]: a symbol'],
    ['() => new Set([[/x/]])', '$.values()[0][0]: an instance of RegExp'],
    ['() => ({ [Symbol()]: 1 })', '$: an object with a symbol for a key'],
    ["() => 'ab'.match(/b/)", '$.index: a property of an array'],
    ['() => (async () => 1)', '$: a function that is not a definition'],
    ['() => ({ p: Promise.resolve(1) })', '$.p: a promise'],
    ['() => new Int8Array(1)', '$: an instance of Int8Array'],
    ['() => Object.create({})', '$: an instance of Object'],
    ['() => Object.create(Date.prototype)', '$: an instance of Date'],
    ['() => new (class extends Uint8Array {})(1)', '$: an instance of a class'],
    ['() => [new Error("x")]', '$[0]: an instance of Error'],
    ['() => { const a = []; a[2] = 1; return a }', '$[0]: a hole in an array'],
    ['() => { const a = Array(100).fill(1); a.length = 101; return a }', '$[100]: a hole in an array'],
    ['() => Object.assign(Array(100).fill(1), { x: 1 })', '$.x: a property of an array'],
    ['() => Object.defineProperty([1, 2], 1, { get: () => 3 })', '$[1]: an accessor'],
    ['() => [1, [2, Symbol()]]', '$[1][1]: a symbol'],
  ] as const) {
    assert.equal(failureOf(main), ['ValueError', `Cannot pass ${problem}`], main)
  }
})

test('what a definition gives twice is no cycle', () => {
  assert.equal(callMain('() => { const a = [1]; return [a, a, { a }] }'), { v: [[1], [1], { a: [1] }] })
})

test('toJSON, valueOf and toString of a program are never called', () => {
  assert.equal(callMain('() => ({ toJSON: 1, valueOf: 2 })'), { v: { toJSON: 1, valueOf: 2 } })
  const dated = callMain(
    '() => { const d = new Date(0); d.toISOString = () => { throw 1 }; d.getTime = () => NaN; return d }',
  )
  assert.equal(dated, { v: { $date: '1970-01-01T00:00:00.000Z' } })
})

for (const [what, main] of [
  ['a proxy that lies about its keys', '() => new Proxy({}, { ownKeys: () => ["a", "a"] })'],
  ['a proxy that throws', '() => new Proxy({}, { getPrototypeOf() { throw new Error("no") } })'],
  ['a revoked proxy', '() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return proxy }'],
  [
    'an error whose name is an object',
    '() => { throw Object.assign(new Error("x"), { name: { toString() { throw 1 } } }) }',
  ],
  [
    'an error whose message is a getter that throws',
    '() => { const e = new Error(); Object.defineProperty(e, "message", { get() { throw 1 } }); throw e }',
  ],
  ['an error whose stack is not text', '() => { const e = new Error("x"); e.stack = [1]; throw e }'],
  [
    'a thrown proxy',
    '() => { throw new Proxy({}, { get() { throw 1 }, has() { throw 1 }, getPrototypeOf() { throw 1 } }) }',
  ],
  ['a thrown symbol', '() => { throw Symbol("s") }'],
  ['a thrown function', '() => { throw () => 1 }'],
  ['a thrown null', '() => { throw null }'],
  ['a thenable that throws', 'async () => ({ get then() { throw new RangeError("then") } })'],
  ['a message without end', '() => { throw new Error("x".repeat(1e5)) }'],
  ['a message that is no Unicode', '() => { throw new Error("\\ud800") }'],
] as const) {
  test(`${what} is an ordinary failure`, () => {
    const { f } = callMain(main) as { f: { name: string; message: string } }
    assert.type(f.name, 'string')
    assert.ok(f.message.length < 10_000 && f.message.isWellFormed())
  })
}

test('a proxy of plain data passes as what it shows', () => {
  assert.equal(callMain('() => new Proxy({ a: 1 }, {})'), { v: { a: 1 } })
})

test.run()
