// What goes in although it looks like a change of something that lasts, and where that ends.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defineText, refusals } from '../support/define-text.ts'

const LIBRARY = {
  '/src/lib.js': `function create() { const made = { list: [] }; made.create = create; return made }
    export default create()
    export class Point { constructor(x) { this.x = x } }`,
}

test('a function that is handed out made beforehand first, and made anew from then on, makes new ones', async () => {
  const first = `import ready from './lib.js'; let make = () => { make = ready.create; return ready }; export const f = () => make().list`
  const accepted = await defineText({ '/src/main.js': first, ...LIBRARY })
  assert.equal(refusals(accepted), [])
  const other = await defineText({
    '/src/main.js': first,
    '/src/lib.js': 'const create = () => ({}); export default { list: [1], create }',
  })
  assert.equal(
    other.rejected.map(({ code }) => code),
    ['binding-reassigned', 'depends-on-rejected'],
  )
})

/** Files of two packages: `shapes`, and `more`, which completes what it exports. */
const completing = (main: string, body: string): Record<string, string> => ({
  '/src/main.js': main,
  '/src/node_modules/shapes/package.json':
    '{"name":"shapes","version":"1.0.0","exports":"./index.js","type":"module"}',
  '/src/node_modules/shapes/index.js': 'export class Point { constructor(x) { this.x = x } }',
  '/src/node_modules/more/package.json':
    '{"name":"more","version":"1.0.0","exports":"./index.js","type":"module"}',
  '/src/node_modules/more/index.js': `import { Point } from 'shapes'; export const make = () => { ${body} return Point }`,
})

test('a class of another package may be completed by who alone hands it on', async () => {
  const always = 'Point.prototype.isPoint = true; Point.of = (x) => new Point(x);'
  const use = `import { make } from 'more'; export const f = () => make().of(1).isPoint;`
  assert.equal(refusals(await defineText(completing(use, always))), [])
  // Who else reaches the class would not see it complete.
  const shared = await defineText(
    completing(`${use} import { Point } from 'shapes'; export const g = () => new Point(1).isPoint`, always),
  )
  assert.equal(
    shared.rejected.map(({ name, code }) => `${name} ${code}`),
    ['g state-refused'],
  )
  for (const body of [
    'if (Point.of) Point.of = null;',
    'Point.made = (Point.made ?? 0) + 1;',
    'Point.last = Date.UTC(1);',
    'Point.a = () => 1; Point.b = Point.a;',
  ]) {
    const { rejected } = await defineText(completing(use, body))
    assert.ok(
      rejected.some(({ code }) => code === 'state-refused'),
      body,
    )
  }
})

test('a function with an effect that is only stored is left out, with a warning', async () => {
  const files = {
    '/src/main.js': `import { random } from './random.js'; export const tools = { one: () => 1, random }`,
    '/src/random.js': 'export function random() { return Math.random() }',
  }
  const { definitions, rejected, warnings } = await defineText(files)
  assert.equal([definitions.map(({ name }) => name), rejected], [['tools'], []])
  assert.equal(
    warnings.map(({ code, message }) => [code, /fails when it is called/.test(message)]),
    [['left-out', true]],
  )
  const spelled = await defineText({
    '/src/main.js': `import { now as random } from './now.js'; export const tools = { one: () => 1, random }`,
    '/src/now.js': 'export const now = () => Date.now()',
  })
  assert.equal(spelled.definitions[0]?.reference, definitions[0]?.reference, 'neither name nor reason counts')
  for (const use of ['tools.random = random()', 'tools.list = [random]', 'tools.random ??= random']) {
    const { rejected: refused } = await defineText(
      `function random() { return Math.random() } export const f = (tools) => { ${use} }`,
    )
    assert.equal(
      refused.map(({ code }) => code),
      ['effect-refused', 'depends-on-rejected'],
    )
  }
})

test.run()
