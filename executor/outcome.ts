// Outcomes: what came of a request, and their plain form in memos and receipts.

import {
  decodeValue,
  digestOfHash,
  encodeValue,
  hashObject,
  InvariantError,
  Link,
  type Plain,
  type Reference,
  type Value,
} from '#codebase'
import type { LimitName } from './limits.ts'

/** A place in a definition; the caller turns it into a line of the author's file. */
export interface Frame {
  readonly reference: Reference
  /** Ordinal of the node in walkMember order; -1 when it is not known. */
  readonly node: number
}

export interface Failure {
  readonly kind: 'failure'
  readonly error: FailureCause & {
    /** What it was caused by, the nearest first; absent when nothing is known of that. */
    readonly causes?: readonly FailureCause[]
  }
}

/** Something that was thrown. */
export interface FailureCause {
  readonly name: string
  readonly message: string
  /** Where, innermost first. */
  readonly frames: readonly Frame[]
}

export type Outcome =
  | { readonly kind: 'value'; readonly value: Value }
  | Failure
  | { readonly kind: 'limit'; readonly limit: LimitName; readonly allowed: number }
  | { readonly kind: 'refused'; readonly missing: readonly string[] }

export function failureOf(
  name: string,
  message: string,
  frames: readonly Frame[] = [],
  causes: readonly FailureCause[] = [],
): Failure {
  return { kind: 'failure', error: { name, message, frames, ...(causes.length > 0 && { causes }) } }
}

/** Encoded values of outcomes that this process has just made. */
const encodedValues = new WeakMap<Outcome, Uint8Array>()

/** The outcome of a guest that gave a value. @throws ValueError for what is none */
export function valueOutcome(value: Value): Outcome {
  const outcome: Outcome = { kind: 'value', value }
  encodedValues.set(outcome, encodeValue(value))
  return outcome
}

/** The outcome of a guest that gave these bytes, which were decoded to this value. */
export function decodedOutcome(bytes: Uint8Array, value: Value): Outcome {
  const outcome: Outcome = { kind: 'value', value }
  encodedValues.set(outcome, bytes) // decoding takes the one encoding of a value only
  return outcome
}

/** The plain form of an outcome, with its value whole, or only the digest of its value. */
export function plainOfOutcome(outcome: Outcome, value: 'whole' | 'digest'): Plain {
  switch (outcome.kind) {
    case 'value': {
      const bytes = encodedValues.get(outcome) ?? encodeValue(outcome.value)
      return ['value', value === 'whole' ? bytes : digestOf(bytes)]
    }
    case 'failure': {
      const { causes, ...error } = outcome.error
      return ['failure', ...plainOfCause(error), ...(causes ? [causes.map(plainOfCause)] : [])]
    }
    case 'limit':
      return ['limit', outcome.limit, outcome.allowed]
    case 'refused':
      return ['refused', [...outcome.missing]]
  }
}

/** The outcome of a plain form that this process wrote, with its value whole. */
export function outcomeOfPlain(plain: Plain): Outcome {
  const [kind, ...rest] = plain as readonly Plain[]
  if (kind === 'value') {
    const bytes = rest[0] as Uint8Array
    return decodedOutcome(bytes, decodeValue(bytes))
  }
  if (kind !== 'failure') throw new InvariantError(`Cannot read an outcome of kind ${String(kind)}`)
  const [name, message, frames, causes = []] = rest as readonly unknown[] as readonly [
    ...PlainCause,
    causes?: readonly PlainCause[],
  ]
  const error = causeOfPlain([name, message, frames])
  return failureOf(error.name, error.message, error.frames, causes.map(causeOfPlain))
}

type PlainFrame = readonly [link: Link, index: number, node: number]
type PlainCause = readonly [name: string, message: string, frames: readonly PlainFrame[]]

function plainOfCause({ name, message, frames }: FailureCause): PlainCause {
  return [name, message, frames.map(({ reference, node }) => [...plainOfReference(reference), node] as const)]
}

function causeOfPlain([name, message, frames]: PlainCause): FailureCause {
  return {
    name,
    message,
    frames: frames.map(([{ hash }, index, node]) => ({ reference: { hash, index }, node })),
  }
}

export function plainOfReference({ hash, index }: Reference): readonly [Link, number] {
  return [new Link(hash), index]
}

/** SHA-256 of `bytes`, 32 bytes. */
export function digestOf(bytes: Uint8Array): Uint8Array {
  return digestOfHash(hashObject(bytes))
}
