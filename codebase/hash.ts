// Hashes and references: the only file that makes a Hash, and the only place
// where bytes are held against the hash they were asked for under.

import { KnownError } from './errors.ts'
import { sha256 } from './sha256.ts'

declare const hashBrand: unique symbol

/** SHA-256 of an object's bytes as 52 characters of lowercase base32 (RFC 4648 §6, no padding). */
export type Hash = string & { readonly [hashBrand]: true }

/** A member of a component. `index` counts the component's members from 0. */
export interface Reference {
  readonly hash: Hash
  readonly index: number
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
/** By the code of a character; 0 for what is no digit. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) =>
  Math.max(ALPHABET.indexOf(String.fromCharCode(code)), 0),
)
/** 256 bits make 51 full characters and one bit, so the last character is `a` or `q`. */
const HASH = /^[a-z2-7]{51}[aq]$/
const REFERENCE = /^([a-z2-7]{51}[aq])(?:\.(0|[1-9]\d{0,5}))?$/

/** Characters of a hash that people are shown. */
export const SHORT_HASH_LENGTH = 10

/** Hash of an object's canonical bytes. */
export function hashObject(object: Uint8Array): Hash {
  return hashFromDigest(sha256(object))
}

/** SHA-256 of `text` as UTF-8, spelt as a hash is; of text that is no object. */
export function digestText(text: string): string {
  return hashObject(new TextEncoder().encode(text))
}

/** The hash whose SHA-256 digest is `digest` (32 bytes). @throws RangeError for any other length */
export function hashFromDigest(digest: Uint8Array): Hash {
  if (digest.length !== 32) throw new RangeError(`Cannot make a hash: ${digest.length} bytes, expected 32`)
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of digest) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(value >>> bits) & 31]
    }
    value &= 255
  }
  return (text + ALPHABET[(value << (5 - bits)) & 31]) as Hash
}

/** The SHA-256 digest (32 bytes) that `hash` spells. */
export function digestOfHash(hash: Hash): Uint8Array {
  const digest = new Uint8Array(32)
  let at = 0
  let bits = 0
  let value = 0
  for (let index = 0; index < hash.length; index++) {
    value = ((value << 5) | (DIGITS[hash.charCodeAt(index)] ?? 0)) & 0xfff
    bits += 5
    if (bits >= 8 && at < 32) {
      bits -= 8
      digest[at++] = (value >>> bits) & 255
    }
  }
  return digest
}

/** Bytes that were asked for under one hash and have another. */
export class HashMismatchError extends KnownError {
  override readonly name = 'HashMismatchError'
  constructor(expected: Hash, actual: Hash) {
    super(
      'input',
      'hash-mismatch',
      `Cannot accept object: bytes hash to ${formatHash(actual)}, expected ${formatHash(expected)}`,
      {
        hint: 'the store or the peer that sent it is damaged or lying; `ucm verify` checks the store',
        details: { expected, actual },
      },
    )
  }
}

/** Returns `object` when its hash is `hash`: the check before every decode. @throws HashMismatchError */
export function verifyObject(hash: Hash, object: Uint8Array): Uint8Array {
  const actual = hashObject(object)
  if (actual !== hash) throw new HashMismatchError(hash, actual)
  return object
}

export function isHash(text: unknown): text is Hash {
  return typeof text === 'string' && HASH.test(text)
}

/** @throws TypeError when `text` is not 52 characters of canonical base32 */
export function parseHash(text: string): Hash {
  if (!isHash(text))
    throw new TypeError(
      `Cannot parse hash: ${JSON.stringify(text)}, expected 52 characters of lowercase base32`,
    )
  return text
}

/** As people are shown a hash: `#k3f9ac42xy`. */
export function formatHash(hash: Hash): string {
  return `#${hash.slice(0, SHORT_HASH_LENGTH)}`
}

/** Parses `52chars` or `52chars.N`. @throws TypeError for anything else */
export function parseReference(text: string): Reference {
  const match = REFERENCE.exec(text)
  if (!match)
    throw new TypeError(
      `Cannot parse reference: ${JSON.stringify(text)}, expected 52 characters of base32 and perhaps .N`,
    )
  return { hash: match[1] as Hash, index: Number(match[2] ?? 0) }
}

/** The whole reference as text: the bare hash for index 0, else `52chars.N`. Two references are equal exactly when these are. */
export function referenceText(reference: Reference): string {
  return reference.index === 0 ? reference.hash : `${reference.hash}.${reference.index}`
}

/** As people are shown a reference: `#k3f9ac42xy` or `#k3f9ac42xy.1`. */
export function formatReference(reference: Reference): string {
  return reference.index === 0
    ? formatHash(reference.hash)
    : `${formatHash(reference.hash)}.${reference.index}`
}
