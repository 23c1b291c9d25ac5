// What counts as a difference, and what is left open, when functions are held against Node.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compare } from './compare.ts'
import { leftIn } from './watching.ts'

test('compare() tells the first difference with its path', () => {
  assert.equal(compare(['returns', [1, 'a']], ['returns', [1, 'a']]), {})
  assert.is(compare(['returns', [1, 'a']], ['returns', [1, 'b']]).difference, '[1][1]: Node "a", mycel "b"')
  assert.is(compare([0], [-0]).difference, '[0]: Node 0, mycel "-0"')
  assert.match(compare([1], [1, 2]).difference ?? '', /^all of it: /)
})

test('compare() leaves open the last digits, an engine’s own messages, and how deep a stack is', () => {
  assert.is(compare([0.1], [0.1 + 1e-16]).permitted, 'last digits')
  assert.is(compare([0.1], [0.1 + 1e-9]).permitted, undefined)
  const error = (name: string, message: string) => ['throws', ['error', name, message]]
  const v8 = error('TypeError', "Cannot read properties of undefined (reading 'a')")
  assert.is(
    compare(v8, error('TypeError', "cannot read property 'a' of undefined")).permitted,
    'engine message',
  )
  assert.ok(compare(v8, error('RangeError', 'out of bound')).difference)
  assert.ok(compare(error('TypeError', 'expected a list'), error('TypeError', 'expected a tree')).difference)
  assert.ok(compare(v8, ['returns', 1]).difference)
  assert.is(compare(['throws', ['overflow']], ['throws', ['error', 'Error', 'x']]).permitted, 'stack')
})

test('leftIn() tells what a call came past, and leaves everything as it was', async () => {
  const { sort } = Array.prototype
  const { Date: date, crypto } = globalThis
  const cases: readonly (readonly [() => unknown, readonly string[]])[] = [
    // oxlint-disable-next-line typescript/require-array-sort-compare -- without one nothing is left open
    [() => [2, 1].sort(), []],
    [() => [2, 1, 3].sort((a, b) => a - b), ['sort calls']],
    [() => [2, 1, 3].sort(() => 1), ['sort order']],
    [() => [2, 1, 3].toSorted((a, b) => Number(a < b)), ['sort order']],
    [() => new Date('2024-01-01T00:00:00Z'), []],
    [() => new Date('Jan 5 2024'), ['date text']],
    [() => Date.parse('5'), ['date text']],
    [() => 'a'.localeCompare('b'), ['locale']],
    [() => `${() => 1}`, ['function text']],
    [() => globalThis.crypto, ['host']],
  ]
  for (const [act, expected] of cases) assert.equal([...(await leftIn(act))], expected, `${act}`)
  assert.is(Array.prototype.sort, sort)
  assert.is(globalThis.Date, date)
  assert.is(Date.prototype.constructor, date)
  assert.is(globalThis.crypto, crypto)
})

test.run()
