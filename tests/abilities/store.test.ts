import { Level } from 'level'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeLevelStoreProvider, makeStoreProvider, type StoreBackend } from '#abilities'
import { testProvider } from '../contracts/provider.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { failureOf, performWith } from './perform.ts'

/** Keeps bytes in a Map and reads no further than a prefix, as a backend may. */
function memoryBackend(): StoreBackend {
  const bytes = new Map<string, Uint8Array>()
  return {
    get: async (key) => bytes.get(key),
    put: async (key, value) => void bytes.set(key, value),
    delete: async (key) => void bytes.delete(key),
    list: async (prefix) => [...bytes.keys()].filter((key) => key.startsWith(prefix)).sort(byUtf8),
  }
}

function byUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}

const level = new Level(temporaryFolder())
let sublevels = 0
const levelProvider = () =>
  makeLevelStoreProvider(level.sublevel<string, Uint8Array>(`s${sublevels++}`, { valueEncoding: 'view' }))
const memoryProvider = () => makeStoreProvider(memoryBackend())

for (const [name, makeProvider] of [
  ['Store on LevelDB', levelProvider],
  ['Store in memory', memoryProvider],
] as const) {
  for (const scope of [undefined, 'team/app']) {
    testProvider({
      name: scope === undefined ? name : `${name} within ${scope}`,
      provider: makeProvider(),
      calls: [
        ['get', 'absent'],
        ['put', 'k', { at: new Date(5), n: 12n, bytes: new Uint8Array([1, 2]) }],
        ['get', 'k'],
        ['list', 'k', { limit: 1 }],
        ['list'],
        ['delete', 'k'],
        ['delete', 'k'],
      ],
      ...(scope !== undefined && { scope }),
    })
  }

  test(`${name}: get() gives what was put, until it is deleted`, async () => {
    const perform = performWith(makeProvider())
    const value = { list: [1, -0, null, undefined], map: new Map([['a', new Set([1n])]]) }
    assert.is(await perform('get', 'k'), undefined)
    await perform('put', 'k', value)
    assert.equal(await perform('get', 'k'), value)
    await perform('put', 'k', undefined)
    assert.equal(await perform('list'), ['k'], 'undefined is a value like any other')
    await perform('delete', 'k')
    assert.equal(await perform('list'), [])
  })

  test(`${name}: list() gives keys by prefix, sorted by their UTF-8 bytes, page by page`, async () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '\0', 'é', '\uffff', '😀', '\u{10ffff}'),
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 12 }),
        fc.constantFrom('', 'a', '😀', 'b/'),
        fc.option(key, { nil: undefined }),
        fc.integer({ min: 1, max: 6 }),
        async (keys, prefix, after, limit) => {
          const perform = performWith(makeProvider(), { scope: 'f' })
          for (const each of keys) await perform('put', each, 1)
          const expected = keys
            .filter((each) => each.startsWith(prefix) && (after === undefined || byUtf8(each, after) > 0))
            .sort(byUtf8)
            .slice(0, limit)
          assert.equal(
            await perform('list', prefix, after === undefined ? { limit } : { after, limit }),
            expected,
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  test(`${name}: nothing outside of the scope is read, written or listed`, async () => {
    const provider = makeProvider()
    const whole = performWith(provider)
    const team = performWith(provider, { scope: 'team' })
    await whole('put', 'teams', 'other')
    await whole('put', 'secret', 'other')
    await team('put', 'app/k', 'own')
    await team('put', '../secret', 'own')
    assert.equal(await whole('list'), ['secret', 'team/../secret', 'team/app/k', 'teams'])
    assert.equal(await team('list'), ['../secret', 'app/k'])
    assert.is(await team('get', 'secret'), undefined)
    assert.is(await whole('get', 'secret'), 'other')
    assert.is(await performWith(provider, { scope: 'team/app' })('get', 'k'), 'own')
  })
}

test('keys and values are bounded and checked', async () => {
  const perform = performWith(memoryProvider())
  assert.equal(await failureOf(perform('get', 5)), {
    name: 'TypeError',
    message: 'Cannot perform Store.get: key is a number, expected text of 1 to 512 bytes',
  })
  assert.is((await failureOf(perform('put', '', 1))).name, 'RangeError')
  assert.is((await failureOf(perform('put', 'é'.repeat(257), 1))).name, 'RangeError')
  assert.is((await failureOf(perform('put', 'k', 'x'.repeat(1_048_576)))).name, 'RangeError')
  assert.is((await failureOf(perform('list', '', { limit: 1_001 }))).name, 'RangeError')
  assert.is((await failureOf(perform('list', '', { max: 1 }))).name, 'TypeError')
  assert.equal(await perform('list'), [])
})

test('list() gives at most 1000 keys at a time, whatever the backend gives', async () => {
  const keys = Array.from({ length: 1_001 }, (_, index) => String(index).padStart(4, '0'))
  const perform = performWith(makeStoreProvider({ ...memoryBackend(), list: async () => keys }))
  assert.equal(await perform('list'), keys.slice(0, 1_000))
  assert.equal(await perform('list', '', { after: '0999' }), ['1000'])
})

test('a guest is not told why a backend failed', async () => {
  const broken = async (): Promise<never> => Promise.reject(new Error('EIO: /var/lib/mycel/db'))
  const perform = performWith(makeStoreProvider({ get: broken, put: broken, delete: broken, list: broken }))
  const expected = { name: 'StoreFailed', message: 'Cannot perform Store.get: the store did not answer' }
  assert.equal(await failureOf(perform('get', 'k')), expected)
  const damaged = { ...memoryBackend(), get: async () => new Uint8Array([0xff]) }
  assert.equal(await failureOf(performWith(makeStoreProvider(damaged))('get', 'k')), expected)
})

test.after(() => level.close())
test.run()
