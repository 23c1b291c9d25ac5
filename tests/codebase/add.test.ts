import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Codebase } from '#codebase'
import { addSpecs, defineSpecs, fakePowers, type Specs, withCodebase } from '../support/definitions.ts'
import { failure } from '../support/failures.ts'

async function hashesOf(codebase: Codebase): Promise<Record<string, string>> {
  return Object.fromEntries((await codebase.list()).map(({ name, hash }) => [name, hash]))
}

test('add() files new definitions and makes them a commit', async () => {
  await withCodebase(async (codebase) => {
    const result = await addSpecs(codebase, { 'math.two': 2, 'math.pair': ['math.two', 1] })
    assert.equal(
      result.added.map(({ name }) => name),
      ['math.pair', 'math.two'],
    )
    const [pair] = result.added
    assert.is(pair?.kind, 'function')
    assert.is(pair?.signature, '() => number[]')
    assert.is(pair?.exported, true)
    assert.equal([result.updated, result.propagated, result.unchanged, result.aliases], [[], [], [], []])
    assert.is((await codebase.history())[0]?.commit, result.commit)
    assert.equal(await codebase.list(), result.added)
  })
})

test('add() of the same again changes nothing and makes no commit', async () => {
  await withCodebase(async (codebase) => {
    const first = await addSpecs(codebase, { a: 1, b: ['a'] })
    const before = await codebase.verify()
    const again = await addSpecs(codebase, { a: 1, b: ['a'] })
    assert.equal(again, { ...first, added: [], unchanged: ['a', 'b'] })
    assert.equal(await codebase.verify(), before)
    assert.is((await codebase.reflog()).length, 1)
  })
})

test('add() of a text that moved in its file makes no commit, and its place is known', async () => {
  await withCodebase(async (codebase) => {
    const first = await addSpecs(codebase, { a: 1 })
    const moved = await addSpecs(codebase, { a: 1 }, { file: 'other.ts', line: 40 })
    assert.is(moved.commit, first.commit)
    const { reference } = await codebase.resolve('a')
    const source = await codebase.source(reference)
    assert.equal([source?.file, source?.line], ['other.ts', 40])
    assert.equal((await codebase.view(['a']))[0]?.place, { file: 'other.ts', line: 40, column: 1 })
  })
})

test('add() of another text with the same meaning keeps the hash and the new text', async () => {
  await withCodebase(async (codebase) => {
    const first = await addSpecs(codebase, { a: 1 })
    const commented = await addSpecs(codebase, { a: 1 }, { comment: '// one\n' })
    assert.equal(commented.unchanged, ['a'])
    assert.is.not(commented.commit, first.commit)
    const [view] = await codebase.view(['a'])
    assert.match(view?.source ?? '', /^\/\/ one/)
  })
})

test('add() tells an alias from an addition', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { one: 1 })
    const result = await addSpecs(codebase, { uno: 1, two: 2 })
    const { one } = await hashesOf(codebase)
    assert.equal(result.aliases, [{ name: 'uno', hash: one, of: ['one'] }])
    assert.equal(
      result.added.map(({ name }) => name),
      ['two'],
    )
  })
})

test('add() warns when another name keeps the old definition', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { one: 1, uno: 1 })
    const result = await addSpecs(codebase, { one: 11 })
    const [warning] = result.warnings
    assert.equal([warning?.name, warning?.code, warning?.file], ['one', 'alias-kept', 'specs.ts'])
    assert.match(warning?.message ?? '', /^uno /)
  })
})

test('add() with preview tells the same and stores nothing', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { a: 1, b: ['a'] })
    const before = await codebase.verify()
    const preview = await addSpecs(codebase, { a: 2, c: ['b'] }, { preview: true })
    assert.equal(await codebase.verify(), before)
    const { commit, ...told } = await addSpecs(codebase, { a: 2, c: ['b'] })
    assert.is(preview.commit, null)
    assert.type(commit, 'string')
    assert.equal(preview, { ...told, commit: null })
  })
})

test('add() with a rejection stores nothing, unless it is partial', async () => {
  await withCodebase(async (codebase) => {
    const rejected = [
      { name: 'bad', file: 'x.ts', line: 1, column: 1, code: 'unbound', message: 'm', hint: 'h' },
    ]
    const result = { ...(await defineSpecs(codebase, { good: 1 })), rejected }
    const refused = await codebase.add(result, { command: 'add x.ts' })
    assert.equal([refused.added, refused.rejected, refused.commit], [[], rejected, null])
    assert.equal(await codebase.list(), [])
    const partial = await codebase.add(result, { command: 'add x.ts', partial: true })
    assert.equal([partial.added.map(({ name }) => name), partial.rejected], [['good'], rejected])
  })
})

test('add() refuses a name that could not be written', async () => {
  await withCodebase(async (codebase) => {
    await failure(
      'name-malformed',
      defineSpecs(codebase, { 'a b': 1 }).then((result) => codebase.add(result, { command: '' })),
    )
  })
})

test('add() of two additions at once keeps both', async () => {
  await withCodebase(async (codebase) => {
    await Promise.all(['a', 'b', 'c', 'd'].map((name, index) => addSpecs(codebase, { [name]: index })))
    assert.equal(Object.keys(await hashesOf(codebase)), ['a', 'b', 'c', 'd'])
    assert.is((await codebase.history()).length, 4)
  })
})

test('hashes do not depend on the order of additions', async () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  // Each refers at most to those before it.
  const specs = fc
    .tuple(
      ...names.map((_, index) =>
        fc.array(fc.oneof(fc.nat({ max: 3 }), fc.constantFrom(...names.slice(0, index), 7))),
      ),
    )
    .map((lists) => Object.fromEntries(names.map((name, index) => [name, lists[index] ?? []])) as Specs)
  await withCodebase(async (together) => {
    await withCodebase(async (apart) => {
      await fc.assert(
        fc.asyncProperty(specs, fc.shuffledSubarray(names), async (wanted, updatedFirst) => {
          await addSpecs(together, wanted)
          // Some one by one in any order (against whatever is there), then all, each after what it needs.
          for (const name of [...updatedFirst, ...names]) {
            const uses = (wanted[name] as (string | number)[]).filter((item) => typeof item === 'string')
            const known = await hashesOf(apart)
            if (uses.every((use) => use in known))
              await addSpecs(apart, { [name]: wanted[name] as Specs[string] })
          }
          assert.equal(await hashesOf(apart), await hashesOf(together))
        }),
        { numRuns: 15 },
      )
      assert.equal((await apart.verify()).problems, [])
    })
  })
})

test('what was added is there after closing and opening again', async () => {
  await withCodebase(async (codebase, folder) => {
    await addSpecs(codebase, { a: 1, b: ['a'] })
    const before = await codebase.list()
    await codebase.close()
    const opened = await Codebase.open(folder, fakePowers())
    assert.equal(await opened.list(), before)
    await opened.close()
  })
})

test.run()
