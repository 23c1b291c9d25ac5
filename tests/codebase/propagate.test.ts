import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Codebase } from '#codebase'
import { addSpecs, type Specs, withCodebase } from '../support/definitions.ts'

async function hashOf(codebase: Codebase, name: string): Promise<string> {
  const found = (await codebase.list()).find((view) => view.name === name)
  assert.ok(found, name)
  return found.hash
}

/** The hashes that the specs have when they are added all at once to an empty codebase. */
async function freshHashes(specs: Specs): Promise<Record<string, string>> {
  return withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    return Object.fromEntries((await codebase.list()).map(({ name, hash }) => [name, hash]))
  })
}

async function assertIs(codebase: Codebase, specs: Specs): Promise<void> {
  const hashes = Object.fromEntries((await codebase.list()).map(({ name, hash }) => [name, hash]))
  assert.equal(hashes, await freshHashes(specs))
  assert.equal((await codebase.verify()).problems, [])
}

function namesOf(moved: readonly { readonly name: string }[]): string[] {
  return moved.map(({ name }) => name)
}

test('a change moves all dependents on the branch, and nothing else', async () => {
  await withCodebase(async (codebase) => {
    const specs = { base: 1, mid: ['base'], top: ['mid', 'base'], other: [9] }
    await addSpecs(codebase, specs)
    const old = await hashOf(codebase, 'top')
    const result = await addSpecs(codebase, { base: 2 })
    assert.equal(namesOf(result.updated), ['base'])
    assert.equal(namesOf(result.propagated), ['mid', 'top'])
    assert.is(result.propagated[1]?.from, old)
    assert.is(result.propagated[1]?.to, await hashOf(codebase, 'top'))
    await assertIs(codebase, { ...specs, base: 2 })
    assert.ok(await codebase.member({ hash: old as never, index: 0 }), 'the old definition is still there')
  })
})

test('a dependent that is added too is propagated unless its own text changed', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { base: 1, same: ['base'], other: ['base'] })
    const result = await addSpecs(codebase, { base: 2, same: ['base'], other: ['base', 'base'] })
    assert.equal(namesOf(result.updated), ['base', 'other'])
    assert.equal(namesOf(result.propagated), ['same'])
  })
})

test('an addition that uses a dependent of what it changes uses it as it will be', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { base: 1, mid: ['base'] })
    const result = await addSpecs(codebase, { base: 2, user: ['mid'] })
    assert.equal([namesOf(result.added), namesOf(result.propagated)], [['user'], ['mid']])
    await assertIs(codebase, { base: 2, mid: ['base'], user: ['mid'] })
    assert.is(result.added[0]?.hash, await hashOf(codebase, 'user'))
  })
})

test('a cycle on the branch moves as a whole', async () => {
  await withCodebase(async (codebase) => {
    const cycle = { ping: [1, 'pong', 'base'], pong: [2, 'ping'], user: ['pong'] }
    await addSpecs(codebase, { base: 1, ...cycle })
    const result = await addSpecs(codebase, { base: 2 })
    assert.equal(namesOf(result.propagated), ['ping', 'pong', 'user'])
    await assertIs(codebase, { base: 2, ...cycle })
  })
})

test('a member of a cycle that is changed takes the others with it into the new cycle', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { ping: [1, 'pong'], pong: [2, 'ping'] })
    const result = await addSpecs(codebase, { ping: [1, 'clang'], clang: [3, 'pong'] })
    assert.equal(
      [namesOf(result.added), namesOf(result.updated), namesOf(result.propagated)],
      [['clang'], ['ping'], ['pong']],
    )
    await assertIs(codebase, { ping: [1, 'clang'], clang: [3, 'pong'], pong: [2, 'ping'] })
    const hash = (await hashOf(codebase, 'ping')).slice(0, 52)
    assert.is((await hashOf(codebase, 'clang')).slice(0, 52), hash, 'three members of one component')
  })
})

test('a cycle that a change breaks falls apart', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { ping: [1, 'pong'], pong: [2, 'ping'] })
    await addSpecs(codebase, { ping: [1] })
    await assertIs(codebase, { ping: [1], pong: [2, 'ping'] })
  })
})

test('nothing under lib. moves', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { base: 1, 'lib.x.mid': ['base'], top: ['lib.x.mid'] })
    const before = [await hashOf(codebase, 'lib.x.mid'), await hashOf(codebase, 'top')]
    const result = await addSpecs(codebase, { base: 2 })
    assert.equal(result.propagated, [])
    assert.equal([await hashOf(codebase, 'lib.x.mid'), await hashOf(codebase, 'top')], before)
  })
})

test('a name under lib. stays when another name of its definition moves', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { base: 1, mid: ['base'], 'lib.x.mid': ['base'] })
    const before = await hashOf(codebase, 'lib.x.mid')
    assert.equal(namesOf((await addSpecs(codebase, { base: 2 })).propagated), ['mid'])
    assert.is(await hashOf(codebase, 'lib.x.mid'), before)
  })
})

test('a dependent follows the name that it mentions', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { foo: 1, bar: 1, usesFoo: ['foo'], usesBar: ['bar'] })
    const result = await addSpecs(codebase, { foo: 2 })
    assert.equal(namesOf(result.propagated), ['usesFoo'])
    await assertIs(codebase, { foo: 2, bar: 1, usesFoo: ['foo'], usesBar: ['bar'] })
  })
})

test('a dependent that mentions a definition by its hash keeps it', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { base: 1 })
    const pinned = `#${(await hashOf(codebase, 'base')).slice(0, 12)}`
    await addSpecs(codebase, { top: [pinned] })
    assert.equal((await addSpecs(codebase, { base: 2 })).propagated, [])
  })
})

test('the source of a propagated definition goes with it', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { base: 1, top: ['base'] })
    await addSpecs(codebase, { base: 2 })
    const { reference } = await codebase.resolve('top')
    assert.is((await codebase.source(reference))?.text, 'export const top = ["base"]')
    assert.is((await codebase.view(['top']))[0]?.source, 'export const top = ["base"]')
  })
})

test('a change there and back gives the first hashes again', async () => {
  await withCodebase(async (codebase) => {
    const specs = { base: 1, top: ['base'], even: [0, 'odd', 'base'], odd: [1, 'even'] }
    await addSpecs(codebase, specs)
    const before = await codebase.list()
    await addSpecs(codebase, { base: 2 })
    await addSpecs(codebase, { base: 1 })
    assert.equal(await codebase.list(), before)
  })
})

test('what no change reaches is not stored again', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { base: 1, mid: ['base'], other: [5] })
    await addSpecs(codebase, { base: 2, user: ['mid'] })
    const { problems } = await codebase.verify()
    assert.equal(problems, [])
    const { reference } = await codebase.resolve('mid')
    assert.equal(
      (await codebase.dependents(`#${reference.hash}`)).map(({ name }) => name),
      ['user'],
    )
  })
})

test.run()
