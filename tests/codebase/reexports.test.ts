// What a given file hands on: barrel files, and exports under other names.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defineText, type Files, refusals } from '../support/define-text.ts'

const UTIL = {
  '/src/util.ts':
    'export const a = 1; export function f() { return a } const own = 2; export default () => own; export interface Shape { x: number }',
  '/src/more/index.ts': "export * from './deep'; export * as U from '../util'; export const g = 3",
  '/src/more/deep.ts': 'export class D {}',
}

const namesOf = async (text: string, files: Files = UTIL): Promise<string[]> => {
  const result = await defineText({ '/src/index.ts': text, ...files })
  assert.equal(refusals(result), [])
  return result.definitions.map(({ name }) => name)
}

test('what a given file re-exports is filed under the name of its own module', async () => {
  assert.equal(await namesOf("export { a as b } from './util'"), ['util.a'])
  assert.equal(await namesOf("export { default as x } from './util'"), ['util.default', 'util.own'])
  assert.equal(await namesOf("import { f } from './util'; export { f }"), ['util.a', 'util.f'])
  assert.equal(await namesOf("export * from './util'"), ['util.Shape', 'util.a', 'util.f'])
  const all = ['util.Shape', 'util.a', 'util.default', 'util.f', 'util.own']
  assert.equal(
    await namesOf("export * as U from './util'"),
    all.filter((name) => name !== 'util.Shape'),
  )
  assert.equal(await namesOf("export * from './more'; export * from './util'"), [
    'more.deep.D',
    'more.g',
    ...all,
  ])
})

test('types are handed on by `export *`, `export type *` and by name', async () => {
  assert.equal(await namesOf("export type * from './util'"), ['util.Shape'])
  assert.equal(await namesOf("export type { Shape as S } from './util'"), ['util.Shape'])
  assert.equal(await namesOf("import type { Shape } from './util'; export type { Shape }"), ['util.Shape'])
})

test('a barrel has its definitions say that they are exported, and the same hashes as their file', async () => {
  const barrel = await defineText({ '/src/index.ts': "export { f } from './util'", ...UTIL })
  const direct = await defineText(UTIL)
  const hashOf = (result: typeof barrel, name: string) =>
    result.definitions.find((definition) => definition.name === name)!
  assert.is(hashOf(barrel, 'util.f').exported, true)
  assert.equal(hashOf(barrel, 'util.f').reference, hashOf(direct, 'f').reference)
})

test('modules that re-export each other, and themselves, come to an end', async () => {
  const files = {
    '/src/other.ts': "export * from './index'; export * as I from './index'; export const o = 1",
  }
  const text = "export * from './other'; export * as O from './other'; export * as self from './index'"
  assert.equal(await namesOf(text, files), ['other.o'])
})

const PACKAGE = {
  '/src/node_modules/pkg/package.json': '{"name":"pkg","version":"1.0.0","exports":"./index.js"}',
  '/src/node_modules/pkg/index.js': "export * from './part.js'; export const top = 1",
  '/src/node_modules/pkg/part.js': 'export const inner = 2, other = 3',
}

test('of a package what is named is filed under lib, and by `export *` all that its entry exports', async () => {
  assert.equal(await namesOf("export { inner as mine } from 'pkg'", PACKAGE), ['lib.pkg@1_0_0.inner'])
  assert.equal(await namesOf("export * from 'pkg'", PACKAGE), [
    'lib.pkg@1_0_0.inner',
    'lib.pkg@1_0_0.other',
    'lib.pkg@1_0_0.top',
  ])
})

test('what a barrel hands on and is refused is refused at its place', async () => {
  const files = { '/src/bad.ts': 'export const now = () => Date.now()' }
  const result = await defineText({ '/src/index.ts': "export * from './bad'", ...files })
  assert.equal(
    result.rejected.map(({ name, file, code }) => [name, file, code]),
    [['bad.now', 'bad.ts', 'effect-refused']],
  )
})

test('a star that leads nowhere, and a name that is not there, are refused', async () => {
  const result = await defineText({
    '/src/index.ts': "export * from './gone'\nexport { z } from './util'",
    ...UTIL,
  })
  assert.equal(refusals(result), ['import-unknown 1:1', 'import-unknown 2:10'])
})

const warningsOf = async (files: Files, given?: readonly string[]) =>
  (await defineText(files, given && { given })).warnings.map(({ code, file, message }) => [
    code,
    file,
    message,
  ])

test('a given file without definitions is told of, also beside others', async () => {
  const files = { '/src/empty.ts': '// nothing yet\n', '/src/a.ts': 'export const a = 1' }
  const told = [
    [
      'no-definitions',
      'empty.ts',
      'Nothing of empty.ts is filed: it declares no function, class, constant, ability or type, and re-exports none',
    ],
  ]
  assert.equal(await warningsOf(files, ['/src/empty.ts', '/src/a.ts']), told)
  assert.equal(await warningsOf(files), told)
  assert.equal(await warningsOf({ '/src/main.ts': 'export type T = 1' }), [])
  assert.equal(await warningsOf({ '/src/main.ts': 'effect()' }), [])
})

test('an export under another name is noted, not of packages nor of defaults', async () => {
  const files = {
    '/src/index.ts':
      "const del = 1\nexport { del as delete, del as default }\nexport { a as b, f } from './util'\nexport { top as t } from 'pkg'",
    ...UTIL,
    ...PACKAGE,
  }
  assert.equal(await warningsOf(files), [
    ['exported-as', 'index.ts', 'del is exported as `delete`, and filed under its own name'],
    ['exported-as', 'index.ts', 'util.a is exported as `b`, and filed under its own name'],
  ])
})

test.run()
