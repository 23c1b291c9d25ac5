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
  readonly error: { readonly name: string; readonly message: string; readonly frames: readonly Frame[] }
}

export type Outcome =
  | { readonly kind: 'value'; readonly value: Value }
  | Failure
  | { readonly kind: 'limit'; readonly limit: LimitName; readonly allowed: number }
  | { readonly kind: 'refused'; readonly missing: readonly string[] }

export function failureOf(name: string, message: string, frames: readonly Frame[] = []): Failure {
  return { kind: 'failure', error: { name, message, frames } }
}

/** The plain form of an outcome, with its value whole, or only the digest of its value. */
export function plainOfOutcome(outcome: Outcome, value: 'whole' | 'digest'): Plain {
  switch (outcome.kind) {
    case 'value': {
      const bytes = encodeValue(outcome.value)
      return ['value', value === 'whole' ? bytes : digestOf(bytes)]
    }
    case 'failure': {
      const { name, message, frames } = outcome.error
      return [
        'failure',
        name,
        message,
        frames.map(({ reference, node }) => [...plainOfReference(reference), node]),
      ]
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
  if (kind === 'value') return { kind, value: decodeValue(rest[0] as Uint8Array) }
  if (kind !== 'failure') throw new InvariantError(`Cannot read an outcome of kind ${String(kind)}`)
  const [name, message, frames] = rest as readonly unknown[] as readonly [
    string,
    string,
    readonly PlainFrame[],
  ]
  return failureOf(
    name,
    message,
    frames.map(([{ hash }, index, node]) => ({ reference: { hash, index }, node })),
  )
}

type PlainFrame = readonly [link: Link, index: number, node: number]

export function plainOfReference({ hash, index }: Reference): readonly [Link, number] {
  return [new Link(hash), index]
}

/** SHA-256 of `bytes`, 32 bytes. */
export function digestOf(bytes: Uint8Array): Uint8Array {
  return digestOfHash(hashObject(bytes))
}
