import * as cborg from 'cborg'
import { Encoder } from 'cbor-x'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ScanError, scanCbor } from '../../../executor/network/scan.ts'

const BOUNDS = { maxBytes: 1_000, maxDepth: 8, maxItems: 100 }
const codec = new Encoder({ useRecords: false, tagUint8Array: false })

function accepts(bytes: Uint8Array, bounds = BOUNDS): boolean {
  try {
    return scanCbor(bytes, bounds) === bytes
  } catch (error) {
    if (error instanceof ScanError) return false
    throw error
  }
}

const key = fc
  .string({ maxLength: 12, unit: 'grapheme' })
  .filter((text) => text !== '__proto__' && text.isWellFormed())
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }),
    fc.string({ maxLength: 12 }),
    fc.uint8Array({ maxLength: 12 }),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

test('scanCbor() lets through whatever cbor-x encodes of plain data', () => {
  const bounds = { maxBytes: 100_000, maxDepth: 8, maxItems: 10_000 }
  fc.assert(fc.property(tree, (value) => assert.ok(accepts(codec.encode(value), bounds))))
})

test('scanCbor() refuses what is cut short, and what goes on after the end', () => {
  fc.assert(
    fc.property(tree, fc.nat(), (value, cut) => {
      const whole = codec.encode(value)
      assert.not(
        accepts(whole.subarray(0, cut % whole.length), { ...BOUNDS, maxBytes: 100_000, maxItems: 10_000 }),
      )
      assert.not(
        accepts(Buffer.concat([whole, Buffer.from([0xf6])]), {
          ...BOUNDS,
          maxBytes: 100_000,
          maxItems: 10_000,
        }),
      )
    }),
  )
})

test('scanCbor() lets through no bytes that a strict decoder refuses', () => {
  const options = {
    strict: false,
    rejectDuplicateMapKeys: true,
    allowIndefinite: false,
    allowUndefined: false,
    useMaps: true,
  }
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 24 }), (bytes) => {
      if (accepts(bytes)) assert.not.throws(() => cborg.decode(bytes, options))
    }),
    { numRuns: 5_000 },
  )
})

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex')

const REFUSED: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ['nothing', hex('')],
  ['lists inside lists without end', new Uint8Array(900).fill(0x81)],
  ['a list that claims 2^32 - 1 items', hex('9a ffffffff')],
  ['a list that claims 2^53 items', hex('9b 0020000000000000')],
  ['bytes that claim 2^31', hex('5a 80000000')],
  ['a map that claims 2^32 - 1 entries', hex('ba ffffffff')],
  ['more items than one may', Buffer.concat([hex('98 c8'), Buffer.alloc(200)])],
  ['more bytes than one may', Buffer.concat([hex('59 0400'), Buffer.alloc(1024)])],
  ['an indefinite list', hex('9f ff')],
  ['an indefinite map', hex('bf ff')],
  ['indefinite bytes', hex('5f ff')],
  ['a bigint tag', hex('c2 41 ff')],
  ['a shared reference tag', hex('d8 1c 80')],
  ['a regular expression tag', hex('d8 1b 82 61 61 61 67')],
  ['a record tag', hex('d9 dff9 80')],
  ['undefined', hex('f7')],
  ['a simple value', hex('f8 20')],
  ['a half float', hex('f9 3c00')],
  ['a number beyond 2^53', hex('1b 0020000000000001')],
  ['text that is not UTF-8', hex('62 c3 28')],
  ['a key that is no text', hex('a1 01 02')],
  ['a key twice', hex('a2 6161 01 6161 02')],
  ['the key __proto__', hex('a1 69 5f5f70726f746f5f5f 80')],
  ['bytes after the end', hex('f6 f6')],
]

for (const [what, bytes] of REFUSED) {
  test(`scanCbor() refuses ${what}`, () => {
    assert.not(accepts(bytes))
  })
}

test.run()
