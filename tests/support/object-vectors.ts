// Objects of the other kinds, and values, made of fixed parts: their bytes are frozen in
// fixtures/object-vectors.json, as those of components are in fixtures/vectors.

import path from 'node:path'
import {
  encodePlain,
  encodeSource,
  encodeValue,
  type Hash,
  hashObject,
  ReferenceValue,
  referenceText,
  type Value,
} from '#codebase'
import { encodeCommit } from '../../codebase/commit.ts'
import { encodeNamespaceNode } from '../../codebase/namespace.ts'
import { type Performed, plainOfLog } from '../../executor/answers.ts'
import { makeReceipt, type ReceiptContent } from '../../executor/receipt.ts'

export const OBJECT_VECTORS_FILE = path.resolve(import.meta.dirname, '../../fixtures/object-vectors.json')

const hash: Hash = hashObject(Uint8Array.of(1))
const reference = { hash, index: 1 }

const VALUES: Readonly<Record<string, Value>> = {
  plain: [null, true, false, 0, -1, 24, 2 ** 53 - 1, 2 ** 53, 1.5, 'é', Uint8Array.of(1, 2)],
  numbers: [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  'undefined, bigint, date': [undefined, -12n, 0n, new Date(1_000)],
  object: { b: 1, a: { 2: 'two', 1: 'one' } },
  'map and set': [new Map<Value, Value>([['k', new Map()]]), new Set<Value>([1, [1]])],
  reference: new ReferenceValue(reference),
}

const RECEIPT: ReceiptContent = {
  reference,
  args: [1, 'a'],
  allow: [{ ability: 'Clock' }, { ability: 'Http', scope: 'example.com' }],
  limits: { fuel: 1, memoryBytes: 2, outputBytes: 3, effects: 4, timeMs: 5 },
  outcome: { kind: 'value', value: [1] },
  effectLog: null,
  fuel: 7,
  engine: 'engine',
}

const OUTCOMES: readonly ReceiptContent['outcome'][] = [
  { kind: 'value', value: [1] },
  { kind: 'failure', error: { name: 'TypeError', message: 'm', frames: [{ reference, node: 3 }] } },
  {
    kind: 'failure',
    error: {
      name: 'Error',
      message: 'm',
      frames: [{ reference, node: -1 }],
      causes: [{ name: 'RangeError', message: 'c', frames: [{ reference, node: 0 }] }],
    },
  },
  { kind: 'limit', limit: 'fuel', allowed: 10 },
  { kind: 'refused', missing: ['Clock'] },
]

const asked = (number: number, operation: string, args: readonly Value[]) => ({
  number,
  reference: referenceText(reference),
  operation,
  args: encodeValue([...args]),
})

const EFFECTS: readonly Performed[] = [
  { ...asked(1, 'now', []), kind: 'answer', json: '5' },
  {
    ...asked(0, 'fetch', ['x']),
    kind: 'fail',
    json: '{"name":"HttpFailed","message":"m"}',
  },
]

/** Bytes in hexadecimal by what they are of. */
export async function objectVectors(): Promise<Record<string, string>> {
  const namespace = encodeNamespaceNode(
    new Map([
      ['a', { filed: { reference, source: hash }, child: null }],
      ['b', { filed: { reference: { hash, index: 0 }, source: null }, child: hash }],
      ['é', { filed: null, child: hash }],
    ]),
  )
  const commit = encodeCommit({
    namespace: hash,
    parents: [hash],
    author: 'ada',
    timeMs: 1_000,
    message: 'm',
  })
  const source = encodeSource({
    text: 'const a = b',
    file: 'a.ts',
    line: 1,
    column: 2,
    positions: [6, -1],
    signature: 'number',
    exported: true,
    imports: [['b', 'x.b']],
    parts: [],
  })
  const signer = { peerId: 'peer', sign: () => new Uint8Array(4) }
  const receipts = await Promise.all(
    OUTCOMES.map(
      async (outcome): Promise<[string, Uint8Array]> => [
        `receipt of a ${outcome.kind}${'error' in outcome && outcome.error.causes ? ' with a cause' : ''}`,
        await makeReceipt({ ...RECEIPT, outcome }, signer),
      ],
    ),
  )
  const values = Object.entries(VALUES).map(([name, value]): [string, Uint8Array] => [
    `value: ${name}`,
    encodeValue(value),
  ])
  const all: [string, Uint8Array][] = [
    ['namespace', namespace],
    ['commit', commit],
    ['source', source],
    ['effect log', encodePlain(plainOfLog(EFFECTS))],
  ]
  return Object.fromEntries([...all, ...receipts, ...values].map(([name, bytes]) => [name, bytes.toHex()]))
}
