import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  Codebase,
  encodeObject,
  type Hash,
  HashMismatchError,
  hashObject,
  Link,
  MalformedObjectError,
  OBJECT_KINDS,
} from '#codebase'
import { Batch, Database } from '../../codebase/database.ts'
import { addSpecs, databaseFolder, fakePowers, withCodebase } from '../support/definitions.ts'
import { failure } from '../support/failures.ts'
import { temporaryFolder } from '../support/temporary.ts'

const specs = { base: 1, mid: ['base'], top: ['mid', 'base', 'even'], even: [0, 'odd'], odd: [1, 'even'] }

async function hashOf(codebase: Codebase, name: string): Promise<Hash> {
  return (await codebase.resolve(name)).reference.hash
}

test('put() returns the hash of what it stores, and get() gives back the same bytes', async () => {
  await withCodebase(async (codebase) => {
    const receipt = encodeObject(OBJECT_KINDS.receipt, ['anything', 1])
    const hash = await codebase.put(receipt)
    assert.is(hash, hashObject(receipt))
    assert.equal(await codebase.objects.get(hash), receipt)
    assert.is(await codebase.objects.has(hash), true)
    assert.is(await codebase.objects.get(hashObject(new Uint8Array())), undefined)
  })
})

test('getUnverified() gives back what is kept under each hash, in order', async () => {
  const folder = temporaryFolder()
  const codebase = await Codebase.init(folder, fakePowers())
  const objects = [1, 2, 3].map((body) => encodeObject(OBJECT_KINDS.receipt, [body]))
  const [one, two, three] = (await codebase.putAll(objects)) as [Hash, Hash, Hash]
  const none = hashObject(new Uint8Array())
  const wanted = [three, none, one]
  const expected = [objects[2], undefined, objects[0]]
  for (const times of [1, 20]) {
    const many = Array.from({ length: times }, () => wanted).flat()
    const found = Array.from({ length: times }, () => expected).flat()
    assert.equal(await codebase.objects.getUnverified(many), found)
  }
  await codebase.close()
  await tamper(folder, (database, batch) => batch.put(database.objects, two, objects[0] as Uint8Array))
  const damaged = await Codebase.open(folder, fakePowers())
  assert.equal(await damaged.objects.getUnverified([one, two]), [objects[0], objects[0]])
  await failure('hash-mismatch', damaged.objects.get(two))
  await damaged.close()
})

test('put() refuses bytes that are no object, and then putAll() stores none', async () => {
  await withCodebase(async (codebase) => {
    const good = encodeObject(OBJECT_KINDS.receipt, [1])
    const bad = [
      new Uint8Array(),
      Uint8Array.of(1, 2, 3),
      encodeObject(OBJECT_KINDS.component, []),
      encodeObject(9 as never, []),
    ]
    for (const object of bad) {
      let error: unknown
      await codebase.putAll([good, object]).catch((caught) => (error = caught))
      assert.instance(error, MalformedObjectError)
    }
    assert.is(await codebase.objects.has(hashObject(good)), false)
  })
})

test('put() of components that came from elsewhere indexes them', async () => {
  await withCodebase(async (origin) => {
    await addSpecs(origin, specs)
    const top = await hashOf(origin, 'top')
    await withCodebase(async (codebase) => {
      const objects: Uint8Array[] = []
      for await (const { object } of origin.objects.closure([top])) objects.push(object)
      await codebase.putAll(objects)
      assert.equal((await codebase.verify()).problems, [])
      await codebase.alias(`#${top}`, 'mine')
      assert.equal(
        (await codebase.dependents(`#${await hashOf(origin, 'mid')}`)).map(({ name }) => name),
        ['mine'],
      )
    })
  })
})

test('closure() has every object once, dependencies first, without what is already there', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    const [base, mid, top, even] = await Promise.all(
      ['base', 'mid', 'top', 'even'].map((name) => hashOf(codebase, name)),
    )
    const closure = async (roots: Hash[], have: Hash[] = []): Promise<Hash[]> => {
      const hashes: Hash[] = []
      for await (const { hash, object } of codebase.objects.closure(roots, new Set(have))) {
        assert.is(hashObject(object), hash)
        hashes.push(hash)
      }
      return hashes
    }
    assert.equal(await closure([top as Hash]), [base, mid, even, top])
    assert.equal(await closure([base as Hash, top as Hash, base as Hash]), [base, mid, even, top])
    assert.equal(await closure([top as Hash], [mid as Hash]), [base, even, top])
    await failure('object-missing', closure([hashObject(new Uint8Array())]))
  })
})

test('closure() of a chain of 3000 components does not recurse', async () => {
  await withCodebase(async (codebase) => {
    const names = Array.from({ length: 3_000 }, (_, index) => `n${index}`)
    await addSpecs(
      codebase,
      Object.fromEntries(names.map((name, index) => [name, index === 0 ? 0 : [`n${index - 1}`]])),
    )
    let count = 0
    for await (const _ of codebase.objects.closure([await hashOf(codebase, 'n2999')])) count++
    assert.is(count, 3_000)
    assert.equal((await codebase.describe((await codebase.resolve('n2999')).reference)).row, [])
  })
})

test('closure() does not follow the links of commits and receipts', async () => {
  await withCodebase(async (codebase) => {
    const receipt = encodeObject(OBJECT_KINDS.receipt, [new Link(hashObject(Uint8Array.of(1)))])
    const hash = await codebase.put(receipt)
    const found: Hash[] = []
    for await (const object of codebase.objects.closure([hash])) found.push(object.hash)
    assert.equal(found, [hash])
  })
})

/** Writes to the database of a closed codebase, past all checks. */
async function tamper(folder: string, change: (database: Database, batch: Batch) => unknown): Promise<void> {
  const database = await Database.open(databaseFolder(folder), { create: false })
  const batch = new Batch()
  await change(database, batch)
  await database.write(batch)
  await database.close()
}

test('get() refuses an object with one flipped byte, and verify() names it', async () => {
  const folder = temporaryFolder()
  const codebase = await Codebase.init(folder, fakePowers())
  await addSpecs(codebase, specs)
  const hash = await hashOf(codebase, 'mid')
  await codebase.close()
  await tamper(folder, async ({ objects }, batch) => {
    const object = (await objects.get(hash)) as Uint8Array
    object[object.length - 1] = (object.at(-1) as number) ^ 1
    batch.put(objects, hash, object)
  })
  const opened = await Codebase.open(folder, fakePowers())
  const error = await failure('hash-mismatch', opened.objects.get(hash))
  assert.instance(error, HashMismatchError)
  await failure('hash-mismatch', opened.view(['mid']))
  await failure('hash-mismatch', opened.view(['top']))
  const { problems } = await opened.verify()
  assert.equal(
    problems.map((problem) => problem.hash),
    [hash],
  )
  await opened.close()
})

test('verify() finds missing objects, false entries of an index and heads that lead nowhere', async () => {
  const folder = temporaryFolder()
  const codebase = await Codebase.init(folder, fakePowers())
  const { commit } = await addSpecs(codebase, specs)
  const [base, mid, top] = await Promise.all(['base', 'mid', 'top'].map((name) => hashOf(codebase, name)))
  await codebase.close()
  const absent = hashObject(new Uint8Array())
  await tamper(folder, ({ objects, dependents, sources, heads }, batch) => {
    batch
      .delete(objects, base as Hash)
      .delete(dependents, `${mid}:${top}`)
      .put(dependents, `${top}:${base}`, '')
    batch
      .put(dependents, `${top}:${mid}`, '')
      .put(sources, mid as Hash, absent)
      .put(heads, 'lost', absent)
  })
  const opened = await Codebase.open(folder, fakePowers())
  const { objects, problems } = await opened.verify()
  const about = new Set(problems.map((problem) => problem.hash))
  for (const hash of [mid, top, base, absent, 'lost']) assert.ok(about.has(hash as string), String(hash))
  assert.ok(
    problems.some(({ hash, problem }) => hash === mid && problem === `it links to ${base}, which is missing`),
  )
  assert.not(about.has(commit as string))
  assert.is(objects, 4 - 1 + 5 + 1 + 1, 'components, sources, namespace, commit')
  await opened.close()
})

test('verify() finds a lost branch and lost heads, and what needs the branch says that it is damaged', async () => {
  const folder = temporaryFolder()
  const codebase = await Codebase.init(folder, fakePowers())
  await addSpecs(codebase, specs)
  await codebase.close()
  await tamper(folder, ({ settings, heads }, batch) => batch.delete(settings, 'branch').delete(heads, 'main'))
  const opened = await Codebase.open(folder, fakePowers())
  const { problems } = await opened.verify()
  assert.equal(
    problems.map(({ hash }) => hash),
    ['branch', 'heads'],
  )
  await failure('codebase-damaged', opened.list())
  await opened.close()
})

test.run()
