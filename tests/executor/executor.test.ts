import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeLogProvider, type Provider } from '#abilities'
import { type KnownError, type Reference, ReferenceValue, referenceText } from '#codebase'
import { EVERYTHING, type Outcome } from '#executor'
import {
  closeExecutors,
  definitions,
  makeExecutor,
  memoStore,
  outcomeOf,
  provider,
  runText,
  withoutFrames,
} from './executors.ts'

test.after(closeExecutors)

const codeOf = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'ran',
    (error: KnownError) => error.code ?? String(error),
  )
const valueOf = (outcome: Outcome): unknown => (outcome.kind === 'value' ? outcome.value : outcome)

test('run() runs functions, generators, async functions and constants', async () => {
  assert.is(valueOf(await outcomeOf('const add = (a, b) => a + b; const main = (a) => add(a, 1)', [2])), 3)
  assert.is(valueOf(await outcomeOf('function* main(a) { return a * 2 }', [21])), 42)
  assert.is(valueOf(await outcomeOf('async function main(a) { return (await a) + 1 }', [1])), 2)
  assert.equal(valueOf(await outcomeOf('const main = [1, { a: new Map([[1n, undefined]]) }]')), [
    1,
    { a: new Map([[1n, undefined]]) },
  ])
  assert.is(
    valueOf(
      await outcomeOf(
        'const compose = (f, g) => (x) => f(g(x)); const main = compose((x) => x + 1, (x) => x * 2)',
        [5],
      ),
    ),
    11,
  )
})

test('run() runs mutual recursion, classes and completed definitions', async () => {
  const text = `
    const even = (n) => n === 0 || odd(n - 1)
    const odd = (n) => n !== 0 && even(n - 1)
    class NotFound extends Error { constructor(what) { super('no ' + what); this.name = 'NotFound' } }
    function main(n) { try { throw new NotFound(main.what) } catch (e) { return [even(n), e instanceof NotFound, e.name, e.message] } }
    main.what = 'cake'`
  assert.equal(valueOf(await outcomeOf(text, [10])), [true, true, 'NotFound', 'no cake'])
})

test('run() takes and gives definitions as references', async () => {
  const { references, objects } = definitions(
    'const double = (x) => x * 2; const main = (f, x) => [f(x), f, double]',
  )
  const { main, double } = references as { main: Reference; double: Reference }
  const { outcome } = await makeExecutor(objects).run({
    reference: main,
    args: [new ReferenceValue(double), 4],
    allow: [],
  })
  const [value, given, named] = valueOf(outcome) as [number, ReferenceValue, ReferenceValue]
  assert.is(value, 8)
  assert.is(referenceText(given.reference), referenceText(double))
  assert.is(referenceText(named.reference), referenceText(double))
})

test('run() tells where a failure happened, innermost definition first', async () => {
  const text = `const inner = (x) => {
      if (x > 1) throw new RangeError('past ' + x)
    }
    function main(x) { return [1].map(() => inner(x)) }`
  const { references, members } = definitions(text)
  const outcome = await outcomeOf(text, [5])
  if (outcome.kind !== 'failure') throw new Error(outcome.kind)
  const { name, message, frames } = outcome.error
  assert.equal([name, message], ['RangeError', 'past 5'])
  assert.equal(
    frames.map(({ reference }) => referenceText(reference)),
    [references['inner'], references['main'], references['main']].map((reference) =>
      referenceText(reference as Reference),
    ),
  )
  assert.ok(members['main'] && frames.every(({ node }) => node >= 0))
})

test('run() makes a failure of what can’t cross, with the path to it', async () => {
  const failures: readonly (readonly [string, string])[] = [
    ['const main = () => () => 1', 'Cannot pass $: a function that is not a definition'],
    [
      'const main = () => { const a = { b: [] }; a.b.push({ c: a }); return a }',
      'Cannot pass $.b[0].c: a cycle',
    ],
    ['const main = () => ({ "a b": [Symbol("x")] })', 'Cannot pass $["a b"][0]: a symbol'],
    ['class Point {} \n const main = () => [new Point()]', 'Cannot pass $[0]: an instance of Point'],
    ['const main = () => new Date(NaN)', 'Cannot pass $: an invalid date'],
    ["const main = () => '\\ud800'", 'Cannot pass $: a string with a lone surrogate'],
    ['const main = () => [1, , 2]', 'Cannot pass $[1]: a hole in an array'],
    ['const main = () => ({ get x() { return 1 } })', 'Cannot pass $.x: an accessor'],
    [
      'const main = () => { let a = []; for (let i = 0; i < 300; i++) a = [a]; return a }',
      `Cannot pass $${'[0]'.repeat(256)}: nested deeper than 256`,
    ],
  ]
  for (const [text, message] of failures) {
    assert.equal(withoutFrames(await outcomeOf(text)), { kind: 'failure', name: 'ValueError', message }, text)
  }
})

test('run() makes a failure of a promise that never settles', async () => {
  const outcome = withoutFrames(
    await outcomeOf('const main = async () => { await new Promise(() => {}) }'),
  ) as { name: string }
  assert.is(outcome.name, 'NeverSettled')
})

test('run() ends in a limit, and which one is the same everywhere', async () => {
  const limits = { fuel: 50_000_000, memoryBytes: 16 * 1024 * 1024, outputBytes: 1000, effects: 3 }
  const powers = { providers: [provider('Log', { info: () => undefined })] }
  const expected: readonly (readonly [string, string, number])[] = [
    ['const main = () => { for (;;); }', 'fuel', limits.fuel],
    ['const loop = () => { for (;;); }; const main = loop()', 'fuel', limits.fuel],
    ['const main = () => { const f = () => f() + 1; return f() }', 'stack', 256 * 1024],
    ['const main = () => { const a = []; for (;;) a.push({}) }', 'memory', limits.memoryBytes],
    ["const main = () => 'x'.repeat(1000)", 'output', limits.outputBytes],
    ['function* main() { for (;;) yield* Log.info("x") }', 'effects', limits.effects],
  ]
  for (const [text, limit, allowed] of expected) {
    const [first, second] = [
      await runText(text, [], { powers, request: { limits } }),
      await runText(text, [], { powers, request: { limits } }),
    ]
    assert.equal(first?.outcome, { kind: 'limit', limit, allowed }, text)
    assert.is(first?.fuel, second?.fuel, text)
  }
})

test('run() counts the same fuel in a cold and a warm executor, and in one that did other things', async () => {
  const text =
    'const table = Array.from({ length: 100 }, (_, i) => i * i); const main = (n) => { let s = 0; for (let i = 0; i < n; i++) s += table[i % 100]; return s }'
  const { references, objects } = definitions(text)
  const reference = references['main'] as Reference
  const request = { reference, args: [5000], allow: [] }
  const other = definitions(
    'const main = () => { const a = []; for (let i = 0; i < 1e5; i++) a.push({ i }); return a.length }',
  )
  const [left, right] = [makeExecutor(objects), makeExecutor(new Map([...objects, ...other.objects]))]
  await right.run({ ...request, reference: other.references['main'] as Reference, args: [] })
  const results = [await left.run(request), await left.run(request), await right.run(request)]
  assert.is(new Set(results.map(({ fuel }) => fuel)).size, 1)
  assert.is(new Set(results.map(({ receipt }) => receipt)).size, 1)
})

test('run() ends a stubborn guest by time, and its neighbour by its own outcome', async () => {
  const text = `
    function* waits() { const a = yield* Clock.now(); const b = yield* Clock.now(); return [a, b] }
    const stubborn = () => { for (;;); }`
  const { references, objects } = definitions(text)
  let asked = 0
  const { promise, resolve } = Promise.withResolvers<number>()
  const clock = provider('Clock', { now: () => (asked++ === 0 ? 1 : promise) })
  const executor = makeExecutor(objects, { providers: [clock] })
  const waiting = executor.run({ reference: references['waits'] as Reference, args: [], allow: EVERYTHING })
  const limits = { timeMs: 60, fuel: 1_000_000_000_000 }
  const { outcome } = await executor.run({
    reference: references['stubborn'] as Reference,
    args: [],
    allow: [],
    limits,
  })
  assert.equal(outcome, { kind: 'limit', limit: 'time', allowed: 60 })
  resolve(2)
  assert.equal((await waiting).outcome, { kind: 'value', value: [1, 2] })
  assert.is(asked, 2)
})

test('run() ends an operation that takes too long by time', async () => {
  const powers = { providers: [provider('Clock', { sleep: () => new Promise(() => {}) })] }
  const outcome = await outcomeOf('function* main() { yield* Clock.sleep(1) }', [], {
    powers,
    request: { limits: { timeMs: 30 } },
  })
  assert.equal(outcome, { kind: 'limit', limit: 'time', allowed: 30 })
})

test('run() refuses before anything runs when the row asks for more than is allowed', async () => {
  const text =
    'const log = function* (x) { yield* Log.info(x) }; function* main() { yield* log("a"); return yield* Store.get("k") }'
  const powers = { providers: [provider('Log', { info: () => 'never' }), provider('Store', {})] }
  assert.equal(await outcomeOf(text, [], { powers, request: { allow: [{ ability: 'Log' }] } }), {
    kind: 'refused',
    missing: ['Store'],
  })
  assert.equal(await outcomeOf(text, [], { request: { allow: EVERYTHING } }), {
    kind: 'refused',
    missing: ['Log', 'Store'],
  })
})

test('run() takes an ability of the same name with other operations for another ability', async () => {
  const text =
    'const Store = ability("Store", { steal: 1 }); function* main() { return yield* Store.steal() }'
  const powers = { providers: [provider('Store', { get: () => 1 })] }
  assert.equal(await outcomeOf(text, [], { powers }), { kind: 'refused', missing: ['Store'] })
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

test('run() lets handlers of the language answer first, and takes what they handle out of the row', async () => {
  const text = `
    function* program() { return [yield* Store.get('a'), yield* Log.info('x')] }
    const answered = handle(Store, { get: (resume, key) => resume(key + '!'), put: (r) => r(), delete: (r) => r(), list: (r) => r() })
    function* main() { return yield* answered(program()) }`
  const powers = { providers: [provider('Log', { info: () => 7 })] }
  assert.equal(valueOf(await outcomeOf(text, [], { powers })), ['a!', 7])
})

test('run() throws the reason of a signal that aborts, while running and while waiting', async () => {
  const reason = new Error('gone')
  for (const text of ['const main = () => { for (;;); }', 'function* main() { yield* Clock.sleep(1) }']) {
    const controller = new AbortController()
    const powers = { providers: [provider('Clock', { sleep: () => new Promise(() => {}) })] }
    const running = runText(text, [], {
      powers,
      options: { signal: controller.signal },
      request: { limits: { fuel: 1e12 } },
    })
    setImmediate(() => controller.abort(reason))
    assert.is(await running.catch((error) => error), reason)
  }
})

test('an observer of the log that throws is no concern of the run', async () => {
  const powers = { providers: [makeLogProvider()] }
  const options = { onLog: () => assert.unreachable() }
  const { outcome } = await runText("const main = () => Log.info('x')", [], { powers, options })
  assert.equal(outcome, { kind: 'value', value: undefined })
})

test('run() refuses what is neither a function nor a constant', async () => {
  assert.is(await codeOf(outcomeOf("const main = ability('A', { a: op() })")), 'not-runnable')
})

test('run() refuses arguments before anything runs', async () => {
  assert.is(await codeOf(outcomeOf('const main = (a, b = 1) => a', [])), 'arguments')
  assert.is(await codeOf(outcomeOf('const main = (a, b = 1) => a', [1, 2, 3])), 'arguments')
  assert.is(await codeOf(outcomeOf('const main = (a, ...rest) => rest.length', [1, 2, 3])), 'ran')
  assert.is(await codeOf(outcomeOf('function main() { return arguments.length }', [1, 2])), 'ran')
  assert.is(await codeOf(outcomeOf('const main = (a) => a', ['x'.repeat(9e6)])), 'arguments-too-large')
  assert.is(
    await codeOf(outcomeOf('const main = (a) => a', [1], { request: { limits: { fuel: 0.5 } } })),
    'limit-invalid',
  )
})

test('run() refuses an object that is not the one asked for, one that is missing, and a member that is not there', async () => {
  const { references, objects } = definitions('const one = () => 1; const main = () => one()')
  const { main, one } = references as { main: Reference; one: Reference }
  const request = { reference: main, args: [], allow: [] }
  const flipped = new Map(objects)
  flipped.set(
    one.hash,
    Uint8Array.from(objects.get(one.hash) as Uint8Array, (byte, index) => (index === 5 ? byte ^ 1 : byte)),
  )
  assert.is(await codeOf(makeExecutor(flipped).run(request)), 'hash-mismatch')
  const missing = new Map(objects)
  missing.delete(one.hash)
  assert.is(await codeOf(makeExecutor(missing).run(request)), 'object-missing')
  assert.is(
    await codeOf(makeExecutor(objects).run({ ...request, reference: { ...main, index: 7 } })),
    'hash-unknown',
  )
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

test('run() serves more runs at once than there are sandboxes, each with its own outcome', async () => {
  const { references, objects } = definitions('function* main(n) { return (yield* Clock.now()) + n }')
  const { promise, resolve } = Promise.withResolvers<number>()
  const executor = makeExecutor(objects, { providers: [provider('Clock', { now: () => promise })] })
  const runs = Array.from({ length: 40 }, (_, n) =>
    executor.run({ reference: references['main'] as Reference, args: [n], allow: EVERYTHING }),
  )
  resolve(100)
  const outcomes = (await Promise.all(runs)).map(({ outcome }) => valueOf(outcome))
  assert.equal(
    outcomes,
    Array.from({ length: 40 }, (_, n) => 100 + n),
  )
})

test('run() leaves nothing for the next call of the same definition', async () => {
  const { references, objects } = definitions(
    'const seen = []; const main = (x) => { seen.push(x); return seen }',
  )
  const executor = makeExecutor(objects)
  const call = async (x: string) =>
    valueOf(
      (await executor.run({ reference: references['main'] as Reference, args: [x], allow: [] })).outcome,
    )
  assert.equal(await call('a'), ['a'])
  assert.equal(await call('b'), ['b'])
})

test('close() ends runs under way', async () => {
  const { references, objects } = definitions('const main = () => { for (;;); }')
  const executor = makeExecutor(objects)
  const reference = references['main'] as Reference
  const ended = codeOf(executor.run({ reference, args: [], allow: [], limits: { fuel: 1e12 } }))
  await new Promise(setImmediate)
  await executor.close()
  assert.is(await ended, 'executor-closed')
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

test('run() runs two equal calls at one time once, and counts what memos were of use for', async () => {
  const memo = memoStore()
  const { references, objects } = definitions(
    'const main = (n) => { let s = 0; for (let i = 0; i < n; i++) s += i; return s }',
  )
  const executor = makeExecutor(objects, { memo })
  const request = { reference: references['main'] as Reference, args: [100_000], allow: EVERYTHING } as const
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
  const { references, objects } = definitions(
    'const main = (n) => { let s = 0; for (let i = 0; i < n; i++) s += i; return s }',
  )
  const executor = makeExecutor(objects, { memo: memoStore() })
  const request = {
    reference: references['main'] as Reference,
    args: [3_000_000],
    allow: EVERYTHING,
  } as const
  const controller = new AbortController()
  const given = executor.run(request, { signal: controller.signal }).catch(() => 'given up')
  const scarce = executor.run({ ...request, limits: { fuel: 100_000 } })
  const whole = executor.run(request)
  controller.abort()
  assert.is(await given, 'given up')
  assert.equal((await scarce).outcome, { kind: 'limit', limit: 'fuel', allowed: 100_000 })
  assert.equal(valueOf((await whole).outcome), 4_499_998_500_000)
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

test('run() that waits for an equal call ends with its own signal, and no store that fails fails a run', async () => {
  const { references, objects } = definitions(
    'const main = (n) => { let s = 0; for (let i = 0; i < n; i++) s += i; return s }',
  )
  const memo = { get: async () => undefined, put: () => Promise.reject(new Error('the disk is full')) }
  const executor = makeExecutor(objects, { memo })
  const request = {
    reference: references['main'] as Reference,
    args: [3_000_000],
    allow: EVERYTHING,
  } as const
  const controller = new AbortController()
  const first = executor.run(request)
  const second = executor.run(request, { signal: controller.signal }).catch((error: Error) => error.message)
  setImmediate(() => controller.abort(new Error('given up')))
  assert.is(await second, 'given up')
  assert.equal(valueOf((await first).outcome), 4_499_998_500_000)
})

test.run()
