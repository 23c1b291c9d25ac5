// Items of the canonical encoding (docs/format.md §2), written into a buffer that is used again. Belongs
// to workers, which load nothing of the codebase; whoever gets the bytes decodes them and trusts nothing.

import { isAscii } from 'node:buffer'

/** The buffer of the sink that was used last. */
let spare: Buffer | undefined
/** A buffer longer than this is let go. */
const MAX_SPARE_BYTES = 1 << 22
const FIRST_BYTES = 1 << 12
/** Text of up to as many bytes is looked at one by one. */
const SHORT_TEXT = 32

export class ByteSink {
  /** Bytes written, and such as were not written because they are too many. */
  length = 0
  /** Items written. */
  items = 0
  #buffer: Buffer

  constructor() {
    this.#buffer = spare ?? Buffer.allocUnsafeSlow(FIRST_BYTES)
    spare = undefined
  }

  /** A copy of what was written; nothing is written any more. */
  taken(): Uint8Array {
    const written = new Uint8Array(this.#buffer.subarray(0, this.length))
    if (this.#buffer.length <= MAX_SPARE_BYTES) spare = this.#buffer
    return written
  }

  /** One item of one byte. */
  byte(byte: number): void {
    this.items++
    this.#reserve(1)
    this.#buffer[this.length++] = byte
  }

  /** The beginning of a value that is encoded as an array: its tag; `count` items follow. */
  tagged(tag: number, count: number): void {
    this.#head(0x80, count + 1)
    this.byte(tag)
  }

  /** A safe integer. */
  integer(value: number): void {
    if (value >= 0) this.#head(0, value)
    else this.#head(0x20, -1 - value)
  }

  float(value: number): void {
    this.items++
    this.#reserve(9)
    this.#buffer[this.length] = 0xfb
    this.#buffer.writeDoubleBE(value, this.length + 1)
    this.length += 9
  }

  /** Text in Latin-1. */
  latin(from: Uint8Array, start: number, count: number): void {
    if (count > SHORT_TEXT) return this.#longLatin(from, start, count)
    this.#reserve(9 + count)
    const buffer = this.#buffer
    const at = this.length + headLength(count)
    let bits = 0
    for (let index = 0; index < count; index++) {
      const unit = from[start + index] as number
      bits |= unit
      buffer[at + index] = unit
    }
    // What was written behind the head stays there when there is no more to it.
    if (bits > 127)
      return this.text(Buffer.from(from.buffer, from.byteOffset + start, count).toString('latin1'))
    this.#head(0x60, count)
    this.length = at + count
  }

  #longLatin(from: Uint8Array, start: number, count: number): void {
    const units = Buffer.from(from.buffer, from.byteOffset + start, count)
    if (!isAscii(units)) return this.text(units.toString('latin1'))
    this.#head(0x60, count)
    this.#append(units)
  }

  text(text: string): void {
    const count = Buffer.byteLength(text)
    this.#head(0x60, count)
    this.#reserve(count)
    this.length += this.#buffer.write(text, this.length)
  }

  bytes(bytes: Uint8Array): void {
    this.#head(0x40, bytes.length)
    this.#append(bytes)
  }

  /** One item that is encoded already. */
  encoded(item: Uint8Array): void {
    this.items++
    this.#reserve(item.length)
    const at = this.length
    for (let index = 0; index < item.length; index++) this.#buffer[at + index] = item[index] as number
    this.length = at + item.length
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.length)
    this.length += bytes.length
  }

  /** Major type in the upper three bits, then `argument` in its shortest spelling. */
  #head(major: number, argument: number): void {
    this.items++
    this.#reserve(9)
    const buffer = this.#buffer
    const at = this.length
    if (argument < 24) {
      buffer[at] = major | argument
      this.length = at + 1
    } else if (argument < 0x100) {
      buffer[at] = major | 24
      buffer[at + 1] = argument
      this.length = at + 2
    } else if (argument < 0x1_0000) {
      buffer[at] = major | 25
      buffer[at + 1] = argument >> 8
      buffer[at + 2] = argument
      this.length = at + 3
    } else if (argument < 0x1_0000_0000) {
      buffer[at] = major | 26
      this.length = buffer.writeUInt32BE(argument, at + 1)
    } else {
      buffer[at] = major | 27
      buffer.writeUInt32BE(Math.floor(argument / 0x1_0000_0000), at + 1)
      this.length = buffer.writeUInt32BE(argument % 0x1_0000_0000, at + 5)
    }
  }

  #reserve(extra: number): void {
    const needed = this.length + extra
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, needed))
    this.#buffer.copy(larger, 0, 0, this.length)
    this.#buffer = larger
  }
}

/** Bytes that the head of a text of so many takes. */
function headLength(count: number): number {
  return count < 24 ? 1 : 2
}

/** One text, encoded. */
export function encodedText(text: string): Uint8Array {
  const sink = new ByteSink()
  sink.text(text)
  return sink.taken()
}
