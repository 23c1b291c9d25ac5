// A receipt and what was kept with it give the same run again, with no provider.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeComponent, type KnownError, type Reference, type Value } from '#codebase'
import {
  decodeRunRecord,
  encodeRunRecord,
  EVERYTHING,
  type Executor,
  type RunOptions,
  type RunRequest,
  type RunResult,
} from '#executor'
import { closeExecutors, definitions, makeExecutor, provider } from './executors.ts'

test.after(closeExecutors)

const TEXT = `
function* forecast(city) {
  const [warm, draws] = yield* all([Store.get(city), (function* () { return [yield* Random.number(), yield* Random.number()] })()])
  try { yield* Store.put('bad', 1) } catch (e) { yield* Log.warn(e.name + e.message) }
  return [warm, draws, yield* Clock.now()]
}
function* waits() { yield* Log.info('first'); yield* Clock.sleep(1e9) }
function* fails() { throw new RangeError('at ' + (yield* Clock.now())) }
const spins = () => { for (;;); }
`
const { references, objects } = definitions(TEXT)

function performing(): { executor: Executor; performed: string[] } {
  const performed: string[] = []
  const note = (what: string, value: Value): Value => {
    performed.push(what)
    return value
  }
  let random = 0
  const providers = [
    provider('Store', {
      get: (key) =>
        note(`get ${String(key)}`, { $ref: 1, list: [1n, undefined, -0, new Map([['a', new Date(5)]])] }),
      put: () => {
        throw Object.assign(new Error('it is full'), { name: 'StoreFull' })
      },
    }),
    provider('Random', { number: () => note('number', (random += 0.25)) }),
    provider('Clock', { now: () => note('now', 1234), sleep: () => new Promise(() => {}) }),
    provider('Log', { warn: () => note('warn', undefined), info: () => note('info', undefined) }),
  ]
  return { executor: makeExecutor(objects, { providers }), performed }
}

const run = (executor: Executor, name: string, request: Partial<RunRequest> = {}, options: RunOptions = {}) =>
  executor.run({ reference: references[name] as Reference, args: [], allow: EVERYTHING, ...request }, options)

const recordOf = ({ record }: RunResult) => {
  if (!record) throw new Error('there is no record')
  return decodeRunRecord(encodeRunRecord(record))
}

const plain = (outcome: unknown): string =>
  JSON.stringify(outcome, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))

test('replay() of a run that kept the processor busy for too long stops where it had got to', async () => {
  const executor = makeExecutor(objects)
  const spun = await run(executor, 'spins', { limits: { timeMs: 40, fuel: 1e12 } })
  assert.equal(spun.outcome, { kind: 'limit', limit: 'time', allowed: 40 })
  const replayed = await executor.replay({ receipt: spun.receiptObject, record: recordOf(spun) })
  assert.equal([replayed.isSame, replayed.fuel, replayed.outcome], [true, spun.fuel, spun.outcome])
})

test('replay() gives the outcome and the fuel again, and performs nothing', async () => {
  const { executor, performed } = performing()
  const bare = makeExecutor(objects)
  for (const [name, request] of [
    ['forecast', { args: ['Rome'] }],
    ['fails', {}],
    ['spins', { limits: { fuel: 100_000 } }],
    ['waits', { limits: { timeMs: 300 } }],
    ['forecast', { args: ['Rome'], allow: [{ ability: 'Store' }] }],
    ['forecast', { args: ['Rome'], limits: { effects: 2 } }],
  ] as const) {
    const result = await run(executor, name, request)
    performed.length = 0
    const replayed = await bare.replay({ receipt: result.receiptObject, record: recordOf(result) })
    assert.equal(plain(replayed.outcome), plain(result.outcome), name)
    assert.is(replayed.fuel, result.fuel, name)
    assert.is(replayed.isSame, true, name)
    assert.equal(performed, [])
  }
})

const codeOf = (replaying: Promise<unknown>): Promise<string> =>
  replaying.then(
    () => 'replayed',
    (error: KnownError) => error.code,
  )

test('replay() believes nothing that is not what the receipt says', async () => {
  const { executor } = performing()
  const result = await run(executor, 'forecast', { args: ['Rome'] })
  const other = await run(executor, 'forecast', { args: ['Oslo'] })
  const receipt = result.receiptObject
  const record = recordOf(result)
  assert.is(
    await codeOf(executor.replay({ receipt, record: { ...record, args: recordOf(other).args } })),
    'record-damaged',
  )
  assert.is(
    await codeOf(executor.replay({ receipt, record: { ...record, effectLog: null } })),
    'record-damaged',
  )
  const effectLog = record.effectLog?.slice() as Uint8Array
  effectLog[effectLog.length - 1] = (effectLog.at(-1) as number) ^ 1
  assert.is(await codeOf(executor.replay({ receipt, record: { ...record, effectLog } })), 'record-damaged')
  const component = encodeComponent({ members: [] } as never)
  assert.is(await codeOf(executor.replay({ receipt: component, record })), 'malformed-object')
})

test('decodeRunRecord() refuses bytes that are no record', () => {
  for (const bytes of [new Uint8Array(), Uint8Array.of(0x82, 1, 2), Uint8Array.of(0xff)])
    assert.throws(() => decodeRunRecord(bytes), /what was kept with the receipt/)
})

test.run()
