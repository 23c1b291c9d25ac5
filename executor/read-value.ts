// Plain data read from the engine's memory as canonical bytes (docs/format.md §5), without running
// anything of the guest: null, booleans, numbers, bigints, texts, bytes, dates, arrays, objects,
// Maps and Sets that hold nothing but such. Whatever else there is (an accessor, a Proxy, a hole, a cycle, text with a
// lone surrogate) is left to the guest's own walk (guest/values.js), which knows what is wrong with it.

import { ARRAY_LAYOUT, type EngineInstance, type Pointer } from './engine.ts'
import { ByteSink, encodedText } from './byte-sink.ts'
import { NUMBERS, TAG } from './value-forms.ts'
import { TAGS, VALUE_LAYOUT } from './value-layout.ts'

/** Bounds beyond which the guest's walk decides, and the codec of values says what is too much. */
export const READ_BOUNDS = Object.freeze({
  /** Arrays and objects inside each other. */
  depth: 256,
  /** Items and bytes of the encoding. */
  items: 4_000_000,
  bytes: 16 * 1024 * 1024,
  /** What is passed on the way and not written: deleted entries, parts of texts. */
  visits: 4_000_000,
})

/** What is read, and where from. */
export interface Reading {
  readonly runtime: Pointer
  /** An array of an empty object, array, Uint8Array, Date, Map and Set: their prototypes are those of plain data. */
  readonly samples: Pointer
  /** The value. */
  readonly value: Pointer
  /** Bytes that it may take. */
  readonly outputBytes: number
}

export interface ReadResult {
  /** `too-large`: it takes more than it may. Undefined: it is not plain data. */
  readonly bytes: Uint8Array | 'too-large' | undefined
  /** What reading took, by what was read. */
  readonly steps: number
}

/** The keys of all objects of one shape, encoded, and the places of their values. */
interface Plan {
  readonly keys: readonly Uint8Array[]
  readonly places: readonly number[]
}

/** Reads a value. */
export function readValue(instance: Pick<EngineInstance, 'memory'>, reading: Reading): ReadResult {
  const reader = new Reader(instance.memory.buffer, reading)
  const isRead = reader.read(reading.value >> 2, 0)
  const { sink } = reader
  const steps = sink.items + (sink.length >> 6) + reader.visits
  if (sink.length > reading.outputBytes) return { bytes: 'too-large', steps }
  if (sink.items > READ_BOUNDS.items || sink.length > READ_BOUNDS.bytes) return { bytes: undefined, steps }
  return { bytes: isRead ? sink.taken() : undefined, steps }
}

class Reader {
  readonly sink = new ByteSink()
  /** What was passed and not written. */
  visits = 0
  readonly #words: Uint32Array
  readonly #bytes: Buffer
  readonly #atoms: number
  readonly #most: number
  readonly #prototypes: { readonly [name in 'object' | 'array' | 'bytes' | 'date' | 'map' | 'set']: Pointer }
  readonly #plans = new Map<Pointer, Plan | undefined>()
  /** Arrays and objects that are being read. */
  readonly #open: Pointer[] = []

  constructor(memory: ArrayBuffer, { runtime, samples, outputBytes }: Reading) {
    this.#words = new Uint32Array(memory)
    this.#bytes = Buffer.from(memory)
    this.#atoms = this.#word(runtime + VALUE_LAYOUT.atoms)
    this.#most = Math.min(outputBytes, READ_BOUNDS.bytes)
    const items = this.#word(this.#word(samples) + ARRAY_LAYOUT.items)
    const prototypeAt = (index: number): Pointer => this.#prototypeOf(this.#word(items + 8 * index))
    this.#prototypes = {
      object: prototypeAt(0),
      array: prototypeAt(1),
      bytes: prototypeAt(2),
      date: prototypeAt(3),
      map: prototypeAt(4),
      set: prototypeAt(5),
    }
  }

  #word(at: Pointer): number {
    return this.#words[at >> 2] as number
  }

  #prototypeOf(object: Pointer): Pointer {
    return this.#word(this.#word(object + ARRAY_LAYOUT.shape) + VALUE_LAYOUT.prototype)
  }

  /** Reads the value in the word `at` and the next; false when it is not plain data, or is too much. */
  read(at: number, depth: number): boolean {
    const low = this.#words[at] as number
    const tag = (this.#words[at + 1] as number) | 0
    const { sink } = this
    switch (tag) {
      case ARRAY_LAYOUT.intTag:
        sink.integer(low | 0)
        return true
      case ARRAY_LAYOUT.objectTag:
        return this.#object(low, depth)
      case TAGS.string:
        return this.#text(low)
      case TAGS.rope:
        return this.#rope(low)
      case TAGS.boolean:
        sink.byte(low === 0 ? 0xf4 : 0xf5)
        return true
      case TAGS.null:
        sink.byte(0xf6)
        return true
      case TAGS.undefined:
        sink.tagged(TAG.undefined, 0)
        return true
      case TAGS.shortBigint:
        return this.#bigint(BigInt(low | 0))
      case TAGS.bigint:
        return this.#bigint(this.#longBigint(low))
      default:
        return this.#float(low, tag)
    }
  }

  #float(low: number, tag: number): boolean {
    const { firstTag, floatTag, floatAddend } = ARRAY_LAYOUT
    if ((tag - firstTag) >>> 0 < floatTag - firstTag) return false
    const { sink } = this
    const number = floatOf(low, (tag + floatAddend) | 0)
    if (Number.isFinite(number) && !Object.is(number, -0)) {
      if (Number.isSafeInteger(number)) sink.integer(number)
      else sink.float(number)
    } else {
      sink.tagged(TAG.number, 1)
      sink.integer(NUMBERS.findIndex((each) => Object.is(each, number)))
    }
    return true
  }

  #longBigint(at: Pointer): bigint {
    const count = this.#word(at + VALUE_LAYOUT.wordCount)
    let hex = ''
    for (let index = count - 1; index >= 0; index--)
      hex += this.#word(at + VALUE_LAYOUT.words + 4 * index)
        .toString(16)
        .padStart(8, '0')
    return BigInt.asIntN(32 * count, BigInt(`0x${hex}`))
  }

  #bigint(value: bigint): boolean {
    const { sink } = this
    sink.tagged(TAG.bigint, 1)
    sink.text(`${value}`)
    return sink.length <= this.#most
  }

  #text(at: Pointer): boolean {
    const header = this.#word(at + VALUE_LAYOUT.length)
    const start = at + VALUE_LAYOUT.units
    if (header < 2 ** 31) {
      if (this.sink.length + header > this.#most) return this.#exceed(header)
      this.sink.latin(this.#bytes, start, header)
      return true
    }
    return this.#wellFormed(this.#bytes.toString('utf16le', start, start + 2 * (header & 0x7fff_ffff)))
  }

  #wellFormed(text: string): boolean {
    if (!text.isWellFormed()) return false
    if (this.sink.length + text.length > this.#most) return this.#exceed(text.length)
    this.sink.text(text)
    return true
  }

  /** What is not written any more counts nevertheless. */
  #exceed(bytes: number): false {
    this.sink.length += bytes
    return false
  }

  /** Whether more may be passed: what is deleted is met again wherever its holder is, and broken memory leads in circles. */
  #pass(): boolean {
    return ++this.visits <= READ_BOUNDS.visits
  }

  /** A text that the engine has not put together yet. */
  #rope(at: Pointer): boolean {
    const units = this.#word(at + VALUE_LAYOUT.length)
    if (this.sink.length + units > this.#most) return this.#exceed(units)
    let text = ''
    const waiting = [at + VALUE_LAYOUT.right, at + VALUE_LAYOUT.left]
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      if (!this.#pass() || text.length > units) return false
      const pointer = this.#word(part)
      if ((this.#word(part + 4) | 0) === TAGS.rope)
        waiting.push(pointer + VALUE_LAYOUT.right, pointer + VALUE_LAYOUT.left)
      else text += this.#unitsOf(pointer)
    }
    return this.#wellFormed(text)
  }

  #unitsOf(at: Pointer): string {
    const header = this.#word(at + VALUE_LAYOUT.length)
    const start = at + VALUE_LAYOUT.units
    return header < 2 ** 31
      ? this.#bytes.toString('latin1', start, start + header)
      : this.#bytes.toString('utf16le', start, start + 2 * (header & 0x7fff_ffff))
  }

  #object(at: Pointer, depth: number): boolean {
    if (depth >= READ_BOUNDS.depth || this.#open.includes(at)) return false
    const { length, items } = this.sink
    if (length > this.#most || items > READ_BOUNDS.items) return false
    const kind = this.#word(at + VALUE_LAYOUT.kind)
    const isRow = ((kind >>> 8) & ARRAY_LAYOUT.fastFlag) !== 0
    switch (kind >>> 16) {
      case ARRAY_LAYOUT.arrayClass:
        return isRow && this.#array(at, depth)
      case VALUE_LAYOUT.objectClass:
        return this.#record(at, depth)
      case ARRAY_LAYOUT.bytesClass:
        return isRow && this.#bytesOf(at)
      case VALUE_LAYOUT.dateClass:
        return this.#date(at)
      case VALUE_LAYOUT.mapClass:
        return this.#prototypeOf(at) === this.#prototypes.map && this.#entries(at, TAG.map, depth)
      case VALUE_LAYOUT.setClass:
        return this.#prototypeOf(at) === this.#prototypes.set && this.#entries(at, TAG.set, depth)
      default:
        return false
    }
  }

  #array(at: Pointer, depth: number): boolean {
    const shape = this.#word(at + ARRAY_LAYOUT.shape)
    const count = this.#word(at + ARRAY_LAYOUT.itemCount)
    const length = this.#word(at + ARRAY_LAYOUT.properties)
    const isPlain =
      this.#word(shape + VALUE_LAYOUT.prototype) === this.#prototypes.array &&
      this.#word(shape + ARRAY_LAYOUT.propertyCount) === 1 &&
      this.#word(length) === count &&
      (this.#word(length + 4) | 0) === ARRAY_LAYOUT.intTag
    if (!isPlain) return false
    this.sink.tagged(TAG.array, count)
    if (this.sink.length + count > this.#most) return this.#exceed(count)
    this.#open.push(at)
    const first = this.#word(at + ARRAY_LAYOUT.items) >> 2
    for (let index = 0; index < count; index++) if (!this.read(first + 2 * index, depth + 1)) return false
    this.#open.pop()
    return true
  }

  #record(at: Pointer, depth: number): boolean {
    const shape = this.#word(at + ARRAY_LAYOUT.shape)
    if (!this.#plans.has(shape)) this.#plans.set(shape, this.#planOf(shape))
    const plan = this.#plans.get(shape)
    if (!plan) return false
    const { keys, places } = plan
    const { sink } = this
    // An ability without operations would look like this.
    if (keys.length === 0 && ((this.#word(at + VALUE_LAYOUT.kind) >>> 8) & VALUE_LAYOUT.extensibleFlag) === 0)
      return false
    sink.tagged(TAG.object, 2 * keys.length)
    this.#open.push(at)
    const values = this.#word(at + ARRAY_LAYOUT.properties)
    for (let index = 0; index < keys.length; index++) {
      sink.encoded(keys[index] as Uint8Array)
      if (!this.read((values + (places[index] as number)) >> 2, depth + 1)) return false
    }
    this.#open.pop()
    return true
  }

  /** What objects of a shape list, in their order; undefined when it is not for plain data. */
  #planOf(shape: Pointer): Plan | undefined {
    const prototype = this.#word(shape + VALUE_LAYOUT.prototype)
    if (prototype !== 0 && prototype !== this.#prototypes.object) return undefined
    const indices: { readonly key: number; readonly place: number }[] = []
    const others: { readonly key: string; readonly place: number }[] = []
    const count = this.#word(shape + ARRAY_LAYOUT.propertyCount)
    for (let index = 0; index < count; index++) {
      const described = shape + VALUE_LAYOUT.described + 8 * index
      const flags = this.#word(described) >>> VALUE_LAYOUT.flagShift
      const atom = this.#word(described + 4)
      if (atom === 0) continue // deleted
      const place = 8 * index
      const key = atom >= VALUE_LAYOUT.indexAtom ? atom - VALUE_LAYOUT.indexAtom : this.#keyOf(atom)
      if (key === undefined) return undefined
      if ((flags & VALUE_LAYOUT.enumerable) === 0) continue
      if ((flags & VALUE_LAYOUT.special) !== 0) return undefined
      if (typeof key === 'number') indices.push({ key, place })
      else others.push({ key, place })
    }
    const all = [...indices.sort((left, right) => left.key - right.key), ...others]
    return { keys: all.map(({ key }) => encodedText(`${key}`)), places: all.map(({ place }) => place) }
  }

  /** The text of an atom; undefined for a symbol, for text that is no text elsewhere, and for an index too large for an atom of its own kind. */
  #keyOf(atom: number): string | undefined {
    const at = this.#word(this.#atoms + 4 * atom)
    if (this.#word(at + VALUE_LAYOUT.atomKind) >>> 30 !== VALUE_LAYOUT.textAtom) return undefined
    const key = this.#unitsOf(at)
    return key.isWellFormed() && !/^[1-9]\d{9}$/.test(key) ? key : undefined
  }

  /** The entries of a Map or Set, in the order of their list. */
  #entries(at: Pointer, tag: number, depth: number): boolean {
    const held = this.#word(at + VALUE_LAYOUT.own)
    const count = this.#word(held + VALUE_LAYOUT.entryCount)
    this.sink.tagged(tag, tag === TAG.map ? 2 * count : count)
    this.#open.push(at)
    const list = held + VALUE_LAYOUT.entries
    let read = 0
    for (let entry = this.#word(list + 4); entry !== list; entry = this.#word(entry + 4)) {
      if (this.#bytes[entry + VALUE_LAYOUT.deleted] !== 0) {
        if (!this.#pass()) return false
        continue
      }
      if (read++ === count) return false
      if (!this.read((entry + VALUE_LAYOUT.entryKey) >> 2, depth + 1)) return false
      if (tag === TAG.map && !this.read((entry + VALUE_LAYOUT.entryValue) >> 2, depth + 1)) return false
    }
    this.#open.pop()
    return read === count
  }

  #bytesOf(at: Pointer): boolean {
    const count = this.#word(at + ARRAY_LAYOUT.itemCount)
    if (this.#prototypeOf(at) !== this.#prototypes.bytes) return false
    if (this.sink.length + count > this.#most) return this.#exceed(count)
    const start = this.#word(at + ARRAY_LAYOUT.items)
    this.sink.bytes(this.#bytes.subarray(start, start + count))
    return true
  }

  #date(at: Pointer): boolean {
    const [low, tag] = [this.#word(at + VALUE_LAYOUT.own), this.#word(at + VALUE_LAYOUT.own + 4) | 0]
    const isInt = tag === ARRAY_LAYOUT.intTag
    const timeMs = isInt ? low | 0 : floatOf(low, (tag + ARRAY_LAYOUT.floatAddend) | 0)
    const isPlain = this.#prototypeOf(at) === this.#prototypes.date
    if (!isPlain || !Number.isSafeInteger(timeMs) || Object.is(timeMs, -0)) return false
    this.sink.tagged(TAG.date, 1)
    this.sink.integer(timeMs)
    return true
  }
}

const scratchFloat = new Float64Array(1)
const scratchWords = new Int32Array(scratchFloat.buffer)

function floatOf(low: number, high: number): number {
  scratchWords[0] = low
  scratchWords[1] = high
  return scratchFloat[0] as number
}
