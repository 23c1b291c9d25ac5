// What `ucm add` tells people besides what it files.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject } from '../support/project.ts'

const project = await makeProject({ 'r.ts': 'export const par = (x: number) => x + 1\n' })

test('add of a barrel file files what it re-exports, and notes other names on one line', async () => {
  project.write('lib/util.ts', 'export const del = (x: number) => x + 2\nexport const keep = 3\n')
  project.write(
    'index.ts',
    "export { del as delete } from './lib/util.ts'\nexport { keep } from './lib/util.ts'\n",
  )
  const { stdout, code } = await project.text(['add', 'index.ts'])
  assert.match(stdout, /added +lib\.util\.del .*\nadded +lib\.util\.keep/)
  assert.match(
    stdout,
    /^note {2}index\.ts:1:10 {2}lib\.util\.del is exported as `delete`, and filed under its own name$/m,
  )
  assert.is(code, 0)
})

test('add of a file without definitions says what it lacks', async () => {
  project.write('nothing.ts', 'import "./r.ts"\n')
  const { stdout, code } = await project.text(['add', 'nothing.ts'])
  assert.match(stdout, /^no definitions\n/)
  assert.match(stdout, 'warning  nothing.ts:1:1\n  Nothing of nothing.ts is filed')
  assert.is(code, 0)
})

test('a name that comes of another file than before says so in its line', async () => {
  project.write('t.ts', 'export const par = (x: number) => x + 10\n')
  const { stdout } = await project.text(['add', 't.ts', '--preview'])
  assert.match(stdout, /^updated +par .* → #\S+ +now from t\.ts, before from r\.ts$/m)
  assert.not.match(stdout, 'warning')
  const { updated, warnings } = await project.json(['add', 't.ts'])
  assert.equal(Object.keys(updated[0]), ['name', 'from', 'to'])
  const [{ name, code, file, message }] = warnings
  assert.equal([name, code, file], ['par', 'name-moved', 't.ts'])
  assert.is(message, 'par is now from t.ts, before from r.ts')
  project.write('t.ts', 'export const par = (x: number) => x + 11\n')
  assert.equal((await project.json(['add', 't.ts'])).warnings, [])
})

test('a given JSON file is filed as the constant that an import of it is; edit of it names the file', async () => {
  project.write('src/config.json', '{ "a": [1, 2] }\n')
  project.write('src/uses.ts', "import config from './config.json'\nexport const first = () => config\n")
  const { added } = await project.json(['add', 'src/config.json'])
  assert.equal(
    added.map(({ name }: { name: string }) => name),
    ['config_json.default'],
  )
  assert.equal((await project.json(['add', 'src/uses.ts', '--no-check'])).unchanged, ['config_json.default'])
  const { json, code } = await project.ucm(['edit', 'config_json.default'])
  assert.equal([code, json.error.code], [1, 'edit-sourceless'])
  assert.match(json.error.message, 'it is what the JSON file src/config.json holds')
})

test.run()
