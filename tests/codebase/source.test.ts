// parseSource() and placeAt().

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseSource, placeAt } from '../../codebase/source.ts'

const BAD: readonly (readonly [text: string, place: string])[] = [
  ['export const a = ;', '1:18'],
  ['const é = 1;\n\tlet x = (', '2:11'],
  ['export const r = /(/', '1:18'],
  ['export const r = [/a/, /b/gg]', '1:28'],
  ['let a; let a', '1:5'],
  ['export const o = 010', '1:18'],
  ['return 1', '1:1'],
]

for (const [text, place] of BAD) {
  test(`parseSource() refuses ${JSON.stringify(text)} at ${place}`, () => {
    const problem = parseSource('/a.ts', 'a.ts', text)
    if (!('place' in problem)) return assert.unreachable('it parses')
    const { file, line, column } = problem.place
    assert.is(problem.code, 'syntax-error')
    assert.is(file, 'a.ts')
    assert.is(`${line}:${column}`, place)
    assert.ok(problem.reason.length > 0 && problem.hint.length > 0)
  })
}

test('parseSource() refuses what is nested too deep for the stages that follow', () => {
  for (const text of [
    `x = ${'['.repeat(5000)}${']'.repeat(5000)}`,
    `x = ${'1+'.repeat(5000)}1`,
    `x = ${'!'.repeat(5000)}1`,
  ]) {
    const problem = parseSource('/a.ts', 'a.ts', text)
    assert.is('code' in problem && problem.code, 'too-deep')
  }
  assert.ok('program' in parseSource('/a.ts', 'a.ts', `x = ${'['.repeat(500)}${']'.repeat(500)}`))
})

test('parseSource() chooses the language by the extension', () => {
  assert.ok('program' in parseSource('/a.ts', 'a.ts', 'const a = <T>b'))
  assert.ok('program' in parseSource('/a.tsx', 'a.tsx', 'const a = <b />'))
  assert.ok('place' in parseSource('/a.js', 'a.js', 'const a: number = 1'))
})

test('placeAt() counts lines and columns from 1, whatever ends the lines', () => {
  const source = { shownAs: 'a.ts', text: 'a\r\nbb\n\rc\u2028d' }
  const places = [0, 1, 3, 5, 7, 9]
    .map((offset) => placeAt(source, offset))
    .map(({ line, column }) => `${line}:${column}`)
  assert.equal(places, ['1:1', '1:2', '2:1', '2:3', '4:1', '5:1'])
})

test.run()
