import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addSpecs, withCodebase } from '../support/definitions.ts'
import { failure } from '../support/failures.ts'

test('diff() of two commits says what was added, updated, removed and renamed', async () => {
  await withCodebase(async (codebase) => {
    const { commit } = await addSpecs(codebase, { base: 1, top: ['base'], gone: 9, moved: 5 })
    const before = new Map((await codebase.list()).map((view) => [view.name, view]))
    await addSpecs(codebase, { base: 2, more: 3 })
    await codebase.rename('moved', 'n.moved')
    await codebase.delete('gone')
    const after = new Map((await codebase.list()).map((view) => [view.name, view]))
    const forwards = await codebase.diff(`#${commit?.slice(0, 10)}`)
    assert.equal(forwards.added, [after.get('more')])
    assert.equal(forwards.removed, [before.get('gone')])
    assert.equal(forwards.renamed, [{ from: 'moved', to: 'n.moved', hash: before.get('moved')?.hash }])
    assert.equal(forwards.updated, [
      {
        name: 'base',
        from: before.get('base')?.hash,
        to: after.get('base')?.hash,
        source: { from: 'export const base = 1', to: 'export const base = 2' },
      },
      { name: 'top', from: before.get('top')?.hash, to: after.get('top')?.hash },
    ])
    const backwards = await codebase.diff('main', commit as string)
    assert.equal([backwards.added, backwards.removed], [forwards.removed, forwards.added])
    assert.equal(await codebase.diff('main'), { added: [], updated: [], removed: [], renamed: [] })
  })
})

test('diff() compares namespaces by the names below them', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { 'v1.a': 1, 'v1.b': [2], 'v2.a': 11, 'v2.b': [2], 'v2.c': 3 })
    const { added, updated, removed, renamed } = await codebase.diff('v1', 'v2')
    assert.equal([added.map(({ name }) => name), updated.map(({ name }) => name)], [['c'], ['a']])
    assert.equal([removed, renamed], [[], []])
  })
})

test('diff() compares two definitions', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { one: 1, two: 2 })
    const { reference: one } = await codebase.resolve('one')
    const { reference: two } = await codebase.resolve('two')
    const { updated } = await codebase.diff(`#${one.hash}`, 'two')
    const source = { from: 'export const one = 1', to: 'export const two = 2' }
    assert.equal(updated, [{ name: 'two', from: one.hash, to: two.hash, source }])
    assert.equal((await codebase.diff('one', 'one')).updated, [])
  })
})

test('diff() refuses to compare a definition with a namespace, and what is unknown', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { one: 1, 'n.x': 2 })
    await failure('diff-kinds', codebase.diff('one', 'n'))
    await failure('diff-kinds', codebase.diff('one'))
    await failure('name-unknown', codebase.diff('nothing'))
  })
})

test.run()
