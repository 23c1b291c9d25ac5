// docs/format.md says what the code does: its tables are held against it.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FORMAT_VERSION, GRAMMAR, OBJECT_KINDS } from '#codebase'

const root = path.resolve(import.meta.dirname, '../..')
const text = readFileSync(path.join(root, 'docs/format.md'), 'utf8')

test('docs/format.md lists every node of the grammar, and no other', () => {
  const listed = [...text.matchAll(/^\| (\d+) \| (\w+) \| (\w+) \| (.*?) ?\|$/gm)].map(
    ([, tag, name, categories, fields]) => [
      Number(tag),
      name,
      categories,
      fields!.replaceAll('\\|', '|').trim(),
    ],
  )
  const expected = Object.entries(GRAMMAR).map(([name, { tag, categories, fields }]) => [
    tag,
    name,
    categories,
    fields.map(([field, kind]) => `${field}: ${kind}`).join(' · '),
  ])
  assert.equal(listed, expected)
})

test('docs/format.md is about the version and the kinds of object that are written', () => {
  assert.match(text, new RegExp(`^# Format, version ${FORMAT_VERSION}$`, 'm'))
  for (const [name, kind] of Object.entries(OBJECT_KINDS))
    assert.match(text, new RegExp(`^\\| ${kind} \\| ${name}`, 'm'))
})

test('docs/format.md names vectors that there are', () => {
  const rules = text.slice(text.indexOf('## 7.'), text.indexOf('## 8.'))
  const rows = [...rules.matchAll(/^\| .* \| ([^|]+) \|$/gm)]
    .map((match) => match[1]!)
    .filter((cell) => cell.includes('`'))
  const named = rows.flatMap((cell) => [...cell.matchAll(/`([\w-]+)`/g)].map((match) => match[1]!))
  assert.ok(named.length > 20)
  assert.not.match(rules, /\| – \|$/m, 'a rule without a vector')
  for (const name of named) assert.ok(existsSync(path.join(root, 'fixtures/vectors', `${name}.json`)), name)
})

test.run()
