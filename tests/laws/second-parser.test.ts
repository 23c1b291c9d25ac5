// Objects and hashes do not depend on who parses: two parsers, by different people in
// different languages, agree bit for bit on every file of the corpus.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type DefineResult, referenceText } from '#codebase'
import { parseSource } from '../../codebase/source.ts'
import { defineText } from '../support/define-text.ts'
import { VECTOR_SOURCES } from '../support/vector-sources.ts'
import { parseWithBabel } from './babel.ts'
import { corpus, defineRoots } from './corpus.ts'
import { isSampled } from './sample.ts'

/** Every byte that define() makes, and every refusal with its place. */
function madeOf({ definitions, rejected, objects }: DefineResult): string[] {
  return [
    ...definitions.map(
      ({ name, reference, source }) => `${name} ${referenceText(reference)} ${source.positions.join()}`,
    ),
    ...[...objects].map(([hash, bytes]) => `${hash} ${createHash('sha256').update(bytes).digest('hex')}`),
    ...rejected.map(({ name, code, file, line, column }) => `${name} ${code} ${file}:${line}:${column}`),
  ].sort()
}

test('define() makes the same objects of the corpus with @babel/parser as with oxc-parser', async () => {
  let definitions = 0
  for (const [name, roots] of corpus()) {
    if (!isSampled(name, 'parser', 0.5)) continue
    const ours = await defineRoots(roots)
    const theirs = await defineRoots(roots, { parse: parseWithBabel })
    assert.equal(madeOf(theirs), madeOf(ours), name)
    definitions += ours.definitions.length
  }
  assert.ok(definitions > 200, `${definitions} definitions`)
})

test('define() makes the same objects of TypeScript with either parser', async () => {
  const sources = path.resolve(import.meta.dirname, '../../fixtures/sources')
  for (const file of ['account.ts', 'handlers.ts', 'numbers.ts', 'text.ts', 'tree.ts']) {
    const source = readFileSync(path.join(sources, file), 'utf8')
    const theirs = await defineText(source, { environment: { parse: parseWithBabel } })
    assert.equal(madeOf(theirs), madeOf(await defineText(source)), file)
  }
  for (const { name, source } of VECTOR_SOURCES) {
    const theirs = await defineText(source, { environment: { parse: parseWithBabel } })
    assert.equal(madeOf(theirs), madeOf(await defineText(source)), name)
  }
})

test('parseSource() refuses at the same place what @babel/parser refuses', () => {
  for (const text of ['let a; let a', 'const a = ;', '({ a: 1', 'break', 'await 1 +', 'with (a) b']) {
    const [ours, theirs] = [
      parseSource('/a.ts', 'a.ts', text),
      parseSource('/a.ts', 'a.ts', text, parseWithBabel),
    ]
    assert.is('code' in ours && ours.code, 'syntax-error', text)
    assert.is('code' in theirs && theirs.code, 'syntax-error', text)
  }
})

test.run()
