// Refusals of what depends on something refused: the chain in the author's terms, with the place.

import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { define, type Rejection } from '#codebase'
import { defineText, type Files } from '../support/define-text.ts'
import { emptyEnvironment } from '../support/environment.ts'

async function rejectionOf(files: Files, name: string): Promise<Rejection> {
  const { rejected } = await defineText(files)
  const found = rejected.find((each) => each.name === name)
  assert.ok(found, `${name} is refused`)
  return found!
}

test('a chain names what uses what, down to the refused construct and its place', async () => {
  const files = {
    '/src/main.ts':
      "import { stamp } from './lib/time.ts'\nexport const log = () => line()\nconst line = () => stamp()\n",
    '/src/lib/time.ts': 'export const stamp = () => now()\nfunction now() {\n  return Date.now()\n}\n',
  }
  const { message, hint, because, file, line, column } = await rejectionOf(files, 'log')
  assert.is(
    message,
    'Cannot define log: `log` uses `line` uses `lib.time.stamp` uses `lib.time.now` uses `Date.now`, lib/time.ts:3:10',
  )
  assert.match(hint, 'yield* Clock.now()')
  assert.equal(because, ['lib.time.now'])
  assert.equal([file, line, column], ['main.ts', 2, 14])
})

test('a reason that is about no one construct is told as it is', async () => {
  const { message } = await rejectionOf(
    { '/src/main.ts': 'let n = 0\nexport const next = () => n++\nexport const two = () => next()\n' },
    'two',
  )
  assert.match(
    message,
    /^Cannot define two: `two` uses `next`, which is refused: `n` is declared outside .*, main\.ts:2:27$/,
  )
})

test('of several refused definitions the nearest is told, and the others by name', async () => {
  const text = `export const a = () => Date.now()
export const b = () => Math.random()
const c = () => b()
export const d = () => [c(), a()]
`
  const { message, because } = await rejectionOf({ '/src/main.ts': text }, 'd')
  assert.is(message, 'Cannot define d: `d` uses `a` uses `Date.now`, main.ts:1:24; it also uses `b`')
  assert.equal(because, ['a', 'b'])
})

test('a chain that leads into a package names the package once, and the file as it is imported', async () => {
  const directory = path.resolve(import.meta.dirname, '../../fixtures/packages')
  const { rejected } = await define(
    { files: ['npm:lodash-es'], directory, partial: true },
    emptyEnvironment(),
  )
  const sample = rejected.find(({ name }) => name.endsWith('.sample'))!
  assert.match(
    sample.message,
    /: `lodash-es\/sample` uses `arraySample` uses `baseRandom` uses `nativeRandom` uses `Math\.random`, lodash-es\/_baseRandom\.js:\d+:\d+$/,
  )
  assert.is(sample.file, 'node_modules/lodash-es/sample.js')
})

test('every definition that is taken along names one that is not', async () => {
  const directory = path.resolve(import.meta.dirname, '../../fixtures/packages')
  const { rejected } = await define(
    { files: ['npm:radash', 'npm:date-fns'], directory, partial: true },
    emptyEnvironment(),
  )
  const own = new Set(rejected.filter(({ because }) => !because).map(({ name }) => name))
  const taken = rejected.filter(({ because }) => because)
  assert.ok(taken.length > 5)
  for (const { because = [], name } of taken)
    assert.ok(because.length > 0 && because.every((each) => own.has(each)), name)
})

test.run()
