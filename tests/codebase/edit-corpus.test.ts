// edit() on real code: every definition of the corpus, alone and with all of its file, changes
// nothing when it is added again. Of the packages a sample is taken unless CORPUS=all is set.

import { readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type DefineRequest, KnownError } from '#codebase'
import { type Filled, fillCodebase, roundTrip } from '../support/round-trip.ts'

const fixtures = path.resolve(import.meta.dirname, '../../fixtures')
const packages = path.join(fixtures, 'packages')

/** One definition of so many is tried; all of them when asked for. */
const STRIDE = process.env['CORPUS'] === 'all' ? 1 : 25

/** Too large to be taken in whole by every run of the tests; parts of them are. */
const LARGE: Readonly<Record<string, readonly string[]>> = {
  '@noble/hashes': ['@noble/hashes/blake1.js'],
  'fp-ts': ['fp-ts/Map', 'fp-ts/Monoid'],
  'lodash-es': ['lodash-es/isBuffer.js', 'lodash-es/chunk.js', 'lodash-es/template.js'],
  'date-fns': ['date-fns/add', 'date-fns/isEqual'],
  mathjs: [],
}

function packageNames(): string[] {
  const folder = path.join(packages, 'node_modules')
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(path.join(folder, name)).map((inner) => `${name}/${inner}`) : [name],
    )
    .flatMap((name) => (STRIDE === 1 ? [name] : (LARGE[name] ?? [name])))
}

function packageRequest(name: string): DefineRequest {
  return { files: [`npm:${name}`], directory: packages, partial: true }
}

/** What cannot be written to one file with others says so; the reasons are held by the tests of edit(). */
async function together(code: Filled, names: readonly string[]): Promise<boolean> {
  try {
    await roundTrip(code, names)
    return true
  } catch (error) {
    const { cause } = error as Error
    if (!(cause instanceof KnownError) || cause.code !== 'edit-apart') throw error
    console.log(cause.message)
    return false
  }
}

test('every definition of the sources comes back, alone and with its whole file', async () => {
  const names = readdirSync(path.join(fixtures, 'sources')).filter((name) => /(?<!\.d)\.ts$/.test(name))
  for (const name of names) {
    const file = path.join(fixtures, 'sources', name)
    const code = await fillCodebase({ files: [file], directory: fixtures, partial: true })
    for (const each of code.names) await roundTrip(code, [each])
    for (const group of Map.groupBy(code.names, (each) => code.fileOf.get(each)).values())
      await roundTrip(code, group)
    await code.codebase.close()
  }
})

test('definitions of the packages come back, alone and with their whole file', async () => {
  let [tried, files, apart] = [0, 0, 0]
  for (const name of packageNames()) {
    const code = await fillCodebase(packageRequest(name)).catch(() => undefined) // packages that others need, and that have no entry
    if (!code) continue
    for (const each of code.names.filter((_, index) => index % STRIDE === 0)) {
      await roundTrip(code, [each])
      tried++
    }
    const groups = [...Map.groupBy(code.names, (each) => code.fileOf.get(each)).values()]
    for (const group of groups.filter((_, index) => index % STRIDE === 0)) {
      if (!(await together(code, group))) apart++
      files++
    }
    await code.codebase.close()
  }
  console.log(`${tried} definitions and ${files} files came back; ${apart} files hold what cannot share one`)
  assert.ok(tried > 150 && apart === 0)
})

test.run()
