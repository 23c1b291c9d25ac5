// Runs in worker processes: the pool loses a process without losing more than the call that kept it.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EVERYTHING } from '#executor'
import type { Reference } from '#codebase'
import { closeExecutors, definitions, makeExecutor, provider } from '../executors.ts'

test.after(closeExecutors)

const { references, objects } = definitions(`
  const double = (n) => n * 2
  const loops = () => { for (;;); }
  function* asks(n) { return (yield* Clock.now()) + n }`)

const request = (name: string, ...args: number[]) =>
  ({ reference: references[name] as Reference, args, allow: EVERYTHING }) as const

test('a run in a process comes to what it comes to on a thread, with the same receipt', async () => {
  const providers = [provider('Clock', { now: () => 1 })]
  const results = await Promise.all(
    (['thread', 'process'] as const).map(async (isolation) => {
      const executor = makeExecutor(objects, { isolation, workers: 1, providers })
      const results = await Promise.all([
        executor.run(request('double', 4)),
        executor.run(request('asks', 4)),
      ])
      return results.map(({ outcome, fuel, receipt }) => ({ outcome, fuel, receipt }))
    }),
  )
  assert.equal(results[0]?.[0]?.outcome, { kind: 'value', value: 8 })
  assert.equal(results[0]?.[1]?.outcome, { kind: 'value', value: 5 })
  assert.equal(results[1], results[0])
})

test('a killed process costs only the call that kept it busy', async () => {
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>()
  const { promise: time, resolve: answer } = Promise.withResolvers<number>()
  let asks = 0
  const now = (): Promise<number> => {
    asks++
    onAsked()
    return time
  }
  const executor = makeExecutor(objects, {
    isolation: 'process',
    workers: 1,
    providers: [provider('Clock', { now })],
  })
  const waits = executor.run(request('asks', 1)) // its sandbox is in the process that is killed
  await asked
  const controller = new AbortController()
  const loops = executor.run({ ...request('loops'), limits: { fuel: 1e15 } }, { signal: controller.signal })
  const behind = [1, 2, 3].map((n) => executor.run(request('double', n)))
  setImmediate(() => controller.abort(new Error('not wanted')))
  const error = await loops.catch((reason: Error) => reason)
  assert.is((error as Error).message, 'not wanted')
  const outcomes = (await Promise.all(behind)).map(({ outcome }) => outcome)
  assert.equal(
    outcomes,
    [2, 4, 6].map((value) => ({ kind: 'value', value })),
  )
  answer(10)
  assert.equal((await waits).outcome, { kind: 'value', value: 11 })
  assert.is(asks, 1)
})

test.run()
