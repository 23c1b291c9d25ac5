import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeClockProvider } from '#abilities'
import { testProvider } from '../contracts/provider.ts'
import { failureOf, performWith } from './perform.ts'

/** A clock that moves only when told to. */
function fakeClock(startMs: number) {
  let now = startMs
  const timers = new Map<() => void, number>()
  return {
    timers,
    powers: {
      now: () => now,
      startTimer(callback: () => void, ms: number) {
        timers.set(callback, now + ms)
        return () => void timers.delete(callback)
      },
    },
    advance(ms: number) {
      now += ms
      for (const [callback, due] of timers) {
        if (due > now) continue
        timers.delete(callback)
        callback()
      }
    },
  }
}

testProvider({
  name: 'Clock',
  provider: makeClockProvider({
    now: () => 1_700_000_000_000,
    startTimer(callback) {
      const timer = setImmediate(callback)
      return () => clearImmediate(timer)
    },
  }),
  calls: [['now'], ['sleep', 5]],
})

test('now() is whole milliseconds of the clock given', async () => {
  const { powers } = fakeClock(1_700_000_000_000.75)
  assert.is(await performWith(makeClockProvider(powers))('now'), 1_700_000_000_000)
})

test('sleep() answers when its time has passed, and not before', async () => {
  const clock = fakeClock(0)
  const order: string[] = []
  const slept = performWith(makeClockProvider(clock.powers))('sleep', 100).then(() => order.push('slept'))
  clock.advance(99)
  await Promise.resolve()
  order.push('99 ms')
  clock.advance(1)
  await slept
  assert.equal(order, ['99 ms', 'slept'])
})

test('sleep() ends when the run does, and leaves no timer', async () => {
  const clock = fakeClock(0)
  const run = new AbortController()
  const slept = performWith(makeClockProvider(clock.powers), { signal: run.signal })('sleep', 100)
  run.abort()
  assert.is((await failureOf(slept)).name, 'Cancelled')
  assert.is(clock.timers.size, 0)
})

test('sleep() refuses what is not a time of at most a day', async () => {
  const perform = performWith(makeClockProvider(fakeClock(0).powers))
  assert.equal(await failureOf(perform('sleep', '5')), {
    name: 'TypeError',
    message: 'Cannot perform Clock.sleep: ms is text, expected a whole number from 0 to 86400000',
  })
  for (const ms of [-1, 0.5, Number.NaN, 86_400_001]) {
    assert.is((await failureOf(perform('sleep', ms))).name, 'RangeError', String(ms))
  }
})

test.run()
