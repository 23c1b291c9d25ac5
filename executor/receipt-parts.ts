// The parts of a receipt, held against docs/format.md §8 one by one: receipts come from
// other peers, and what is read of them is believed to be of its type.

import { decodeObject, KnownError, Link, OBJECT_KINDS, type Plain, type Reference } from '#codebase'
import type { Limits } from './limits.ts'

export interface ReceiptParts {
  readonly reference: Reference
  /** Digest of the encoded arguments. */
  readonly args: Uint8Array
  readonly limits: Limits
  /** With its value by digest. */
  readonly outcome: readonly Plain[]
  readonly effectLog: Uint8Array | null
  readonly fuel: number
  readonly engine: string
  readonly peerId: string
  readonly signature: Uint8Array
  /** All but the signature, which is over the object of these. */
  readonly signed: readonly Plain[]
}

/** @throws MalformedObjectError for an object that is no receipt; KnownError `receipt-invalid` for one of other parts */
export function partsOfReceipt(object: Uint8Array): ReceiptParts {
  const parts = listOf(decodeObject(object, OBJECT_KINDS.receipt), 7)
  const [request, outcome, effectLog, fuel, engine, peerId, signature] = parts
  const [called, args, allow, limits] = listOf(request, 4)
  if (allow !== null) textsOf(allow)
  return {
    reference: referenceOf(called),
    args: digestOf(args),
    limits: limitsOf(limits),
    outcome: outcomeOf(outcome),
    effectLog: effectLog === null ? null : digestOf(effectLog),
    fuel: countOf(fuel),
    engine: textOf(engine),
    peerId: textOf(peerId),
    signature: bytesOf(signature),
    signed: parts.slice(0, -1),
  }
}

export function invalidReceipt(reason: string): KnownError {
  return new KnownError('network', 'receipt-invalid', `Cannot accept receipt: ${reason}`, {
    hint: 'the peer that ran the function is faulty or lying: do not trust its result',
  })
}

function outcomeOf(plain: Plain | undefined): readonly Plain[] {
  const outcome = listOf(plain)
  const [kind, ...rest] = outcome
  switch (kind) {
    case 'value':
      digestOf(listOf(rest, 1)[0])
      return outcome
    case 'failure': {
      checkCause(rest.slice(0, 3))
      if (rest.length === 3) return outcome
      const causes = listOf(listOf(rest, 4)[3])
      if (causes.length === 0) throw otherParts()
      causes.forEach(checkCause)
      return outcome
    }
    case 'limit':
      textOf(listOf(rest, 2)[0])
      countOf(rest[1])
      return outcome
    case 'refused':
      textsOf(listOf(rest, 1)[0])
      return outcome
    default:
      throw otherParts()
  }
}

/** `[name, message, frames]`. */
function checkCause(plain: Plain): void {
  const [name, message, frames] = listOf(plain, 3)
  textOf(name)
  textOf(message)
  for (const frame of listOf(frames)) {
    const [link, index, node] = listOf(frame, 3)
    referenceOf([link ?? null, index ?? null])
    countOf(node, -1)
  }
}

function limitsOf(plain: Plain | undefined): Limits {
  const [fuel, memoryBytes, outputBytes, effects, timeMs] = listOf(plain, 5)
  return {
    fuel: countOf(fuel),
    memoryBytes: countOf(memoryBytes),
    outputBytes: countOf(outputBytes),
    effects: countOf(effects),
    timeMs: countOf(timeMs),
  }
}

function referenceOf(plain: Plain | undefined): Reference {
  const [link, index] = listOf(plain, 2)
  if (!(link instanceof Link)) throw otherParts()
  return { hash: link.hash, index: countOf(index) }
}

function listOf(plain: Plain | undefined, length?: number): readonly Plain[] {
  if (!Array.isArray(plain) || (length !== undefined && plain.length !== length)) throw otherParts()
  return plain
}

function textsOf(plain: Plain | undefined): readonly string[] {
  return listOf(plain).map(textOf)
}

function textOf(plain: Plain | undefined): string {
  if (typeof plain !== 'string') throw otherParts()
  return plain
}

function countOf(plain: Plain | undefined, least = 0): number {
  if (typeof plain !== 'number' || !Number.isSafeInteger(plain) || plain < least) throw otherParts()
  return plain
}

function bytesOf(plain: Plain | undefined): Uint8Array {
  if (!(plain instanceof Uint8Array)) throw otherParts()
  return plain
}

function digestOf(plain: Plain | undefined): Uint8Array {
  const bytes = bytesOf(plain)
  if (bytes.length !== 32) throw otherParts()
  return bytes
}

function otherParts(): KnownError {
  return invalidReceipt('it has other parts than a receipt')
}
