// Operations that a worker answers itself: nothing but speed tells them from those of the main thread.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CLOCK_AT_HAND, type Provider, RANDOM_AT_HAND } from '#abilities'
import { EVERYTHING, type RunResult } from '#executor'
import type { Value } from '#codebase'
import { closeExecutors, definitions, makeExecutor, provider, type Running, runText } from './executors.ts'

test.after(closeExecutors)

const MODULE = new URL('./at-hand-module.ts', import.meta.url).href

interface Asked {
  readonly store: Provider
  readonly keys: Value[]
}

/** A Store that answers as the module does, and notes what it was asked for. */
function store(atHand?: string): Asked {
  const keys: Value[] = []
  const get = (key: Value): Value => {
    keys.push(key)
    if (key === 'broken') throw Object.assign(new Error('out of order'), { name: 'StoreFailed' })
    return BigInt((key as string).length)
  }
  return { keys, store: { ...provider('Store', { get }), atHand } }
}

const valueOf = ({ outcome }: RunResult): unknown => (outcome.kind === 'value' ? outcome.value : outcome)

async function runBoth(text: string, args: readonly Value[], running: Running = {}) {
  const [near, far] = [store(MODULE), store()]
  const run = ({ store: only }: Asked) =>
    runText(text, args, { ...running, powers: { ...running.powers, providers: [only], workers: 1 } })
  const results = [await run(near), await run(far)] as const
  return { near: results[0], far: results[1], asked: near.keys, askedFar: far.keys }
}

/** All that a run came to but the time that it took. */
const lasting = ({ outcome, receipt, record, fuel }: RunResult): unknown => ({
  outcome,
  receipt,
  record,
  fuel,
})

test('a worker answers what is at hand: outcome, fuel, effect log and receipt are as from the provider', async () => {
  const text = `function* main(count) {
    let sum = 0n
    for (let i = 0; i < count; i++) sum += yield* Store.get('near' + i)
    return [sum, yield* Store.get('far'), yield* Store.get('near')]
  }`
  const { near, far, asked, askedFar } = await runBoth(text, [20])
  assert.equal(valueOf(near), [110n, 3n, 4n])
  assert.equal(lasting(near), lasting(far))
  assert.equal(asked, ['far'])
  assert.is(askedFar.length, 22)
})

test('what is at hand goes side by side with what is not, and is replayed', async () => {
  const text = `function* one(key) { return [key, yield* Store.get(key)] }
  function* main() { return yield* all([one('a'), one('near'), one('bb'), all([one('near2'), one('ccc')])]) }`
  const { references, objects } = definitions(text)
  const { store: only, keys } = store(MODULE)
  const executor = makeExecutor(objects, { providers: [only] })
  const result = await executor.run({ reference: references['main'] as never, args: [], allow: EVERYTHING })
  assert.equal(valueOf(result), [
    ['a', 1n],
    ['near', 4n],
    ['bb', 2n],
    [
      ['near2', 5n],
      ['ccc', 3n],
    ],
  ])
  assert.equal(keys, ['a', 'near', 'bb', 'near2', 'ccc']) // those beside them are not at hand
  const replayed = await executor.replay({ receipt: result.receiptObject, record: result.record! })
  assert.ok(replayed.isSame)
  assert.is(keys.length, 5)
})

test('a handler of the program sees its operations first, in forks as well', async () => {
  const text = `const both = handle(Store, { put() {}, delete() {}, list() {}, *get(resume, key) {
    if (key === 'choose') return [yield* resume(1n), yield* resume(2n)]
    return yield* resume((yield* Store.get(key + '!')) + 10n)
  } })
  function* program() { const x = yield* Store.get('choose'); return x * (yield* Store.get('near')) }
  function* main() { const first = yield* Store.get('near'); return [first, yield* both(program())] }`
  const { near, far, asked } = await runBoth(text, [])
  assert.equal(valueOf(near), [4n, [15n, 30n]])
  assert.equal(lasting(near), lasting(far))
  assert.equal(asked, [])
})

test('an operation that is at hand never overtakes one that was asked for before', async () => {
  const text = `function* audit() { return yield* Store.get('far') }
  function* work() { yield* Store.get('near'); throw new Error('enough') }
  function* main() { try { yield* all([audit(), work()]) } catch (e) { return e.message } }`
  const { near, far, asked } = await runBoth(text, [])
  assert.is(valueOf(near), 'enough')
  assert.equal(asked, ['far', 'near'])
  assert.equal(lasting(near), lasting(far))
})

const FORKS = `const both = handle(Store, { put() {}, delete() {}, list() {}, *get(resume, key) {
    if (key === 'choose') return [yield* resume(1n), yield* resume(2n)]
    return yield* resume(yield* Store.get(key))
  } })
  function* pair() { const near = yield* Store.get('near'); return [near, yield* Store.get('choose')] }
  function* other(key) { return yield* Store.get(key) }
  function* failing() { yield* Store.get('near'); throw new Error('enough') }`

test('what waits beside a fork is answered, be it at hand or not', async () => {
  for (const key of ['far', 'near2']) {
    const text = `${FORKS}; function* main() { return yield* all([other('${key}'), both(pair())]) }`
    const other = `${FORKS}; function* main() { return yield* all([both(pair()), other('${key}')]) }`
    for (const each of [text, other]) {
      const { near, far } = await runBoth(each, [], { request: { limits: { timeMs: 5000 } } })
      assert.is(near.outcome.kind, 'value')
      assert.equal(lasting(near), lasting(far))
    }
  }
})

test('what was cancelled before a fork is not answered after it', async () => {
  const text = `${FORKS}
  function* main() {
    try { yield* all([other('near2'), failing(), other('near3')]) } catch {}
    return [yield* both(pair()), yield* Store.get('near')]
  }`
  const { near, far } = await runBoth(text, [])
  assert.is(near.outcome.kind, 'value')
  assert.equal(lasting(near), lasting(far))
})

test('an operation past the limit of effects is not answered, wherever it would have been', async () => {
  const text = "function* main() { for (let i = 0; ; i++) yield* Store.get('near') }"
  const request = { limits: { effects: 7 } }
  const { near, far } = await runBoth(text, [], { request })
  assert.equal(near.outcome, { kind: 'limit', limit: 'effects', allowed: 7 })
  assert.equal(lasting(near), lasting(far))
})

test('fuel ends a run that is answered at hand at the same operation', async () => {
  const text = "function* main() { for (let i = 0; ; i++) yield* Store.get('near') }"
  const { near, far } = await runBoth(text, [], { request: { limits: { fuel: 400_000, effects: 1e6 } } })
  assert.is(near.outcome.kind === 'limit' && near.outcome.limit, 'fuel')
  assert.equal(lasting(near), lasting(far))
})

test('a long run of answers goes to the main thread in parts', async () => {
  const text = `function* main(count) {
    let sum = 0n
    for (let i = 0; i < count; i++) sum += yield* Store.get('near')
    return sum
  }`
  const { near, asked } = await runBoth(text, [9000], { request: { limits: { effects: 10_000 } } })
  assert.is(valueOf(near), 36_000n)
  assert.ok(asked.length > 0 && asked.length < 10, `${asked.length} were asked of the provider`)
})

test('a module that throws leaves the operation to the provider', async () => {
  const text = `function* main() { try { yield* Store.get('broken') } catch (e) { return [e.name, e.message] } }`
  const { near, asked } = await runBoth(text, [])
  assert.equal(valueOf(near), ['StoreFailed', 'out of order'])
  assert.equal(asked, ['broken'])
})

test('what is no plain answer, and a module that is not there, leave the operation to the provider', async () => {
  const text = `function* main(keys) { const all = []; for (const key of keys) all.push(yield* Store.get(key)); return all }`
  const { near, asked } = await runBoth(text, [['NaN', 'promise', 'function', 'odd form', 'fine']])
  assert.equal(valueOf(near), [3n, 7n, 8n, 8n, 'fine'])
  assert.equal(asked, ['NaN', 'promise', 'function', 'odd form'])
  const missing = { ...store().store, atHand: new URL('./no-such-module.js', import.meta.url).href }
  assert.equal(valueOf(await runText(text, [['near']], { powers: { providers: [missing] } })), [4n])
  assert.throws(
    () => makeExecutor(new Map(), { providers: [{ ...store().store, atHand: './relative.js' }] }),
    (error: { code?: string }) => error.code === 'provider-invalid',
  )
})

test('where a scope is given, and in a worker process, the provider is asked', async () => {
  const text = "function* main() { return yield* Store.get('near') }"
  const scoped = await runBoth(text, [], { request: { allow: [{ ability: 'Store', scope: 'shelf' }] } })
  assert.equal(scoped.asked, ['near'])
  const apart = await runBoth(text, [], { powers: { isolation: 'process' } })
  assert.equal(apart.asked, ['near'])
  assert.equal(lasting(apart.near), lasting(apart.far))
})

test('Clock and Random are at hand, and leave wrong arguments to their providers', async () => {
  const text = `function* main() {
    const times = [yield* Clock.now(), yield* Clock.now()]
    const numbers = [yield* Random.number(), yield* Random.number()]
    const wrong = []
    for (const ask of [() => Clock.now(1), () => Random.bytes('x'), () => Random.bytes(-1), () => Random.uuid(1)]) {
      try { wrong.push(yield* ask()) } catch (e) { wrong.push(e.message) }
    }
    return { times, numbers, bytes: yield* Random.bytes(12), uuid: yield* Random.uuid(), wrong }
  }`
  const refuse = (): never => {
    throw new Error('refused')
  }
  const providers = [
    { ...provider('Clock', { now: refuse }), atHand: CLOCK_AT_HAND },
    { ...provider('Random', { number: refuse, bytes: refuse, uuid: refuse }), atHand: RANDOM_AT_HAND },
  ]
  const before = Date.now()
  const value = valueOf(await runText(text, [], { powers: { providers } })) as Record<string, never>
  const [first, second] = value['times'] as unknown as [number, number]
  assert.ok(before <= first && first <= second && second <= Date.now())
  const numbers = value['numbers'] as unknown as number[]
  assert.ok(numbers.every((each) => each >= 0 && each < 1) && numbers[0] !== numbers[1])
  assert.is((value['bytes'] as unknown as Uint8Array).length, 12)
  assert.match(
    value['uuid'] as unknown as string,
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
  assert.equal(value['wrong'], Array(4).fill('refused'))
})

test.run()
