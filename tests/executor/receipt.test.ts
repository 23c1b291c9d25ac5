import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeObject, encodeObject, hashObject, type KnownError, OBJECT_KINDS, type Plain } from '#codebase'
import {
  DEFAULT_LIMITS,
  type ExpectedReceipt,
  makeReceipt,
  type Outcome,
  type Signer,
  verifyReceipt,
} from '#executor'
import { readReceipt } from '../../executor/receipt.ts'

/** A signature is the peer's name and the bytes' length. */
const signatureOf = (peerId: string, bytes: Uint8Array): Uint8Array =>
  Buffer.from(`${peerId} ${hashObject(bytes)}`)
const signer: Signer = { peerId: 'node', sign: (bytes) => signatureOf('node', bytes) }
const verifySignature = (peerId: string, bytes: Uint8Array, signature: Uint8Array): boolean =>
  Buffer.compare(signatureOf(peerId, bytes), signature) === 0

const reference = { hash: hashObject(Uint8Array.of(1)), index: 2 }
const CONTENT = {
  reference,
  args: [1, 'a'],
  allow: [{ ability: 'Http', scope: 'example.com' }],
  limits: DEFAULT_LIMITS,
  effectLog: null,
  fuel: 1234,
  engine: 'e'.repeat(64),
}
const OUTCOMES: readonly Outcome[] = [
  { kind: 'value', value: new Map([[1n, undefined]]) },
  { kind: 'failure', error: { name: 'RangeError', message: 'no', frames: [{ reference, node: 3 }] } },
  { kind: 'limit', limit: 'fuel', allowed: 10 },
  { kind: 'refused', missing: ['Http', 'Log'] },
]
const expectedOf = (outcome: Outcome, more: Partial<ExpectedReceipt> = {}): ExpectedReceipt => ({
  peerId: 'node',
  reference,
  args: [1, 'a'],
  outcome,
  fuel: 1234,
  ...more,
})

const problemOf = async (object: Uint8Array, expected: ExpectedReceipt): Promise<string> =>
  verifyReceipt(object, { expected, verifySignature }).then(
    () => 'valid',
    (error: KnownError) => error.code,
  )

test('verifyReceipt() accepts the receipt of each kind of outcome and tells what it says', async () => {
  for (const outcome of OUTCOMES) {
    const object = await makeReceipt({ ...CONTENT, outcome }, signer)
    const receipt = await verifyReceipt(object, { expected: expectedOf(outcome), verifySignature })
    assert.equal(
      [receipt.peerId, receipt.fuel, receipt.engine, receipt.effectLog],
      ['node', 1234, CONTENT.engine, null],
    )
  }
})

test('verifyReceipt() refuses a receipt about anything else', async () => {
  const [outcome, other] = OUTCOMES as [Outcome, Outcome]
  const object = await makeReceipt({ ...CONTENT, outcome }, signer)
  for (const expected of [
    expectedOf(other),
    expectedOf(outcome, { fuel: 1 }),
    expectedOf(outcome, { peerId: 'other' }),
    expectedOf(outcome, { args: [1, 'b'] }),
    expectedOf(outcome, { reference: { ...reference, index: 0 } }),
  ]) {
    assert.is(await problemOf(object, expected), 'receipt-invalid')
  }
})

test('verifyReceipt() refuses a receipt with any byte changed', async () => {
  const [outcome] = OUTCOMES as [Outcome]
  const object = await makeReceipt({ ...CONTENT, outcome }, signer)
  for (let at = 0; at < object.length; at++) {
    const changed = Uint8Array.from(object, (byte, index) => (index === at ? byte ^ 1 : byte))
    assert.not.equal(await problemOf(changed, expectedOf(outcome)), 'valid', `byte ${at}`)
  }
})

test('readReceipt() tells all that a receipt says, and refuses every other shape', async () => {
  const withCause: Outcome = {
    kind: 'failure',
    error: { name: 'E', message: '', frames: [], causes: [{ name: 'C', message: 'c', frames: [] }] },
  }
  for (const outcome of [...OUTCOMES, withCause]) {
    const object = await makeReceipt({ ...CONTENT, outcome }, signer)
    const facts = readReceipt(object)
    assert.equal([facts.reference, facts.limits, facts.fuel], [reference, DEFAULT_LIMITS, 1234])
    const body = decodeObject(object, OBJECT_KINDS.receipt)
    let count = 0
    for (const changed of changedOnce(body)) {
      count++
      if (!isList(changed)) continue
      assert.throws(
        () => readReceipt(encodeObject(OBJECT_KINDS.receipt, changed)),
        (error: KnownError) => error.code === 'receipt-invalid',
        JSON.stringify(changed),
      )
    }
    assert.ok(count > 20)
  }
})

/** `plain` with one part of it, at any depth, replaced by what no part is, or one part too many. */
function* changedOnce(plain: Plain): Generator<Plain> {
  yield Number.MIN_SAFE_INTEGER
  if (!isList(plain)) return
  yield [...plain, -7]
  for (const [at, part] of plain.entries())
    for (const changed of changedOnce(part)) yield plain.with(at, changed)
}

function isList(plain: Plain): plain is readonly Plain[] {
  return Array.isArray(plain)
}

test('makeReceipt() holds arguments and values by digest only', async () => {
  const secret = 'geheim-4711'
  const object = await makeReceipt(
    { ...CONTENT, args: [secret], outcome: { kind: 'value', value: secret } },
    signer,
  )
  assert.not.ok(Buffer.from(object).includes(secret))
})

test('verifyReceipt() refuses a receipt whose parts are of other kinds', async () => {
  const expected = expectedOf(OUTCOMES[0] as Outcome)
  const bytes = Uint8Array.of(1)
  const bodies: readonly Plain[][] = [
    [null, null, null, 1234, 'e', 'node', bytes],
    [[], [], null, 1234, 'e', 'node', bytes],
    [[1, 2, 3, 4], [], 'log', 1234, 'e', 'node', bytes],
    [[1, 2, 3, 4], [], null, 1234, 5, 'node', bytes],
  ]
  for (const body of bodies)
    assert.is(await problemOf(encodeObject(OBJECT_KINDS.receipt, body), expected), 'receipt-invalid')
})

test.run()
