// What the host reads from the engine's memory is what the guest's own walk makes of it, whatever it is.

import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeValue, VALUE_BOUNDS } from '#codebase'
import * as valueTags from '../../codebase/value-tags.ts'
import { ARRAY_LAYOUT, readGuestModule } from '../../executor/engine.ts'
import { READ_BOUNDS, readValue } from '../../executor/read-value.ts'
import type { Reply } from '../../executor/sandbox.ts'
import * as valueForms from '../../executor/value-forms.ts'
import { TAGS, VALUE_LAYOUT } from '../../executor/value-layout.ts'
import { expressions, SINGLE } from './plain-values.ts'
import { BOUNDS, bootedImage, callMain, makeSandbox, textOf } from './sandboxes.ts'

const fast = makeSandbox()
const other = makeSandbox()
/** A sandbox whose guest reads every value by itself. */
const walking = makeSandbox({
  guestModule: (name) => readGuestModule(name).replace('engine.read(value) === 1', 'false'),
})
const walkingImage = walking.boot()

function call(sandbox: typeof fast, image: ReturnType<typeof bootedImage>, expression: string): Reply {
  sandbox.restore(image)
  const program = `(function ({ ability, define }) {
    const Log = ability('log', 'Log', ['info']); define('log', Log)
    const kept = []
    const Nothing = ability('nothing', 'Nothing', []); define('nothing', Nothing); define('main', () => ${expression}) })`
  sandbox.load(program, BOUNDS)
  return sandbox.call('start', ['main', '[]'], BOUNDS)
}

for (const expression of SINGLE)
  test(`the host reads of ${expression} what the guest would say of it`, () => {
    for (const around of [expression, `[[${expression}], { a: ${expression} }]`])
      assert.is(textOf(call(fast, bootedImage(), around)), textOf(call(walking, walkingImage, around)))
  })

test('the host reads of a value what the guest would say of it, and takes as many steps everywhere', () => {
  let read = 0
  fc.assert(
    fc.property(expressions, (expression) => {
      const reply = call(fast, bootedImage(), expression)
      if ('text' in reply && reply.value) read++
      const { used } = fast
      const walked = call(walking, walkingImage, expression)
      if (!('stop' in walked)) assert.is(textOf(reply), textOf(walked)) // as JSON it takes more, and may be too much
      assert.equal(call(other, bootedImage(), expression), reply)
      assert.is(other.used, used)
      call(fast, bootedImage(), `[${expression}, 1]`)
    }),
    { numRuns: 1000 },
  )
  assert.ok(read > 200, `${read} were read`)
})

for (const main of [
  '() => [null, undefined, true, 1, 1.5, NaN, -0, 5n, "a", "ü", "β", [], {}]',
  '() => ({ b: 1, a: { 7: new Uint8Array(3), 3: new Date(5) }, __proto__: null })',
  '() => Object.freeze({ a: "x".repeat(9000) + "y".repeat(9000) })',
  '() => { const x = { a: 1, b: 2, c: 3 }; delete x.b; return [x, x] }',
  '() => { const x = Array.from({ length: 300 }, (_, i) => i); x.length = 200; return x }',
  '() => "ß".repeat(2000)',
  '() => { const m = new Map([[1, 2], [3, 4]]); const x = m.entries(); x.next(); m.delete(1); m.x = x; return m }',
  'async () => [await 1]',
  '() => Array.from({ length: 256 }).reduce((x) => [x], [1])[0]',
])
  test(`the host reads what ${main} gives`, () => {
    const sandbox = makeSandbox()
    sandbox.restore(bootedImage())
    sandbox.load(`(function ({ define }) { define('main', ${main}) })`, BOUNDS)
    const reply = sandbox.call('start', ['main', '[]'], BOUNDS)
    assert.ok('text' in reply && reply.value, textOf(reply))
  })

test('the host stops reading where the output ends, or the steps do', () => {
  const exponential = '(() => { let a = [1]; for (let i = 0; i < 60; i++) a = [a, a]; return a })'
  assert.equal(callMain(exponential), { stop: 'output' })
  assert.equal(callMain("() => Array(2e5).fill('abcdef')"), { stop: 'output' })
  assert.equal(callMain("() => [Array(2e4).fill('x'), 'y'.repeat(2e6)]"), { stop: 'output' })
  const many = '() => { const row = Array(5e3).fill(1); return Array(100).fill(row) }'
  assert.equal(callMain(many, [], { ...BOUNDS, fuel: 400_000 }), { stop: 'fuel' })
  const fewer = '() => { const row = Array(5e3).fill(1); return Array(60).fill(row).length }'
  assert.equal(callMain(fewer, [], { ...BOUNDS, fuel: 400_000 }), { v: 60 })
})

test('nothing is read that the codec of values would refuse for its size', () => {
  assert.is(READ_BOUNDS.depth, VALUE_BOUNDS.maxDepth)
  assert.ok(READ_BOUNDS.items <= VALUE_BOUNDS.maxItems && READ_BOUNDS.bytes <= VALUE_BOUNDS.maxBytes)
  const deep = (depth: number): string =>
    `() => { let a = 1; for (let i = 0; i < ${depth}; i++) a = [a]; return a }`
  assert.ok('v' in (callMain(deep(256)) as object))
  assert.match(JSON.stringify(callMain(deep(257))), /nested deeper than 256/)
})

/** A Map of whose entries `count` are deleted, each under an iterator that stands there; `times` references to it. */
const hollow = (count: number, times: number): string => `(() => {
  const map = new Map()
  for (let i = 0; i < ${count}; i++) { map.set(i, i); const at = map.keys(); at.next(); kept.push(at); map.delete(i) }
  return Array(${times}).fill(map) })()`

test('deleted entries that the host passes take steps, and more than its bound are left to the guest', () => {
  const usedBy = (count: number, times: number): number => {
    assert.ok('value' in call(fast, bootedImage(), hollow(count, times)))
    return fast.used
  }
  const ofReading = (count: number): number => usedBy(count, 200) - usedBy(count, 100)
  assert.ok(ofReading(50) - ofReading(0) >= 100 * 50)
  const times = READ_BOUNDS.visits / 500 + 1
  const reply = call(fast, bootedImage(), hollow(500, times))
  assert.equal(reply, call(walking, walkingImage, hollow(500, times)))
  assert.not('value' in reply)
})

/** What is read from memory of zeros but for these words. */
function readFrom(words: Readonly<Record<number, number>>): Uint8Array | 'too-large' | undefined {
  const { buffer } = new Int32Array(4096)
  for (const [at, word] of Object.entries(words)) new Int32Array(buffer)[Number(at) >> 2] = word
  const memory = { buffer } as WebAssembly.Memory
  return readValue({ memory }, { runtime: 0, samples: 0, value: 1024, outputBytes: 1e6 }).bytes
}

test('memory that leads in circles keeps nobody in it', () => {
  const text = { 1024: 2048, 1028: TAGS.rope, 2052: 10 }
  const leaf = { 2064: 3072, 2068: TAGS.string }
  const [left, right] = [2048 + VALUE_LAYOUT.left, 2048 + VALUE_LAYOUT.right]
  assert.is(readFrom({ ...text, ...leaf, [right]: 2048, [right + 4]: TAGS.rope }), undefined)
  assert.is(readFrom({ ...text, [left]: 2048, [left + 4]: TAGS.rope }), undefined)
  const map = {
    1024: 2048,
    1028: ARRAY_LAYOUT.objectTag,
    [2048 + VALUE_LAYOUT.kind]: VALUE_LAYOUT.setClass << 16,
    [2048 + VALUE_LAYOUT.own]: 3072,
    [3072 + VALUE_LAYOUT.entryCount]: 5,
    [3072 + VALUE_LAYOUT.entries + 4]: 3200,
    3204: 3200,
  }
  assert.is(readFrom(map), undefined)
  assert.is(readFrom({ ...map, [3200 + VALUE_LAYOUT.deleted]: 1 }), undefined)
})

test('workers spell values as the codebase does', () => {
  assert.equal(valueForms.TAG, valueTags.TAG)
  assert.equal(valueForms.NUMBERS, valueTags.NUMBERS)
})

test('bytes of a result are its encoding', () => {
  const reply = call(fast, bootedImage(), '({ a: [1, "b"] })')
  assert.equal(reply, { text: 'v', value: encodeValue({ a: [1, 'b'] }) })
})

test.run()
