import { test } from 'uvu'
import * as assert from 'uvu/assert'
import path from 'node:path'
import { Codebase } from '#codebase'
import { Database } from '../../codebase/database.ts'
import { memoStore } from '../../codebase/storage.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { fakePowers, withCodebase } from '../support/definitions.ts'

test('storage() keeps bytes by key, apart for each owner', async () => {
  await withCodebase(async (codebase, folder) => {
    const one = codebase.storage('store')
    const other = codebase.storage('store2')
    await one.put('a', Uint8Array.of(1))
    await one.put('a/b', Uint8Array.of(2))
    await one.put('é!', Uint8Array.of())
    await other.put('a', Uint8Array.of(9))
    assert.equal(await one.get('a'), Uint8Array.of(1))
    assert.equal(await one.get('é!'), Uint8Array.of())
    assert.equal(await one.list(), ['a', 'a/b', 'é!'])
    assert.equal(await one.list('a/'), ['a/b'])
    await one.delete('a')
    assert.is(await one.get('a'), undefined)
    assert.equal(await other.list(), ['a'])
    await codebase.close()
    const opened = await Codebase.open(folder, fakePowers())
    assert.equal(await opened.storage('store').get('a/b'), Uint8Array.of(2))
    await opened.close()
  })
})

test('storage() lists keys of any characters, page by page', async () => {
  await withCodebase(async (codebase) => {
    const storage = codebase.storage('store')
    const keys = ['a', 'a\ud7ff', 'a\uffff', 'a😀', 'a\u{10ffff}', 'a\u{10ffff}b', 'b']
    for (const key of keys) await storage.put(key, Uint8Array.of())
    assert.equal(await storage.list(), keys)
    assert.equal(await storage.list('a'), keys.slice(0, -1))
    assert.equal(await storage.list('a\ud7ff'), ['a\ud7ff'])
    assert.equal(await storage.list('a\u{10ffff}'), ['a\u{10ffff}', 'a\u{10ffff}b'])
    assert.equal(await storage.list('', { after: 'a\uffff', limit: 2 }), ['a😀', 'a\u{10ffff}'])
    assert.equal(await storage.list('b', { after: 'a' }), ['b'])
    assert.equal(await storage.list('a', { after: 'b' }), [])
  })
})

test('storage() refuses an owner that could reach into another', async () => {
  await withCodebase(async (codebase) => {
    for (const owner of ['', 'a/b', '/'])
      assert.throws(() => codebase.storage(owner), /expected a name without/)
  })
})

test('memo keeps bytes by key', async () => {
  await withCodebase(async (codebase) => {
    assert.is(await codebase.memo.get('k'), undefined)
    await codebase.memo.put('k', Uint8Array.of(1, 2))
    assert.equal(await codebase.memo.get('k'), Uint8Array.of(1, 2))
  })
})

test('memoStore() keeps within its bound what was used last, also when it is opened anew', async () => {
  const location = path.join(temporaryFolder(), 'db')
  let database = await Database.open(location, { create: true })
  let memos = memoStore(database, 10_000)
  const value = (index: number): Uint8Array => new Uint8Array(500).fill(index)
  for (let index = 0; index < 100; index++) {
    await memos.put(`key${index}`, value(index))
    assert.equal(await memos.get('key0'), value(0), `after ${index}`) // it is used all the time
    if (index % 30 !== 29) continue
    await database.close()
    database = await Database.open(location, { create: false })
    memos = memoStore(database, 10_000)
  }
  const kept: number[] = []
  for (let index = 1; index < 100; index++) if (await memos.get(`key${index}`)) kept.push(index)
  assert.ok(kept.length >= 8 && kept.length <= 20, `${kept.length} are kept`)
  assert.equal(
    kept,
    Array.from({ length: kept.length }, (_, index) => 100 - kept.length + index),
  )
  await database.close()
})

test.run()
