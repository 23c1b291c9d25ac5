import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeRandomProvider } from '#abilities'
import { testProvider } from '../contracts/provider.ts'
import { failureOf, performWith } from './perform.ts'

testProvider({
  name: 'Random',
  provider: makeRandomProvider({ draw: randomBytes }),
  calls: [['number'], ['bytes', 0], ['bytes', 32], ['uuid']],
})

const performFrom = (bytes: Uint8Array) => performWith(makeRandomProvider({ draw: () => bytes }))

test('number() is in [0, 1) whatever the bytes', async () => {
  assert.is(await performFrom(new Uint8Array(8))('number'), 0)
  assert.is(await performFrom(new Uint8Array(8).fill(255))('number'), 1 - 2 ** -53)
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 8, maxLength: 8 }), async (bytes) => {
      const number = (await performFrom(bytes)('number')) as number
      assert.ok(number >= 0 && number < 1)
    }),
  )
})

test('uuid() has version 4 and the variant of RFC 9562 whatever the bytes', async () => {
  assert.is(await performFrom(new Uint8Array(16))('uuid'), '00000000-0000-4000-8000-000000000000')
  assert.is(await performFrom(new Uint8Array(16).fill(255))('uuid'), 'ffffffff-ffff-4fff-bfff-ffffffffffff')
})

test('bytes() gives as many as asked for, at most 65536', async () => {
  const perform = performWith(makeRandomProvider({ draw: randomBytes }))
  assert.is(((await perform('bytes', 65_536)) as Uint8Array).length, 65_536)
  assert.is((await failureOf(perform('bytes', 65_537))).name, 'RangeError')
  assert.is((await failureOf(perform('bytes', 10n))).name, 'TypeError')
})

test.run()
