// Reading and writing the elements of WebAssembly's binary format (§5.1, §5.2): bytes, LEB128
// integers, lists and sized pieces.

export class WasmReader {
  readonly #bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length
  }

  byte(): number {
    return this.#bytes[this.at++] as number
  }

  skip(count: number): void {
    this.at += count
  }

  /** An unsigned LEB128 integer below 2^53. */
  unsigned(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte()
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }

  /** Reads past a signed LEB128 integer or a block's type. */
  signed(): void {
    while (this.byte() >= 128);
  }

  pair(): void {
    this.unsigned()
    this.unsigned()
  }

  /** The depths that a table of branches goes to, the default one last. */
  branchTable(): number[] {
    return [...this.list(() => this.unsigned()), this.unsigned()]
  }

  limits(): void {
    const hasMaximum = this.byte() & 1
    this.unsigned()
    if (hasMaximum) this.unsigned()
  }

  list<T>(read: (reader: WasmReader) => T): T[] {
    const items: T[] = []
    for (let left = this.unsigned(); left > 0; left--) items.push(read(this))
    return items
  }

  /** Bytes that their length stands before. */
  sized(): Uint8Array {
    const length = this.unsigned()
    this.at += length
    return this.#bytes.subarray(this.at - length, this.at)
  }

  rest(): Uint8Array {
    const rest = this.#bytes.subarray(this.at)
    this.at = this.#bytes.length
    return rest
  }
}

export class WasmWriter {
  #bytes = new Uint8Array(1024)
  #length = 0

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  bytes(values: ArrayLike<number>): void {
    this.#reserve(values.length)
    this.#bytes.set(values, this.#length)
    this.#length += values.length
  }

  unsigned(value: number): void {
    for (let left = value; ; left = Math.floor(left / 128)) {
      if (left < 128) return this.byte(left)
      this.byte((left % 128) | 128)
    }
  }

  /** An instruction with one index. */
  indexed(code: number, index: number): void {
    this.byte(code)
    this.unsigned(index)
  }

  sized(content: Uint8Array): void {
    this.unsigned(content.length)
    this.bytes(content)
  }

  get length(): number {
    return this.#length
  }

  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
