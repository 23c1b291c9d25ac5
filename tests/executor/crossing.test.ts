// What crossing costs, under each version of it: fuel is part of receipts, and what the host charges is named in
// the engine's id by that version only. Where numbers here move, the version does, unless the guest's
// runtime or the engine alone made them move: those are in the id themselves.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeValue, type Value, valueToJson } from '#codebase'
import { callArguments } from '../../executor/arguments.ts'
import { CROSSING_VERSION } from '../../executor/engine-id.ts'
import { READ_BOUNDS } from '../../executor/read-value.ts'
import { BOUNDS, load } from './sandboxes.ts'

/** What makes values of a size, here and in the guest. */
const VALUES: Readonly<Record<string, (size: number) => Value>> = {
  numbers: (size) => Array.from({ length: size }, (_, index) => index),
  text: (size) => 'x'.repeat(10 * size),
  bytes: (size) => new Uint8Array(size),
  records: (size) => Array.from({ length: size }, (_, a) => ({ a, b: 'b' })),
  map: (size) => new Map(Array.from({ length: size }, (_, a) => [a, [a]])),
}
const SIZES = [63, 64, 1000, 2000]
const nameOf = (kind: string, size: number): string => `${kind}${size}`
/** Part of every program, so that whichever value is carried, all else costs the same. */
const KEPT = Object.entries(VALUES).map(([kind, make]) =>
  SIZES.map((size) => `${nameOf(kind, size)}: (${make})(${size})`).join(),
)

function usedBy(main: string, args: string | Uint8Array): number {
  const { sandbox } = load(`const kept = { ${KEPT} }; define('main', ${main})`)
  assert.ok('text' in sandbox.call('start', ['main', args], BOUNDS))
  return sandbox.used
}

type Way = (kind: string, size: number) => number
const valueOf = (kind: string, size: number): Value => VALUES[kind]?.(size)
/** The array of a value and a text, as JSON. */
const jsonOf = (value: Value, length: number): string =>
  JSON.stringify([valueToJson(value), 'x'.repeat(length)])

const read: Way = (kind, size) => usedBy(`() => kept.${nameOf(kind, size)}`, '[]')
const built: Way = (kind, size) => usedBy('() => 1', encodeValue([valueOf(kind, size)]))
const unpacked: Way = (kind, size) => usedBy('() => 1', jsonOf(valueOf(kind, size), 8192))
const asked: Way = (kind, size) =>
  usedBy(`function* () { yield* Store.put('k', kept.${nameOf(kind, size)}) }`, '[]')

/** Steps that another thousand takes, of whatever a value of each kind consists of. */
const perThousand = (way: Way, kinds: readonly string[]): Record<string, number> =>
  Object.fromEntries(kinds.map((kind) => [kind, way(kind, 2000) - way(kind, 1000)]))

const PINNED = {
  version: 1,
  bounds: { depth: 256, items: 4_000_000, bytes: 16_777_216, visits: 4_000_000 },
  read: {
    numbers: 1047,
    text: 156,
    bytes: 16,
    records: 6172,
    map: 4125,
  },
  built: {
    numbers: 2047,
    text: 156,
    bytes: 31,
    records: 9172,
  },
  unpacked: {
    numbers: 3199,
    bytes: 140,
  },
  asked: {
    numbers: 1000,
    bytes: 125,
  },
}

test('under a version of crossing, values take as many steps each way as ever', () => {
  const found = {
    version: CROSSING_VERSION,
    bounds: READ_BOUNDS,
    read: perThousand(read, Object.keys(VALUES)),
    built: perThousand(built, ['numbers', 'text', 'bytes', 'records']),
    unpacked: perThousand(unpacked, ['numbers', 'bytes']),
    asked: perThousand(asked, ['numbers', 'bytes']),
  }
  assert.equal(found, PINNED)
})

test('under a version of crossing, values go the other way from the same size on as ever', () => {
  const crossingOf = (length: number): string => typeof callArguments(['x'.repeat(length)]).crossing
  const head = encodeValue(['x'.repeat(1000)]).length - 1000
  assert.equal([crossingOf(1023 - head), crossingOf(1024 - head)], ['string', 'object'])
  const [fewer, enough] = [63, 64].map((size) => asked('numbers', size)) as [number, number]
  assert.ok(fewer > enough + 1000, 'an array of 64 numbers is handed over')
  const row = valueOf('numbers', 1000)
  const most = 8192 - jsonOf(row, 0).length
  const [shorter, long] = [most - 1, most].map((length) => usedBy('() => 1', jsonOf(row, length))) as [
    number,
    number,
  ]
  assert.ok(shorter > long + 1000, 'arguments of 8192 units are looked through')
})

test.run()
