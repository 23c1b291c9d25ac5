import * as dagCbor from '@ipld/dag-cbor'
import * as cborg from 'cborg'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  cidOf,
  decodePlain,
  encodePlain,
  type Hash,
  hashObject,
  Link,
  linksOf,
  MalformedObjectError,
  type Plain,
} from '#codebase'

const hashes = fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes): Hash => hashObject(bytes))

/** Numbers that the subset carries as they are. */
const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  fc.constantFrom(
    0,
    23,
    24,
    255,
    256,
    65535,
    65536,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53 - 1,
    2 ** 53,
    -(2 ** 53) + 1,
    1e300,
    0.5,
  ),
)

const plains: fc.Arbitrary<Plain> = fc.letrec<{ plain: Plain; list: Plain[] }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<Plain>(null, true, false),
    numbers,
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.uint8Array({ maxLength: 40 }),
    hashes.map((hash) => new Link(hash)),
    tie('list'),
  ),
  list: fc.array(tie('plain'), { maxLength: 6 }),
})).plain

/** The same value as @ipld/dag-cbor takes it. */
function withCids(plain: Plain): unknown {
  if (plain instanceof Link) return CID.parse(cidOf(plain.hash))
  return Array.isArray(plain) ? plain.map(withCids) : plain
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex.replaceAll(' ', ''))
}

test('decodePlain() inverts encodePlain()', () => {
  fc.assert(fc.property(plains, (plain) => assert.equal(decodePlain(encodePlain(plain)), plain)))
})

test('encodePlain() writes what @ipld/dag-cbor writes', () => {
  fc.assert(
    fc.property(plains, (plain) =>
      assert.equal(encodePlain(plain), new Uint8Array(dagCbor.encode(withCids(plain)))),
    ),
  )
})

test('encodePlain() writes what cborg decodes, strictly', () => {
  const noLinks = plains.filter((plain) => linksOf(encodePlain(plain)).length === 0)
  fc.assert(
    fc.property(noLinks, (plain) => assert.equal(cborg.decode(encodePlain(plain), { strict: true }), plain)),
  )
})

test('decodePlain() of any bytes either throws MalformedObjectError or has read their only spelling', () => {
  const mutated = fc.tuple(
    plains,
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
  )
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), mutated.map(mutate)), (bytes) => {
      try {
        assert.equal(encodePlain(decodePlain(bytes)), bytes)
      } catch (error) {
        if (!(error instanceof MalformedObjectError)) throw error
      }
    }),
    { numRuns: 3000 },
  )
})

function mutate([plain, changes]: readonly [Plain, readonly (readonly [number, number])[]]): Uint8Array {
  const bytes = encodePlain(plain)
  for (const [at, byte] of changes) bytes[at % bytes.length] = byte
  return bytes
}

test('decodePlain() refuses every other spelling', () => {
  const refused: readonly [hex: string, problem: RegExp][] = [
    ['', /too early/],
    ['1800', /shortest/],
    ['1817', /shortest/],
    ['1900ff', /shortest/],
    ['1a0000ffff', /shortest/],
    ['1b00000000ffffffff', /shortest/],
    ['1b0020000000000000', /beyond/],
    ['3b001fffffffffffff', /below/],
    ['5f4100ff', /indefinite/],
    ['7f6161ff', /indefinite/],
    ['9f01ff', /indefinite/],
    ['1c', /indefinite or reserved/],
    ['0000', /too many/],
    ['8201', /too early/],
    ['9affffffff', /too early/],
    ['a0', /map/],
    ['a16161 01', /map/],
    ['c001', /tag/],
    ['d82b 5825 00017112 20' + '00'.repeat(32), /tag/],
    ['d82a 5825 00015512 20' + '00'.repeat(32), /link/],
    ['d82a 5824 017112 20' + '00'.repeat(33), /link/],
    ['f7', /simple/],
    ['e0', /simple/],
    ['f816', /simple/],
    ['f90000', /64 bits/],
    ['fa3f800000', /64 bits/],
    ['fb3ff0000000000000', /as a float/],
    ['fb8000000000000000', /-0 as a float/],
    ['fb7ff8000000000000', /NaN as a float/],
    ['fb7ff0000000000000', /Infinity as a float/],
    ['61ff', /UTF-8/],
    ['63eda080', /UTF-8/],
    ['62c080', /UTF-8/],
  ]
  for (const [hex, problem] of refused) {
    assert.throws(
      () => decodePlain(bytesOf(hex)),
      (error: Error) => error instanceof MalformedObjectError && problem.test(error.message),
      hex,
    )
  }
})

test('decodePlain() keeps a byte order mark, which is text like any other', () => {
  assert.is(decodePlain(encodePlain('\ufeffa')), '\ufeffa')
})

test('decodePlain() and encodePlain() take depth without recursion, decodePlain() up to its bound', () => {
  const deep = new Uint8Array(1_000_000).fill(0x81)
  assert.throws(() => decodePlain(deep), /inside each other/)
  let nested: Plain = []
  for (let depth = 1; depth < 2_000; depth++) nested = [nested]
  assert.is(encodePlain(nested).length, 2_000)
  assert.equal(encodePlain(decodePlain(encodePlain(nested))), encodePlain(nested))
})

test('decodePlain() refuses what is beyond its bounds', () => {
  const bounds = { maxBytes: 10, maxDepth: 2, maxItems: 4 }
  assert.throws(() => decodePlain(encodePlain('0123456789'), bounds), /11 bytes, expected at most 10/)
  assert.throws(() => decodePlain(encodePlain([[[]]]) && bytesOf('81818100'), bounds), /more than 2 arrays/)
  assert.throws(() => decodePlain(encodePlain([1, 2, 3, 4]), bounds), /more than 4 items/)
  assert.equal(decodePlain(encodePlain([[1, 2]]), bounds), [[1, 2]])
})

test('encodePlain() refuses what it cannot carry', () => {
  for (const value of [-0, Number.NaN, Number.POSITIVE_INFINITY, '\ud800', undefined, 1n, {}, () => 0]) {
    assert.throws(
      () => encodePlain([value] as unknown as Plain),
      (error: Error) => error instanceof TypeError,
    )
  }
})

test('linksOf() lists every link once, in order of first occurrence', () => {
  const [a, b] = [hashObject(Uint8Array.of(1)), hashObject(Uint8Array.of(2))]
  assert.equal(linksOf(encodePlain([0, [new Link(b), [new Link(a)]], new Link(b), 'x'])), [b, a])
  assert.throws(() => linksOf(bytesOf('8201')), /too early/)
})

test('cidOf() is the CID that IPFS gives the same bytes', () => {
  fc.assert(
    fc.property(hashes, (hash) => {
      const cid = CID.parse(cidOf(hash))
      assert.is(cid.version, 1)
      assert.is(cid.code, dagCbor.code)
      assert.is(encodePlain(new Link(hash)).toHex().slice(10), cid.bytes.toHex())
    }),
  )
})

test.run()
