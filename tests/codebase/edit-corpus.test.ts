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

/** Packages of ES modules; what CommonJS assigns to its exports is no declaration, and not written to a file. */
const MODULES =
  /^(just-.*|remeda|radash|d3-array|date-fns|es-toolkit|fp-ts|simple-statistics|ramda|lodash-es|mathjs|@noble\/hashes)$/

/** What went in without a refused function that it stores mentions that in its text, and no import gives it. */
const MISSES_A_REFUSED_NAME = /: `[\w$]+` is not defined$/

function packageNames(): string[] {
  const folder = path.join(packages, 'node_modules')
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(path.join(folder, name)).map((inner) => `${name}/${inner}`) : [name],
    )
    .filter((name) => MODULES.test(name))
    .flatMap((name) => (STRIDE === 1 ? [name] : (LARGE[name] ?? [name])))
}

function packageRequest(name: string): DefineRequest {
  return { files: [`npm:${name}`], directory: packages, partial: true }
}

/** Whether it came back; a refusal to write a file is noted with its reason. */
async function comesBack(
  code: Filled,
  names: readonly string[],
  refused: Map<string, string>,
): Promise<boolean> {
  try {
    await roundTrip(code, names)
    return true
  } catch (error) {
    const { cause } = error as Error
    if (!(cause instanceof KnownError)) throw error
    refused.set(names.join(' '), cause.message)
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
  const refused = new Map<string, string>()
  const came = { definitions: 0, files: 0 }
  for (const name of packageNames()) {
    const code = await fillCodebase(packageRequest(name)).catch(() => undefined) // packages that others need, and that have no entry
    if (!code) continue
    const isTaken = (_: unknown, index: number): boolean => index % STRIDE === 0
    for (const each of code.names.filter(isTaken))
      if (await comesBack(code, [each], refused)) came.definitions++
    const groups = [...Map.groupBy(code.names, (each) => code.fileOf.get(each)).values()]
    for (const group of groups.filter(isTaken)) if (await comesBack(code, group, refused)) came.files++
    await code.codebase.close()
  }
  console.log(
    `${came.definitions} definitions and ${came.files} files came back, ${refused.size} are not written`,
  )
  for (const [names, why] of refused) if (STRIDE === 1) console.log(`${names.slice(0, 200)}\n  ${why}`)
  const unexpected = [...refused].filter(([, why]) => !MISSES_A_REFUSED_NAME.test(why))
  assert.equal(unexpected, [])
  assert.ok(came.definitions > 150 && came.files > 100)
})

test.run()
