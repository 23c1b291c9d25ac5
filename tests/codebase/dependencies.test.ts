import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addSpecs, withCodebase } from '../support/definitions.ts'

const specs = {
  base: 1,
  uno: 1,
  mid: ['base'],
  top: ['mid', 'uno', 'top'],
  even: [0, 'odd'],
  odd: [1, 'even', 'base'],
}

async function named(views: Promise<readonly { readonly name: string }[]>): Promise<string[]> {
  return (await views).map(({ name }) => name)
}

test('dependencies() are direct, by the name that the source mentions, without itself', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    assert.equal(await named(codebase.dependencies('top')), ['mid', 'uno'])
    assert.equal(await named(codebase.dependencies('mid')), ['base'])
    assert.equal(await named(codebase.dependencies('odd')), ['base', 'even'])
    assert.equal(await named(codebase.dependencies('base')), [])
  })
})

test('dependents() are direct and on the branch, members of its cycle among them', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    assert.equal(await named(codebase.dependents('base')), ['mid', 'odd', 'top'])
    assert.equal(await named(codebase.dependents('even')), ['odd'])
    assert.equal(await named(codebase.dependents('top')), [])
    await addSpecs(codebase, { mid: [7] })
    assert.equal(await named(codebase.dependents('base')), ['odd', 'top'], 'the old mid has no name')
  })
})

test.run()
