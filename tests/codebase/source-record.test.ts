// What is kept of the author's source: text, place, and where each node came from.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Defined, type Node, walkMember } from '#codebase'
import { defined, defineText } from '../support/define-text.ts'

/** The nodes of a type, each with the text that it came from. */
function textsOf({ member, source }: Defined, type: Node['type']): string[] {
  const texts: string[] = []
  let ordinal = 0
  walkMember(member, (node) => {
    const position = source.positions[ordinal++]!
    if (node.type === type) texts.push(position < 0 ? '' : source.text.slice(position))
  })
  assert.is(ordinal, source.positions.length, 'one position for each node')
  return texts
}

test('a record has the text with the comments before it, and says where it begins', async () => {
  const result = await defineText(
    '// far\n\n/** Doubles. */\n// near\n  export const f = (x) => x * 2 // after\nexport const g = 1',
  )
  const { text, file, line, column } = defined(result, 'f').source
  assert.is(text, '/** Doubles. */\n// near\n  export const f = (x) => x * 2')
  assert.equal([file, line, column], ['main.ts', 3, 1])
  assert.is(defined(result, 'g').source.text, 'export const g = 1')
})

test('where a package stands above the working directory does not count', async () => {
  const fileOf = async (folder: string, directory: string): Promise<string> => {
    const files = {
      [`${directory}/main.ts`]: "import { f } from 'p'; export const g = () => f()",
      [`${folder}/node_modules/p/package.json`]: '{ "name": "p", "type": "module", "exports": "./p.js" }',
      [`${folder}/node_modules/p/p.js`]: 'export const f = () => 1',
    }
    const result = await defineText(files, { request: { directory } })
    return result.definitions.find(({ source }) => source.text.includes('const f'))!.source.file
  }
  assert.is(await fileOf('/home/a/work', '/home/a/work'), 'node_modules/p/p.js')
  assert.is(await fileOf('/home/a', '/home/a/work/part'), 'node_modules/p/p.js')
})

test('positions lead from each node to the text that it came from', async () => {
  const { definitions } = await defineText(
    'export function f(x: number): number {\n  return fail(x as any) + Math.abs(x)\n}\nfunction fail(x: number) { return x }',
  )
  const f = definitions.find(({ name }) => name === 'f')!
  assert.equal(
    textsOf(f, 'Call').map((text) => text.slice(0, 8)),
    ['fail(x a', 'Math.abs'],
  )
  assert.equal(
    textsOf(f, 'Reference').map((text) => text.slice(0, 4)),
    ['fail'],
  )
})

test('statements that complete a definition are kept with it', async () => {
  const together = defined(await defineText('export function f() {}\n// then\nf.x = () => 1\n'), 'f')
  assert.is(together.source.text, 'export function f() {}\n// then\nf.x = () => 1')
  assert.equal(textsOf(together, 'Number'), ['1'])
  const apart = defined(await defineText('export function f() {}\nconst other = 1\nf.x = () => 1\n'), 'f')
  assert.is(apart.source.text, 'export function f() {}\nf.x = () => 1')
  assert.equal(textsOf(apart, 'Number'), ['1'])
  assert.equal(apart.source.parts, [[23, 3, 1]])
})

test('one declarator of several is a statement of its own', async () => {
  const g = defined(await defineText('export const f = 1,\n  longer = [2, 3]'), 'longer')
  assert.is(g.source.text, 'export const longer = [2, 3]')
  assert.equal([g.source.line, g.source.column], [2, 3])
  assert.equal(g.source.parts, [[13, 2, 3]])
  assert.equal(textsOf(g, 'Number'), ['2, 3]', '3]'])
})

test('comments stay with the declarator that they stand before, and each part of a text has its keyword', async () => {
  const text = '// both\nvar a = {},\n  // more\n  b = {}, c = 1\nb.x = 2\na = 3'
  const result = await defineText(text)
  assert.is(defined(result, 'a').source.text, '// both\nvar a = {}\na = 3')
  assert.is(defined(result, 'b').source.text, 'var // more\n  b = {}\nb.x = 2')
  assert.is(defined(result, 'c').source.text, 'var c = 1')
})

test('overloads are kept with their implementation, an enum as it is written', async () => {
  const result = await defineText('function f(a: 1): 1\nfunction f(a: any) { return a }\nexport enum E { A }')
  assert.is(defined(result, 'f').source.text, 'function f(a: 1): 1\nfunction f(a: any) { return a }')
  assert.is(defined(result, 'E').source.text, 'export enum E { A }')
})

test('a record lists the definitions that it mentions, as written and in full', async () => {
  const files = {
    '/src/main.ts':
      "import { total as t } from './lib.ts'; import * as lib from './lib.ts'; import { Log } from 'ucm/abilities'\nexport function* f() { t(); t(); yield* Log.info(lib.other) }",
    '/src/lib.ts': 'export const total = () => 1, other = 2',
  }
  assert.equal(defined(await defineText(files), 'f').source.imports, [
    ['t', 'lib.total'],
    ['Log', 'ucm/abilities.Log'],
    ['lib.other', 'lib.other'],
  ])
})

test.run()
