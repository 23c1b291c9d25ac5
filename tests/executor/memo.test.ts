// What is known of pure runs is not computed again, and equal calls at one time are run once.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Reference } from '#codebase'
import { EVERYTHING, type Outcome, type RunRequest } from '#executor'
import { closeExecutors, definitions, makeExecutor, memoStore, provider } from './executors.ts'

test.after(closeExecutors)

const valueOf = (outcome: Outcome): unknown => (outcome.kind === 'value' ? outcome.value : outcome)

/** Adds up to `n`: long enough that another call can come meanwhile. */
const COUNTING = 'const main = (n) => { let s = 0; for (let i = 0; i < n; i++) s += i; return s }'

const requestOf = (references: Readonly<Record<string, Reference>>, n: number): RunRequest => ({
  reference: references['main'] as Reference,
  args: [n],
  allow: EVERYTHING,
})

test('run() keeps pure outcomes and never runs them again, unless it is told to', async () => {
  const memo = memoStore()
  const { references, objects } = definitions(
    "const main = (x) => { console.log('ran'); if (x > 1) throw new RangeError('big'); return { x } }",
  )
  const executor = makeExecutor(objects, { memo })
  const call = (args: number[], more = {}) =>
    executor.run({ reference: references['main'] as Reference, args, allow: [], ...more })
  for (const args of [[1], [2]]) {
    const [first, again] = [await call(args), await call(args)]
    assert.equal([first?.memoised, again?.memoised], [false, true])
    assert.equal([first?.trace, again?.trace], [['ran'], []])
    assert.equal(again?.outcome, first?.outcome)
    assert.is(again?.fuel, first?.fuel)
    assert.is(again?.receipt, first?.receipt)
  }
  assert.not.ok((await call([1], { memo: false })).memoised)
  assert.is(memo.entries.size, 2)
})

test('run() keeps no fault of the engine, which may be the machine’s', async () => {
  const memo = memoStore()
  const { references, objects } = definitions(
    "const main = () => { const e = new Error('x'); e.name = 'EngineFault'; throw e }",
  )
  const executor = makeExecutor(objects, { memo })
  await executor.run({ reference: references['main'] as Reference, args: [], allow: [] })
  assert.is(memo.entries.size, 0)
})

test('run() keeps no limit, nothing that performed, and no memo where the run would have hit a limit', async () => {
  const memo = memoStore()
  const { references, objects } = definitions(
    'const main = (n) => { let s = 0; for (let i = 0; i < n; i++) s += i; return s }; function* asks() { return yield* Clock.now() }',
  )
  const executor = makeExecutor(objects, { memo, providers: [provider('Clock', { now: () => 1 })] })
  const call = (name: string, args: number[], limits = {}) =>
    executor.run({ reference: references[name] as Reference, args, allow: EVERYTHING, limits })
  const limited = await call('main', [100_000], { fuel: 100_000 })
  assert.is(limited.outcome.kind, 'limit')
  await call('asks', [])
  assert.is(memo.entries.size, 0)
  const { fuel } = await call('main', [100_000])
  assert.is(memo.entries.size, 1)
  assert.is((await call('main', [100_000], { fuel: fuel - 1 })).outcome.kind, 'limit')
})

test('run() runs two equal calls at one time once, and counts what memos were of use for', async () => {
  const memo = memoStore()
  const { references, objects } = definitions(COUNTING)
  const executor = makeExecutor(objects, { memo })
  const request = requestOf(references, 100_000)
  const results = await Promise.all(Array.from({ length: 5 }, () => executor.run(request)))
  assert.equal(
    results.map(({ memoised }) => memoised),
    [false, true, true, true, true],
  )
  for (const { outcome, fuel } of results) {
    assert.equal(valueOf(outcome), 4_999_950_000)
    assert.is(fuel, results[0]?.fuel)
  }
  await executor.run(request)
  const { memoryBytes, ...counts } = executor.memoStatistics ?? { memoryBytes: 0 }
  assert.equal(counts, { memoryHits: 5, storeHits: 0, joined: 4, misses: 1 })
  assert.ok(memoryBytes > 100)
  const other = makeExecutor(objects, { memo })
  assert.is((await other.run(request)).memoised, true)
  assert.is(other.memoStatistics?.storeHits, 1)
})

test('run() lets a call whose equal was given up, or hit its limit, run by itself', async () => {
  const { references, objects } = definitions(COUNTING)
  const executor = makeExecutor(objects, { memo: memoStore() })
  const request = requestOf(references, 3_000_000)
  const controller = new AbortController()
  const given = executor.run(request, { signal: controller.signal }).catch(() => 'given up')
  const scarce = executor.run({ ...request, limits: { fuel: 100_000 } })
  const whole = executor.run(request)
  controller.abort()
  assert.is(await given, 'given up')
  assert.equal((await scarce).outcome, { kind: 'limit', limit: 'fuel', allowed: 100_000 })
  assert.equal(valueOf((await whole).outcome), 4_499_998_500_000)
})

test('run() that waits for an equal call ends with its own signal, and no store that fails fails a run', async () => {
  const { references, objects } = definitions(COUNTING)
  const memo = { get: async () => undefined, put: () => Promise.reject(new Error('the disk is full')) }
  const executor = makeExecutor(objects, { memo })
  const request = requestOf(references, 3_000_000)
  const controller = new AbortController()
  const first = executor.run(request)
  const second = executor.run(request, { signal: controller.signal }).catch((error: Error) => error.message)
  setImmediate(() => controller.abort(new Error('given up')))
  assert.is(await second, 'given up')
  assert.equal(valueOf((await first).outcome), 4_499_998_500_000)
})

test.run()
