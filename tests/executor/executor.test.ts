import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type KnownError, type Reference, ReferenceValue, referenceText } from '#codebase'
import { EVERYTHING, type Outcome } from '#executor'
import {
  closeExecutors,
  definitions,
  makeExecutor,
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

test.run()
