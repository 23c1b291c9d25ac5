import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { referenceText } from '#codebase'
import { addSpecs, withCodebase } from '../support/definitions.ts'
import { failure } from '../support/failures.ts'

const specs = {
  'math.stats.mean': [1],
  'math.sum': [2],
  'text.sum': [3],
  one: 1,
  'number.one': 1,
  even: [0, 'odd'],
  odd: [1, 'even'],
}

test('resolve() takes a name, and any suffix that only one definition has', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    for (const text of ['math.stats.mean', 'stats.mean', 'mean']) {
      assert.is((await codebase.resolve(text)).name, 'math.stats.mean', text)
    }
    assert.is((await codebase.resolve('one')).name, 'one', 'a whole name before a suffix')
    const ambiguous = await failure('name-ambiguous', codebase.resolve('sum'))
    assert.equal(ambiguous.details['candidates'], ['math.sum', 'text.sum'])
    await failure('name-unknown', codebase.resolve('ean'))
  })
})

test('resolve() takes a suffix that several names of one definition have', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { 'a.same': [1], 'b.same': [1] })
    assert.is((await codebase.resolve('same')).name, 'a.same')
  })
})

test('resolve() takes a whole hash, a beginning of one, and a member', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    const { reference } = await codebase.resolve('mean')
    for (const text of [
      reference.hash,
      `#${reference.hash}`,
      `#${reference.hash.slice(0, 10)}`,
      reference.hash.slice(0, 12),
    ]) {
      assert.equal(await codebase.resolve(text), { reference, name: 'math.stats.mean' }, text)
    }
    const second = (await codebase.list()).find(({ hash }) => hash.endsWith('.1'))
    assert.ok(second, 'one of even and odd is the second member')
    assert.is(referenceText((await codebase.resolve(second.hash)).reference), second.hash)
    await failure('hash-unknown', codebase.resolve(second.hash.replace('.1', '.2')))
  })
})

test('resolve() finds what has no name on the branch any more', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, { one: 1 })
    const { reference } = await codebase.resolve('one')
    await addSpecs(codebase, { one: 2 })
    assert.equal(await codebase.resolve(`#${reference.hash}`), { reference })
  })
})

test('resolve() refuses hashes that are malformed, unknown, or those of something else', async () => {
  await withCodebase(async (codebase) => {
    const { commit } = await addSpecs(codebase, specs)
    for (const text of ['#', '#ABC', '#a1', '#abc.', '#abc.01', `#${'a'.repeat(53)}`]) {
      await failure('hash-malformed', codebase.resolve(text))
    }
    await failure('hash-unknown', codebase.resolve(`#${'a'.repeat(52)}`))
    assert.match(
      (await failure('hash-unknown', codebase.resolve(`#${commit}`))).message,
      /a commit, not a definition/,
    )
  })
})

test('resolve() lists the candidates of an ambiguous hash', async () => {
  await withCodebase(async (codebase) => {
    // 33 components have at least one first character in common.
    const numbers = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`n${index}`, index + 100]))
    await addSpecs(codebase, numbers)
    const first = (await codebase.list()).map(({ hash }) => hash.slice(0, 1))
    const shared = first.find((character, index) => first.indexOf(character) !== index)
    const ambiguous = await failure('hash-ambiguous', codebase.resolve(`#${shared}`))
    assert.ok((ambiguous.details['candidates'] as unknown[]).length > 1)
  })
})

test('resolve() suggests the nearest names', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    for (const [text, wanted] of [
      ['maen', 'math.stats.mean'],
      ['stat.mean', 'math.stats.mean'],
      ['ONE', 'one'],
      ['other.odd', 'odd'],
    ]) {
      const { details, hint } = await failure('name-unknown', codebase.resolve(text as string))
      assert.is((details['nearest'] as string[])[0], wanted, text)
      assert.match(hint ?? '', /did you mean/)
    }
    const { details } = await failure('name-unknown', codebase.resolve('somethingElse'))
    assert.equal(details['nearest'], [])
  })
})

test('environment().lookup() answers undefined for what is not there', async () => {
  await withCodebase(async (codebase) => {
    await addSpecs(codebase, specs)
    const { lookup, previous } = codebase.environment({} as never, [])
    const { reference } = await codebase.resolve('mean')
    assert.equal(await lookup('math.stats.mean'), reference)
    assert.equal(await lookup(`#${reference.hash.slice(0, 10)}`), reference)
    assert.is(await lookup('nothing'), undefined)
    assert.is(await lookup(reference.hash), undefined, 'a bare hash is no import')
    assert.is(await lookup(`#${'a'.repeat(52)}`), undefined)
    assert.equal(await previous?.('one'), {
      nominal: null,
      value: { type: 'Number', value: 1 },
      completions: [],
    })
    assert.is(await previous?.('nothing'), undefined)
  })
})

test.run()
