// Workers that lie: whatever one answers, it is its own call that ends, and the host goes on.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeValue } from '#codebase'
import { drive, type Driven, type DrivePowers, type Drive } from '../../executor/drive.ts'
import type { Job } from '../../executor/job.ts'
import { MAXIMUM_LIMITS } from '../../executor/limits.ts'
import type { Reply } from '../../executor/sandbox.ts'
import type { StintReply } from '../../executor/stint.ts'
import { WorkerHost } from '../../executor/worker-host.ts'
import { start } from '../contracts/worker-link.ts'
import { provider } from './executors.ts'

const parked = { memoryBytes: 0, heapTop: 0, runs: new Uint32Array(), words: new Uint32Array() }
const REFERENCE = 'a'.repeat(52)

/** What comes of a run whose worker gives these replies, and how many operations were performed. */
async function driven(replies: readonly Reply[], effects = 2): Promise<Driven & { performed: number }> {
  let performed = 0
  const store = provider('Store', { get: () => ++performed })
  const left = [...replies]
  const pool = {
    perform: async (): Promise<StintReply> => {
      const reply = left.shift() ?? { text: 'v1' }
      return {
        reply,
        used: 1,
        heapBytes: 1,
        trace: [],
        ms: 1,
        ...('text' in reply && reply.text === 'c' && { parked }),
      }
    },
    drop: () => {},
  }
  const program = {
    key: '',
    program: { text: '' },
    abilityName: () => {
      throw new TypeError('no such ability')
    },
  }
  const what = {
    program,
    reference: REFERENCE,
    args: '[]',
    limits: { ...MAXIMUM_LIMITS, effects, timeMs: 2000 },
    authority: new Map([[REFERENCE, { provider: store, scope: undefined }]]),
  }
  const powers = {
    pool,
    newRun: () => 1,
    priority: undefined,
    clock: () => performance.now(),
    signal: undefined,
    log: () => {},
  }
  const outcome = await drive(what as unknown as Drive, powers as unknown as DrivePowers)
  return { ...outcome, performed }
}

const text = (letter: string, said: unknown): Reply => ({ text: letter + JSON.stringify(said) })
const ask = (number: number, ...more: unknown[]): Reply =>
  text('o', { ask: [[number, REFERENCE, 'get', ['k'], ...more]], cancel: [] })
const FORK: readonly Reply[] = [text('k', { continuation: 0, answer: 1 }), { text: 'c' }]
const noValue: Reply = { text: 'v', value: Uint8Array.of(0x9f) }

for (const [what, replies] of [
  ['a value that is none', [noValue]],
  ['no JSON', [{ text: 'v{' }]],
  ['an unknown letter', [{ text: 'x1' }]],
  ['no text at all', [{ text: '' }]],
  ['operations that are no JSON', [{ text: 'o{' }]],
  ['operations that are null', [text('o', null)]],
  ['a number for what it cancels', [text('o', { ask: [], cancel: 3 })]],
  ['texts for what it cancels', [text('o', { ask: [], cancel: ['3'] })]],
  ['an operation with a negative number', [ask(-1)]],
  ['an operation with half a number', [ask(0.5)]],
  ['an operation with more parts', [ask(0, 1)]],
  ['an operation whose arguments are none', [text('o', { ask: [[0, REFERENCE, 'get', 'k']], cancel: [] })]],
  ['an operation that is no text', [text('o', { ask: [[0, REFERENCE, {}, []]], cancel: [] })]],
  ['an operation of no ability', [text('o', { ask: [[0, 'b', 'get', []]], cancel: [] })]],
  ['an operation asked for again', [ask(0), ask(0)]],
  ['an error without a message', [text('f', { name: 'x', stack: '' })]],
  ['causes that are none', [text('f', { name: 'x', message: 'y', stack: '', causes: [1] })]],
  ['a step of no fork', [text('k', { fork: 7, operation: 0, answer: 1 })]],
  ['a step that is none', [text('k', {})]],
  ['a step that is no JSON', [{ text: 'k' }]],
  ['a value of a fork that is none', [...FORK, noValue]],
  ['a value of a fork that is no JSON', [...FORK, { text: 'v{' }]],
  ['operations of a fork that are none', [...FORK, text('o', { ask: 1 })]],
  ['an error of a fork that is none', [...FORK, text('f', 1)]],
] as const satisfies readonly (readonly [string, readonly Reply[]])[])
  test(`a worker that answers with ${what} ends its run as an engine that broke off`, async () => {
    const { outcome } = await driven(replies)
    assert.is(outcome.kind === 'failure' && outcome.error.name, 'EngineFault')
  })

test('a worker that tells the truth is believed', async () => {
  assert.equal((await driven([ask(0), { text: 'v', value: encodeValue([1]) }])).outcome, {
    kind: 'value',
    value: [1],
  })
  assert.equal((await driven([...FORK, { text: 'v2' }, { text: 'v3' }])).outcome, { kind: 'value', value: 3 })
})

test('no more operations are performed than may be, whatever numbers they are given', async () => {
  const again = (number: number): Reply =>
    text('o', { ask: [[number, REFERENCE, 'get', ['k']]], cancel: [number] })
  assert.is((await driven([ask(-1), ask(-2), ask(-3)])).performed, 0)
  const many = await driven([again(0), again(1), again(2), again(3)])
  assert.equal(many.outcome, { kind: 'limit', limit: 'effects', allowed: 2 })
  assert.is(many.performed, 2)
})

test('a worker that says twice that it lacks a program is told no third time', async () => {
  let posts = 0
  const { promise, resolve } = Promise.withResolvers<string>()
  const host = new WorkerHost(
    {
      clock: () => 0,
      atHand: [],
      startWorker: (_, { onDone }) => ({
        current: 0,
        post: (items) =>
          setImmediate(() => {
            if (++posts > 10) return resolve('posted again and again')
            const sequences = items.flatMap((item) => ('sequence' in item ? [item.sequence] : []))
            onDone(sequences.map((sequence) => ({ sequence, result: 'unknown-image' })))
          }),
        interrupt: () => {},
        retract: () => {},
        keepAlive: () => {},
        terminate: async () => {},
      }),
    },
    { onRoom: () => {}, onReturned: () => {} },
  )
  const job = { stint: start(1, '() => 1'), options: { timeMs: 1e5 }, settle: resolve }
  host.post(job as unknown as Job)
  assert.is(await promise, 'lost')
  assert.is(posts, 2)
  await host.close()
})

test.run()
