// Every fixture through the real pipeline into a real codebase, and each of its functions in
// the real sandbox, held against the same function in Node.

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type Allowance,
  type LogEntry,
  makeClockProvider,
  makeHttpProvider,
  makeLogProvider,
  makeRandomProvider,
  makeStoreProvider,
  parseAllowance,
} from '#abilities'
import { Codebase, define, type Value } from '#codebase'
import { Executor, type Outcome } from '#executor'
import { diskFiles } from './support/environment.ts'
import { temporaryFolder } from './support/temporary.ts'

const sources = path.resolve(import.meta.dirname, '../fixtures/sources')
const files = readdirSync(sources).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))

const codebase = await Codebase.init(temporaryFolder(), { clock: () => 0, author: 'Ada' })
const defined = await define(
  { files: files.map((file) => path.join(sources, file)), directory: sources },
  codebase.environment(diskFiles, (await import('#abilities')).knownAbilities()),
)
await codebase.add(defined, { command: 'add' })

const { privateKey } = generateKeyPairSync('ed25519')
/** A clock that tells the same time whenever it is asked. */
const NOON = Date.UTC(2026, 0, 1, 12)
const executor = new Executor({
  objects: codebase.objects,
  providers: [
    makeClockProvider({ now: () => NOON, startTimer: () => () => {} }),
    makeLogProvider(),
    makeRandomProvider({ draw: randomBytes }),
    makeStoreProvider(codebase.storage('Store')),
    makeHttpProvider({
      lookup: (_host, _options, callback) => callback(new Error('no network'), ''),
      timeout: () => new AbortController().signal,
    }),
  ],
  signer: { peerId: 'test', sign: (bytes) => sign(null, bytes, privateKey) },
  clock: () => performance.now(),
})

async function run(name: string, args: readonly Value[], allow: readonly Allowance[] = []) {
  const { reference } = await codebase.resolve(name)
  const lines: LogEntry[] = []
  const { outcome } = await executor.run({ reference, args, allow }, { onLog: (line) => lines.push(line) })
  return { outcome, lines }
}

function valueOf(outcome: Outcome): Value {
  if (outcome.kind !== 'value') throw new Error(`Expected a value, got ${JSON.stringify(outcome)}`)
  return outcome.value
}

test('every fixture is defined, and nothing is refused', () => {
  assert.equal(defined.rejected, [])
  const own = defined.definitions.filter(({ name }) => !name.startsWith('lib.'))
  assert.ok(own.length > 50)
  assert.ok(
    own.every(({ name }) => !name.includes('.')),
    'given files add no segment',
  )
})

/** Functions of the pure fixtures, with arguments to call them with. */
const CALLS: Readonly<Record<string, readonly (readonly [name: string, ...args: Value[]])[]>> = {
  'numbers.ts': [
    ['sum', [1e16, 1, -1e16, 0.1]],
    ['sum', []],
    ['mean', [1, 2, 4]],
    ['mean', []],
    ['variance', [2, 4, 4, 4, 5, 5, 7, 9]],
    ['standardDeviation', [2, 4, 4, 4, 5, 5, 7, 9]],
    ['median', [5, 1, 3]],
    ['median', [4, 1, 3, 2]],
    ['histogram', [3, 1, 3, -0]],
    ['gcd', 2n ** 70n, -(6n ** 20n)],
    ['primesBelow', 100],
  ],
  'text.ts': [
    ['slugify', ' Crème brûlée, 2×! '],
    ['wrap', 'The quick brown fox jumps over the lazy dog', 12],
    ['wrap', 'one line'],
    ['editDistance', 'kitten', 'sitting'],
    ['suggest', 'haed', ['tail', 'head', 'body']],
    ['suggest', 'x', []],
    ['frequencies', 'Été, hiver: été! __proto__ constructor'],
    ['link', 'Q & "A"'],
  ],
  'tree.ts': [
    [
      'fromEntries',
      [
        ['b', 2],
        ['a', 1],
        ['c', 3],
        ['a', 4],
      ],
    ],
    ['insert', null, 'a', 1],
    ['find', { key: 'b', value: 2, left: null, right: null }, 'b'],
    ['find', null, 'b'],
    [
      'remove',
      { key: 'b', value: 2, left: { key: 'a', value: 1, left: null, right: null }, right: null },
      'b',
    ],
    ['entries', { key: 'b', value: 2, left: { key: 'a', value: 1, left: null, right: null }, right: null }],
    ['depth', { key: 'b', value: 2, left: { key: 'a', value: 1, left: null, right: null }, right: null }],
  ],
  'parity.ts': [
    ['isEven', 10],
    ['isOdd', 10],
    ['evaluate', '2 * (3 + 4) - -1 / 4'],
  ],
  'account.ts': [
    ['settle', [10_000, -2_500, -9_000, -1]],
    ['settle', [100, -400, 0], 500],
  ],
  'packages.ts': [
    ['summary', [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]],
    ['calendar', '2026-02-25', 9],
    ['byLength', ['pear', 'fig', 'plum', 'date', 'kiwi', 'nut']],
    ['alike', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }],
    ['alike', [1], [2]],
  ],
}

process.env['TZ'] = 'UTC' // as in the sandbox

for (const [file, calls] of Object.entries(CALLS)) {
  const load = () =>
    import(path.join(sources, file)) as Promise<Record<string, (...args: readonly Value[]) => Value>>

  for (const [name, ...args] of calls) {
    test(`${file}: ${name} gives in the sandbox what it gives in Node, of ${JSON.stringify(args, bigIntAsText)}`, async () => {
      const module = await load()
      const { outcome } = await run(name, args)
      assert.equal(valueOf(outcome), module[name]?.(...structuredClone(args)))
    })
  }

  test(`${file}: every exported function is called`, async () => {
    const functions = Object.entries(await load()).filter(([, value]) => isCallable(value))
    // `html` takes a template's strings, which no value is: `link` calls it.
    const called = [...calls.map(([name]) => name), 'html']
    assert.equal(
      functions.map(([name]) => name).filter((name) => !called.includes(name)),
      [],
    )
  })
}

function bigIntAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}

function isCallable(value: unknown): boolean {
  return typeof value === 'function' && !/^class\b/.test(String(value))
}

test('parity.ts: a thrown error is the outcome, with its name and message', async () => {
  const { outcome } = await run('evaluate', ['2 * (3'])
  assert.is(outcome.kind, 'failure')
  assert.is(outcome.kind === 'failure' && outcome.error.name, 'SyntaxError')
  assert.is(outcome.kind === 'failure' && outcome.error.message, 'Expected ) at 4')
})

test('report.ts: rows say what each generator may do', () => {
  const rows = Object.fromEntries(defined.definitions.map(({ name, row }) => [name, row]))
  assert.equal(rows['visit'], ['Clock', 'Log', 'Store'])
  assert.equal(rows['visits'], ['Store'])
  assert.equal(rows['fetchTitle'], ['Http', 'Log'])
  assert.equal(rows['titleOf'], [])
})

test('handlers.ts: what is handled is not in the row', () => {
  const rows = Object.fromEntries(defined.definitions.map(({ name, row }) => [name, row]))
  assert.equal(rows['visitAll'], ['Clock', 'Log', 'Store'])
  assert.equal(rows['rehearse'], [])
  assert.equal(rows['safeRoot'], ['Abort'])
  assert.equal(rows['allRoots'], [])
})

test('report.ts: visit is refused without its abilities, and performs them when they are granted', async () => {
  assert.equal((await run('visit', ['ada'], [parseAllowance('Store')])).outcome, {
    kind: 'refused',
    missing: ['Clock', 'Log'],
  })
  const allow = ['Clock', 'Log', 'Store=tests'].map(parseAllowance)
  assert.equal(valueOf((await run('visit', ['ada'], allow)).outcome), { visitor: 'ada', count: 1 })
  const again = await run('visit', ['ada'], allow)
  assert.equal(valueOf(again.outcome), { visitor: 'ada', count: 2, since: 0 })
  assert.equal(again.lines, [{ level: 'info', message: 'visit', attributes: { visitor: 'ada', count: 2 } }])
  assert.equal(valueOf((await run('visits', [], allow)).outcome), new Map([['ada', 2]]))
  assert.equal(valueOf((await run('visits', [], [parseAllowance('Store=others')])).outcome), new Map())
})

test('report.ts: a guest can catch what an ability refuses', async () => {
  const allow = ['Http=example.com', 'Log'].map(parseAllowance)
  const { outcome, lines } = await run('fetchTitle', ['http://169.254.169.254/'], allow)
  assert.is(valueOf(outcome), undefined)
  assert.equal(
    lines.map(({ attributes }) => attributes?.['error']),
    ['HttpRefused'],
  )
})

test('handlers.ts: rehearse runs with nothing granted, in a world of its own', async () => {
  const { outcome } = await run('rehearse', [['ada', 'bob', 'ada']])
  assert.equal(valueOf(outcome), {
    result: [
      { visitor: 'ada', count: 1 },
      { visitor: 'bob', count: 1 },
      { visitor: 'ada', count: 2, since: 2000 },
    ],
    lines: ['info visit', 'info visit', 'info visit'],
  })
})

test('handlers.ts: a clause that does not resume ends what it handles', async () => {
  assert.equal(valueOf((await run('allRoots', [[4, 9]])).outcome), [2, 3])
  assert.equal(valueOf((await run('allRoots', [[4, -9, 1]])).outcome), { gaveUp: '-9 has no real root' })
})

test('tests.ts: every test passes in the sandbox', async () => {
  const names = defined.definitions.map(({ name }) => name).filter((name) => /^test[A-Z]/.test(name))
  assert.is(names.length, 7)
  for (const name of names) {
    const value = valueOf((await run(name, [])).outcome)
    assert.ok(value === true || value === undefined, name)
  }
})

test.after(async () => {
  await executor.close()
  await codebase.close()
})
test.run()
