// `ucm test`: which definitions are tests, what passes, and that it is known for ever.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, STATISTICS } from '../support/project.ts'

const TESTS = `import { mean, sum } from './stats.ts'

export const testMean = () => mean([1, 2, 3]) === 2
export function testSum() {
  if (sum([1, 2]) !== 3) throw new Error('wrong')
}
export const testing = 1
const testHidden = () => false
export const usesHidden = () => testHidden()
`

const project = await makeProject()
project.write('stats.ts', STATISTICS)
project.write('stats-test.ts', TESTS)
await project.json(['add', 'stats-test.ts', 'stats.ts'])

test('tests are exported functions named test…, each run once', async () => {
  const first = await project.json(['test'])
  assert.equal([first.passed, first.failed, first.cached], [2, 0, 0])
  assert.equal(
    first.results.map((result: { name: string }) => result.name),
    ['testMean', 'testSum'],
  )
  const second = await project.json(['test'])
  assert.equal([second.passed, second.failed, second.cached], [2, 0, 2])
  assert.is((await project.json(['test', '--no-memo'])).cached, 0)
})

test('a change runs again what depends on it, and nothing else', async () => {
  const other = await makeProject()
  other.write('stats.ts', STATISTICS)
  other.write('stats-test.ts', TESTS)
  await other.json(['add', 'stats-test.ts', 'stats.ts'])
  await other.json(['test'])
  other.write('stats.ts', STATISTICS.replace('no numbers', 'nothing to divide by'))
  await other.json(['add', 'stats-test.ts', 'stats.ts'])
  const { passed, cached } = await other.json(['test'])
  assert.equal([passed, cached], [2, 1])
})

test('a test below a segment test, one that throws and one that returns something else', async () => {
  const failing = await makeProject()
  failing.write(
    'all.ts',
    `export const returns = () => 5\nexport const throws = () => { throw new TypeError('no') }\nexport const holds = () => true\n`,
  )
  await failing.json(['add', 'all.ts', '--at', 'test'])
  const { code, json } = await failing.ucm(['test'])
  assert.is(code, 3)
  assert.equal([json.passed, json.failed], [1, 2])
  const errors = json.results.map((result: { error?: { message: string } }) => result.error?.message)
  assert.is(errors[0], undefined)
  assert.match(errors[1], 'it returned 5, expected true or nothing')
  assert.match(errors[2], 'TypeError: no')
  assert.equal(json.error.details.failed, ['test.returns', 'test.throws'])
})

test('ucm test NAME runs what is named, and refuses an unknown name', async () => {
  assert.is((await project.json(['test', 'testMean'])).passed, 1)
  assert.is((await project.ucm(['test', 'nowhere'])).json.error.code, 'name-unknown')
})

test('people see which passed, and a sum', async () => {
  const { stdout } = await project.text(['test'])
  assert.match(stdout, /^passed {2}testMean {2}#[a-z2-7]{10} {2}known$/m)
  assert.match(stdout, /^2 passed, 0 failed, 2 known from before$/m)
})

test.run()
