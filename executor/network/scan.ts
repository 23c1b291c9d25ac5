// A gate before cbor-x: one pass over bytes from a peer that allocates nothing in
// proportion to what they claim. Lets through the CBOR of RFC 8949 with definite
// lengths and without tags: integers, 64-bit floats, bytes, UTF-8 text, lists, maps
// with distinct text keys, booleans and null.

import { isUtf8 } from 'node:buffer'

export interface ScanBounds {
  readonly maxBytes: number
  /** Lists and maps inside each other; the outermost has depth 1. */
  readonly maxDepth: number
  /** Scalars, lists, maps and keys together. */
  readonly maxItems: number
}

/** Bytes that the scanner does not let through. */
export class ScanError extends Error {
  override readonly name = 'ScanError'
}

/** Returns `bytes` when they are exactly one item within `bounds`. @throws ScanError */
export function scanCbor(bytes: Uint8Array, bounds: ScanBounds): Uint8Array {
  if (bytes.length > bounds.maxBytes)
    throw new ScanError(`${bytes.length} bytes, expected at most ${bounds.maxBytes}`)
  const scanner = new Scanner(bytes, bounds)
  scanner.item(1)
  scanner.end()
  return bytes
}

const UNSIGNED = 0
const NEGATIVE = 1
const BYTES = 2
const TEXT = 3
const LIST = 4
const MAP = 5
const TAG = 6
const MAX_KEY_BYTES = 64

class Scanner {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #bounds: ScanBounds
  #at = 0
  #items = 0

  constructor(bytes: Uint8Array, bounds: ScanBounds) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#bounds = bounds
  }

  item(depth: number): void {
    const [major, argument] = this.#head()
    switch (major) {
      case UNSIGNED:
      case NEGATIVE:
        return
      case BYTES:
        this.#take(argument)
        return
      case TEXT:
        this.#text(argument)
        return
      case LIST:
        this.#enter(argument, depth)
        for (let index = 0; index < argument; index++) this.item(depth + 1)
        return
      case MAP:
        this.#map(argument, depth)
        return
    }
  }

  end(): void {
    if (this.#at !== this.#bytes.length) this.#fail('bytes after the end')
  }

  /** Major type and argument of the next item; of a simple value or float only the major type. */
  #head(): readonly [major: number, argument: number] {
    if (++this.#items > this.#bounds.maxItems) this.#fail(`more than ${this.#bounds.maxItems} items`)
    const head = this.#take(1)[0] as number
    const major = head >> 5
    const low = head & 31
    if (major === TAG) this.#fail('a tag')
    if (major > TAG) return [major, this.#simple(low)]
    if (low < 24) return [major, low]
    if (low > 27) this.#fail('an indefinite length')
    return [major, this.#argument(low)]
  }

  #argument(low: number): number {
    const start = this.#at
    this.#take(1 << (low - 24))
    if (low === 24) return this.#view.getUint8(start)
    if (low === 25) return this.#view.getUint16(start)
    if (low === 26) return this.#view.getUint32(start)
    const argument = this.#view.getBigUint64(start)
    if (argument > Number.MAX_SAFE_INTEGER) this.#fail(`the number ${argument}`)
    return Number(argument)
  }

  /** false, true, null (20 to 22) and 64-bit floats (27). */
  #simple(low: number): number {
    if (low === 27) this.#take(8)
    else if (low < 20 || low > 22) this.#fail(`the simple value or short float ${low}`)
    return 0
  }

  #map(size: number, depth: number): void {
    this.#enter(size, depth)
    const keys = new Set<string>()
    for (let index = 0; index < size; index++) {
      const [major, length] = this.#head()
      if (major !== TEXT || length > MAX_KEY_BYTES) this.#fail('a key that is no short text')
      const key = Buffer.from(this.#text(length)).toString()
      // cbor-x would let the last of two equal keys win, and rename this one.
      if (keys.has(key) || key === '__proto__') this.#fail(`the key ${JSON.stringify(key)}`)
      keys.add(key)
      this.item(depth + 1)
    }
  }

  /** Each item takes a byte at least, so a count beyond the bytes that are left is refused before any work. */
  #enter(count: number, depth: number): void {
    if (depth > this.#bounds.maxDepth) this.#fail(`more than ${this.#bounds.maxDepth} levels`)
    if (count > this.#bytes.length - this.#at) this.#fail('an early end')
  }

  #text(length: number): Uint8Array {
    const text = this.#take(length)
    if (!isUtf8(text)) this.#fail('text that is not UTF-8')
    return text
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) this.#fail('an early end')
    return this.#bytes.subarray(this.#at, (this.#at += length))
  }

  #fail(found: string): never {
    throw new ScanError(`${found} at byte ${this.#at}`)
  }
}
