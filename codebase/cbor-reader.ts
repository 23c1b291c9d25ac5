// Reads the canonical subset of DAG-CBOR (docs/format.md §2) item by item, and accepts no other spelling
// than the one that CborWriter has for each. Trusts nothing that it reads.

import { Link, MalformedObjectError, type Plain } from './cbor-items.ts'
import { hashFromDigest } from './hash.ts'
import type { DecodeBounds } from './limits.ts'

/** First bytes of a link after its tag: a 37-byte string, the identity multibase, CIDv1, dag-cbor, sha2-256, 32 bytes. */
const LINK_HEAD = Uint8Array.of(0x58, 0x25, 0x00, 0x01, 0x71, 0x12, 0x20)

/** Text of at most as many units is looked at one by one; the engine copies such pieces of a larger text. */
const SHORT_TEXT = 12
/** Bytes from which on it pays to have all of them as one text. */
const MANY_BYTES = 1024
/** The least integers that take 1, 2 and 4 bytes. */
const SHORTEST: readonly number[] = [24, 0x100, 0x1_0000]

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads one item after another, refusing every spelling that CborWriter does not produce. */
export class CborReader {
  /** Items that follow and belong to the array which next() has just returned; 0 when it returned no array or an empty one. */
  arrayLength = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #bounds: DecodeBounds
  #at = 0
  #items = 0
  /** All bytes as one text of as many units, once there are many and short texts in them. */
  #latin: string | undefined

  constructor(bytes: Uint8Array, bounds: DecodeBounds) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#bounds = bounds
    if (bytes.length > bounds.maxBytes)
      this.fail(`${bytes.length} bytes, expected at most ${bounds.maxBytes}`)
  }

  /** The next item; of an array only its beginning, an empty list for the caller to fill with `arrayLength` items. */
  next(): Plain {
    this.#count()
    this.arrayLength = 0
    const head = this.#byte()
    switch (head >> 5) {
      case 0:
        return this.#argument(head)
      case 1:
        return this.#negative(head)
      case 2:
        return this.#take(this.#argument(head)).slice()
      case 3:
        return this.#text(this.#argument(head))
      case 4:
        return this.#array(this.#argument(head))
      case 6:
        return this.#link(head)
      case 7:
        return this.#simple(head)
      default:
        return this.fail('a map, expected arrays only')
    }
  }

  /** Reads the beginning of an array: how many items follow that belong to it; -1, with nothing read, where there is none. */
  array(): number {
    const head = this.#bytes[this.#at] as number
    if (head >> 5 !== 4) return -1
    this.#count()
    this.#at++
    const length = this.#argument(head)
    this.#checkLength(length)
    return length
  }

  /** Reads past the next item, of an array only past its beginning; the link, if it is one. */
  link(): Link | undefined {
    const major = (this.#bytes[this.#at] as number) >> 5
    this.arrayLength = 0
    if (major === 4) this.arrayLength = this.array()
    else if (major === 3) this.#skipText()
    else {
      const item = this.next()
      if (item instanceof Link) return item
    }
    return undefined
  }

  /** Reads null; false, with nothing read, where something else stands. */
  null(): boolean {
    if (this.#bytes[this.#at] !== 0xf6) return false
    this.#count()
    this.#at++
    return true
  }

  /** Where the next item begins. */
  get at(): number {
    return this.#at
  }

  /** Whether the next item is text that is spelt as the bytes from `start` to `end`, which were read before; it has been read then. */
  isSame(start: number, end: number): boolean {
    const bytes = this.#bytes
    const shift = this.#at - start
    for (let at = start; at < end; at++) if (bytes[at + shift] !== bytes[at]) return false
    this.#count()
    this.#at = end + shift
    return true
  }

  /** Adds the numbers that come next to `items`, at most `most` of them, and leaves what is odd to next(). */
  numbers(items: unknown[], most: number): void {
    const bytes = this.#bytes
    const left = Math.min(most, this.#bounds.maxItems - this.#items)
    let at = this.#at
    let count = 0
    for (; count < left; count++) {
      const head = bytes[at] as number
      if (head < 24) {
        items.push(head)
        at++
        continue
      }
      const size = sizeAfter(head)
      if (size < 0 || at + size >= bytes.length) break
      const number = this.#plainNumber(head, at + 1)
      if (number === undefined) break
      items.push(number)
      at += 1 + size
    }
    this.#at = at
    this.#items += count
  }

  /** The number whose first byte is `head`; undefined when it is not in its shortest spelling, or very large. */
  #plainNumber(head: number, at: number): number | undefined {
    const view = this.#view
    if (head === 0xfb) {
      const value = view.getFloat64(at)
      return Number.isFinite(value) && !Object.is(value, -0) && !Number.isSafeInteger(value)
        ? value
        : undefined
    }
    const size = head & 31
    const argument =
      size < 24
        ? size
        : size === 24
          ? view.getUint8(at)
          : size === 25
            ? view.getUint16(at)
            : view.getUint32(at)
    if (size >= 24 && argument < (SHORTEST[size - 24] as number)) return undefined
    return head < 0x20 ? argument : -1 - argument
  }

  /** Checks that nothing follows. */
  end(): void {
    if (this.#at !== this.#bytes.length) this.fail(`${this.#bytes.length - this.#at} bytes too many`)
  }

  fail(problem: string): never {
    throw new MalformedObjectError(`Cannot decode object: ${problem} (at byte ${this.#at})`, {
      offset: this.#at,
    })
  }

  #count(): void {
    if (++this.#items > this.#bounds.maxItems) this.fail(`more than ${this.#bounds.maxItems} items`)
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) this.fail('it ends too early')
    this.#at++
    return byte
  }

  /** Goes past bytes that are there, and tells where they begin. */
  #skip(length: number): number {
    const start = this.#at
    if (start + length > this.#bytes.length) this.fail('it ends too early')
    this.#at = start + length
    return start
  }

  #take(length: number): Uint8Array {
    const start = this.#skip(length)
    return this.#bytes.subarray(start, this.#at)
  }

  /** The integer in or after a head, which must be in its shortest spelling and at most 2^53 - 1. */
  #argument(head: number): number {
    const size = head & 31
    if (size < 24) return size
    if (size > 27) this.fail('an indefinite or reserved length')
    const at = this.#skip(1 << (size - 24))
    if (size === 24) return this.#atLeast(24, this.#view.getUint8(at))
    if (size === 25) return this.#atLeast(0x100, this.#view.getUint16(at))
    if (size === 26) return this.#atLeast(0x1_0000, this.#view.getUint32(at))
    const high = this.#view.getUint32(at)
    if (high > 0x1f_ffff) this.fail('an integer beyond 2^53 - 1')
    return this.#atLeast(0x1_0000_0000, high * 0x1_0000_0000 + this.#view.getUint32(at + 4))
  }

  #atLeast(least: number, value: number): number {
    if (value < least) this.fail('an integer that is not in its shortest spelling')
    return value
  }

  #negative(head: number): number {
    const value = -1 - this.#argument(head)
    if (!Number.isSafeInteger(value)) this.fail('an integer below -(2^53 - 1)')
    return value
  }

  #text(length: number): string {
    const start = this.#skip(length)
    const end = this.#at
    if (length <= SHORT_TEXT && isAsciiIn(this.#bytes, start, end)) return this.#short(start, end)
    return decodeText(this.#bytes.subarray(start, end), this)
  }

  #skipText(): void {
    const start = this.#at
    this.#count()
    this.#at++
    const length = this.#argument(this.#bytes[start] as number)
    const text = this.#take(length)
    if (!isAsciiIn(text, 0, length)) decodeText(text, this)
  }

  /** Short ASCII text, for which calling the platform's decoder would cost more than decoding. */
  #short(start: number, end: number): string {
    const bytes = this.#bytes
    if (bytes.length < MANY_BYTES) {
      let text = ''
      for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] as number)
      return text
    }
    // A piece as short as this is copied by the engine, and does not hold on to the whole.
    this.#latin ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    return this.#latin.slice(start, end)
  }

  #array(length: number): Plain[] {
    this.#checkLength(length)
    this.arrayLength = length
    return []
  }

  /** Every item takes a byte at least: no memory is promised to a length that cannot be true. */
  #checkLength(length: number): void {
    if (length > this.#bytes.length - this.#at) this.fail('it ends too early')
  }

  #link(head: number): Link {
    if (head !== 0xd8 || this.#byte() !== 42) this.fail('a tag other than 42')
    const bytes = this.#take(39)
    if (LINK_HEAD.some((byte, index) => bytes[index] !== byte))
      this.fail('a link that is not to a dag-cbor object by SHA-256')
    return new Link(hashFromDigest(bytes.subarray(7)))
  }

  #simple(head: number): Plain {
    if (head === 0xf4) return false
    if (head === 0xf5) return true
    if (head === 0xf6) return null
    if (head !== 0xfb) this.fail('a simple value or a float that is not 64 bits wide')
    const value = this.#view.getFloat64(this.#skip(8))
    if (!Number.isFinite(value) || Object.is(value, -0) || Number.isSafeInteger(value))
      this.fail(`${Object.is(value, -0) ? '-0' : value} as a float`)
    return value
  }
}

function decodeText(bytes: Uint8Array, reader: CborReader): string {
  try {
    return decoder.decode(bytes)
  } catch {
    return reader.fail('text that is not UTF-8')
  }
}

function isAsciiIn(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] as number) > 127) return false
  return true
}

/** Bytes behind the head of a number; -1 for what is none, and for integers of 64 bits. */
function sizeAfter(head: number): number {
  if (head === 0xfb) return 8
  if (head > 0x3a) return -1
  const size = head & 31
  return size < 24 ? 0 : size < 27 ? 1 << (size - 24) : -1
}
