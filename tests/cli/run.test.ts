// `ucm run`: outcomes, their documents and exit codes.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, STATISTICS } from '../support/project.ts'

const HASH = /^[a-z2-7]{51}[aq]$/

const GUEST = `import { Clock, Log, Store } from 'ucm/abilities'

export const echo = (x: unknown) => x
export const nothing = () => undefined
export const pair = (a: number, b = 2, ...rest: number[]) => [a, b, ...rest]
export const spin = () => { for (;;) {} }
export const recurse = (n: number): number => 1 + recurse(n + 1)
export const allocate = () => { const all: unknown[] = []; for (;;) all.push(new Array(10000).fill(0.5)) }
export const returnsFunction = () => () => 1
export const returnsCycle = () => { const a: Record<string, unknown> = {}; a.self = { a }; return { list: [a] } }
export const speaks = () => { console.log('hello', 1); return 1 }

export function* count() {
  const before = (yield* Store.get('count')) as number | undefined
  const next = (before ?? 0) + 1
  yield* Store.put('count', next)
  yield* Log.info('counted', { next })
  return next
}
export function* now() {
  return (yield* Clock.now()) > 0
}
`

const project = await makeProject({ 'stats.ts': STATISTICS, 'guest.ts': GUEST })

test('a value comes with hash, receipt, fuel, memoised and ms, and is known the second time', async () => {
  const first = await project.json(['run', 'mean', '[1,2,3]'])
  assert.equal(Object.keys(first), ['outcome', 'value', 'hash', 'receipt', 'fuel', 'memoised', 'ms'])
  assert.equal([first.outcome, first.value, first.memoised], ['value', 2, false])
  assert.match(first.hash, HASH)
  assert.match(first.receipt, HASH)
  assert.ok(first.fuel > 0)
  const second = await project.json(['run', 'mean', '[1,2,3]'])
  assert.equal([second.value, second.memoised, second.fuel], [2, true, first.fuel])
  assert.is((await project.json(['run', 'mean', '[1,2,3]', '--no-memo'])).memoised, false)
})

test('--isolation process gives what a thread gives', async () => {
  const run = ['run', 'mean', '[1,2,4]', '--no-memo']
  const [there, here] = [await project.json([...run, '--isolation', 'process']), await project.json(run)]
  assert.equal({ ...there, ms: 0 }, { ...here, ms: 0 })
})

test('a definition runs by its hash and by the beginning of it', async () => {
  const { hash } = await project.json(['run', 'mean', '[4]'])
  assert.is((await project.json(['run', hash, '[4]'])).value, 4)
  assert.is((await project.json(['run', `#${hash.slice(0, 12)}`, '[4]'])).value, 4)
})

test('a type and an ability are refused by name, a constant answers its value', async () => {
  const other = await makeProject({
    'kinds.ts':
      "import { ability, op } from 'ucm/abilities'\nexport interface Point { x: number }\nexport const Abort = ability('Abort', { because: op<[], never>() })\nexport const two = 2\n",
  })
  for (const name of ['Point', 'Abort']) {
    const { code, json } = await other.ucm(['run', name])
    assert.equal(
      [code, json.error.code, json.error.hint],
      [1, 'not-runnable', `\`ucm view ${name}\` shows it`],
    )
    assert.match(json.error.message, `Cannot run ${name}: it is `)
  }
  assert.is((await other.json(['run', 'two'])).value, 2)
})

test('values cross in and out with their $ forms', async () => {
  for (const value of [
    { $bigint: '12' },
    { $number: '-0' },
    { $number: 'NaN' },
    { $bytes: 'AAEC' },
    { $date: '2026-01-02T03:04:05.678Z' },
    { $map: [[1, { $set: [2] }]] },
    { $object: [['$bigint', '1']] },
    { b: 1, a: [null, true, 'é'] },
  ]) {
    assert.equal((await project.json(['run', 'echo', JSON.stringify(value)])).value, value)
  }
  assert.equal((await project.json(['run', 'nothing'])).value, { $undefined: true })
})

test('what follows NAME and is JSON is an argument, -5 too', async () => {
  assert.equal(
    (await project.json(['run', 'pair', '-5', '-1.5e3', '--fuel', '100000', '7'])).value,
    [-5, -1500, 7],
  )
  assert.equal((await project.json(['run', 'pair', '1'])).value, [1, 2])
})

test('arguments come from files and standard input', async () => {
  project.write('numbers.json', '[1, 2, 6]')
  assert.is((await project.json(['run', 'mean', '@numbers.json'])).value, 3)
  assert.is((await project.json(['run', 'mean', '-'], { input: '[1, 2, 9]' })).value, 4)
})

test('too few arguments, too many, too large ones and what is not JSON are usage errors', async () => {
  for (const args of [['pair'], ['nothing', '1'], ['echo', 'bare'], ['echo', '1', '2']]) {
    const { code, json } = await project.ucm(['run', ...args])
    assert.is(code, 2, args.join(' '))
    assert.ok(json.error.hint.length > 0, args.join(' '))
  }
  const large = await project.ucm(['run', 'echo', '-'], { input: `"${'x'.repeat(17 * 1024 * 1024)}"` })
  assert.is(large.code, 2)
})

test('a failure has the author’s place and a stack of definitions', async () => {
  const { code, json } = await project.ucm(['run', 'variance', '[]'])
  assert.is(code, 3)
  assert.is(json.outcome, 'failure')
  assert.not.ok('value' in json)
  assert.ok(json.fuel > 0)
  assert.match(json.receipt, HASH)
  const { name, message, at, stack } = json.error.details
  assert.equal([name, message], ['RangeError', 'no numbers'])
  assert.equal(at, { definition: 'mean', file: 'stats.ts', line: 7, column: 30 })
  assert.equal(
    stack.map((frame: { definition: string; line: number }) => [frame.definition, frame.line]),
    [
      ['mean', 7],
      ['variance', 12],
    ],
  )
})

test('a failure for people shows the line, and no stack trace of the host', async () => {
  const { code, stdout, stderr } = await project.text(['run', 'variance', '[]'])
  assert.is(code, 3)
  assert.is(stdout, '')
  assert.match(stderr, 'error: RangeError: no numbers')
  assert.match(stderr, 'mean (stats.ts:7:30)')
  assert.match(stderr, "7 |   if (xs.length === 0) throw new RangeError('no numbers')")
  assert.match(stderr, 'called by variance (stats.ts:12:')
  assert.not.match(stderr, 'node:')
  assert.not.match(stderr, /\bat .*cli\//)
})

test('a loop, a recursion and an allocation without end come to their limits, deterministically', async () => {
  for (const [limit, ...args] of [
    ['fuel', 'spin', '--fuel', '1000000'],
    ['stack', 'recurse', '0'],
    ['memory', 'allocate', '--memory', '16000000'],
  ] as const) {
    const [first, second] = [await project.ucm(['run', ...args]), await project.ucm(['run', ...args])]
    assert.is(first.code, 4, limit)
    assert.is(first.json.outcome, 'limit')
    assert.is(first.json.error.details.limit, limit)
    assert.type(first.json.error.details.allowed, 'number')
    assert.ok(first.json.fuel > 0)
    assert.is(second.json.fuel, first.json.fuel, `${limit}: the same fuel twice`)
  }
})

test('what loops for ever is ended by the fuel that it has without being asked', async () => {
  const { code, json } = await project.ucm(['run', 'spin'])
  assert.equal([code, json.error.details.limit], [4, 'fuel'])
})

test('a result that cannot cross is a failure with the path to it', async () => {
  const cycle = await project.ucm(['run', 'returnsCycle'])
  assert.is(cycle.code, 3)
  assert.is(cycle.json.error.details.name, 'ValueError')
  assert.match(cycle.json.error.details.message, '$.list[0]')
  const nested = await project.ucm(['run', 'returnsFunction'])
  assert.is(nested.code, 3)
  assert.is(nested.json.error.details.name, 'ValueError')
})

test('abilities are refused before the start unless allowed', async () => {
  const { code, json } = await project.ucm(['run', 'count', '--allow', 'Log'])
  assert.is(code, 5)
  assert.is(json.outcome, 'refused')
  assert.equal(json.error.details, { missing: ['Store'] })
  assert.match(json.error.hint, '--allow Store')
  assert.is((await project.json(['run', 'count', '--allow', 'Log', '--allow', 'Store'])).value, 1)
  const again = await project.text(['run', 'count', '-A'])
  assert.is(again.stdout, '2\n')
  assert.match(again.stderr, 'info  counted {"next":2}')
  assert.is((await project.json(['run', 'now', '--allow', 'Clock'])).value, true)
})

test('an unknown ability and a malformed option are usage errors', async () => {
  for (const args of [
    ['--allow', 'Clok'],
    ['--fuel', '0'],
    ['--memory', 'much'],
    ['--timeout', '-1'],
    ['--isolation', 'planet'],
  ]) {
    assert.is((await project.ucm(['run', 'nothing', ...args])).code, 2, args.join(' '))
  }
})

test('what console writes is shown on stderr and is no part of the document', async () => {
  const { json, stderr } = await project.ucm(['run', 'speaks'])
  assert.is(json.value, 1)
  assert.match(stderr, 'hello 1')
})

test('--each answers every line in order, bad ones too', async () => {
  const lines = ['[[1,2,3]]', '', '[[]]', 'oops', ...Array.from({ length: 300 }, (_, i) => `[[${i}]]`)]
  const { code, stdout, stderr } = await project.ucm(['run', 'mean', '--each', '-'], {
    input: lines.join('\n'),
  })
  const documents = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.is(documents.length, 304)
  assert.is(documents[0].value, 2)
  assert.is(documents[1].error.code, 'argument-json')
  assert.is(documents[2].error.code, 'function-failed')
  assert.is(documents[3].error.code, 'argument-json')
  assert.match(documents[3].error.message, 'line 4')
  assert.equal(
    documents.slice(4).map((document: { value: number }) => document.value),
    Array.from({ length: 300 }, (_, i) => i),
  )
  assert.is(code, 2, 'that of the first call that failed')
  assert.match(stderr, /304 calls in [\d.]+ s, [\d,]+ calls\/s, 3 failed/)
})

test('--each reads a file, and takes no arguments beside it', async () => {
  project.write('calls.jsonl', '[[2]]\n[[4]]\n')
  const { code, stdout } = await project.text(['run', 'mean', '--each', 'calls.jsonl'])
  assert.is(code, 0)
  assert.equal(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).value),
    [2, 4],
  )
  assert.is((await project.ucm(['run', 'mean', '[1]', '--each', 'calls.jsonl'])).code, 2)
  assert.is((await project.ucm(['run', 'mean', '--each', 'missing.jsonl'])).code, 1)
})

test('a value on its own is all that stdout gets', async () => {
  assert.is((await project.text(['run', 'mean', '[1,2,3]'])).stdout, '2\n')
})

test.run()
