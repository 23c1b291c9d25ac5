import { Encoder } from 'cbor-x'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hashObject } from '#codebase'
import { decodeFrame, encodeFrame, type Frame } from '../../../executor/network/frames.ts'
import { NETWORK_LIMITS } from '../../../executor/network/network-limits.ts'

const codec = new Encoder({ useRecords: false, tagUint8Array: false })
const bytes = new Uint8Array([1, 2, 3])
const hash = hashObject(bytes)

const FRAMES: readonly Frame[] = [
  { type: 'cancel', id: 7 },
  { type: 'refused', id: 1, group: 'policy', code: 'not-allowed', message: 'no' },
  { type: 'want', id: 2 ** 40, roots: [hash], have: [] },
  { type: 'object', id: 1, hash, object: bytes },
  { type: 'end', id: 1 },
  {
    type: 'run',
    id: 1,
    reference: `${hash}.1`,
    args: bytes,
    allow: [
      ['Log', null],
      ['Http', 'a.example'],
    ],
    limits: [['fuel', 1e12]],
    memo: true,
    grant: null,
  },
  { type: 'accepted', id: 1, code: 'cold', objects: 1, bytes: 2, rounds: 1 },
  { type: 'log', id: 1, level: 'info', message: 'é', attributes: null },
  { type: 'trace', id: 1, lines: ['a', ''] },
  {
    type: 'outcome',
    id: 1,
    outcome: { kind: 'failure', name: 'Error', message: '', frames: [[hash, -1]], causes: [] },
    receipt: bytes,
    fuel: 3,
    memoised: false,
    ms: 0.25,
  },
  {
    type: 'outcome',
    id: 1,
    outcome: { kind: 'value', value: bytes },
    receipt: bytes,
    fuel: 3,
    memoised: true,
    ms: 1,
  },
  {
    type: 'outcome',
    id: 1,
    outcome: { kind: 'limit', limit: 'fuel', allowed: 5 },
    receipt: bytes,
    fuel: 3,
    memoised: true,
    ms: 1,
  },
]

test('decodeFrame() is the inverse of encodeFrame()', () => {
  for (const frame of FRAMES) assert.equal(decodeFrame(encodeFrame(frame), NETWORK_LIMITS), frame)
})

test('decodeFrame() gives bytes of their own, not a view into what arrived', () => {
  const encoded = encodeFrame({ type: 'object', id: 1, hash, object: bytes })
  const frame = decodeFrame(encoded, NETWORK_LIMITS)
  encoded.fill(0)
  assert.equal(frame.type === 'object' && frame.object, bytes)
})

const MALFORMED: readonly (readonly [what: string, frame: unknown])[] = [
  ['a list', [1]],
  ['null', null],
  ['an unknown type', { type: 'shutdown', id: 1 }],
  ['a type that every object has', { type: 'toString', id: 1 }],
  ['no id', { type: 'end' }],
  ['a negative id', { type: 'end', id: -1 }],
  ['a fraction for an id', { type: 'end', id: 1.5 }],
  ['another field', { type: 'end', id: 1, more: true }],
  ['a field of another kind', { type: 'object', id: 1, hash, object: 'text' }],
  ['a hash that is none', { type: 'want', id: 1, roots: ['abc'], have: [] }],
  ['an unknown level', { type: 'log', id: 1, level: 'fatal', message: '', attributes: null }],
  ['an outcome of unknown kind', { ...FRAMES[9], outcome: { kind: 'success' } }],
  ['an outcome of inherited kind', { ...FRAMES[9], outcome: { kind: 'constructor' } }],
  [
    'a group that would look like a failed function',
    { type: 'refused', id: 1, group: 'function', code: '', message: '' },
  ],
]

for (const [what, frame] of MALFORMED) {
  test(`decodeFrame() refuses a frame with ${what}`, () => {
    assert.throws(
      () => decodeFrame(codec.encode(frame), NETWORK_LIMITS),
      (error: Error) => error instanceof TypeError,
    )
  })
}

test.run()
