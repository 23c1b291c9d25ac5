import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { StartStint } from '../../executor/stint.ts'
import { type StintDone, type StintOutcome, WorkerHost } from '../../executor/worker-host.ts'
import { BOUNDS } from './sandboxes.ts'

const hosts: WorkerHost[] = []
const makeHost = (): WorkerHost => {
  const host = new WorkerHost(() => performance.now())
  hosts.push(host)
  return host
}
test.after(async () => {
  await Promise.all(hosts.map((host) => host.close()))
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

const replyOf = (outcome: StintOutcome): StintDone['reply'] => {
  if (typeof outcome === 'string') throw new Error(outcome)
  return outcome.reply
}

test('perform() needs a program once; then the image is kept by its key', async () => {
  const host = makeHost()
  const { program: _, ...bare } = start(1, '() => 7')
  assert.is(replyOf(await host.perform(bare, OPTIONS)), 'unknown-image')
  assert.equal(replyOf(await host.perform(start(1, '() => 7'), OPTIONS)), { text: 'v7' })
  assert.equal(replyOf(await host.perform(bare, OPTIONS)), { text: 'v7' })
})

test('perform() keeps a run that waits, and answers it', async () => {
  const host = makeHost()
  assert.equal(replyOf(await host.perform(start(1, WAITS), OPTIONS)), { text: 'o["log","info",["x"]]' })
  assert.equal(replyOf(await host.perform(start(2, '() => 1'), OPTIONS)), { text: 'v1' })
  assert.equal(replyOf(await host.perform({ kind: 'answer', run: 1, json: '5', bounds: BOUNDS }, OPTIONS)), {
    text: 'v5',
  })
})

test('perform() of an answer that no run waits for is lost', async () => {
  const host = makeHost()
  await host.perform(start(1, WAITS), OPTIONS)
  host.drop(1)
  assert.is(await host.perform({ kind: 'answer', run: 1, json: '5', bounds: BOUNDS }, OPTIONS), 'lost')
})

test('perform() interrupts a guest past its time, and the worker serves on', async () => {
  const host = makeHost()
  await host.perform(start(1, WAITS), OPTIONS)
  assert.equal(replyOf(await host.perform(start(2, '() => { for (;;); }', FOREVER), { timeMs: 30 })), {
    stop: 'interrupted',
  })
  assert.equal(replyOf(await host.perform({ kind: 'answer', run: 1, json: '5', bounds: BOUNDS }, OPTIONS)), {
    text: 'v5',
  })
})

test('perform() interrupts long work inside the engine too', async () => {
  const host = makeHost()
  for (const main of [
    "() => 'a'.repeat(4e6).indexOf('a'.repeat(2e6) + 'b')",
    '() => Array.prototype.reverse.call({ length: 2 ** 50 })',
  ]) {
    assert.equal(
      replyOf(await host.perform(start(1, main, FOREVER), { timeMs: 30 })),
      { stop: 'interrupted' },
      main,
    )
  }
})

test('perform() stops a guest whose run is no longer wanted', async () => {
  const host = makeHost()
  const controller = new AbortController()
  const running = host.perform(start(1, '() => { for (;;); }', FOREVER), {
    ...OPTIONS,
    signal: controller.signal,
  })
  setImmediate(() => controller.abort())
  assert.equal(replyOf(await running), { stop: 'interrupted' })
  const gone = { ...OPTIONS, signal: AbortSignal.abort() }
  assert.is(await host.perform(start(2, '() => 1'), gone), 'lost')
})

test('perform() replaces a worker that dies, and tells that the runs in it are lost', async () => {
  const host = makeHost()
  await host.perform(start(1, WAITS), OPTIONS)
  const deadly = { ...start(2, '() => 1'), bounds: null as never } // makes the worker itself throw
  assert.is(await host.perform(deadly, OPTIONS), 'lost')
  assert.is(await host.perform({ kind: 'answer', run: 1, json: '5', bounds: BOUNDS }, OPTIONS), 'lost')
  assert.equal(replyOf(await host.perform(start(3, '() => 1'), OPTIONS)), { text: 'v1' })
})

test('close() refuses what comes later', async () => {
  const host = makeHost()
  await host.close()
  const error = await host.perform(start(1, '() => 1'), OPTIONS).catch((reason) => reason)
  assert.is(error.code, 'executor-closed')
})

test.run()
