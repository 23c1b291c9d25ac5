// Writes the canonical DAG-CBOR subset of docs/format.md §2 into one growing
// buffer. Callers bring only what the subset can carry; the rest throws.

import { digestOfHash, type Hash } from './hash.ts'

const encoder = new TextEncoder()
/** Text up to this many UTF-16 units is written unit by unit while it is ASCII, which is faster than asking the platform. */
const SHORT_TEXT = 24
/** Before the digest: tag 42, a 37-byte string, the identity multibase, CIDv1, dag-cbor, sha2-256, 32 bytes. */
const LINK_PREFIX = Uint8Array.of(0xd8, 0x2a, 0x58, 0x25, 0x00, 0x01, 0x71, 0x12, 0x20)

/** The buffer of the writer that finished last, for the next one: most objects are small, and there are many. */
let spare: Uint8Array<ArrayBuffer> | undefined
/** A buffer longer than this is let go. */
const MAX_SPARE_BYTES = 1 << 21

function takeBuffer(): Uint8Array<ArrayBuffer> {
  const taken = spare ?? new Uint8Array(1024)
  spare = undefined
  return taken
}

export class CborWriter {
  #bytes = takeBuffer()
  #view = new DataView(this.#bytes.buffer)
  #length = 0
  #items = 0

  /** Scalars and arrays written so far. */
  get items(): number {
    return this.#items
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length
  }

  /** A copy of what was written; the writer is empty afterwards. */
  finish(): Uint8Array {
    const written = this.#bytes.slice(0, this.#length)
    if (this.#bytes.length <= MAX_SPARE_BYTES) spare = this.#bytes
    this.#bytes = new Uint8Array(0)
    this.#view = new DataView(this.#bytes.buffer)
    this.#length = 0
    this.#items = 0
    return written
  }

  /** The beginning of an array; its `length` items are written next. */
  array(length: number): void {
    this.#head(0x80, length)
  }

  null(): void {
    this.#items++
    this.#reserve(1)
    this.#bytes[this.#length++] = 0xf6
  }

  boolean(value: boolean): void {
    this.#items++
    this.#reserve(1)
    this.#bytes[this.#length++] = value ? 0xf5 : 0xf4
  }

  /** Safe integers as integers, every other finite number as a 64-bit float. @throws TypeError for -0, NaN and infinities */
  number(value: number): void {
    if (Number.isSafeInteger(value)) {
      if (value > 0 || Object.is(value, 0)) this.#head(0x00, value)
      else if (value < 0) this.#head(0x20, -1 - value)
      else throw new TypeError('Cannot encode -0, expected it spelt as an array')
      return
    }
    if (!Number.isFinite(value)) throw new TypeError(`Cannot encode ${value}, expected it spelt as an array`)
    this.#items++
    this.#reserve(9)
    this.#bytes[this.#length] = 0xfb
    this.#view.setFloat64(this.#length + 1, value)
    this.#length += 9
  }

  /** @throws TypeError for text with lone surrogates */
  text(value: string): void {
    if (!this.tryText(value))
      throw new TypeError('Cannot encode text with lone surrogates, expected it spelt as an array')
  }

  /** Writes `value` unless it has lone surrogates, and tells which. */
  tryText(value: string): boolean {
    if (value.length <= SHORT_TEXT && this.#shortAscii(value)) return true
    if (!value.isWellFormed()) return false
    // A UTF-16 unit takes at most 3 bytes. The text is written behind the head that its
    // length would have in ASCII, and moved when it turns out to need a wider one.
    this.#reserve(9 + value.length * 3)
    const guess = this.#length + headLength(value.length)
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(guess))
    const start = this.#length + headLength(written)
    if (start !== guess) this.#bytes.copyWithin(start, guess, guess + written)
    this.#head(0x60, written)
    this.#length += written
    return true
  }

  /** Writes the item once more that was written from `start` to `end`. */
  again(start: number, end: number): void {
    this.#items++
    this.#reserve(end - start)
    const bytes = this.#bytes
    let at = this.#length
    for (let from = start; from < end; from++) bytes[at++] = bytes[from] as number
    this.#length = at
  }

  bytes(value: Uint8Array): void {
    this.#head(0x40, value.length)
    this.#append(value)
  }

  link(hash: Hash): void {
    this.#items++
    this.#append(LINK_PREFIX)
    this.#append(digestOfHash(hash))
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Writes `value` when it is ASCII; else leaves everything as it was. */
  #shortAscii(value: string): boolean {
    // Room for the widest head: #head must not move the buffer once text stands behind it.
    this.#reserve(9 + value.length)
    const head = headLength(value.length)
    const start = this.#length + head
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index)
      if (unit > 127) return false
      this.#bytes[start + index] = unit
    }
    this.#head(0x60, value.length)
    this.#length = start + value.length
    return true
  }

  /** Major type in the upper three bits, then `argument` in its shortest spelling. */
  #head(major: number, argument: number): void {
    this.#items++
    this.#reserve(9)
    const at = this.#length
    this.#length += headLength(argument)
    if (argument < 24) {
      this.#bytes[at] = major | argument
    } else if (argument < 0x100) {
      this.#bytes[at] = major | 24
      this.#bytes[at + 1] = argument
    } else if (argument < 0x1_0000) {
      this.#bytes[at] = major | 25
      this.#view.setUint16(at + 1, argument)
    } else if (argument < 0x1_0000_0000) {
      this.#bytes[at] = major | 26
      this.#view.setUint32(at + 1, argument)
    } else {
      this.#bytes[at] = major | 27
      this.#view.setUint32(at + 1, Math.floor(argument / 0x1_0000_0000))
      this.#view.setUint32(at + 5, argument >>> 0)
    }
  }

  #reserve(extra: number): void {
    const needed = this.#length + extra
    if (needed <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, needed))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}

function headLength(argument: number): number {
  if (argument < 24) return 1
  if (argument < 0x100) return 2
  if (argument < 0x1_0000) return 3
  return argument < 0x1_0000_0000 ? 5 : 9
}
