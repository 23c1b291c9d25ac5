// Computations that are resumed more than once: each further resumption goes on with a copy of the
// computation as it was at the operation.

import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Value } from '#codebase'
import { closeExecutors, outcomeOf, provider, type Running, runText, withoutFrames } from './executors.ts'

test.after(closeExecutors)

async function valueOf(text: string, args: readonly Value[] = [], running: Running = {}): Promise<Value> {
  const outcome = await outcomeOf(text, args, running)
  if (outcome.kind !== 'value') throw new Error(JSON.stringify(outcome))
  return outcome.value
}

/** Every way through a computation that chooses. */
const CHOICE = `
const Choice = ability('Choice', { pick: op() })
const State = ability('State', { get: op(), set: op() })
const everyWay = handle(Choice, {
  *pick(resume, options) {
    const results = []
    for (const option of options) results.push(...(yield* resume(option)))
    return results
  },
  return: (x) => [x],
})
const withState = (start) => {
  let state = start
  return handle(State, { get: (resume) => resume(state), set(resume, next) { state = next; return resume() } })
}
`

test('a clause resumes as often as it likes, and each resumption goes its own way', async () => {
  const text = `${CHOICE}
    function* pair() { return [yield* Choice.pick([1, 2, 3]), yield* Choice.pick(['a', 'b'])] }
    function* main() { return yield* everyWay(pair()) }`
  assert.equal(
    await valueOf(text),
    [1, 2, 3].flatMap((x) => [
      [x, 'a'],
      [x, 'b'],
    ]),
  )
})

test('what a computation keeps in locals, closures, objects and generators is copied', async () => {
  const text = `${CHOICE}
    class Path { #steps = []; add(x) { this.#steps.push(x); return this } get steps() { return this.#steps } }
    function* walk() {
      const path = new Path(), seen = new Map(), later = []
      for (let i = 0; i < 3; i++) {
        const x = yield* Choice.pick([0, 1])
        path.add(x); seen.set(i, x); later.push(() => x + i)
        try { if (x === 1 && i === 1) throw new RangeError('one') } catch (e) { path.add(e.message) }
      }
      return [path.steps.join(''), [...seen.values()], later.map((f) => f())]
    }
    function* main() { return yield* everyWay(walk()) }`
  const bits = [0, 1].flatMap((a) => [0, 1].flatMap((b) => [0, 1].map((c) => [a, b, c] as const)))
  assert.equal(
    await valueOf(text),
    bits.map(([a, b, c]) => [b === 1 ? `${a}1one${c}` : `${a}0${c}`, [a, b, c], [a, b + 1, c + 2]]),
  )
})

test('handlers around the one that resumes again see the operations of every resumption', async () => {
  const text = `${CHOICE}
    function* count() {
      const x = yield* Choice.pick([10, 20, 30])
      const before = yield* State.get()
      yield* State.set(before + x)
      return before
    }
    function* outside() { return yield* withState(0)(everyWay(count())) }
    function* inside() { return yield* everyWay(withState(0)(count())) }
    function* main() { return [yield* outside(), yield* inside()] }`
  // Outside, one state goes through all ways; inside, the copies share what the handler's closure keeps.
  assert.equal(((await valueOf(text)) as unknown[])[0], [0, 10, 30])
})

test('providers answer the operations of every resumption, in order', async () => {
  const asked: unknown[] = []
  const Log = provider('Log', {
    info: (message) => {
      asked.push(message)
      return undefined
    },
  })
  const text = `${CHOICE}
    function* say() { const x = yield* Choice.pick([1, 2, 3]); yield* Log.info('way ' + x); return x }
    function* main() { const all = yield* everyWay(say()); yield* Log.info('end'); return all }`
  assert.equal(await valueOf(text, [], { powers: { providers: [Log] } }), [1, 2, 3])
  assert.equal(asked, ['way 1', 'way 2', 'way 3', 'end'])
})

test('an error of a resumption is caught where it was resumed, an uncaught one names where it was thrown', async () => {
  const text = `${CHOICE}
    const attempts = handle(Choice, {
      *pick(resume, options) {
        const results = []
        for (const option of options) {
          try { results.push(yield* resume(option)) } catch (error) { results.push(error.name + error.message) }
        }
        return results
      },
    })
    function* half() { const x = yield* Choice.pick([2, 3, 4]); if (x % 2) throw new TypeError('odd ' + x); return x / 2 }
    function* main() { return yield* attempts(half()) }`
  assert.equal(await valueOf(text), [1, 'TypeErrorodd 3', 2])
  const uncaught = `${CHOICE}
    function* half() { const x = yield* Choice.pick([2, 3]); if (x % 2) throw new TypeError('odd ' + x); return x / 2 }
    function* main() { return yield* everyWay(half()) }`
  const outcome = await outcomeOf(uncaught)
  assert.equal(withoutFrames(outcome), { kind: 'failure', name: 'TypeError', message: 'odd 3' })
  assert.ok(outcome.kind === 'failure' && outcome.error.frames.length > 0)
})

test('what a resumption comes to crosses as a value, and what it holds may be a definition', async () => {
  const text = `${CHOICE}
    const double = (x) => 2 * x
    function* give() { const x = yield* Choice.pick([1, 2]); return x === 2 ? double : double }
    function* main() { return (yield* everyWay(give())).map((f) => f(21)) }`
  assert.equal(await valueOf(text), [42, 42])
  const closure = `${CHOICE}
    function* give() { const x = yield* Choice.pick([1, 2]); return () => x }
    function* main() { return (yield* everyWay(give())).length }`
  const outcome = withoutFrames(await outcomeOf(closure)) as { name: string }
  assert.is(outcome.name, 'ValueError')
})

test('resuming twice where a computation is run by hand says so', async () => {
  const text = `${CHOICE}
    function* pair() { return yield* Choice.pick([1, 2]) }
    const main = () => { const steps = everyWay(pair()); try { return steps.next().value } catch (e) { return e.message } }`
  assert.match(String(await valueOf(text)), /run by hand/)
})

test('a limit ends the run wherever it is hit', async () => {
  const text = `${CHOICE}
    function* spin() { const x = yield* Choice.pick([1, 2]); if (x === 2) for (;;); return x }
    function* main() { return yield* everyWay(spin()) }`
  const outcome = await outcomeOf(text, [], { request: { limits: { fuel: 1_000_000 } } })
  assert.equal(outcome, { kind: 'limit', limit: 'fuel', allowed: 1_000_000 })
})

test('forks take fuel and memory of the run that they belong to', async () => {
  const text = `${CHOICE}
    function* hold(count) { const ballast = new Uint8Array(8e6).fill(7); const x = yield* Choice.pick(Array.from({ length: count }, (_, i) => i)); return ballast[x] }
    function* nest(count) { const ballast = new Uint8Array(8e6).fill(7); for (let i = 0; i < count; i++) yield* Choice.pick([1, 2]); return ballast[0] }
    function* main(deep, count) { return (yield* everyWay(deep ? nest(count) : hold(count))).length }`
  const limits = { memoryBytes: 20_000_000 }
  assert.is(await valueOf(text, [false, 5], { request: { limits } }), 5)
  const outcome = await outcomeOf(text, [true, 5], { request: { limits } })
  assert.equal(outcome, { kind: 'limit', limit: 'memory', allowed: 20_000_000 })
  const few = await runText(text, [true, 1])
  const more = await runText(text, [true, 3])
  assert.ok(more.fuel > 2 * few.fuel)
})

/** Programs that choose a number of times: what they come to without any machinery. */
const ways = (options: readonly (readonly number[])[]): number[][] =>
  options.reduce<number[][]>((paths, some) => paths.flatMap((path) => some.map((x) => [...path, x])), [[]])

test('any number of choices gives every path, in order, with the same fuel each time', async () => {
  const text = `${CHOICE}
    function* walk(options) { const path = []; for (const some of options) path.push(yield* Choice.pick(some)); return path }
    function* main(options) { return yield* everyWay(walk(options)) }`
  const options = fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(options, async (given) => {
      const first = await runText(text, [given], { request: { memo: false } })
      const second = await runText(text, [given], { request: { memo: false } })
      assert.equal(first.outcome, { kind: 'value', value: ways(given) })
      assert.is(second.fuel, first.fuel)
    }),
    { numRuns: 25 },
  )
})

test.run()
