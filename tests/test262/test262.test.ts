// The runner of test262, on a suite in miniature of our own.

import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Comparison } from './compare.ts'
import { readTest, testFiles } from './suite.ts'

const suite = path.resolve(import.meta.dirname, '../../fixtures/test262')

const EXPECTED: Readonly<Record<string, string>> = {
  'built-ins/Array/patched.js': 'same: passed',
  'language/expressions/addition.js': 'same: passed',
  'language/expressions/eval.js': 'refused: code-from-text',
  'language/expressions/global.js': 'ineligible: makes a global variable',
  'language/expressions/name.js':
    'unspecified: raw: passed | through mycel: threw Test262Error: name: _1 is not outer',
  'language/expressions/never-done.js': 'same: nothing',
  'language/expressions/text.js': 'different: raw: passed | through mycel: threw Test262Error: text',
  'language/expressions/unresolvable.js': 'refused: name-unbound',
  'language/expressions/waits.js': 'same: passed',
  'language/expressions/wrong.js': 'same: threw Test262Error: one: 1 is not 2',
  'language/statements/endless.js': 'same: stopped: out of fuel',
  'language/statements/module.js': 'ineligible: a module',
  'language/statements/negative.js': 'same: refused',
  'language/statements/sloppy.js': 'ineligible: sloppy mode only',
}

test('compare() tells what became of each test of a suite', async () => {
  const comparison = new Comparison(suite)
  const found: Record<string, string> = {}
  for (const file of testFiles(suite, [])) {
    const { kind, detail } = await comparison.compare(readTest(suite, file))
    found[file] = `${kind}: ${detail}`
  }
  assert.equal(found, EXPECTED)
})

/** What `npm run test262` prints, and its exit code. */
function run(...words: readonly string[]): { status: number | null; lines: string[] } {
  const command = [path.join(import.meta.dirname, 'main.ts'), suite, ...words]
  const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  return { status, lines: stdout.trim().split('\n') }
}

test('the runner ends with 1 when a test is different, and lists it', () => {
  const { status, lines } = run('/expressions/text', '/expressions/wrong')
  assert.is(status, 1)
  assert.equal(lines, [
    'different language/expressions/text.js',
    '  raw: passed | through mycel: threw Test262Error: text',
    'different: 1',
    'same: 1',
    'same, and passed by both: 0',
  ])
})

test('the runner ends with 0 when none is different, and counts the rest by reason', () => {
  const { status, lines } = run('/statements/sloppy', '/expressions/eval', 'addition')
  assert.is(status, 0)
  assert.equal(lines, [
    'ineligible: 1',
    'ineligible: sloppy mode only: 1',
    'refused: 1',
    'refused: code-from-text: 1',
    'same: 1',
    'same, and passed by both: 1',
  ])
})

test('the runner ends with 1 when no test fits its filters', () => {
  assert.is(run('no such test').status, 1)
})

test.run()
