// Operations on their way between a guest and its providers.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeLogProvider, type Provider } from '#abilities'
import { type Outcome } from '#executor'
import { closeExecutors, outcomeOf, provider, runText, withoutFrames } from './executors.ts'

test.after(closeExecutors)

const valueOf = (outcome: Outcome): unknown => (outcome.kind === 'value' ? outcome.value : outcome)

test('run() ends an operation that takes too long by time', async () => {
  const powers = { providers: [provider('Clock', { sleep: () => new Promise(() => {}) })] }
  const outcome = await outcomeOf('function* main() { yield* Clock.sleep(1) }', [], {
    powers,
    request: { limits: { timeMs: 30 } },
  })
  assert.equal(outcome, { kind: 'limit', limit: 'time', allowed: 30 })
})

test('run() gives operations to their providers with scope, and their answers and errors to the guest', async () => {
  const seen: unknown[] = []
  const store = provider('Store', {
    get: (key) => {
      if (key === 'b') throw Object.assign(new Error('the shelf is empty'), { name: 'StoreFailed' })
      return new Map([[key as string, 1n]])
    },
  })
  const powers = {
    providers: [
      {
        ...store,
        perform: (...all: Parameters<typeof store.perform>) => {
          seen.push([all[0], all[1], all[2].scope])
          return store.perform(...all)
        },
      },
    ],
  }
  const text = `function* main() {
    const a = yield* Store.get('a')
    try { yield* Store.get('b') } catch (e) { return [a, e instanceof Error, e.name, e.message] }
  }`
  const outcome = await outcomeOf(text, [], {
    powers,
    request: { allow: [{ ability: 'Store', scope: 'shelf' }] },
  })
  assert.equal(valueOf(outcome), [new Map([['a', 1n]]), true, 'StoreFailed', 'the shelf is empty'])
  assert.equal(seen, [
    ['get', ['a'], 'shelf'],
    ['get', ['b'], 'shelf'],
  ])
})

test('an operation whose arguments cannot cross throws into the guest, at its yield', async () => {
  const text = `function* main() {
    const cycle = {}; cycle.a = cycle
    const seen = []
    for (const args of [['k', cycle], [() => 1], ['k', { at: [new Date(NaN)] }]]) {
      try { yield* Store.put(...args) } catch (error) { seen.push(error.name + ' ' + error.message) }
      finally { seen.push(yield* Store.get('k')) }
    }
    return seen
  }`
  const powers = { providers: [provider('Store', { get: () => 'finally' })] }
  const { outcome } = await runText(text, [], { powers })
  assert.equal(valueOf(outcome), [
    'ValueError Cannot perform Store.put: argument 2, at $.a: a cycle',
    'finally',
    'ValueError Cannot perform Store.put: argument 1, at $: a function that is not a definition',
    'finally',
    'ValueError Cannot perform Store.put: argument 2, at $.at[0]: an invalid date',
    'finally',
  ])
})

test('errors of operations with the names of built-in ones are those', async () => {
  const text = `function* main() {
    try { yield* Store.get('k') } catch (error) { return [error instanceof RangeError, error.name, Object.keys(error)] }
  }`
  const get = (): never => {
    throw Object.assign(new Error('too far'), { name: 'RangeError' })
  }
  const { outcome } = await runText(text, [], { powers: { providers: [provider('Store', { get })] } })
  assert.equal(valueOf(outcome), [true, 'RangeError', []])
})

test('an observer of the log that throws is no concern of the run', async () => {
  const powers = { providers: [makeLogProvider()] }
  const options = { onLog: () => assert.unreachable() }
  const { outcome } = await runText("const main = () => Log.info('x')", [], { powers, options })
  assert.equal(outcome, { kind: 'value', value: undefined })
})

test('run() has operations of all() performed at once, and logs their answers as they come', async () => {
  const open = new Map<unknown, (value: string) => void>()
  const Store = provider('Store', {
    get: (key) => new Promise<string>((resolve) => open.set(key, resolve)),
  })
  const text = `const one = function* (key) { return (yield* Store.get(key)) + (yield* Store.get(key + key)) }
    function* main() { return yield* all([one('a'), one('b')]) }`
  const running = runText(text, [], { powers: { providers: [Store] } })
  while (open.size < 2) await new Promise(setImmediate)
  open.get('b')?.('B')
  while (open.size < 3) await new Promise(setImmediate)
  assert.equal([...open.keys()], ['a', 'b', 'bb'])
  open.get('a')?.('A')
  while (open.size < 4) await new Promise(setImmediate)
  open.get('aa')?.('AA')
  open.get('bb')?.('BB')
  assert.equal((await running).outcome, { kind: 'value', value: ['AAA', 'BBB'] })
})

test('run() tells a provider that nobody waits for its answer any more', async () => {
  let aborted = 0
  const Store: Provider = {
    ...provider('Store', {}),
    perform: (_operation, [key], { signal }) =>
      key === 'fails'
        ? Promise.reject(new Error('gone'))
        : new Promise((_, reject) => signal.addEventListener('abort', () => reject(aborted++))),
  }
  const text = "function* main() { return yield* all([Store.get('waits'), Store.get('fails')]) }"
  const { outcome } = await runText(text, [], { powers: { providers: [Store] } })
  assert.equal(withoutFrames(outcome), { kind: 'failure', name: 'Error', message: 'gone' })
  assert.is(aborted, 1)
})

test('run() gives back what operations carried: many large answers fit into little memory', async () => {
  const large = 'x'.repeat(100_000)
  const Store = provider('Store', { get: () => large })
  const text = `function* main(count) {
    let sum = 0
    for (let i = 0; i < count; i++) sum += (yield* Store.get('k')).length
    return sum
  }`
  const limits = { memoryBytes: 16 * 1024 * 1024 }
  const running = { powers: { providers: [Store] }, request: { limits } }
  assert.equal(valueOf(await outcomeOf(text, [300], running)), 30_000_000)
})

test('run() gives no answer to what the guest cancelled, also when both came at once', async () => {
  const providers = [
    provider('Store', {
      get: () => {
        throw new Error('gone')
      },
    }),
    provider('Clock', { now: () => 5 }),
  ]
  const text =
    "function* main() { try { return yield* all([Store.get('x'), Clock.now()]) } catch (e) { return [e.message, yield* Clock.now()] } }"
  assert.equal(valueOf(await outcomeOf(text, [], { powers: { providers } })), ['gone', 5])
})

test('run() fails with a ValueError for arguments of an operation that have too many items', async () => {
  const powers = { providers: [provider('Store', { put: () => undefined })] }
  const text = "function* main() { yield* Store.put('k', new Array(4_100_000).fill(0)) }"
  const limits = { memoryBytes: 256 * 1024 * 1024 }
  const outcome = withoutFrames(await outcomeOf(text, [], { powers, request: { limits } }))
  assert.equal(outcome, {
    kind: 'failure',
    name: 'ValueError',
    message: 'Cannot pass value: more than 4000000 items at $[1][3999995]',
  })
})

test.run()
