// Receipts: the signed object that says what was asked, what came of it and what was performed on
// the way. Arguments and values are in it by digest only, so that it stays small and keeps secrets.
// Body: [request, outcome, effect log digest, fuel, engine, peer id, signature] (docs/format.md).

import { type Allowance, formatAllowance } from '#abilities'
import { encodeObject, encodeValue, OBJECT_KINDS, type Plain, type Reference, type Value } from '#codebase'
import type { Limits } from './limits.ts'
import { digestOf, type Outcome, plainOfOutcome, plainOfReference } from './outcome.ts'
import { invalidReceipt, partsOfReceipt, type ReceiptParts } from './receipt-parts.ts'

/** Signs in the name of a peer. */
export interface Signer {
  readonly peerId: string
  sign(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array
}

/** Whether `signature` is the peer's own over `bytes`. */
export type VerifySignature = (
  peerId: string,
  bytes: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean> | boolean

/** What a receipt is made of before it is signed. */
export interface ReceiptContent {
  readonly reference: Reference
  readonly args: readonly Value[]
  /** The array of the arguments, encoded, when that is at hand. */
  readonly encodedArgs?: Uint8Array
  /** Null: everything that the node allows. */
  readonly allow: readonly Allowance[] | null
  readonly limits: Limits
  readonly outcome: Outcome
  /** Digest of the effect log; null when nothing was performed. */
  readonly effectLog: Uint8Array | null
  readonly fuel: number
  /** What decided the outcome besides code and arguments: engineId(), SHA-256 in hex. */
  readonly engine: string
}

/** What a receipt says by itself. */
export interface Receipt {
  readonly peerId: string
  readonly reference: Reference
  readonly fuel: number
  readonly engine: string
  readonly effectLog: Uint8Array | null
}

/** The object of a receipt, signed. */
export async function makeReceipt(content: ReceiptContent, signer: Signer): Promise<Uint8Array> {
  const body = bodyOf(content, signer.peerId)
  const signature = await signer.sign(encodeObject(OBJECT_KINDS.receipt, body))
  return encodeObject(OBJECT_KINDS.receipt, [...body, signature])
}

/** What the caller of a run holds a receipt against. */
export interface ExpectedReceipt {
  readonly peerId: string
  readonly reference: Reference
  readonly args: readonly Value[]
  readonly outcome: Outcome
  readonly fuel: number
}

/**
 * What the receipt says, when its signature is the peer's and it is about this call and this outcome.
 * @throws KnownError network `receipt-invalid`; MalformedObjectError for other bytes than a receipt's
 */
export async function verifyReceipt(
  object: Uint8Array,
  {
    expected,
    verifySignature,
  }: { readonly expected: ExpectedReceipt; readonly verifySignature: VerifySignature },
): Promise<Receipt> {
  const { reference, args, outcome, effectLog, fuel, engine, peerId, signature, signed } =
    partsOfReceipt(object)
  if (peerId !== expected.peerId) throw invalidReceipt('another peer made it')
  const called = [plainOfReference(reference), args]
  const wanted = [plainOfReference(expected.reference), digestOf(encodeValue([...expected.args]))]
  if (!isSame(called, wanted)) throw invalidReceipt('it is about another call')
  const isOutcome = isSame(outcome, plainOfOutcome(expected.outcome, 'digest'))
  if (!isOutcome || fuel !== expected.fuel) throw invalidReceipt('it is about another outcome')
  if (!(await verifySignature(peerId, encodeObject(OBJECT_KINDS.receipt, signed), signature)))
    throw invalidReceipt('its signature is not that of the peer')
  return { peerId, reference, fuel, engine, effectLog }
}

/** The call that a receipt names. @throws as readReceipt() */
export function referenceOfReceipt(object: Uint8Array): Reference {
  return readReceipt(object).reference
}

/** Everything that a receipt says, its signature unchecked. */
export type ReceiptFacts = Omit<ReceiptParts, 'signature' | 'signed'>

/** @throws MalformedObjectError for an object that is no receipt; KnownError `receipt-invalid` for one of other parts */
export function readReceipt(object: Uint8Array): ReceiptFacts {
  const { signature: _, signed: __, ...facts } = partsOfReceipt(object)
  return facts
}

function bodyOf(content: ReceiptContent, peerId: string): Plain[] {
  const { fuel, memoryBytes, outputBytes, effects, timeMs } = content.limits
  return [
    [
      plainOfReference(content.reference),
      digestOf(content.encodedArgs ?? encodeValue([...content.args])),
      content.allow && content.allow.map(formatAllowance),
      [fuel, memoryBytes, outputBytes, effects, timeMs],
    ],
    plainOfOutcome(content.outcome, 'digest'),
    content.effectLog,
    content.fuel,
    content.engine,
    peerId,
  ]
}

function isSame(left: Plain, right: Plain): boolean {
  const bytes = [left, right].map((plain) => encodeObject(OBJECT_KINDS.receipt, [plain])) as [
    Uint8Array,
    Uint8Array,
  ]
  return Buffer.compare(...bytes) === 0
}
