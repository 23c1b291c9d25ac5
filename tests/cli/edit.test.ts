// `ucm edit`: where it writes, what it says, and that what it wrote changes nothing.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, STATISTICS } from '../support/project.ts'

const project = await makeProject({ 'stats.ts': STATISTICS })
await project.json(['add', 'stats.ts', '--at', 'math.stats'])

test('edit writes a file named after the first name, which added again changes nothing', async () => {
  const document = await project.json(['edit', 'math.stats.variance'])
  assert.equal(document.file, 'variance.ts')
  assert.equal(document.names, ['math.stats.variance'])
  assert.is(readFileSync(path.join(project.folder, 'variance.ts'), 'utf8'), document.source)
  const { commit } = (await project.json(['history'])).commits[0]
  const added = await project.json(['add', 'variance.ts'])
  assert.equal([added.unchanged, added.commit], [['math.stats.variance'], commit])
  const asWritten = /^\/\/ ucm (.*)/.exec(document.source)![1]!.split(' ')
  assert.equal((await project.json(asWritten)).unchanged, ['math.stats.variance'])
})

test('edit leaves a file alone that says something else, unless it is told to', async () => {
  project.write('mine.ts', 'export const mine = 1\n')
  const refused = await project.ucm(['edit', 'math.stats.mean', '-o', 'mine.ts'])
  assert.equal([refused.code, refused.json.error.code], [1, 'exists'])
  assert.is(readFileSync(path.join(project.folder, 'mine.ts'), 'utf8'), 'export const mine = 1\n')
  const forced = await project.text(['edit', 'math.stats.mean', '-o', 'mine.ts', '--force'])
  assert.is(forced.stdout, 'wrote  mine.ts  math.stats.mean\n')
  assert.match(forced.stderr, 'next: ucm add mine.ts')
  assert.is((await project.text(['edit', 'math.stats.mean', '-o', 'mine.ts'])).code, 0)
})

test('edit -o - prints the file and writes none', async () => {
  const { stdout, stderr } = await project.text(['edit', 'math.stats.sum', '-o', '-'])
  assert.match(stdout, /^\/\/ ucm add sum.ts --at math.stats\n\n\/\*\* Adds up. \*\/\nexport function sum/)
  assert.is(stderr, '')
  assert.is((await project.json(['edit', 'math.stats.sum', '-o', '-'])).file, null)
})

test('add --as files a definition under another name, and says when it is written wrongly', async () => {
  project.write('one.ts', 'export const one = 1\n')
  const { added } = await project.json(['add', 'one.ts', '--at', 'deep', '--as', 'one=er.uno'])
  assert.equal(
    added.map(({ name }: { name: string }) => name),
    ['deep.er.uno'],
  )
  assert.is((await project.ucm(['add', 'one.ts', '--as', 'one'])).code, 2)
})

test('add --as of what no file defines, or of one definition twice, is a wrong command line', async () => {
  const unknown = await project.ucm(['add', 'one.ts', '--as', 'onee=b'])
  assert.equal([unknown.code, unknown.json.error.code], [2, 'name-unknown'])
  assert.match(unknown.json.error.message, 'Cannot file onee as b: no given file defines onee')
  assert.is(unknown.json.error.hint, 'did you mean one?')
  const twice = await project.ucm(['add', 'one.ts', '--as', 'one=a', '--as', 'one=b'])
  assert.equal([twice.code, twice.json.error.code], [2, 'option'])
})

test('edit -o of a folder and init of a file name what is in the way', async () => {
  project.write('folder/a.ts', 'export const a = 1\n')
  const edited = await project.ucm(['edit', 'math.stats.mean', '-o', 'folder'])
  assert.equal([edited.code, edited.json.error.code], [1, 'is-folder'])
  assert.match(edited.json.error.message, 'Cannot write folder: it is a folder')
  for (const place of ['folder/a.ts', 'folder/a.ts/deeper']) {
    const made = await project.ucm(['init', place])
    assert.equal([made.code, made.json.error.code], [1, 'not-folder'])
    assert.match(made.json.error.message, /folder\/a\.ts is a file/)
  }
})

test.run()
