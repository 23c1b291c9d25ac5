// The runner of packages' own suites, on a package of our own.

import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isEqual } from './shim/equal.js'

const folder = path.resolve(import.meta.dirname, '../../fixtures/suites')

/** What `npm run suites` prints, and its exit code. */
function run(...words: readonly string[]): { status: number | null; lines: string[] } {
  const command = [path.join(import.meta.dirname, 'main.ts'), folder, ...words]
  const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  return { status, lines: stdout.trim().replaceAll(/\$\d+/g, '$N').split('\n') }
}

test('the runner counts cases by what became of them, and ends with 1 when one is different', () => {
  const { status, lines } = run()
  assert.is(status, 1)
  assert.equal(lines, [
    'tiny 1.2.3: 3 files',
    'passed in Node 9, passed through mycel 7, different 1',
    'failing in both 1, refused 2, files left out 1',
    'different test/vitest.test.ts: types › names',
    '  Node: passed',
    '  mycel: Error: "$N" toBe "named"',
    'declared 1 a method that depends on a locale is absent',
    'refused 1 name-unbound: `fc` is not defined',
    'refused 1 depends-on-rejected: `test.mocha-test.$suite` uses `src.roll` uses `Math.random`, src/index.js:4:27',
    'left out test/outside-test.js effect-refused: `Date.now` reads the clock',
  ])
})

test('the runner ends with 0 when every case comes out the same', () => {
  const { status, lines } = run('--only', 'mocha')
  assert.is(status, 0)
  assert.is(lines[1], 'passed in Node 3, passed through mycel 3, different 0')
})

test('isEqual() of the shim tells values apart as toEqual and toStrictEqual do', () => {
  const differing: readonly (readonly [unknown, unknown])[] = [
    [1, 2],
    [0, -0],
    [[1, 2], [1]],
    [{ a: 1 }, { a: 2 }],
    [new Map([[1, 2]]), new Map([[1, 3]])],
    [new Set([1]), new Set([2])],
    [new Date(1), new Date(2)],
    [/a/g, /a/i],
    [new Error('a'), new Error('b')],
    [Object(1), Object(2)],
    [new Uint8Array([1]), new Uint8Array([2])],
    [[], {}],
  ]
  for (const [a, b] of differing) {
    assert.not(isEqual(a, b, false), `${String(a)} and ${String(b)}`)
    assert.ok(isEqual(a, a, true))
  }
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  assert.ok(isEqual(cyclic, { self: cyclic }, true))
  assert.ok(isEqual({ a: undefined }, {}, false))
  assert.not(isEqual({ a: undefined }, {}, true))
  assert.not(isEqual(new (class A {})(), {}, true))
  assert.ok(isEqual(new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 1]]), true))
})

test.run()
