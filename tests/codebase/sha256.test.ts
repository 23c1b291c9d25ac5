import { sha256 as portable } from '@noble/hashes/sha2.js'
import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sha256 } from '../../codebase/sha256.ts'

test('sha256() is that of the platform and of the portable library alike', () => {
  const bytes = fc.uint8Array({ maxLength: 300, size: 'max' })
  fc.assert(
    fc.property(bytes, (each) => {
      assert.is(Buffer.compare(sha256(each), portable(each)), 0)
    }),
  )
  assert.is(
    Buffer.from(sha256(new TextEncoder().encode('abc'))).toString('hex'),
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', // FIPS 180-4, example
  )
})

test.run()
