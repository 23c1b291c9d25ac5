import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { TypeChecker, TypeSearch, TypeSearchResult } from '#codebase'
import { addSpecs, withCodebase } from '../support/definitions.ts'
import { failure } from '../support/failures.ts'

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

/** A checker that answers a search as told, and what it was asked. */
function answering(result: TypeSearchResult) {
  const asked: TypeSearch[] = []
  const types: TypeChecker = {
    rules: () => '',
    check: async () => ({ unchecked: 'it only searches' }),
    search: async (search) => {
      asked.push(search)
      return result
    },
  }
  return { types, asked }
}

test('find() with a checker has the same types first, then what fits, then what shows the text', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { a: [1], b: [2], c: 1, Z: 2 })
    const { types, asked } = answering({ matches: ['other', 'fits', 'same', 'other'] })
    const found = await codebase.find(': number', types)
    assert.equal(
      found.map(({ name }) => name),
      ['b', 'a', 'Z', 'c'],
    )
    assert.equal(asked, [{ type: ' number', names: [], candidates: ['#/^z', '#/a', '#/b', '#/c'] }])
  })
})

test('find() takes a row as signatures show it', async () => {
  await withCodebase(async (codebase) => {
    const { types, asked } = answering({ matches: [] })
    await codebase.find(': (x: number) ->{Log, Store} string', types)
    await codebase.find(': () ->{} string', types)
    assert.equal(
      asked.map(({ type }) => type),
      [' (x: number) => Computation<"Log" | "Store", string>', ' () => Computation<never, string>'],
    )
    assert.equal(asked[0]?.names, [['Computation', 'abilities', 'Computation']])
  })
})

test('find() names the column of what is malformed in a type, and falls back to text without a checker', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { a: [1] })
    const { types: strict } = answering({ malformed: 'TS2304: no numbr', at: 1 })
    const { message } = await failure('type-malformed', codebase.find(': numbr', strict))
    assert.is(message, 'Cannot search for the type, column 2: TS2304: no numbr')
    const { types } = answering({ unchecked: 'there is none' })
    assert.equal(
      (await codebase.find(': number[]', types)).map(({ name }) => name),
      ['a'],
    )
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
