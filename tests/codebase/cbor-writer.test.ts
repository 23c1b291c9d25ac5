import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodePlain, encodePlain } from '../../codebase/cbor.ts'

test('encodePlain() keeps short text wherever its buffer comes to grow', () => {
  for (let before = 200; before < 270; before++) {
    const value = [new Uint8Array(before), 'ab', 'abcdef', '']
    assert.equal(decodePlain(encodePlain(value)), value, `after ${before} bytes`)
  }
})

test.run()
