// The commands that build and show a codebase: their documents are those of design §8.

import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, STATISTICS } from '../support/project.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { startUcmNode, ucm, ucmJson } from '../support/ucm.ts'

const HASH = /^[a-z2-7]{51}[aq](\.\d+)?$/
const keys = (document: object): string[] => Object.keys(document)

const statistics = await makeProject({ 'stats.ts': STATISTICS })

test('init says where the codebase is, and refuses to make it twice', async () => {
  const folder = temporaryFolder()
  const { code, json } = await ucm(['init', 'deep/down', '--json'], { cwd: folder })
  assert.is(code, 0)
  assert.equal(keys(json), ['codebase', 'branch'])
  assert.match(json.codebase, `${folder}/deep/down`)
  assert.is(json.branch, 'main')
  assert.is((await ucm(['init', 'deep/down', '--json'], { cwd: folder })).code, 1)
})

test('hash needs no codebase, stores nothing and agrees with add', async () => {
  const bare = await makeProject({ 'stats.ts': STATISTICS }, true)
  const document = await bare.json(['hash', 'stats.ts'])
  assert.equal(keys(document), ['definitions', 'rejected'])
  assert.equal(document.rejected, [])
  assert.equal(document.definitions, (await statistics.json(['ls'])).definitions)
  assert.is((await bare.ucm(['ls'])).json.error.code, 'no-codebase')
})

test('hash agrees with add on the rows of abilities of the codebase', async () => {
  const ability =
    "import { ability, op } from 'ucm/abilities'\nexport const Abort = ability('Abort', { because: op<[reason: string], never>() })\n"
  const project = await makeProject({ 'abort.ts': ability })
  project.write('stop.ts', "import { Abort } from 'ucm'\nexport const stop = () => Abort.because('enough')\n")
  const { definitions } = await project.json(['hash', 'stop.ts'])
  const { added } = await project.json(['add', 'stop.ts'])
  assert.equal(definitions, [{ ...added[0], signature: '() ->{Abort}' }])
  assert.equal([added[0].row, added[0].signature], [['Abort'], '() ->{Abort} never'])
})

test('hash follows from the text alone, also of a class and while a node holds the codebase', async () => {
  const project = await makeProject({ 'missing.ts': 'export class NotFound {\n  where = 1\n}\n' })
  await project.json(['rename', 'NotFound', 'Missing'])
  project.write('missing.ts', 'export class Missing {\n  where = 1\n}\n')
  const elsewhere = await makeProject({ 'missing.ts': 'export class Missing {\n  where = 1\n}\n' }, true)
  const node = await startUcmNode(['--no-mdns'], { cwd: project.folder })
  const [here, there] = await Promise.all(
    [project, elsewhere].map((where) => where.ucm(['hash', 'missing.ts'])),
  )
  await node.stop()
  assert.equal([here?.code, here?.json], [0, there?.json])
})

test('add tells what it did, and the second time that nothing changed', async () => {
  const project = await makeProject()
  project.write('stats.ts', STATISTICS)
  const first = await project.json(['add', 'stats.ts'])
  for (const key of ['added', 'updated', 'propagated', 'unchanged', 'aliases', 'rejected', 'commit']) {
    assert.ok(key in first, key)
  }
  assert.equal(
    first.added.map((definition: { name: string }) => definition.name),
    ['mean', 'sum', 'variance'],
  )
  const [mean] = first.added
  assert.match(mean.hash, HASH)
  assert.is(mean.kind, 'function')
  assert.equal(mean.row, [])
  assert.is(mean.exported, true)
  const second = await project.json(['add', 'stats.ts'])
  assert.equal(second.unchanged, ['mean', 'sum', 'variance'])
  assert.equal(second.added, [])
  assert.is(second.commit, first.commit)
})

test('add --at files below a namespace, --preview stores nothing', async () => {
  const project = await makeProject()
  project.write('stats.ts', STATISTICS)
  const preview = await project.json(['add', 'stats.ts', '--at', 'math.stats', '--preview'])
  assert.is(preview.added[0].name, 'math.stats.mean')
  assert.is(preview.commit, null)
  assert.equal((await project.json(['ls'])).definitions, [])
})

test('a change of a dependency propagates to dependents, and the old hash stays', async () => {
  const project = await makeProject({ 'stats.ts': STATISTICS })
  const before = await project.json(['view', 'mean', 'variance', 'sum'])
  project.write(
    'sum.ts',
    'export function sum(xs: number[]): number {\n  let total = 0\n  for (const x of xs) total += x\n  return total\n}\n',
  )
  const { updated, propagated } = await project.json(['add', 'sum.ts'])
  assert.equal(
    updated.map((update: { name: string }) => update.name),
    ['sum'],
  )
  assert.equal(
    propagated.map((update: { name: string }) => update.name),
    ['mean', 'variance'],
  )
  assert.equal(keys(updated[0]), ['name', 'from', 'to'])
  assert.is(updated[0].from, before.definitions[2].hash)
  assert.is(
    (await project.json(['view', `#${before.definitions[0].hash}`])).definitions[0].hash,
    before.definitions[0].hash,
  )

  const { commits } = await project.json(['history'])
  assert.is(commits.length, 2)
  assert.equal(keys(commits[0]), ['commit', 'parents', 'author', 'time', 'message', 'changes'])
  assert.equal(keys(commits[0].changes), ['added', 'updated', 'removed', 'renamed'])
  assert.equal(commits[0].parents, [commits[1].commit])
  assert.is(commits[0].author, 'Ada')

  const diff = await project.json(['diff', commits[1].commit])
  assert.equal(keys(diff), ['added', 'updated', 'removed', 'renamed'])
  const [sum] = diff.updated.filter((update: { name: string }) => update.name === 'sum')
  assert.match(sum.source.from, 'reduce')
  assert.match(sum.source.to, 'for (const x of xs)')
})

test('ls NAMESPACE lists full names below it, and nothing is []', async () => {
  const project = await makeProject()
  project.write('stats.ts', STATISTICS)
  await project.json(['add', 'stats.ts', '--at', 'math'])
  const { definitions } = await project.json(['ls', 'math'])
  assert.is(definitions[0].name, 'math.mean')
  assert.equal((await project.json(['ls', 'physics'])).definitions, [])
})

test('find searches names, names shows them all', async () => {
  assert.is((await statistics.json(['find', 'vari'])).definitions[0].name, 'variance')
  assert.equal((await statistics.json(['find', 'zebra'])).definitions, [])
  assert.equal(
    (await statistics.json(['names', 'mean'])).definitions.map(
      (definition: { name: string }) => definition.name,
    ),
    ['mean'],
  )
})

test('view adds the source as written and the term as text', async () => {
  const { definitions } = await statistics.json(['view', 'sum'])
  assert.match(definitions[0].source, /^\/\*\* Adds up\. \*\/\nexport function sum\(xs: number\[\]\)/)
  assert.type(definitions[0].normalised, 'string')
  assert.not.match(definitions[0].normalised, 'number[]')
})

test('dependencies and dependents are each other’s inverse', async () => {
  const name = (definition: { name: string }): string => definition.name
  assert.equal((await statistics.json(['dependencies', 'mean'])).definitions.map(name), ['sum'])
  assert.equal((await statistics.json(['dependents', 'sum'])).definitions.map(name), ['mean'])
  assert.equal((await statistics.json(['dependents', 'variance'])).definitions, [])
})

test('rename, alias and delete move names and leave hashes', async () => {
  const project = await makeProject({ 'stats.ts': STATISTICS })
  const { hash } = (await project.json(['view', 'mean'])).definitions[0]
  assert.match((await project.json(['rename', 'mean', 'stats.mean'])).commit, HASH)
  assert.match((await project.json(['alias', 'stats.mean', 'average'])).commit, HASH)
  const names = (await project.json(['names', 'average'])).definitions
  assert.equal(
    names.map((definition: { name: string; hash: string }) => [definition.name, definition.hash]),
    [
      ['average', hash],
      ['stats.mean', hash],
    ],
  )
  await project.json(['delete', 'average'])
  const { code, json } = await project.ucm(['delete', 'stats.mean'])
  assert.is(code, 1)
  assert.match(json.error.hint, '--force')
  await project.json(['delete', 'stats.mean', '--force'])
  assert.is((await project.json(['view', hash])).definitions[0].hash, hash)
})

test('cid is a CIDv1, verify counts what is sound', async () => {
  const document = await statistics.json(['cid', 'mean'])
  assert.equal(keys(document), ['name', 'hash', 'cid'])
  assert.match(document.cid, /^bafyrei[a-z2-7]{52}$/)
  const { objects, bytes, problems } = await statistics.json(['verify'])
  assert.ok(objects >= 3 && bytes > 100)
  assert.equal(problems, [])
})

test('human output is aligned, without colour, and ends with what to do next', async () => {
  const { stdout, stderr } = await statistics.text(['ls'])
  const lines = stdout.trimEnd().split('\n')
  assert.is(lines.length, 3)
  assert.is(new Set(lines.map((line) => line.indexOf('#'))).size, 1)
  assert.not.match(stdout, '\u001b')
  assert.match(stderr, /^next: ucm /)
})

test('add takes in CommonJS packages, whose functions run', async () => {
  const codebase = temporaryFolder()
  const options = {
    cwd: path.resolve(import.meta.dirname, '../../fixtures/packages'),
    env: { UCM_CODEBASE: codebase },
  }
  await ucmJson(['init', codebase])
  const { added, aliases, rejected } = await ucmJson(['add', 'npm:semver', 'npm:hash.js'], options)
  assert.equal([rejected, added.length + aliases.length > 200], [[], true])
  const { value } = await ucmJson(['run', 'lib.semver@7_8_6.satisfies', '"1.2.3"', '"^1.2"', 'null'], options)
  assert.is(value, true)
})

test('--codebase and UCM_CODEBASE name a codebase that is elsewhere', async () => {
  const cwd = temporaryFolder()
  const byOption = await ucm(['ls', '--json', '--codebase', statistics.folder], { cwd })
  const byVariable = await ucm(['ls', '--json'], { cwd, env: { UCM_CODEBASE: `${statistics.folder}/.ucm` } })
  assert.is(byOption.json.definitions.length, 3)
  assert.is(byVariable.stdout, byOption.stdout)
})

test.run()
