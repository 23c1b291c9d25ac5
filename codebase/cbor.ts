// The canonical subset of DAG-CBOR that every hashed byte is written in: one
// encoding per value, and a decoder that accepts no other (docs/format.md §2).
// Neither recurses, so that no input can exhaust the stack. Trusts nothing it reads.

import { CborWriter } from './cbor-writer.ts'
import { KnownError } from './errors.ts'
import { type Hash, hashFromDigest } from './hash.ts'
import { type DecodeBounds, OBJECT_BOUNDS } from './limits.ts'

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

/** First bytes of a link after its tag: a 37-byte string, the identity multibase, CIDv1, dag-cbor, sha2-256, 32 bytes. */
const LINK_HEAD = Uint8Array.of(0x58, 0x25, 0x00, 0x01, 0x71, 0x12, 0x20)

/** The one encoding of `value`; `check` may refuse it before it is handed out. @throws TypeError for what the subset cannot carry */
export function encodePlain(value: Plain, check?: (written: CborWriter) => void): Uint8Array {
  const writer = new CborWriter()
  const path: { readonly items: readonly Plain[]; next: number }[] = []
  let item: Plain | undefined = value
  for (;;) {
    if (Array.isArray(item)) {
      writer.array(item.length)
      path.push({ items: item, next: 0 })
    } else {
      writeScalar(writer, item as Exclude<Plain, readonly Plain[]>)
    }
    let top = path.at(-1)
    while (top && top.next === top.items.length) {
      path.pop()
      top = path.at(-1)
    }
    if (!top) {
      check?.(writer)
      return writer.finish()
    }
    item = top.items[top.next++]
  }
}

function writeScalar(writer: CborWriter, item: Exclude<Plain, readonly Plain[]>): void {
  if (typeof item === 'string') writer.text(item)
  else if (typeof item === 'number') writer.number(item)
  else if (typeof item === 'boolean') writer.boolean(item)
  else if (item === null) writer.null()
  else if (item instanceof Uint8Array) writer.bytes(item)
  else if (item instanceof Link) writer.link(item.hash)
  else
    throw new TypeError(
      `Cannot encode ${typeof item}, expected null, boolean, number, text, bytes, link or array`,
    )
}

/** The value that `bytes` are the encoding of. @throws MalformedObjectError for every other spelling, and beyond `bounds` */
export function decodePlain(bytes: Uint8Array, bounds: DecodeBounds = OBJECT_BOUNDS): Plain {
  const reader = new CborReader(bytes, bounds)
  const path: { readonly items: Plain[]; missing: number }[] = []
  for (;;) {
    let item: Plain = reader.next()
    if (reader.arrayLength > 0) {
      if (path.length + 1 > bounds.maxDepth)
        reader.fail(`more than ${bounds.maxDepth} arrays inside each other`)
      path.push({ items: item as Plain[], missing: reader.arrayLength })
      continue
    }
    for (;;) {
      const top = path.at(-1)
      if (!top) {
        reader.end()
        return item
      }
      top.items.push(item)
      if (--top.missing > 0) break
      item = top.items
      path.pop()
    }
  }
}

/** Hashes of every object that `object` links to, each once, in order of first occurrence, whatever its kind. @throws MalformedObjectError */
export function linksOf(object: Uint8Array): Hash[] {
  const links = new Set<Hash>()
  const reader = new CborReader(object, OBJECT_BOUNDS)
  for (let missing = 1; missing > 0; missing += reader.arrayLength - 1) {
    const item = reader.next()
    if (item instanceof Link) links.add(item.hash)
  }
  reader.end()
  return [...links]
}

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

  constructor(bytes: Uint8Array, bounds: DecodeBounds) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#bounds = bounds
    if (bytes.length > bounds.maxBytes)
      this.fail(`${bytes.length} bytes, expected at most ${bounds.maxBytes}`)
  }

  /** The next item; of an array only its beginning, an empty list for the caller to fill with `arrayLength` items. */
  next(): Plain {
    if (++this.#items > this.#bounds.maxItems) this.fail(`more than ${this.#bounds.maxItems} items`)
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

  /** Checks that nothing follows. */
  end(): void {
    if (this.#at !== this.#bytes.length) this.fail(`${this.#bytes.length - this.#at} bytes too many`)
  }

  fail(problem: string): never {
    throw new MalformedObjectError(`Cannot decode object: ${problem} (at byte ${this.#at})`, {
      offset: this.#at,
    })
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) this.fail('it ends too early')
    this.#at++
    return byte
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) this.fail('it ends too early')
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  /** The integer in or after a head, which must be in its shortest spelling and at most 2^53 - 1. */
  #argument(head: number): number {
    const size = head & 31
    if (size < 24) return size
    if (size > 27) this.fail('an indefinite or reserved length')
    const at = this.#at
    this.#take(1 << (size - 24))
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
    const bytes = this.#take(length)
    if (length < 16) {
      const text = shortAscii(bytes)
      if (text !== undefined) return text
    }
    try {
      return decoder.decode(bytes)
    } catch {
      return this.fail('text that is not UTF-8')
    }
  }

  #array(length: number): Plain[] {
    // Every item takes a byte at least: no memory is promised to a length that cannot be true.
    if (length > this.#bytes.length - this.#at) this.fail('it ends too early')
    this.arrayLength = length
    return []
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
    this.#take(8)
    const value = this.#view.getFloat64(this.#at - 8)
    if (!Number.isFinite(value) || Object.is(value, -0) || Number.isSafeInteger(value))
      this.fail(`${Object.is(value, -0) ? '-0' : value} as a float`)
    return value
  }
}

/** Short ASCII text, for which calling the platform's decoder would cost more than decoding. */
function shortAscii(bytes: Uint8Array): string | undefined {
  let text = ''
  for (const byte of bytes) {
    if (byte > 127) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}
