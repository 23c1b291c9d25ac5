// What is accepted does not depend on spelling: not on braces that only group, nor on the
// files that definitions stand in.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defined, defineText, type Files, refusals } from '../support/define-text.ts'

const GROUPED: readonly (readonly [what: string, plain: string, braced: string])[] = [
  [
    'a property of scratch that is written before each use',
    'export const create = (() => { function object() {} return (proto) => { if (!proto) return {}; object.prototype = proto; const made = new object(); object.prototype = undefined; return made } })()',
    'export const create = (() => { function object() {} return (proto) => { if (!proto) return {}; { object.prototype = proto; } const made = new object(); { object.prototype = undefined } { return made } } })()',
  ],
  [
    'a function that is handed out made beforehand first',
    'function create() { const made = { list: [] }; made.create = create; return made } const ready = create(); let make = () => { make = ready.create; return ready }; export const f = () => make().list',
    'function create() { const made = { list: [] }; { made.create = create } return made } const ready = create(); let make = () => { { make = ready.create } ; { return ready } }; export const f = () => make().list',
  ],
]

for (const [what, plain, braced] of GROUPED) {
  test(`braces that only group refuse nothing: ${what}`, async () => {
    const [first, second] = [
      await defineText({ '/src/main.js': plain }),
      await defineText({ '/src/main.js': braced }),
    ]
    assert.equal([refusals(first), refusals(second)], [[], []])
    const hashes = first.definitions.map(({ name, reference }) => [name, reference])
    assert.equal(
      second.definitions.map(({ name, reference }) => [name, reference]),
      hashes,
    )
  })
}

const manifest = (name: string): string => `{"name":"${name}","version":"1.0.0","exports":"./index.js"}`

/** A package, and another one that completes a class of it. */
const completing = (body: string): Files => ({
  '/src/main.js': "import { make } from 'more'; export const f = () => make().of(1)",
  '/src/node_modules/shapes/package.json': manifest('shapes'),
  '/src/node_modules/shapes/index.js': 'export class Point { constructor(x) { this.x = x } }',
  '/src/node_modules/more/package.json': manifest('more'),
  '/src/node_modules/more/index.js': `import { Point } from 'shapes'; export const make = () => { ${body} return Point }`,
})

test('braces around what completes a class of another package refuse nothing', async () => {
  assert.equal(refusals(await defineText(completing('{ Point.of = (x) => new Point(x) }'))), [])
  const conditional = await defineText(completing('if (Point.of) { Point.of = null }'))
  assert.ok(conditional.rejected.some(({ code }) => code === 'state-refused'))
})

test('how a member is written decides nothing', async () => {
  for (const [plain, quoted] of [
    [
      'const all = []; export const f = (x) => { all.push.apply(all, x) }',
      "const all = []; export const f = (x) => { all['push']['apply'](all, x) }",
    ],
    [
      'const it = [1, 2][Symbol.iterator](); export const f = () => it.next()',
      "const it = [1, 2][Symbol['iterator']](); export const f = () => it['next']()",
    ],
    [
      'const it = [1, 2].values(); export const f = () => it.next()',
      "const it = [1, 2]['values'](); export const f = () => it.next()",
    ],
    [
      'const lists = new Map([[1, []]]); export const f = (x) => { lists.get(1).push(x) }',
      "const lists = new Map([[1, []]]); export const f = (x) => { lists['get'](1).push(x) }",
    ],
    [
      "const s = {}; export const f = () => { if (s.seen) return 2; s.seen = 'yes'; return 1 }",
      'const s = {}; export const f = () => { if (s.seen) return 2; s.seen = `yes`; return 1 }',
    ],
    [
      "const last = new Map(); export const f = (x) => { last.set('x', x * 2); return last.get('x') }",
      'const last = new Map(); export const f = (x) => { last.set(`x`, x * 2); return last.get(`x`) }',
    ],
  ] as const) {
    const codes = async (text: string): Promise<string[]> =>
      (await defineText({ '/src/main.js': text })).rejected.map(({ code }) => code)
    assert.equal([await codes(plain), await codes(quoted)], [['state-refused'], ['state-refused']], quoted)
  }
  const defining =
    "Object['defineProperty'](Point.prototype, 'kind', { value: `a` }); Point.prototype.type = `Point`;"
  assert.equal(refusals(await defineText(completing(defining))), [])
})

test('braces around a require of what only Node has take the second way all the same', async () => {
  const files = {
    '/src/main.js':
      "var crypto; try { { crypto = require('crypto') } } catch (ex) { } exports.f = () => crypto",
  }
  assert.equal(refusals(await defineText(files)), [])
})

const GUARDED: readonly (readonly [what: string, more: Files])[] = [
  ['a constant', { '/src/env.js': "export const isNode = typeof process === 'object'" }],
  [
    'a constant by way of others',
    {
      '/src/env.js': "export * from './host.js'",
      '/src/host.js': "import has from './process.ts'; export { has as isNode }",
      '/src/process.ts':
        "const isThere: boolean = typeof process === 'object' && !!process.versions; export default isThere",
    },
  ],
  [
    'files that import each other',
    {
      '/src/env.js':
        "import { f } from './main.js'; export const isNode = typeof process === 'object'; export const g = () => f()",
    },
  ],
]

for (const [what, more] of GUARDED) {
  test(`what an imported guard rules out is not looked at: ${what}`, async () => {
    const use =
      'export function f() { if (isNode) return process.pid; return 1 } export const h = () => !isNode && 2'
    const split = await defineText({
      '/src/main.js': `import { isNode } from './env.js'; ${use}`,
      ...more,
    })
    assert.equal(refusals(split), [])
    const whole = await defineText({ '/src/main.js': `const isNode = typeof process === 'object'; ${use}` })
    for (const name of ['f', 'h'])
      assert.equal(defined(split, name).reference, defined(whole, name).reference)
  })
}

test('an imported name that is not certain rules nothing out', async () => {
  const use = "import { isNode } from './env.js'; export const f = () => isNode ? process.pid : 1"
  for (const env of [
    'export const isNode = globalThis.Math !== undefined',
    "export { isNode } from './env.js'",
    "export let isNode = typeof process === 'object'; export const set = () => { isNode = true }",
    "export var isNode = typeof process === 'undefined'",
  ]) {
    const { rejected } = await defineText({ '/src/main.js': use, '/src/env.js': env })
    assert.ok(
      rejected.some(({ name }) => name === 'f'),
      env,
    )
  }
})

test('a constant that is a property of a completed one may be completed itself', async () => {
  const result = await defineText(
    'export const o: any = { f: () => 1 }; o.f.y = 3; const g = o.f; g.x = 1; export const sum = () => g.x + o.f.y',
  )
  assert.equal(refusals(result), [])
})

test.run()
