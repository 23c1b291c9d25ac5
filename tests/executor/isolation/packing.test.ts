// What is packed comes out as it went in.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as fc from 'fast-check'
import { packDone, packPosted, unpackDone, unpackPosted } from '../../../executor/isolation/packing.ts'
import type { Posted } from '../../../executor/isolation/worker-link.ts'
import type { TaskDone } from '../../../executor/stint.ts'

const amount = fc.nat()
const bytes = fc.uint8Array({ maxLength: 1100, size: 'max' })
const bounds = fc.record({ fuel: amount, memoryBytes: amount, outputBytes: amount })
const start = fc.record(
  {
    kind: fc.constant('start' as const),
    run: amount,
    image: fc.string(),
    reference: fc.string(),
    args: fc.oneof(fc.string(), bytes),
    bounds,
    program: fc.string(),
    atHand: fc.constant({ effects: 3, modules: { a: 'b' } }),
  },
  { requiredKeys: ['kind', 'run', 'image', 'reference', 'args', 'bounds'] },
)
const told = fc.record({ kind: fc.constant('answer' as const), run: amount, json: fc.string(), bounds })
const posted = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), run: amount }),
  fc.record({ sequence: amount, timeMs: amount, stint: fc.oneof(start, told) }),
)
const reply = fc.oneof(
  fc.record({ text: fc.constant('v'), value: bytes }),
  fc.record({ text: fc.string() }),
  fc.record({ stop: fc.constant('fuel' as const) }),
)
const result = fc.record(
  {
    reply,
    used: amount,
    heapBytes: amount,
    ms: fc.double({ noNaN: true }),
    trace: fc.array(fc.string()),
    answered: fc.constant([{ number: 1, reference: 'r', operation: 'o', args: [], json: '1' }]),
    left: fc.constant([]),
    parked: fc.constant({ heapTop: 1 }),
  },
  { requiredKeys: ['reply', 'used', 'heapBytes', 'ms', 'trace'] },
)
const done = fc.record({ sequence: amount, result: fc.oneof(result, fc.constant('retracted' as const)) })

const cloned = <T>(value: T): T => structuredClone(value)

test('what a worker is sent comes out of its packing as it went in', () => {
  fc.assert(
    fc.property(fc.array(posted), (made) => {
      const items = cloned(made)
      assert.equal(unpackPosted(cloned(packPosted(items as unknown as Posted[]))), items)
    }),
  )
})

test('what a worker answers comes out of its packing as it went in', () => {
  fc.assert(
    fc.property(fc.array(done), (made) => {
      const items = cloned(made)
      assert.equal(unpackDone(cloned(packDone(items as unknown as TaskDone[]))), items)
    }),
  )
})

test('a short value goes as text, a long one as its bytes', () => {
  const answer = (length: number): TaskDone => {
    const value = new Uint8Array(length).fill(200)
    return { sequence: 1, result: { reply: { text: 'v', value }, used: 2, heapBytes: 3, trace: [], ms: 4 } }
  }
  assert.equal(packDone([answer(2)]), [[1, 'ÈÈ', 2, 3, 4]])
  assert.equal(packDone([answer(5000)]), [answer(5000)])
})

test.run()
