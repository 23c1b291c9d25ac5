import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addSpecs, withCodebase } from '../support/definitions.ts'

const specs = {
  mean: [1],
  'stats.mean': [2],
  'stats.meanOf': [3],
  'meaning.of': 4,
  'x.someMeans': 5,
  other: 6,
}

test('find() ranks exact names, suffixes, prefixes and other places', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    const found = async (query: string) => (await codebase.find(query)).map(({ name }) => name)
    assert.equal(await found('MEAN'), ['mean', 'stats.mean', 'meaning.of', 'stats.meanOf', 'x.someMeans'])
    assert.equal(await found('nothing'), [])
  })
})

test('find() with a colon looks for a signature', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    const found = async (query: string) => (await codebase.find(query)).map(({ name }) => name)
    assert.equal(await found(': number'), [
      'meaning.of',
      'other',
      'x.someMeans',
      'mean',
      'stats.mean',
      'stats.meanOf',
    ])
    assert.equal(await found(':()=>number[]'), ['mean', 'stats.mean', 'stats.meanOf'])
  })
})

test('list() of a namespace has all below it, by full name', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    assert.equal(
      (await codebase.list('stats')).map(({ name }) => name),
      ['stats.mean', 'stats.meanOf'],
    )
    assert.equal(await codebase.list('nothing'), [])
  })
})

test.run()
