// The codebase with real sources: what authors write, add, change and rename.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type AddResult, type Codebase, define } from '#codebase'
import { knownAbilities } from '#abilities'
import { withCodebase } from '../support/definitions.ts'

/** Adds one file of this text, as `ucm add main.ts` would. */
async function addText(codebase: Codebase, text: string, at?: string): Promise<AddResult> {
  const file = '/project/main.ts'
  const fileSystem = {
    read: (path: string) => (path === file ? text : undefined),
    isFile: (path: string) => path === file,
    filesBelow: () => [],
    realpath: (path: string) => path,
  }
  const environment = codebase.environment(fileSystem, knownAbilities())
  const request = { files: [file], directory: '/work', ...(at !== undefined && { at }) }
  const result = await codebase.add(await define(request, environment), { command: 'add main.ts' })
  assert.equal(result.rejected, [])
  return result
}

async function hashes(codebase: Codebase): Promise<Record<string, string>> {
  return Object.fromEntries((await codebase.list()).map(({ name, hash }) => [name, hash]))
}

const namesOf = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name)

const STATISTICS = `
export const sum = (xs: number[]): number => xs.reduce((a, b) => a + b, 0)
/** The middle. */
export function mean(xs: number[]): number {
  return sum(xs) / xs.length
}
export const variance = (xs: number[]) => mean(xs.map((x) => (x - mean(xs)) ** 2))
`

test('other local names, layout and comments are no change of meaning', async () => {
  await withCodebase(async (codebase) => {
    await addText(codebase, STATISTICS)
    const before = await hashes(codebase)
    const again = await addText(
      codebase,
      STATISTICS.replaceAll('xs', 'numbers').replace('/** The middle. */', ''),
    )
    assert.equal(again.unchanged, ['mean', 'sum', 'variance'])
    assert.equal(await hashes(codebase), before)
    assert.match((await codebase.view(['mean']))[0]?.source ?? '', /numbers/)
  })
})

test('a changed function moves its dependents; the old ones are still there', async () => {
  await withCodebase(async (codebase) => {
    await addText(codebase, STATISTICS)
    const old = await hashes(codebase)
    const result = await addText(codebase, 'export const sum = (xs: number[]): number => xs.length')
    assert.equal([namesOf(result.updated), namesOf(result.propagated)], [['sum'], ['mean', 'variance']])
    assert.equal(namesOf(await codebase.dependencies(`#${old['mean']}`)), [`#${old['sum']?.slice(0, 10)}`])
    assert.match((await codebase.view(['mean']))[0]?.source ?? '', /The middle/)
    const back = await addText(codebase, STATISTICS)
    assert.equal(
      back.updated.map(({ name, to }) => [name, to]),
      [['sum', old['sum']]],
    )
    assert.equal(await hashes(codebase), old)
  })
})

test('a member of a cycle that takes another way home keeps the cycle whole', async () => {
  await withCodebase(async (codebase) => {
    const cycle = `
      export function ping(n: number): number { return n === 0 ? 1 : pong(n - 1) }
      export function pong(n: number): number { return n === 0 ? 2 : ping(n - 1) }
    `
    await addText(codebase, cycle, 'n')
    const detour = `
      import { pong } from 'ucm/n'
      export function ping(n: number): number { return n === 0 ? 1 : clang(n - 1) }
      export function clang(n: number): number { return n === 0 ? 3 : pong(n - 1) }
    `
    const { added, updated, propagated } = await addText(codebase, detour, 'n')
    assert.equal([added, updated, propagated].map(namesOf), [['n.clang'], ['n.ping'], ['n.pong']])
    const components = new Set(Object.values(await hashes(codebase)).map((hash) => hash.slice(0, 52)))
    assert.is(components.size, 1)
    assert.equal((await codebase.verify()).problems, [])
  })
})

test('a renamed class keeps its name inside, and its hash when it is added again', async () => {
  await withCodebase(async (codebase) => {
    await addText(codebase, 'export class NotFound extends Error {}')
    const { NotFound: hash } = await hashes(codebase)
    await codebase.rename('NotFound', 'Missing')
    const again = await addText(codebase, 'export class Missing extends Error {}')
    assert.equal(again.unchanged, ['Missing'])
    assert.equal(await hashes(codebase), { Missing: hash })
  })
})

test('rows are inferred through the closure and kept by what is propagated', async () => {
  await withCodebase(async (codebase) => {
    await addText(
      codebase,
      `
      import { Clock, Log } from 'ucm/abilities'
      export const zero = 0
      export function* now() { return (yield* Clock.now()) + zero }
      export function* tell() { yield* Log.info(String(yield* now())) }
    `,
    )
    const rows = async () => Object.fromEntries((await codebase.list()).map(({ name, row }) => [name, row]))
    const wanted = { now: ['Clock'], tell: ['Clock', 'Log'], zero: [] }
    assert.equal(await rows(), wanted)
    assert.equal(namesOf((await addText(codebase, 'export const zero = 1')).propagated), ['now', 'tell'])
    assert.equal(await rows(), wanted)
    assert.equal(namesOf(await codebase.dependencies('now')), ['Clock', 'zero'])
    assert.equal((await codebase.verify()).problems, [])
  })
})

test('a signature shows the row as it is now, in dependents that were not added again', async () => {
  await withCodebase(async (codebase) => {
    const program = (body: string) => `
      import { Clock, Log } from 'ucm/abilities'
      export function* now(): Generator<unknown, number> { ${body} }
    `
    await addText(
      codebase,
      `${program('return yield* Clock.now()')}
      export function* later(ms: number): Generator<unknown, number> { return (yield* now()) + ms }
    `,
    )
    const signature = async () => (await codebase.view(['later']))[0]?.signature
    assert.is(await signature(), '(ms: number) ->{Clock} number')
    await addText(codebase, program(`yield* Log.info('now'); return yield* Clock.now()`))
    assert.is(await signature(), '(ms: number) ->{Clock, Log} number')
  })
})

test.run()
