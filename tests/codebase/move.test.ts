import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Codebase } from '#codebase'
import { addSpecs, type Specs, withCodebase } from '../support/definitions.ts'
import { failure } from '../support/failures.ts'

async function hashesOf(codebase: Codebase): Promise<Map<string, string>> {
  return new Map((await codebase.list()).map(({ name, hash }) => [name, hash]))
}

test('rename() moves the name, its source and nothing else', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { 'math.base': 1, top: ['math.base'] })
    const before = await hashesOf(codebase)
    const { commit, renamed } = await codebase.rename('base', 'numbers.first')
    assert.equal(renamed, [{ from: 'math.base', to: 'numbers.first', hash: before.get('math.base') }])
    assert.equal(
      await hashesOf(codebase),
      new Map([
        ['numbers.first', before.get('math.base')],
        ['top', before.get('top')],
      ]),
    )
    assert.is((await codebase.view(['numbers.first']))[0]?.source, 'export const math.base = 1')
    assert.equal(
      (await codebase.dependencies('top')).map(({ name }) => name),
      ['numbers.first'],
    )
    assert.is((await codebase.history())[0]?.commit, commit)
  })
})

test('rename() moves a namespace, and a definition with what is below it', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { 'a.x': 1, 'a.b.y': 2, a: 3, 'ab.z': 4 })
    await codebase.rename('a', 'c.d')
    assert.equal([...(await hashesOf(codebase)).keys()], ['ab.z', 'c.d', 'c.d.b.y', 'c.d.x'])
    await codebase.rename('c.d', 'c.d.e')
    assert.equal([...(await hashesOf(codebase)).keys()], ['ab.z', 'c.d.e', 'c.d.e.b.y', 'c.d.e.x'])
  })
})

test('rename() may move a definition onto a name that itself moves', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { a: 1, 'a.b': 2 })
    const before = await hashesOf(codebase)
    await codebase.rename('a', 'a.b')
    assert.equal(
      await hashesOf(codebase),
      new Map([
        ['a.b', before.get('a')],
        ['a.b.b', before.get('a.b')],
      ]),
    )
  })
})

test('rename() refuses names that are taken, unknown, ambiguous or malformed', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { 'a.x': 1, 'b.x': 2, c: 3 })
    const before = await hashesOf(codebase)
    await failure('name-taken', codebase.rename('c', 'a.x'))
    await failure('name-taken', codebase.rename('c', 'c'))
    await failure('name-taken', codebase.rename('a', 'b'))
    await failure('name-unknown', codebase.rename('d', 'e'))
    await failure('name-ambiguous', codebase.rename('x', 'y'))
    for (const name of ['', 'a..b', '.a', 'a b', '#a'])
      await failure('name-malformed', codebase.rename('c', name))
    assert.equal(await hashesOf(codebase), before)
    assert.is((await codebase.reflog()).length, 1)
  })
})

test('rename() keeps every hash', async () => {
  const specs: Specs = { a: 1, 'n.b': ['a'], 'n.m.c': ['n.b', 2], even: [0, 'odd'], odd: [1, 'even'] }
  const name = fc
    .array(fc.constantFrom('a', 'n', 'm', 'x', 'even'), { minLength: 1, maxLength: 3 })
    .map((path) => path.join('.'))
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    const sorted = async (): Promise<string[]> => [...(await hashesOf(codebase)).values()].sort()
    const before = await sorted()
    await fc.assert(
      fc.asyncProperty(fc.nat(), name, async (index, to) => {
        const names = [...(await hashesOf(codebase)).keys()]
        const from = names[index % names.length] as string
        await codebase.rename(from, to).catch((error) => assert.match(error.code, /^name-(taken|ambiguous)/))
        assert.equal(await sorted(), before)
      }),
      { numRuns: 25 },
    )
    assert.equal((await codebase.verify()).problems, [])
  })
})

test('alias() gives a definition another name, also one that has none any more', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { one: 1 })
    const old = (await codebase.resolve('one')).reference
    const { aliases } = await codebase.alias('one', 'math.uno')
    assert.equal(aliases, [{ name: 'math.uno', hash: old.hash, of: ['one'] }])
    assert.equal(
      (await codebase.names(old)).map(({ name }) => name),
      ['math.uno', 'one'],
    )
    await codebase.delete('one')
    await codebase.delete('math.uno')
    await codebase.alias(`#${old.hash}`, 'again')
    assert.is((await codebase.view(['again']))[0]?.source, 'export const one = 1')
    await failure('name-taken', codebase.alias('again', 'again'))
  })
})

test('delete() refuses what others depend on, unless it is forced', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { 'n.base': 1, 'n.mid': ['n.base'], top: ['n.mid'] })
    const before = await hashesOf(codebase)
    const refused = await failure('has-dependents', codebase.delete('base'))
    assert.equal(refused.details['dependents'], ['n.mid'])
    assert.equal((await failure('has-dependents', codebase.delete('n'))).details['dependents'], ['top'])
    const { removed, dependents } = await codebase.delete('n', { force: true })
    assert.equal(
      removed.map(({ name }) => name),
      ['n.base', 'n.mid'],
    )
    assert.equal(dependents, ['top'])
    assert.equal(await hashesOf(codebase), new Map([['top', before.get('top')]]))
    const [mid] = await codebase.dependencies('top')
    assert.is(mid?.name, `#${before.get('n.mid')?.slice(0, 10)}`)
    assert.equal((await codebase.verify()).problems, [])
  })
})

test('delete() lets go of a name when the definition keeps another, or takes its dependents with it', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { one: 1, uno: 1, top: ['one'], 'n.a': 7, 'n.b': ['n.a'] })
    assert.equal((await codebase.delete('one')).dependents, [])
    assert.equal((await codebase.delete('n')).removed.length, 2)
    await failure('name-unknown', codebase.delete('one'))
  })
})

test('rename() and alias() refuse slashes outside of a scope and names below lib', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { a: 1 })
    for (const name of ['a/b', '@s/p/q', 'x.a/b', 'lib', 'lib.x']) {
      await failure('name-malformed', codebase.rename('a', name))
      await failure('name-malformed', codebase.alias('a', name))
    }
    for (const name of ['@s/p.b', '9bad', 'class', '__proto__', 'library'])
      assert.is((await codebase.alias('a', name)).aliases[0]?.name, name)
  })
})

test.run()
