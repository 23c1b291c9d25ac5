import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type LogEntry, makeLogProvider } from '#abilities'
import { testProvider } from '../contracts/provider.ts'
import { failureOf, performWith } from './perform.ts'

const provider = makeLogProvider()

testProvider({
  name: 'Log',
  provider,
  calls: [
    ['debug', ''],
    ['info', 'started', { count: 3 }],
    ['warn', 'low', undefined],
    ['error', '💥'],
  ],
})

test('a line goes to the context of the run with its level and attributes', async () => {
  const lines: LogEntry[] = []
  const perform = performWith(provider, { onLog: (entry) => lines.push(entry) })
  assert.is(await perform('info', 'started', { count: 3 }), undefined)
  await perform('error', 'stopped')
  assert.equal(lines, [
    { level: 'info', message: 'started', attributes: { count: 3 } },
    { level: 'error', message: 'stopped' },
  ])
})

test('what is not a line of bounded size is refused and not logged', async () => {
  const lines: LogEntry[] = []
  const perform = performWith(provider, { onLog: (entry) => lines.push(entry) })
  assert.is((await failureOf(perform('info', 5))).name, 'TypeError')
  assert.is((await failureOf(perform('info'))).name, 'TypeError')
  assert.is((await failureOf(perform('info', 'a', ['list']))).name, 'TypeError')
  assert.is((await failureOf(perform('info', 'x'.repeat(8_193)))).name, 'RangeError')
  assert.is((await failureOf(perform('info', 'a', { a: 'x'.repeat(8_200) }))).name, 'RangeError')
  assert.equal(lines, [])
})

test.run()
