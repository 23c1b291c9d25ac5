// CommonJS modules as definitions: their names and hashes, and what is refused of them, where.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defined, defineText, type Files, refusals } from '../support/define-text.ts'

const manifest = (name: string, more: object = {}): Files => ({
  [`/src/node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', ...more }),
})

const kit = (text: string, others: Files = {}): Files => ({
  ...manifest('kit'),
  '/src/node_modules/kit/index.js': text,
  ...others,
})

const npm = (files: Files, name = 'npm:kit') => defineText(files, { given: [name] })

const namesOf = async (files: Files, name?: string): Promise<string[]> => {
  const result = await npm(files, name)
  assert.equal(refusals(result), [])
  return result.definitions.map((definition) => definition.name.replace('lib.kit@1_0_0.', ''))
}

test('definitions go by the names that they are exported under, or their own', async () => {
  const files = kit(
    `function helper() { return 1 }
    exports.twice = (n) => n * 2 + helper()
    exports.helper = function () { return helper() }
    exports.Tree = class {}
    exports.lib = require('./lib')`,
    { '/src/node_modules/kit/lib.js': 'module.exports = function build() { return build }' },
  )
  assert.equal(await namesOf(files), ['Tree', 'helper', 'index.helper', 'lib', 'twice'])
  const [tree] = (await npm(files)).definitions
  assert.is(tree!.member.value['name'], 'Tree')
  assert.is(tree!.source.text, 'exports.Tree = class {}')
  assert.is(tree!.source.line, 4)
})

test('one spelling as CommonJS and one as an ES module have one hash', async () => {
  const pairs: readonly (readonly [string, string])[] = [
    ['exports.f = (a) => a + 1', 'export const f = (a) => a + 1'],
    ['module.exports = { f: (a) => a + 1 }', 'export const f = (a) => a + 1'],
    [
      'exports.g = (a) => a; exports.f = (a) => exports.g(a)',
      'export const g = (a) => a; export const f = (a) => g(a)',
    ],
    ['function f() { return 1 } f.x = 2; module.exports = { f }', 'export function f() { return 1 } f.x = 2'],
    [
      "const { h } = require('./h'); exports.f = () => h(1)",
      "import { h } from './h.mjs'; export const f = () => h(1)",
    ],
    ["exports.f = () => require('./h').h(1)", "import { h } from './h.mjs'; export const f = () => h(1)"],
    [
      'Object.defineProperty(exports, "__esModule", { value: true }); exports.T = void 0; class T {} exports.T = T; exports.f = () => new T()',
      'export class T {} export const f = () => new T()',
    ],
  ]
  for (const [commonJs, esModule] of pairs) {
    const h = {
      '/src/node_modules/kit/h.js': 'exports.h = (n) => n * 3',
      '/src/node_modules/kit/h.mjs': 'export const h = (n) => n * 3',
    }
    const one = await npm(kit(commonJs, h))
    const other = await npm({
      ...manifest('kit', { main: 'index.mjs' }),
      '/src/node_modules/kit/index.mjs': esModule,
      ...h,
    })
    const name = 'lib.kit@1_0_0.f'
    assert.equal(defined(one, name).reference, defined(other, name).reference, commonJs)
  }
})

test('an ES module takes the value of a CommonJS module as its default, and its properties by name', async () => {
  const files = {
    '/src/main.ts': `import f, { x, default as g } from 'kit'; import { a } from 'kit/object'
      import * as object from 'kit/object'
      export const direct = () => [f(1), x, g, a, object.a, object.default.b]`,
    ...kit('module.exports = f; function f(n) { return n } f.x = 5'),
    '/src/node_modules/kit/object.js': 'module.exports = { a: 1, b: 2 }',
  }
  const result = await defineText(files, { given: ['/src/main.ts'] })
  assert.equal(refusals(result), [])
  assert.equal(
    result.definitions.map(({ name }) => name),
    [
      'direct',
      'lib.kit@1_0_0.f',
      'lib.kit@1_0_0.f_x',
      'lib.kit@1_0_0.object.a',
      'lib.kit@1_0_0.object.b',
      'lib.kit@1_0_0.object.default',
    ],
  )
})

test('only what is used of an object of exports is taken in, unless it is used as a whole', async () => {
  const others = { '/src/node_modules/kit/b.js': 'exports.a = 1; exports.b = 2; exports.c = () => exports.a' }
  assert.equal(await namesOf(kit("exports.f = () => require('./b').c()", others)), ['b.a', 'b.c', 'f'])
  assert.equal(await namesOf(kit("exports.f = () => Object.keys(require('./b'))", others)), [
    'b.a',
    'b.b',
    'b.c',
    'b.default',
    'f',
  ])
})

test('require follows the conditions of CommonJS, import those of ES modules; neither those of Node', async () => {
  const exports = {
    '.': { node: './node.js', import: './index.mjs', require: './index.cjs' },
    './only': { types: './only.d.ts', require: './only.cjs' },
  }
  const files: Files = {
    ...manifest('kit', { exports }),
    '/src/node_modules/kit/index.mjs': 'export const isEsModule = true',
    '/src/node_modules/kit/index.cjs': 'exports.isCommonJs = true',
    '/src/node_modules/kit/only.cjs': "exports.self = require('kit').isCommonJs",
  }
  assert.equal(await namesOf(files), ['isEsModule'])
  assert.equal(await namesOf(files, 'npm:kit/only'), ['isCommonJs'])
})

test('a folder is required by its index or its manifest, and JSON is a constant', async () => {
  const files = kit("exports.all = [require('./one'), require('./two'), require('./data').x]", {
    '/src/node_modules/kit/one/index.js': 'module.exports = 1',
    '/src/node_modules/kit/two/package.json': '{ "main": "../deep/two.js" }',
    '/src/node_modules/kit/deep/two.js': 'module.exports = 2',
    '/src/node_modules/kit/data.json': '{ "x": 3 }',
  })
  assert.equal(await namesOf(files), ['all', 'data_json.default', 'deep.two.default', 'one.default'])
})

/** What is not static → where and why it is refused. */
const REFUSED: readonly (readonly [source: string, place: string, message: RegExp])[] = [
  [
    'exports.a = 1;\nexports.b = (name) => require(name)',
    '2:23',
    /which module `require` loads here is only known when it runs/,
  ],
  [
    'exports.a = 1;\nfor (const name of ["x"]) exports[name] = 1',
    '2:27',
    /the name that is exported here is only known/,
  ],
  [
    'exports.a = 1; register(exports)\nfunction register(e) { e.b = 2 }',
    '1:25',
    /handed to `register`, which may add to it/,
  ],
  ['exports.a = 1; delete exports.a', '1:16', /`a` is exported and deleted again/],
  ['exports.set = function (f) { module.exports = f }', '1:30', /replaced in a function/],
  ['exports.a = 1; module.children.push(exports)', '1:16', /`module` is used for more than `module.exports`/],
  [
    'Object.defineProperty(exports, "now", { enumerable: true, get: () => compute() }); function compute() {}',
    '1:1',
    /`now` is exported by a property that is more than a value/,
  ],
  ['exports.__proto__ = {}', '1:1', /`__proto__` is exported/],
  ['exports.f = function (a) { a = 1; return arguments[0] }', '1:42', /one variable in sloppy mode/],
  [
    'exports.f = function () { return arguments.callee }',
    '1:34',
    /`arguments.callee` is not there in strict mode/,
  ],
]

for (const [source, place, message] of REFUSED) {
  test(`CommonJS is refused where it is not static: ${source.replaceAll('\n', ' ')}`, async () => {
    const { rejected } = await npm(kit(source))
    assert.equal(
      rejected.map(({ code, file, line, column }) => `${code} ${file} ${line}:${column}`),
      [`commonjs-refused node_modules/kit/index.js ${place}`],
    )
    assert.match(rejected[0]!.message, message)
    assert.ok(rejected[0]!.hint.length > 10)
  })
}

test('a table that a function of the module fills while it loads is a constant; one that a call fills is state', async () => {
  const text = (late: string): string => `const table = exports.table = {}; let count = 0
    const add = (name) => { table[name] = count++ }
    add('a'); add('b')
    exports.size = () => count
    exports.late = ${late}`
  assert.equal(refusals(await npm(kit(text('() => table.a')))), [])
  const { rejected } = await npm(kit(text('() => add("c")')))
  assert.equal(
    [...new Set(rejected.map(({ code }) => code))],
    ['statement-refused', 'state-refused', 'binding-reassigned', 'depends-on-rejected'],
  )
})

test('TypeScript and files of one host alone are no CommonJS', async () => {
  const { rejected } = await defineText({ '/src/main.ts': 'export const f = () => require("./x")' })
  assert.equal(
    rejected.map(({ code }) => code),
    ['effect-refused'],
  )
})

test('a given CommonJS file files what it exports by name, and its object when that is asked for', async () => {
  const z = 'exports.z = 1\nexports.two = () => 2\n'
  const namesIn = async (files: Files): Promise<string[]> =>
    (await defineText(files)).definitions.map(({ name }) => name)
  assert.equal(await namesIn({ '/src/z.cjs': z }), ['two', 'z'])
  assert.equal(await namesIn({ '/src/z.cjs': 'module.exports = (x) => x\n' }), ['default'])
  const result = await defineText({
    '/src/main.js': "import z from './z.cjs'\nexport const all = () => z",
    '/src/z.cjs': z,
  })
  assert.is(defined(result, 'z.default').signature, undefined)
  assert.is(defined(result, 'z.z').signature, 'number')
})

test('a package that is refused whole speaks to whoever uses it', async () => {
  const { rejected } = await npm(
    kit('(function () { exports[name()] = 1 })(); function name() { return "a" }'),
  )
  assert.is(rejected[0]?.code, 'commonjs-refused')
  assert.match(rejected[0]!.hint, 'use a build of it in ES modules, or another package; `--partial` adds')
})

test.run()
