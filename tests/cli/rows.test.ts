// The rows that TypeScript infers through `yield*`, held against those that the codebase infers
// from terms, for all that the fixtures define; and that the fixtures have no type errors.

import { cpSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { define, type DefineResult } from '#codebase'
import { emptyEnvironment } from '../support/environment.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { checkerWithout } from '../support/type-checker.ts'

const fixtures = path.resolve(import.meta.dirname, '../../fixtures')

/** All fixtures of a folder, defined and checked where no tsconfig.json speaks of them. */
async function checked(name: string, without: readonly string[] = []): Promise<DefineResult> {
  const folder = temporaryFolder()
  cpSync(path.join(fixtures, name), folder, { recursive: true })
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !without.includes(file))
    .map((file) => path.join(folder, file))
  const environment = { ...emptyEnvironment(), types: checkerWithout(folder) }
  return define({ files, directory: folder, partial: true }, environment)
}

const sources = await checked('sources', ['packages.ts'])
const types = await checked('types')

test('the fixtures have no type errors', () => {
  for (const { rejected, warnings } of [sources, types]) {
    assert.equal(
      rejected.map(({ message }) => message),
      [],
    )
    assert.equal(
      warnings.map(({ message }) => message),
      [],
    )
  }
})

/** The names in the result of a signature, when it is a computation and all of them are known. */
function rowInType(signature: string | null): string[] | undefined {
  const yielded = /=> (?:Computation|Generator)<((?:"\w+"|'\w+'|never)(?: \| (?:"\w+"|'\w+'))*), /.exec(
    signature ?? '',
  )?.[1]
  return yielded === undefined || yielded === 'never'
    ? yielded && []
    : [...yielded.matchAll(/\w+/g)].map(String).sort()
}

test('rows that TypeScript infers through yield* are those that the codebase infers', () => {
  const rows = [...sources.definitions, ...types.definitions].flatMap(({ name, row, source }) => {
    // What is annotated wrongly, as an expected error, is no inference.
    const inferred = source.text.includes('@ts-expect-error') ? undefined : rowInType(source.signature)
    return inferred ? [{ name, row, inferred }] : []
  })
  for (const { name, row, inferred } of rows) assert.equal(inferred, row, name)
  const effectful = rows.filter(({ row }) => row.length > 0).map(({ name }) => name)
  const pure = rows.filter(({ row }) => row.length === 0).map(({ name }) => name)
  for (const name of [
    'visit',
    'visitAll',
    'fetchTitle',
    'safeRoot',
    'report',
    'handled',
    'together',
    'incrementAll',
    'countDown',
  ])
    assert.ok(effectful.includes(name), `${name} is compared`)
  for (const name of ['rehearse', 'allRoots', 'pure', 'summed'])
    assert.ok(pure.includes(name), `${name} is compared`)
})

test.run()
