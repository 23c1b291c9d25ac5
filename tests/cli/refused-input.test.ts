// Input that is refused, with the code, the place and what to do: all of it at the command line.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, STATISTICS } from '../support/project.ts'

const project = await makeProject({ 'stats.ts': STATISTICS })

/** Refused sources: what they hold, where it is refused, and a word of the reason. */
const REFUSED: readonly (readonly [
  what: string,
  source: string,
  line: number,
  column: number,
  reason: RegExp,
])[] = [
  ['an unknown import', "import { a } from './nowhere.ts'\nexport const b = () => a", 1, 10, /nowhere/],
  [
    'an unknown name of the codebase',
    "import { a } from 'ucm/nowhere'\nexport const b = () => a",
    1,
    10,
    /nowhere|ucm/,
  ],
  ['an unbound name', 'export const f = () =>\n  missing + 1', 2, 3, /missing/],
  ['a clock', 'export const f = () => Date.now()', 1, 24, /Date\.now/],
  ['the date of today', 'export const f = () => new Date()', 1, 24, /Date/],
  ['randomness', 'export const f = () => Math.random()', 1, 24, /Math\.random/],
  ['the network', "export const f = () => fetch('https://example.com')", 1, 24, /fetch/],
  ['a timer', 'export const f = () => setTimeout(f, 1)', 1, 24, /setTimeout/],
  ['the process', 'export const f = () => process.env', 1, 24, /process/],
  ['eval', "export const f = () => eval('1')", 1, 24, /code made from text/],
  ['a dynamic import', "export const f = () => import('./x.ts')", 1, 24, /import/],
  ['a top-level effect', 'export const f = () => 1\nf()', 2, 1, /top|statement|effect/i],
  ['state', 'let n = 0\nexport const next = () => ++n', 2, 29, /state|n|writes|changes/],
]

for (const [what, source, line, column, reason] of REFUSED) {
  test(`add refuses ${what}, with its place and what to write instead`, async () => {
    project.write('refused.ts', `${source}\n`)
    const { code, json } = await project.ucm(['add', 'refused.ts'])
    assert.is(code, 1)
    const [rejection] = json.rejected
    assert.equal(Object.keys(rejection).sort(), ['code', 'column', 'file', 'hint', 'line', 'message', 'name'])
    assert.equal([rejection.file, rejection.line, rejection.column], ['refused.ts', line, column])
    assert.match(rejection.message, reason)
    assert.ok(rejection.hint.length > 0, 'a hint')
    assert.equal([json.error.code, json.error.details.line], [rejection.code, line])
    assert.equal(json.added, [])
    assert.is(json.commit, null)
  })
}

test('a file that does not parse is refused with its place, and --partial goes on without it', async () => {
  project.write('broken.ts', 'export const a = 1\nexport function (\n')
  const { code, json } = await project.ucm(['add', 'broken.ts'])
  assert.is(code, 1)
  assert.is(json.error.code, 'syntax-error')
  const { file, line, column } = json.error.details
  assert.equal([file, line, column], ['broken.ts', 2, 17])
  assert.is((await project.json(['add', 'broken.ts', '--partial'])).rejected[0].line, 2)
})

test('add refuses two definitions of one name and shows both places', async () => {
  project.write('twice.ts', 'export const a = () => 1\n')
  project.write('again.ts', '\nexport const a = () => 2\n')
  const { code, json } = await project.ucm(['add', 'twice.ts', 'again.ts'])
  assert.is(code, 1)
  const text = JSON.stringify(json.rejected)
  assert.match(text, 'twice.ts')
  assert.match(text, 'again.ts')
})

test('add --partial adds what can be, and tells what was refused', async () => {
  const partial = await makeProject()
  partial.write(
    'mixed.ts',
    'export const good = () => 1\nexport const bad = () => Math.random()\nexport const worse = () => bad()\n',
  )
  assert.is((await partial.ucm(['add', 'mixed.ts'])).code, 1)
  assert.equal((await partial.json(['ls'])).definitions, [])
  const { added, rejected } = await partial.json(['add', 'mixed.ts', '--partial'])
  assert.equal(
    added.map((definition: { name: string }) => definition.name),
    ['good'],
  )
  assert.equal(
    rejected.map((rejection: { name: string }) => rejection.name),
    ['bad', 'worse'],
  )
})

test('hash refuses as add does, and --partial shows the rest', async () => {
  project.write('mixed.ts', 'export const good = () => 1\nexport const bad = () => Math.random()\n')
  const { code, json } = await project.ucm(['hash', 'mixed.ts'])
  assert.is(code, 1)
  assert.is(json.rejected[0].line, 2)
  const partial = await project.json(['hash', 'mixed.ts', '--partial'])
  assert.is(partial.definitions[0].name, 'good')
})

test('a file that is missing, a folder and a package that is not installed are input errors', async () => {
  for (const file of ['missing.ts', '.', 'npm:not-installed-anywhere']) {
    const { code, json } = await project.ucm(['add', file])
    assert.is(code, 1, file)
    assert.ok(json.error.hint.length > 0, file)
  }
})

test('a name that is unknown or ambiguous says what there is', async () => {
  const unknown = await project.ucm(['view', 'maen'])
  assert.is(unknown.code, 1)
  assert.is(unknown.json.error.code, 'name-unknown')
  assert.match(unknown.json.error.hint, 'mean')
  const two = await makeProject()
  two.write('a.ts', 'export const f = () => 1\n')
  two.write('b.ts', 'export const f = () => 2\n')
  await two.json(['add', 'a.ts', '--at', 'a'])
  await two.json(['add', 'b.ts', '--at', 'b'])
  const ambiguous = await two.ucm(['run', 'f'])
  assert.is(ambiguous.code, 1)
  assert.is(ambiguous.json.error.code, 'name-ambiguous')
  assert.equal(ambiguous.json.error.details.candidates, ['a.f', 'b.f'])
})

test('a hash that is unknown, malformed or ambiguous is refused', async () => {
  assert.is((await project.ucm(['view', '#zzzzzzzzzz'])).json.error.code, 'hash-unknown')
  assert.is((await project.ucm(['view', '#not a hash!'])).json.error.code, 'hash-malformed')
  const many = await makeProject({
    'many.ts': Array.from({ length: 40 }, (_, i) => `export const f${i} = () => ${i}`).join('\n'),
  })
  const { definitions } = await many.json(['ls'])
  const first = definitions.map((definition: { hash: string }) => definition.hash[0])
  const shared = first.find((letter: string, index: number) => first.indexOf(letter) !== index)
  const { code, json } = await many.ucm(['view', `#${shared}`])
  assert.is(code, 1)
  assert.is(json.error.code, 'hash-ambiguous')
})

test('refused definitions are shown by what they are refused for, with how many that takes along', async () => {
  const project = await makeProject({}, true)
  await project.json(['init'])
  const lines = Array.from({ length: 40 }, (_, index) => `export const f${index} = () => roll() + ${index}`)
  project.write(
    'many.ts',
    `export const roll = () => Math.random()\nexport const now = () => Date.now()\n${lines.join('\n')}\n`,
  )
  const { stdout } = await project.text(['add', 'many.ts', '--partial'])
  assert.match(
    stdout,
    /^refused {2}many\.ts:1:27\n {2}Cannot define roll: .*\n {2}hint: .*\n {2}takes along 40: f0, f1, .* and 32 more\n/,
  )
  assert.match(stdout, '  many.ts:3:14  `f0` uses `roll` uses `Math.random`, many.ts:1:27\n')
  assert.ok(stdout.split('\n').length < 20)
  const { rejected } = await project.json(['add', 'many.ts', '--partial'])
  assert.is(rejected.length, 42)
  const refused = await project.text(['add', 'many.ts'])
  assert.match(refused.stdout, 'refused  roll, as said below, takes along 40: f0')
  assert.match(refused.stderr, /^error: Cannot define roll: .* \(and 1 more, above\)\n/)
})

test('the closing line counts what is shown above it, and names the first of all', async () => {
  const project = await makeProject({}, true)
  await project.json(['init'])
  project.write(
    'few.ts',
    'export const now = () => Date.now()\nexport const roll = () => Math.random()\nexport const dice = () => roll()\n',
  )
  const both = await project.text(['add', 'few.ts'])
  assert.match(both.stdout, /^refused {2}roll, as said below, takes along 1: dice\n/)
  assert.match(both.stderr, /^error: Cannot define roll: .* \(and 1 more, above\)\n/)
  project.write('one.ts', 'export const roll = () => Math.random()\nexport const dice = () => roll()\n')
  assert.not.match((await project.text(['add', 'one.ts'])).stderr, 'more, above')
})

test.run()
