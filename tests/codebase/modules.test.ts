// What names mean across files, packages, the codebase and the abilities, and what the
// definitions that they lead to are called.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hashObject, type Reference } from '#codebase'
import { failure } from '../support/failures.ts'
import { defined, defineText, namesDefined, refusals } from '../support/define-text.ts'

test('a given file adds no segment; what it needs of others is filed under their paths', async () => {
  const files = {
    '/src/stats.ts':
      'import { total } from "./lib/sums.ts"; export const mean = (xs: number[]) => total(xs) / xs.length',
    '/src/lib/sums.ts':
      'import zero, { add } from "./index.js"; export const total = (xs: number[]) => xs.reduce(add, zero); export const unused = 1',
    '/src/lib/index.ts': 'export function add(a: number, b: number) { return a + b } export default 0',
  }
  assert.equal(await namesDefined(files), ['lib.add', 'lib.default', 'lib.sums.total', 'mean'])
  assert.equal(await namesDefined(files, undefined, 'math.more'), [
    'math.more.lib.add',
    'math.more.lib.default',
    'math.more.lib.sums.total',
    'math.more.mean',
  ])
  assert.equal(await namesDefined(files, ['/src/stats.ts', '/src/lib/sums.ts']), [
    'lib.add',
    'lib.default',
    'mean',
    'total',
    'unused',
  ])
})

test('each folder up is a segment `_`', async () => {
  const files = {
    '/a/src/main.ts':
      'import { x as one } from "../object/x.ts"; import { x as two } from "../../object/x.ts"; import { x as three } from "./object/x.ts"; import { up } from "../index.ts"; export const all = [one, two, three, up]',
    '/a/object/x.ts': 'export const x = 1',
    '/object/x.ts': 'export const x = 2',
    '/a/src/object/x.ts': 'export const x = 3',
    '/a/index.ts': 'export const up = 4',
  }
  assert.equal(await namesDefined(files), ['_._.object.x.x', '_.object.x.x', '_.up', 'all', 'object.x.x'])
})

test('characters that a name cannot hold become underscores', async () => {
  const files = {
    '/src/main.ts': 'import { a } from "./my file.test.ts"; export const b = a',
    '/src/my file.test.ts': 'export const a = 1',
  }
  assert.equal(await namesDefined(files), ['b', 'my_file_test.a'])
})

test('exports under other names make no definition of their own', async () => {
  const result = await defineText('const a = 1, b = 2, c = 3; export { a as x, a as y }; export default b')
  assert.equal(
    result.definitions.map(({ name, exported }) => [name, exported]),
    [
      ['a', true],
      ['b', true],
      ['c', false],
    ],
  )
})

test('re-exports, stars, namespaces and default exports lead to what they name', async () => {
  const files = {
    '/src/main.ts': `import * as all from './all.ts'; import d, { renamed as r, default as e } from './all.ts'
      export const direct = [all.one, all.inner.two, d, r, e]
      export const escaped = all.inner`,
    '/src/all.ts': `export * from './one.ts'; export * as inner from './two.ts'; export { two as renamed } from './two.ts'; export { default } from './one.ts'`,
    '/src/one.ts': 'export const one = 1; export default function () { return one }',
    '/src/two.ts': 'export const two = 2; export const three = 3; export type T = 1',
  }
  assert.equal(await namesDefined(files), [
    'direct',
    'escaped',
    'one.default',
    'one.one',
    'two.three',
    'two.two',
  ])
  const result = await defineText(
    {
      ...files,
      '/src/plain.ts': "import { one } from './one.ts'; export const f = () => one",
      '/src/star.ts': "import * as ns from './all.ts'; export const f = () => ns['one']",
    },
    { given: ['/src/plain.ts'] },
  )
  const star = await defineText(
    { ...files, '/src/star.ts': "import * as ns from './all.ts'; export const f = () => ns['one']" },
    { given: ['/src/star.ts'] },
  )
  assert.equal(defined(star, 'f').reference, defined(result, 'f').reference)
})

test('modules that import each other are one batch', async () => {
  const files = {
    '/src/even.ts':
      'import { odd } from "./odd.ts"; export const even = (n: number): boolean => n === 0 || odd(n - 1)',
    '/src/odd.ts':
      'import { even } from "./even.ts"; export const odd = (n: number): boolean => n !== 0 && even(n - 1)',
  }
  assert.equal(await namesDefined(files), ['even', 'odd.odd'])
})

test('files that are reached by types alone add those types and no values, and need not be there', async () => {
  const files = {
    '/src/main.ts':
      'import type { A } from "./a.ts"; import { B } from "./missing.ts"; export const f = (a: A, b: B) => 1',
    '/src/a.ts': 'export type A = 1; export const a = 2',
  }
  assert.equal(await namesDefined(files), ['a.A', 'f'])
})

const STORED: Reference = { hash: hashObject(new Uint8Array([1])), index: 2 }

test('ucm/… asks the codebase, for names and for hashes', async () => {
  const asked: string[] = []
  const lookup = async (name: string) => (asked.push(name), STORED)
  const source = `import { mean } from 'ucm/math/stats'; import median from 'ucm/math/stats/median'; import h from 'ucm/#abc'; import { g } from 'ucm'
    import { chunk } from 'ucm/lib/@x/kit@1_2_3/more'; import * as stats from 'ucm/math/stats'; export const f = () => [mean, median, h, g, chunk, stats.mode]`
  const result = await defineText(source, { environment: { lookup } })
  assert.equal(refusals(result), [])
  assert.equal(asked.sort(), [
    '#abc',
    'g',
    'lib.@x/kit@1_2_3.more.chunk',
    'math.stats.mean',
    'math.stats.median',
    'math.stats.mode',
  ])
  assert.equal(
    defined(result, 'f').source.imports.find(([local]) => local === 'mean'),
    ['mean', 'math.stats.mean'],
  )
})

test('a namespace of the codebase cannot be a value', async () => {
  const result = await defineText("import * as stats from 'ucm/math'; export const f = () => stats", {
    environment: { lookup: async () => STORED },
  })
  assert.equal(refusals(result), ['import-refused 1:59'])
})

test('a refused definition takes along what depends on it, and the message names the way', async () => {
  const { rejected, definitions } = await defineText(
    'export const a = () => b()\nconst b = () => c()\nconst c = () => Date.now()\nexport const d = 1',
  )
  assert.equal(
    definitions.map(({ name }) => name),
    ['d'],
  )
  assert.equal(
    rejected.map(({ name, code, line, column }) => `${name} ${code} ${line}:${column}`),
    ['c effect-refused 3:17', 'a depends-on-rejected 1:14', 'b depends-on-rejected 2:7'],
  )
  assert.match(rejected[1]!.message, '`a` uses `b` uses `c` uses `Date.now`, main.ts:3:17')
})

test('two definitions that would get one name are refused, both places shown', async () => {
  const files = { '/src/a.ts': 'export const x = 1', '/src/b.ts': '\nexport const x = 2' }
  const { rejected } = await defineText(files, { given: ['/src/a.ts', '/src/b.ts'] })
  assert.equal(
    rejected.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`),
    ['duplicate-name a.ts:1:14', 'duplicate-name b.ts:2:14'],
  )
  assert.match(rejected[0]!.message, 'a.ts:1:14 and at b.ts:2:14')
})

test('without `partial`, a file that does not parse is a failure with its place', async () => {
  const error = await failure('syntax-error', () =>
    defineText('export const = 1', { request: { partial: false } }),
  )
  assert.match(error.message, /^Cannot parse main.ts:1:14: /)
  assert.equal([error.details['file'], error.details['line'], error.details['column']], ['main.ts', 1, 14])
})

test('an import for its effects alone, and a star, are followed in given files', async () => {
  const files = {
    '/src/main.ts': "import './setup.ts'\nimport './gone.ts'\nexport * from './lost.ts'\nexport const a = 1",
    '/src/setup.ts': 'export const b = 1\nconsole.log(b)',
  }
  const { rejected, definitions } = await defineText(files)
  assert.equal(
    rejected.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`),
    ['statement-refused setup.ts:2:1', 'import-unknown main.ts:2:1', 'import-unknown main.ts:3:1'],
  )
  assert.equal(
    definitions.map(({ name }) => name),
    ['a'],
  )
})

test('what another file changes when it is loaded is refused, and what needs it', async () => {
  const files = {
    '/src/main.ts':
      "export { default } from './full.ts'\nexport { plain, table, kept } from './made.ts'\nexport * from './uses.ts'",
    '/src/full.ts':
      "import { Made, Late, table, kept, fill } from './made.ts'\nMade.prototype.more = () => kept;\n[1].map((n) => { Late.prototype[n] = n });\nfill(table)\nexport default Made",
    '/src/made.ts':
      'export class Made {}\nexport class Late {}\nexport const table = {}\nexport const fill = (o) => o\nexport const kept = 1\nexport const plain = () => kept',
    '/src/uses.ts':
      "import { Made, Late } from './made.ts'\nexport const make = () => new Made()\nexport const late = () => new Late()",
  }
  const { rejected, definitions } = await defineText(files, {
    given: ['/src/main.ts', '/src/uses.ts', '/src/made.ts'],
  })
  const found = rejected.map(({ name, code, file, line }) => `${name} ${code} ${file}:${line}`)
  assert.equal(found.sort(), [
    'Late statement-refused full.ts:3',
    'Made statement-refused full.ts:2',
    'late depends-on-rejected uses.ts:3',
    'make depends-on-rejected uses.ts:2',
    'table statement-refused full.ts:4',
  ])
  assert.equal(
    definitions.map(({ name }) => name),
    ['fill', 'kept', 'plain'],
  )
})

test('constants that need each other are refused, and what needs them', async () => {
  const result = await defineText('export const a = b + 1, b = a + 1; export const c = () => a')
  assert.equal(refusals(result), [
    'cyclic-initialiser 1:14',
    'cyclic-initialiser 1:25',
    'depends-on-rejected 1:49',
  ])
})

test.run()
