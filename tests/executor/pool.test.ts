import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { StartStint, StintReply } from '../../executor/stint.ts'
import type { StintOutcome } from '../../executor/job.ts'
import { WorkerPool } from '../../executor/pool.ts'
import { EXECUTOR_LIMITS } from '../../executor/limits.ts'
import { BOUNDS } from './sandboxes.ts'

const pools: WorkerPool[] = []
const makePool = (workers = 1): WorkerPool => {
  const pool = new WorkerPool({ clock: () => performance.now(), workers })
  pools.push(pool)
  return pool
}
test.after(async () => {
  await Promise.all(pools.map((pool) => pool.close()))
})

const program = (main: string): string =>
  `(function ($) { const Log = $.ability('log', 'Log', ['info']); $.define('main', ${main}) })`
const start = (run: number, main: string, fuel = BOUNDS.fuel): StartStint => ({
  kind: 'start',
  run,
  image: main,
  program: program(main),
  reference: 'main',
  args: '[]',
  bounds: { ...BOUNDS, fuel },
})
const OPTIONS = { timeMs: 10_000 }
const FOREVER = 1e12
const WAITS = "function* () { return yield* Log.info('x') }"

const replyOf = (outcome: StintOutcome): StintReply['reply'] => {
  if (typeof outcome === 'string') throw new Error(outcome)
  return outcome.reply
}

test('perform() runs a program again and again, on every worker', async () => {
  const pool = makePool(2)
  const first = await Promise.all(
    Array.from({ length: 200 }, (_, run) => pool.perform(start(run, '() => 7'), OPTIONS)),
  )
  const second = await pool.perform(start(200, '() => 7'), OPTIONS)
  for (const outcome of [...first, second]) assert.equal(replyOf(outcome), { text: 'v7' })
})

test('perform() gives what waits behind a long stint to another worker, or runs it after that one is ended', async () => {
  for (const workers of [1, 2]) {
    const pool = makePool(workers)
    const quick = Array.from({ length: 300 }, (_, run) => pool.perform(start(run, '() => 7'), OPTIONS))
    await Promise.all(quick) // the pool knows now that stints are short, and posts many ahead
    const long = pool.perform(start(1_000, '() => { for (;;); }', FOREVER), { timeMs: 200 })
    const behind = Array.from({ length: 300 }, (_, run) =>
      pool.perform(start(2_000 + run, '() => 8'), OPTIONS),
    )
    for (const outcome of await Promise.all(behind)) assert.equal(replyOf(outcome), { text: 'v8' })
    assert.equal(replyOf(await long), { stop: 'interrupted' })
  }
})

test('perform() takes what waits by priority, then in order', async () => {
  const pool = makePool()
  const order: string[] = []
  const add = async (run: number, priority: 'high' | 'normal' | 'low'): Promise<void> => {
    await pool.perform(start(run, '() => 7'), { ...OPTIONS, priority })
    order.push(`${priority} ${run}`)
  }
  await Promise.all([add(0, 'low'), add(1, 'low'), add(2, 'normal'), add(3, 'high'), add(4, 'high')])
  assert.equal(order, ['low 0', 'high 3', 'high 4', 'normal 2', 'low 1'])
})

test('perform() refuses more than may wait', async () => {
  const pool = makePool()
  const all = Array.from({ length: 5 }, (_, run) => pool.perform(start(run, '() => 7'), OPTIONS))
  await Promise.all(all)
  const controllers: AbortController[] = []
  const waiting = Array.from({ length: EXECUTOR_LIMITS.queuedRuns + 200 }, async (_, run) => {
    const controller = new AbortController()
    controllers.push(controller)
    try {
      return await pool.perform(start(run, '() => 7'), { ...OPTIONS, signal: controller.signal })
    } catch (error) {
      return (error as { code: string }).code
    }
  })
  for (const controller of controllers) controller.abort()
  const outcomes = await Promise.all(waiting)
  assert.ok(outcomes.includes('busy'))
  assert.ok(outcomes.includes('lost'))
})

test('perform() keeps a run that waits, and answers it', async () => {
  const pool = makePool()
  assert.equal(replyOf(await pool.perform(start(1, WAITS), OPTIONS)), {
    text: 'o{"ask":[[0,"log","info",["x"]]],"cancel":[]}',
  })
  assert.equal(replyOf(await pool.perform(start(2, '() => 1'), OPTIONS)), { text: 'v1' })
  assert.equal(
    replyOf(await pool.perform({ kind: 'answer', run: 1, json: '5', operation: 0, bounds: BOUNDS }, OPTIONS)),
    {
      text: 'v5',
    },
  )
})

test('perform() of an answer that no run waits for is lost', async () => {
  const pool = makePool()
  await pool.perform(start(1, WAITS), OPTIONS)
  pool.drop(1)
  assert.is(
    await pool.perform({ kind: 'answer', run: 1, json: '5', operation: 0, bounds: BOUNDS }, OPTIONS),
    'lost',
  )
})

test('perform() interrupts a guest past its time, and the worker serves on', async () => {
  const pool = makePool()
  await pool.perform(start(1, WAITS), OPTIONS)
  assert.equal(replyOf(await pool.perform(start(2, '() => { for (;;); }', FOREVER), { timeMs: 30 })), {
    stop: 'interrupted',
  })
  assert.equal(
    replyOf(await pool.perform({ kind: 'answer', run: 1, json: '5', operation: 0, bounds: BOUNDS }, OPTIONS)),
    {
      text: 'v5',
    },
  )
})

test('perform() interrupts long work inside the engine too', async () => {
  const pool = makePool()
  for (const main of [
    "() => 'a'.repeat(4e6).indexOf('a'.repeat(2e6) + 'b')",
    '() => Array.prototype.reverse.call({ length: 2 ** 50 })',
  ]) {
    assert.equal(
      replyOf(await pool.perform(start(1, main, FOREVER), { timeMs: 30 })),
      { stop: 'interrupted' },
      main,
    )
  }
})

test('perform() stops a guest whose run is no longer wanted', async () => {
  const pool = makePool()
  const controller = new AbortController()
  const running = pool.perform(start(1, '() => { for (;;); }', FOREVER), {
    ...OPTIONS,
    signal: controller.signal,
  })
  setImmediate(() => controller.abort())
  assert.equal(replyOf(await running), { stop: 'interrupted' })
  const gone = { ...OPTIONS, signal: AbortSignal.abort() }
  assert.is(await pool.perform(start(2, '() => 1'), gone), 'lost')
})

test('perform() replaces a worker that dies, and tells that the runs in it are lost', async () => {
  const pool = makePool()
  await pool.perform(start(1, WAITS), OPTIONS)
  const deadly = { ...start(2, '() => 1'), bounds: null as never } // makes the worker itself throw
  assert.is(await pool.perform(deadly, OPTIONS), 'lost')
  assert.is(
    await pool.perform({ kind: 'answer', run: 1, json: '5', operation: 0, bounds: BOUNDS }, OPTIONS),
    'lost',
  )
  assert.equal(replyOf(await pool.perform(start(3, '() => 1'), OPTIONS)), { text: 'v1' })
})

test('close() refuses what comes later', async () => {
  const pool = makePool()
  await pool.close()
  const error = await pool.perform(start(1, '() => 1'), OPTIONS).catch((reason) => reason)
  assert.is(error.code, 'executor-closed')
})

test.run()
