import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addSpecs, withCodebase } from '../support/definitions.ts'
import { failure } from '../support/failures.ts'

test('history() lists commits newest first, each with what it changed', async () => {
  await withCodebase(async (codebase) => {
    assert.equal(await codebase.history(), [])
    const first = await addSpecs(codebase, { base: 1, top: ['base'], gone: 9 })
    const second = await addSpecs(codebase, { base: 2, more: 3 })
    const third = await codebase.rename('more', 'less')
    const fourth = await codebase.delete('gone')
    const commits = await codebase.history()
    assert.equal(
      commits.map(({ commit }) => commit),
      [fourth.commit, third.commit, second.commit, first.commit],
    )
    assert.equal(
      commits.map(({ parents }) => parents),
      [[third.commit], [second.commit], [first.commit], []],
    )
    const [removal, renaming, update, start] = commits
    assert.equal(start?.changes, { added: ['base', 'gone', 'top'], updated: [], removed: [], renamed: [] })
    assert.equal(update?.changes, { added: ['more'], updated: ['base', 'top'], removed: [], renamed: [] })
    const { hash } = (await codebase.list()).find(({ name }) => name === 'less') ?? {}
    assert.equal(renaming?.changes, {
      added: [],
      updated: [],
      removed: [],
      renamed: [{ from: 'more', to: 'less', hash }],
    })
    assert.equal(removal?.changes.removed, ['gone'])
    assert.is(start?.author, 'tester')
    assert.match(start?.time ?? '', /^2030-01-01T00:00:\d\d\.000Z$/)
    assert.is(start?.message, 'add specs.ts')
  })
})

test('history() of a name follows it back through its renames', async () => {
  await withCodebase(async (codebase) => {
    const first = await addSpecs(codebase, { a: 1, other: 5 })
    const second = await addSpecs(codebase, { a: 2 })
    const third = await codebase.rename('a', 'n.b')
    await addSpecs(codebase, { other: 6 })
    const fourth = await addSpecs(codebase, { a: 7 })
    const fifth = await addSpecs(codebase, { 'n.b': 3 })
    const about = async (name: string) => (await codebase.history(name)).map(({ commit }) => commit)
    assert.equal(await about('b'), [fifth.commit, third.commit, second.commit, first.commit])
    assert.equal((await codebase.history('b')).at(-1)?.changes.added, ['a'])
    assert.is((await about('a'))[0], fourth.commit)
    await failure('name-unknown', codebase.history('nothing'))
  })
})

test('history() of a name that is gone tells when it went', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { a: 1 })
    const { commit } = await codebase.delete('a')
    const [removal] = await codebase.history('a')
    assert.equal([removal?.commit, removal?.changes.removed], [commit, ['a']])
  })
})

test('reflog() tells what moved the head, newest first', async () => {
  await withCodebase(async (codebase) => {
    const first = await addSpecs(codebase, { a: 1 })
    const second = await codebase.alias('a', 'b')
    const [last, before] = await codebase.reflog()
    assert.equal([last?.command, last?.from, last?.to], ['alias a b', first.commit, second.commit])
    assert.equal([before?.command, before?.from, before?.to], ['add specs.ts', null, first.commit])
    assert.equal([last?.branch, last?.author], ['main', 'tester'])
  })
})

test.run()
