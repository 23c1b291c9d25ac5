// edit(): files that change nothing when they are added again, and what they look like.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { knownAbilities } from '#abilities'
import { define } from '#codebase'
import type { Files } from '../support/define-text.ts'
import { memoryFiles } from '../support/define-text.ts'
import { failure } from '../support/failures.ts'
import { type Filled, fillCodebase, roundTrip } from '../support/round-trip.ts'

/** A codebase with the definitions of `files`, of which the first is given. */
function filled(files: Files, at?: string): Promise<Filled> {
  const given = Object.keys(files).slice(0, 1)
  return fillCodebase({ files: given, directory: '/src', ...(at !== undefined && { at }) }, files)
}

/** Edits every definition alone, then all of them together. */
async function everyWay(code: Filled): Promise<string> {
  for (const name of code.names) await roundTrip(code, [name])
  return roundTrip(code, code.names)
}

test('a file has the text as it was written, the imports that it needs and the line that adds it', async () => {
  const code = await filled(
    {
      '/src/main.ts': `import { total } from './sums.ts'
/** The mean. */
export function mean(xs: number[]): number { // of all
  return total(xs) / xs.length
}
`,
      '/src/sums.ts': 'export const total = (xs: number[]) => xs.reduce((a, b) => a + b, 0)\n',
    },
    'math.stats',
  )
  assert.is(
    await roundTrip(code, ['mean']),
    `// ucm add mean.ts --at math.stats

import { total } from 'ucm/math/stats/sums'

/** The mean. */
export function mean(xs: number[]): number { // of all
  return total(xs) / xs.length
}
`,
  )
  assert.match(await everyWay(code), '--as total=sums.total')
})

test('definitions of one file mention each other in the file that is written', async () => {
  const code = await filled({
    '/src/main.ts':
      'export const even = (n) => n === 0 || odd(n - 1)\nconst odd = (n) => n !== 0 && even(n - 1)\n',
  })
  assert.is(
    await everyWay(code),
    '// ucm add even.ts\n\nexport const even = (n) => n === 0 || odd(n - 1)\n\nconst odd = (n) => n !== 0 && even(n - 1)\n',
  )
  assert.match(await roundTrip(code, ['odd']), "import { even } from 'ucm'")
})

test('a part of a cycle of a package stays what it is', async () => {
  const code = await filled(
    {
      '/src/main.ts':
        'export const even = (n) => n === 0 || odd(n - 1)\nexport const odd = (n) => n !== 0 && even(n - 1)\n',
    },
    'lib.parity@1_0_0',
  )
  await everyWay(code)
})

test('default exports, reserved words, names that are no identifiers and names that were given later are kept', async () => {
  const code = await filled({
    '/src/main.ts': `import thing, { f as g } from './odd-name/a.b.ts'
import type { T } from './odd-name/a.b.ts'
export const user = (x: T) => [thing(), g(), x]
function twice() { return thing() }
export { twice as delete }
`,
    '/src/odd-name/a.b.ts':
      'export default () => 1\nfunction f() { return 2 }\nexport { f }\nexport type T = 1\n',
  })
  await code.codebase.rename('odd-name.a_b.f', 'in.delete')
  await code.codebase.rename('twice', 'other.two')
  const code2 = { ...code, names: ['in.delete', 'odd-name.a_b.default', 'other.two', 'user'] }
  const text = await everyWay(code2)
  assert.match(
    text,
    '// ucm add delete.ts --as f=in.delete --as default=odd-name.a_b.default --as twice=other.two',
  )
  assert.match(await roundTrip(code, ['user']), "import { delete as g } from 'ucm/in'")
  assert.match(await roundTrip(code, ['user']), "import { default as thing } from 'ucm/odd-name/a_b/default'")
})

test('shared constants, completions, enums, parameter properties and abilities come back', async () => {
  const code = await filled({
    '/src/main.ts': `import { ability as declare, handle, Log, op } from 'ucm/abilities'
export const { a, b = 2 } = { a: 1 }
export const one = 1, /* two */ two = one + 1,
  // and more
  more = [one]
more.push(two)
export enum Level { Low, High = 'high' }
export class Point { constructor(readonly x: number, private y = 2) {} sum() { return this.x + this.y } }
Point.origin = new Point(0, 0)
export const Ask = declare('Ask', { it: op<[], number>() })
export const answered = handle(Ask, { it: (resume) => resume(a + b) })
export function* asks() { yield* Log.info('asks'); return yield* Ask.it() }
export const NONE = Symbol('none')
let table: number[] | undefined
export function look(n: number) { return (table ??= [1, 2, 3])[n] }
export function seen() { return table }
`,
  })
  const text = await everyWay(code)
  assert.match(text, "import { Log, ability as declare, handle, op } from 'ucm/abilities'")
  assert.match(await roundTrip(code, ['b']), 'export const { a, b = 2 } = { a: 1 }')
  assert.match(await roundTrip(code, ['seen']), 'let table: number[] | undefined')
})

test('namespaces are imported as they were: by their path, or member by member', async () => {
  const code = await filled({
    '/src/main.ts': `import * as lib from './lib.ts'
import * as many from './many.ts'
export const f = () => lib.x() + lib.y
export const g = () => many.x()
export const all = () => many
`,
    '/src/lib.ts': 'export const x = () => 1\nexport const y = 2\nconst hidden = 3\n',
    '/src/many.ts': "export * from './lib.ts'\nexport { y as z } from './lib.ts'\n",
  })
  await everyWay(code)
  assert.match(await roundTrip(code, ['f']), "import * as lib from 'ucm/lib'")
  assert.match(await roundTrip(code, ['all']), "import * as many from 'ucm/?x=lib.x&y=lib.y&z=lib.y'")
})

test('types that a text names are imported, those of its own file stay where they are', async () => {
  const code = await filled({
    '/src/main.ts': `import type { Other } from './main2.ts'
export interface Box<T> { readonly held: T }
export type Boxes = Box<number>[]
export const open = (box: Box<Other>): Other => box.held
export class Empty implements Box<null> { readonly held = null }
`,
    '/src/main2.ts': 'export interface Other { readonly id: string }\n',
  })
  await everyWay(code)
  assert.match(await roundTrip(code, ['open']), "import type { Box } from 'ucm'")
})

test('two texts that cannot share a file are refused, with the reason', async () => {
  const code = await filled({
    '/src/main.ts':
      "import { f as g } from './a.ts'\nimport { f as h, k } from './b.ts'\nexport const both = () => g() + h() + k()\n",
    '/src/a.ts': 'const help = () => 1\nexport const f = () => help()\n',
    '/src/b.ts': 'const help = () => 2\nexport const f = () => help()\nexport const k = () => help()\n',
  })
  const environment = code.codebase.environment(memoryFiles({}), knownAbilities())
  const edit = (...texts: string[]): Promise<unknown> =>
    code.codebase.edit({ texts, directory: '/work' }, environment)
  await failure('edit-apart', edit('a.f', 'b.f'))
  await failure('edit-apart', edit('a.f', 'b.k'))
  await roundTrip(code, ['a.f', 'both'])
})

test('what was changed in the file is what changes', async () => {
  const code = await filled({
    '/src/main.ts':
      'export const even = (n) => n === 0 || odd(n - 1)\nconst odd = (n) => n !== 0 && even(n - 1)\nexport const use = () => odd(3)\n',
  })
  const environment = code.codebase.environment(memoryFiles({}), knownAbilities())
  const { text } = await code.codebase.edit({ texts: ['odd'], directory: '/work' }, environment)
  const files = memoryFiles({ '/work/odd.ts': text.replace('n - 1', 'n - 3') })
  const changed = await define(
    { files: ['/work/odd.ts'], directory: '/work' },
    code.codebase.environment(files, knownAbilities()),
  )
  const { updated, propagated } = await code.codebase.add(changed, { command: 'add' })
  assert.equal(
    updated.map(({ name }) => name),
    ['odd'],
  )
  assert.equal(
    propagated.map(({ name }) => name),
    ['even', 'use'],
  )
})

test('what an edited text imports by name is what the same file makes of that name', async () => {
  const code = await filled({
    '/src/main.ts': "import { x } from './lib.ts'\nexport const f = () => x() + 1\n",
    '/src/lib.ts': 'export const x = () => 1\n',
  })
  const files = memoryFiles({
    '/w/g.ts':
      "// ucm add g.ts --as x=lib.x\nimport { x as y } from 'ucm/lib'\nexport const f = () => y() + 1\nexport const x = () => 2\n",
  })
  const result = await define(
    { files: ['/w/g.ts'], directory: '/w' },
    code.codebase.environment(files, knownAbilities()),
  )
  const { updated, propagated } = await code.codebase.add(result, { command: 'add' })
  assert.equal([updated.map(({ name }) => name), propagated.map(({ name }) => name)], [['lib.x'], ['f']])
})

test.run()
