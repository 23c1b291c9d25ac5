// What imports lead to in packages, and what is said of those that lead nowhere.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { failure } from '../support/failures.ts'
import { defineText, type Files, namesDefined } from '../support/define-text.ts'

const PACKAGE: Files = {
  '/src/main.ts':
    'import { pub, other } from "@x/kit"; import deep from "@x/kit/deep"; import old from "old"; export const f = () => [pub, other, deep, old]',
  '/src/node_modules/@x/kit/package.json': JSON.stringify({
    name: '@x/kit',
    version: '1.2.3',
    exports: {
      '.': { node: './node.js', types: './t.d.ts', import: './dist/main.js', require: './main.cjs' },
      './*': './dist/sub/*.js',
    },
  }),
  '/src/node_modules/@x/kit/dist/main.js':
    'export { a as pub } from "./parts/a.js"; export const other = () => helper; const helper = 1',
  '/src/node_modules/@x/kit/dist/parts/a.js': 'export const a = b; const b = 5',
  '/src/node_modules/@x/kit/dist/sub/deep.js': 'export default "deep"',
  '/src/node_modules/old/package.json': JSON.stringify({
    name: 'old',
    version: '0.1.0-rc.1',
    main: 'index.cjs',
    module: 'es/index.js',
  }),
  '/src/node_modules/old/es/index.js': 'export default { old: true }',
}

test('packages are filed under their name and version, exports of the entry directly', async () => {
  assert.equal(await namesDefined(PACKAGE), [
    'f',
    'lib.@x/kit@1_2_3.dist.main.helper',
    'lib.@x/kit@1_2_3.dist.parts.a.b',
    'lib.@x/kit@1_2_3.dist.sub.deep.default',
    'lib.@x/kit@1_2_3.other',
    'lib.@x/kit@1_2_3.pub',
    'lib.old@0_1_0-rc_1.default',
  ])
})

test('npm: defines all that a package exports, by whatever subpath', async () => {
  assert.equal(await namesDefined(PACKAGE, ['npm:@x/kit']), [
    'lib.@x/kit@1_2_3.dist.main.helper',
    'lib.@x/kit@1_2_3.dist.parts.a.b',
    'lib.@x/kit@1_2_3.dist.sub.deep.default',
    'lib.@x/kit@1_2_3.other',
    'lib.@x/kit@1_2_3.pub',
  ])
  assert.equal(await namesDefined(PACKAGE, ['npm:old']), ['lib.old@0_1_0-rc_1.default'])
  assert.equal(await namesDefined(PACKAGE, ['npm:@x/kit@1.2.3/deep']), [
    'lib.@x/kit@1_2_3.dist.sub.deep.default',
  ])
})

test('npm: fills in the patterns of an exports map, and leaves out what it closes and what is no ES module', async () => {
  const exports = {
    './package.json': './package.json',
    './*': { types: './types/*.d.ts', default: './esm/*.mjs' },
    './inner/*': null,
    './types': './types/a.d.ts',
    './old/*': { require: './cjs/*.js', default: './cjs/*.js' },
  }
  const files = {
    '/src/node_modules/kit/package.json': JSON.stringify({ name: 'kit', version: '1.0.0', exports }),
    '/src/node_modules/kit/esm/a.mjs': 'export const a = 1',
    '/src/node_modules/kit/esm/deep/b.mjs': "import { c } from '../inner/c.mjs'; export const b = () => c",
    '/src/node_modules/kit/esm/inner/c.mjs': 'export const c = 3; export const d = 4',
    '/src/node_modules/kit/esm/e.js': 'export const e = 5',
    '/src/node_modules/kit/types/a.d.ts': 'export const a: number',
    '/src/node_modules/kit/cjs/a.js': 'exports.a = 1',
    '/src/node_modules/kit/node_modules/x/esm/f.mjs': 'export const f = 6',
  }
  assert.equal(await namesDefined(files, ['npm:kit']), [
    'lib.kit@1_0_0.esm.a.a',
    'lib.kit@1_0_0.esm.deep.b.b',
    'lib.kit@1_0_0.esm.inner.c.c',
  ])
})

test('npm: of what is not installed, or in another version, says so', async () => {
  const missing = await failure('import-unknown', () => defineText(PACKAGE, { given: ['npm:nothing'] }))
  assert.is(missing.hint, 'run `npm install nothing`')
  const other = await failure('import-unknown', () => defineText(PACKAGE, { given: ['npm:old@2.0.0'] }))
  assert.match(other.message, 'installed as 0.1.0-rc.1')
})

/** Import → the code, and what its message and hint say. */
const UNKNOWN: readonly (readonly [source: string, code: string, message: RegExp, hint: RegExp])[] = [
  [
    'import { a } from "./nothing.ts"; export const f = () => a',
    'import-unknown',
    /no file `.\/nothing.ts`/,
    /next to main.ts/,
  ],
  [
    'import { pubb } from "@x/kit"; export const f = () => pubb',
    'import-unknown',
    /exports no value called `pubb`/,
    /did you mean `pub`/,
  ],
  [
    'import * as k from "@x/kit"; export const f = () => k.zzz',
    'import-unknown',
    /exports no value called `zzz`/,
    /`other`, `pub`/,
  ],
  [
    'import x from "nothing"; export const f = () => x',
    'import-unknown',
    /package `nothing` is not installed/,
    /npm install nothing/,
  ],
  [
    'import x from "@x/kit/none"; export const f = () => x',
    'import-unknown',
    /`@x\/kit` \(1.2.3\) has no `none`/,
    /exports/,
  ],
  ['import fs from "node:fs"; export const f = () => fs', 'import-refused', /belongs to Node/, /ability/],
  [
    'import text from "./data.txt"; export const f = () => text',
    'import-refused',
    /not a source file/,
    /constant/,
  ],
  [
    'import data from "./broken.json"; export const f = () => data',
    'syntax-error',
    /JSON/,
    /correct the JSON/,
  ],
  [
    'import { mean } from "ucm/math/stats"; export const f = () => mean',
    'import-unknown',
    /no `math.stats.mean`/,
    /ucm find/,
  ],
  [
    'import { Clok } from "ucm/abilities"; export const f = () => Clok',
    'import-unknown',
    /exports no value called `Clok`/,
    /did you mean `Clock`/,
  ],
  [
    'import x from "cjs"; export const f = () => x',
    'commonjs-refused',
    /it is CommonJS, and which module `require` loads here/,
    /use a build of it in ES modules/,
  ],
  ['import x from "broken"; export const f = () => x', 'syntax-error', /./, /./],
]

for (const [source, code, message, hint] of UNKNOWN) {
  test(`define() refuses ${source}`, async () => {
    const files = {
      '/src/main.ts': source,
      ...Object.fromEntries(Object.entries(PACKAGE).slice(1)),
      '/src/data.txt': '{}',
      '/src/broken.json': '{ "a": }',
      '/src/node_modules/cjs/package.json': '{"name":"cjs","version":"1.0.0","main":"i.js"}',
      '/src/node_modules/cjs/i.js': 'module.exports = (name) => require(name)',
      '/src/node_modules/broken/package.json': '{"name":"broken","version":"1.0.0","main":"i.mjs"}',
      '/src/node_modules/broken/i.mjs': 'export const = 1',
    }
    const { rejected } = await defineText(files)
    assert.equal(
      rejected.map((refused) => refused.code),
      [code],
    )
    assert.match(rejected[0]!.message, message)
    assert.match(rejected[0]!.hint, hint)
    assert.ok(rejected[0]!.line >= 1 && rejected[0]!.column >= 1)
  })
}

test.run()
