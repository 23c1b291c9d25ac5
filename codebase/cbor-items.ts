// What the canonical subset of DAG-CBOR carries (docs/format.md §2), and bytes that are no encoding of it.

import { KnownError } from './errors.ts'
import type { Hash } from './hash.ts'

/** A CBOR link: tag 42 around the CID (v1, dag-cbor, sha2-256) of an object. */
export class Link {
  readonly hash: Hash
  constructor(hash: Hash) {
    this.hash = hash
    Object.freeze(this)
  }
}

/** What the subset can carry. Maps, `-0`, NaN, infinities and lone surrogates are spelt as arrays one level above. */
export type Plain = null | boolean | number | string | Uint8Array | Link | readonly Plain[]

/** Bytes that are not the canonical encoding of anything. */
export class MalformedObjectError extends KnownError {
  override readonly name: string = 'MalformedObjectError'
  constructor(
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    { code = 'malformed-object', hint = 'whoever wrote these bytes is damaged or lying' } = {},
  ) {
    super('input', code, message, { hint, details })
  }
}
