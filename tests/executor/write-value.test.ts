// What the host builds in the engine's memory is what JSON.parse would have built there.

import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeValueOf, hashObject, ReferenceValue, type Value, valueToJson } from '#codebase'
import { callArguments } from '../../executor/arguments.ts'
import { values } from '../support/values.ts'
import { BOUNDS, load, textOf } from './sandboxes.ts'

const plain = fc
  .oneof(
    values,
    fc.array(
      fc.oneof(
        fc.record({ id: fc.nat(), name: fc.string({ unit: 'binary-ascii' }) }),
        fc.record({ id: fc.nat(), other: fc.nat() }),
        fc.record({ 7: fc.nat(), id: fc.nat() }),
        values,
      ),
      {
        maxLength: 50,
      },
    ),
    fc.array(fc.oneof(fc.maxSafeInteger(), fc.double(), fc.boolean(), fc.string({ unit: 'grapheme' }))),
    fc.string({ unit: 'grapheme', minLength: 60, maxLength: 200 }),
    fc.string({ unit: 'binary-ascii', minLength: 60, maxLength: 200 }),
  )
  .filter((value) => encodeValueOf(value as Value).kinds !== 'any') as fc.Arbitrary<Value>

/** Looks at a value from all sides and changes it in place; what it gives is compared. */
const PROBE = `(value) => {
  const seen = []
  const look = (item) => {
    if (typeof item === 'string') return seen.push(item.length, item.toUpperCase(), item + 'x', new Map([[item, 1]]).get(\`\${item}\`))
    if (typeof item !== 'object' || item === null) return seen.push(item, typeof item, Object.is(item, -0))
    seen.push(Object.keys(item), Object.isExtensible(item), Array.isArray(item), Object.getPrototypeOf(item) === Object.prototype)
    if (item instanceof Uint8Array) return seen.push(item.length, item.map((byte) => byte + 1), item.buffer.byteLength)
    for (const key of Reflect.ownKeys(item)) {
      seen.push(key, Object.getOwnPropertyDescriptor(item, key)?.enumerable, item[key] === Object(item)[key])
      look(item[key])
    }
    if (Array.isArray(item)) {
      item.push(1, item.length, 'more')
      item.unshift(0)
      item[item.length + 1] = item.length
    } else {
      const [first, second] = Object.keys(item)
      item.more = [first]
      delete item[second]
      item[second] = 'again'
      delete item[first]
      item[5] = 5
    }
    seen.push(JSON.stringify(item))
  }
  look([value])
  for (let index = 0; index < 2000; index++) { const cycle = {}; cycle.cycle = cycle } // garbage
  return [seen, JSON.stringify([value])]
}`

test('a guest can not tell what was built from what was parsed', () => {
  const { sandbox, image } = load(`define('main', ${PROBE}); define('same', (x) => x)`)
  fc.assert(
    fc.property(plain, (value) => {
      const { bytes } = encodeValueOf([value])
      const json = JSON.stringify(valueToJson([value]))
      const run = (name: string, args: string | Uint8Array): string => {
        sandbox.restore(image)
        return textOf(sandbox.call('start', [name, args], BOUNDS))
      }
      assert.is(run('same', bytes), `v${JSON.stringify(valueToJson(value))}`)
      assert.is(run('main', bytes), run('main', json))
    }),
    { numRuns: 400 },
  )
})

const rows = Array.from({ length: 500 }, (_, id) => ({
  id,
  name: `n ${id % 9}`,
  tags: ['a', { b: null }],
  x: id / 4,
}))

test('what was built is freed like what was parsed', () => {
  const main = `(rows) => {
    for (let round = 0; round < 40; round++) {
      rows.push(...JSON.parse(JSON.stringify(rows.splice(0, 250))))
      for (const row of rows) row.self = row
      for (let index = 0; index < 20_000; index++) { const cycle = {}; cycle.cycle = cycle }
      for (const row of rows) delete row.self
    }
    return rows
  }`
  const { sandbox, image } = load(`define('main', ${main})`)
  const heaps = [encodeValueOf([rows]).bytes, JSON.stringify([rows])].map((args) => {
    sandbox.restore(image)
    const reply = sandbox.call('start', ['main', args], { ...BOUNDS, fuel: 1e9 })
    assert.is(textOf(reply).length, JSON.stringify(rows).length + 1)
    return sandbox.heapBytes
  })
  assert.ok(Math.abs((heaps[0] as number) / (heaps[1] as number) - 1) < 0.2, `${heaps}`)
})

test('what is built is whole when memory grows under it', () => {
  const { sandbox, image } = load("define('main', (x) => x)")
  sandbox.restore(image)
  const texts = Array.from({ length: 150_000 }, (_, index) => `text ${index}`)
  const value: Value = [texts, new Uint8Array(6_000_000).fill(7), rows, { a: texts.slice(0, 9) }, texts]
  const before = sandbox.memory.byteLength
  const bytes = encodeValueOf([value]).bytes
  const bounds = { ...BOUNDS, memoryBytes: 64 * 1024 * 1024, outputBytes: 16 * 1024 * 1024 }
  assert.equal(sandbox.call('start', ['main', bytes], bounds), {
    text: 'v',
    value: encodeValueOf(value).bytes,
  })
  assert.ok(sandbox.memory.byteLength > before)
})

test('building takes as many steps in every sandbox, and more for more', () => {
  const main = "define('main', (x) => x.length)"
  const used = (count: number): number => {
    const { sandbox, image } = load(main)
    const steps = [1, 2].map(() => {
      sandbox.restore(image)
      sandbox.call('start', ['main', encodeValueOf([rows.slice(0, count)]).bytes], BOUNDS)
      return sandbox.used
    })
    assert.is(steps[0], steps[1])
    return steps[0] as number
  }
  assert.is(used(400), used(400))
  assert.ok(used(400) - used(100) > 300 * 10)
})

test('what is built counts as memory, and ends a call that has too little', () => {
  const { sandbox, image } = load("define('main', (x) => x.length)")
  sandbox.restore(image)
  const bytes = encodeValueOf([Array.from({ length: 200_000 }, (_, index) => `${index}`)]).bytes
  const reply = sandbox.call('start', ['main', bytes], { ...BOUNDS, memoryBytes: 4 * 1024 * 1024 })
  assert.equal(reply, { stop: 'memory' })
  sandbox.restore(image)
  assert.equal(sandbox.call('start', ['main', bytes], { ...BOUNDS, fuel: 100_000 }), { stop: 'fuel' })
})

test('callArguments() lets many plain bytes cross as they are, and the rest as JSON', () => {
  const crossing = (args: readonly Value[]): unknown => callArguments(args).crossing
  assert.is(crossing([1, { a: 'b' }]), '[1,{"a":"b"}]')
  assert.is(crossing([{ $map: 1 }, undefined]), '[{"$object":[["$map",1]]},{"$undefined":true}]')
  const many = [rows, new Uint8Array(2000)]
  assert.equal(crossing(many), encodeValueOf(many).bytes)
  assert.type(crossing([rows, new Date(0)]), 'string')
  const reference = { hash: hashObject(new Uint8Array(1)), index: 2 }
  const { references } = callArguments([{ a: new Map([[1, [new ReferenceValue(reference)]]]) }, rows])
  assert.equal(references, [reference])
})

test.run()
