// Definitions that no object can hold are refused at their place, and nothing else is.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defineText } from '../support/define-text.ts'

const LARGE = 'x'.repeat(9 * 1024 * 1024)

const told = async (text: string) => {
  const { definitions, rejected } = await defineText(text)
  return [
    definitions.map(({ name }) => name),
    rejected.map(({ code, line, column, name }) => [code, name, line, column]),
  ]
}

test('a string beyond the bytes of an object refuses its definition and those that need it', async () => {
  const text = `export const ok = 1\nexport const big = '${LARGE}'\nexport const f = () => big\n`
  assert.equal(await told(text), [
    ['ok'],
    [
      ['too-large', 'big', 2, 14],
      ['depends-on-rejected', 'f', 3, 14],
    ],
  ])
  const { rejected } = await defineText(text)
  assert.match(rejected[0]!.message, 'Cannot define big: its term takes more than the 8388608 bytes')
  assert.match(rejected[0]!.hint, 'pass large data as an argument')
})

test('a cycle that is too large is refused as a whole', async () => {
  const text = `export function a() { return '${LARGE}' + b }\nexport function b() { return a }\n`
  assert.equal(await told(text), [
    [],
    [
      ['too-large', 'a', 1, 17],
      ['too-large', 'b', 2, 17],
    ],
  ])
})

test('a text beyond the bytes of an object is refused though its term is small', async () => {
  const text = `export const ok = 1\n/* ${LARGE} */\nexport const b = 2\n`
  assert.equal(await told(text), [['ok'], [['too-large', 'b', 3, 14]]])
})

test.run()
