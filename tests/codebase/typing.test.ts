// What the type checker says, as rejections of the definitions that it says it of. The checker
// here is a stand-in; tests/cli/types.test.ts has the real one.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { DefineResult, TypeChecker } from '#codebase'
import { defineText, type Files } from '../support/define-text.ts'

interface Checked {
  readonly result: DefineResult
  readonly asked: readonly string[]
  readonly closed: number
}

/** Defines with a checker that finds `wrong` wherever the text says so. */
async function withWrong(source: string | Files, given?: readonly string[]): Promise<Checked> {
  const files = typeof source === 'string' ? { '/src/main.ts': source } : source
  const asked: string[] = []
  let closed = 0
  const types: Pick<TypeChecker, 'check' | 'rules'> = {
    rules: () => '',
    check: async (names) => {
      asked.push(...names)
      const diagnostics = names.flatMap((file) =>
        [...files[file]!.matchAll(/wrong/g)].map(({ index }) => ({
          file,
          start: index,
          code: 'TS1',
          text: 'so it is',
        })),
      )
      return { diagnostics, typeAt: () => undefined, close: () => void closed++ }
    },
  }
  const result = await defineText(files, { environment: { types }, ...(given && { given }) })
  return { result, asked, closed }
}

const names = ({ definitions }: DefineResult): string[] => definitions.map(({ name }) => name)
const said = ({ rejected }: DefineResult): string[] =>
  rejected.map(({ name, code, line, column }) => `${name} ${code} ${line}:${column}`)

test('a diagnostic refuses the definition that it stands in, and what depends on it', async () => {
  const { result, closed } = await withWrong(
    'export const a = 1\nexport const b = () => "wrong"\nexport const c = () => b()\nexport const d = a',
  )
  assert.equal(names(result), ['a', 'd'])
  assert.equal(said(result), ['b type-error 2:25', 'c depends-on-rejected 3:14'])
  assert.is(result.rejected[0]?.message, 'Cannot define b: TS1: so it is')
  assert.match(result.rejected[1]?.message ?? '', /`b`, which is refused: TS1: so it is, main\.ts:2:25$/)
  assert.is(closed, 1)
})

test('overloads belong to their function; what is in no definition refuses the file', async () => {
  const { result } = await withWrong(
    "import type { wrong } from './other.ts'\nexport function f(a: 'wrong'): 1\nexport function f(a: any): any { return a }\nexport const g = 1",
  )
  assert.equal(said(result), ['main.ts type-error 1:15', 'f type-error 2:23'])
  assert.equal(names(result), ['g'])
})

test('an import that leads nowhere is reported once, and so is what follows from it', async () => {
  const { result } = await withWrong("import { wrong } from './other.ts'\nexport const f = () => wrong(1)")
  assert.equal(said(result), ['f import-unknown 1:10'])
})

test('of files that are only imported, what is not taken along does not count', async () => {
  const files = {
    '/src/main.ts': "import { a } from './other.ts'\nexport const b = a",
    '/src/other.ts': 'export const a = 1\nexport const c = "wrong"',
  }
  const { result, asked } = await withWrong(files)
  assert.equal(asked, ['/src/main.ts', '/src/other.ts'])
  assert.equal([names(result), said(result)], [['b', 'other.a'], []])
})

test('JavaScript is checked only where it asks for it', async () => {
  const files = {
    '/src/a.js': 'export const a = "wrong"',
    '/src/b.js': '// @ts-check\nexport const b = "wrong"',
  }
  const { result, asked } = await withWrong(files, Object.keys(files))
  assert.equal(asked, ['/src/b.js'])
  assert.equal([names(result), said(result)], [['a'], ['b type-error 2:19']])
})

test('a checker that cannot run is a warning, and nothing is refused', async () => {
  const types: Pick<TypeChecker, 'check' | 'rules'> = {
    rules: () => '',
    check: async () => ({ unchecked: 'there is none' }),
  }
  const result = await defineText('export const a: string = 1', { environment: { types } })
  assert.equal(names(result), ['a'])
  assert.equal(
    result.warnings.map(({ code, message }) => [code, message]),
    [['types-unchecked', 'The types of main.ts are not checked: there is none']],
  )
})

test.run()
