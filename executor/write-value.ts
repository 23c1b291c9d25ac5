// Plain data built in the engine's memory from its canonical bytes (docs/format.md §5), as JSON.parse
// in the guest would have built it, and much faster. The bytes are the host's own: they are well formed, and
// hold nothing but null, undefined, booleans, numbers, texts, bytes, arrays and objects.

import { isAscii } from 'node:buffer'
import { encodedText } from './byte-sink.ts'
import { ARRAY_LAYOUT, type EngineInstance, type Pointer } from './engine.ts'
import { NUMBERS, TAG } from './value-forms.ts'
import { TAGS, VALUE_LAYOUT } from './value-layout.ts'

/** What is built, and by what. */
export interface Building {
  readonly runtime: Pointer
  /** An array of an empty object and an empty array, among others. */
  readonly samples: Pointer
  readonly bytes: Uint8Array
  /** What the guest's runtime makes of JSON, or as so many bytes: a handle, which is freed here. */
  make(what: string | number): Pointer
}

export interface Built {
  /** A handle of the value, whoever asked frees it. */
  readonly handle: Pointer
  /** What building took, by what was built. */
  readonly steps: number
}

/** Objects with the same keys. */
interface Plan {
  readonly keys: readonly string[]
  /** The keys as they are encoded, one after the other. */
  readonly encoded: readonly Uint8Array[]
  readonly shape: Pointer
  readonly room: number
}

/** Builds a value. */
export function buildValue(instance: EngineInstance, building: Building): Built {
  const builder = new Builder(instance, building)
  return { handle: builder.build(), steps: builder.items + (building.bytes.length >> 6) }
}

const { intTag, objectTag, floatAddend } = ARRAY_LAYOUT
/** Text of fewer bytes is looked at and copied one by one. */
const SHORT_TEXT = 64
const scratchFloat = new Float64Array(1)
const scratchWords = new Int32Array(scratchFloat.buffer)

class Builder {
  /** Items that were built. */
  items = 0
  readonly #instance: EngineInstance
  readonly #building: Building
  readonly #from: Buffer
  readonly #view: DataView
  readonly #samples: { readonly object: Pointer; readonly array: Pointer }
  readonly #plans = new Map<string, Plan>()
  /** The plan of the object that was built last, for the next one is mostly alike. */
  #lastPlan: Plan | undefined
  #at = 0
  /** The engine's memory, which is another one whenever it has grown. */
  #words: Uint32Array
  #memory: Uint8Array
  #allocations = 0
  /** The value that was read last: its two words. */
  #low = 0
  #tag = 0

  constructor(instance: EngineInstance, building: Building) {
    this.#instance = instance
    this.#building = building
    const { bytes, samples } = building
    this.#from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#words = new Uint32Array(instance.memory.buffer)
    this.#memory = new Uint8Array(instance.memory.buffer)
    const items = this.#word(this.#word(samples) + ARRAY_LAYOUT.items)
    this.#samples = { object: this.#word(items), array: this.#word(items + 8) }
  }

  build(): Pointer {
    this.#read()
    const [low, tag] = [this.#low, this.#tag]
    const handle = this.#handle(8)
    this.#set(handle, low)
    this.#set(handle + 4, tag)
    this.#account()
    return handle
  }

  #word(at: Pointer): number {
    return this.#words[at >> 2] as number
  }

  #set(at: Pointer, word: number): void {
    this.#words[at >> 2] = word
  }

  /** Memory that has grown is another one, and what showed it before shows nothing any more. */
  #refresh(): void {
    if (this.#words.length > 0) return
    const { buffer } = this.#instance.memory
    this.#words = new Uint32Array(buffer)
    this.#memory = new Uint8Array(buffer)
  }

  #handle(size: number): Pointer {
    const at = this.#instance.functions.malloc(size)
    if (at === 0) throw new WebAssembly.RuntimeError('out of memory')
    this.#refresh()
    return at
  }

  /** Memory that the engine frees: it counts how often that happens. */
  #allocate(size: number): Pointer {
    this.#allocations++
    return this.#handle(size)
  }

  /** What the engine would have counted; and it collects garbage as if it had done so now, for here is none. */
  #account(): void {
    const { runtime } = this.#building
    const { allocations, allocatedSize, sizePerAllocation, collectAt } = VALUE_LAYOUT
    this.#set(runtime + allocations, this.#word(runtime + allocations) + this.#allocations)
    const size = this.#word(runtime + allocatedSize) + sizePerAllocation * this.#allocations
    this.#set(runtime + allocatedSize, size)
    this.#set(runtime + collectAt, Math.max(this.#word(runtime + collectAt), size + (size >> 1)))
  }

  /** Reads the next value into #low and #tag. */
  #read(): void {
    this.items++
    const head = this.#from[this.#at++] as number
    switch (head >> 5) {
      case 0:
        return this.#number(this.#argument(head))
      case 1:
        return this.#number(-1 - this.#argument(head))
      case 2:
        return this.#bytes(this.#argument(head))
      case 3:
        return this.#text(this.#argument(head))
      case 4:
        return this.#tagged(this.#argument(head))
      default:
        return this.#simple(head)
    }
  }

  #argument(head: number): number {
    const size = head & 31
    if (size < 24) return size
    const at = this.#at
    this.#at += 1 << (size - 24)
    if (size === 24) return this.#from[at] as number
    if (size === 25) return this.#view.getUint16(at)
    if (size === 26) return this.#view.getUint32(at)
    return this.#view.getUint32(at) * 2 ** 32 + this.#view.getUint32(at + 4)
  }

  #number(number: number): void {
    this.#low = number | 0
    this.#tag = intTag
    if (this.#low !== number) this.#float(number)
  }

  #float(number: number): void {
    scratchFloat[0] = number
    this.#low = scratchWords[0] as number
    this.#tag = (scratchWords[1] as number) - floatAddend
  }

  #simple(head: number): void {
    this.#low = head === 0xf5 ? 1 : 0
    this.#tag = head === 0xf6 ? TAGS.null : TAGS.boolean
    if (head !== 0xfb) return
    // Only numbers that are no integers are spelt so.
    this.#tag = this.#view.getInt32(this.#at) - floatAddend
    this.#low = this.#view.getInt32(this.#at + 4)
    this.#at += 8
  }

  #tagged(length: number): void {
    switch (this.#from[this.#at++]) {
      case TAG.array:
        return this.#array(length - 1)
      case TAG.object:
        return this.#object((length - 1) >> 1)
      case TAG.undefined:
        this.#low = 0
        this.#tag = TAGS.undefined
        return
      default:
        return this.#float(NUMBERS[this.#from[this.#at++] as number] as number)
    }
  }

  #text(length: number): void {
    const start = this.#at
    this.#at += length
    this.#tag = TAGS.string
    if (length < SHORT_TEXT ? !this.#isShortAscii(start) : !isAscii(this.#from.subarray(start, this.#at)))
      return this.#otherText(this.#from.toString('utf8', start, this.#at))
    const units = this.#string(length, 0, length + 1)
    const memory = this.#memory
    if (length < SHORT_TEXT) {
      const from = this.#from
      for (let index = 0; index < length; index++) memory[units + index] = from[start + index] as number
    } else {
      memory.set(this.#from.subarray(start, this.#at), units)
    }
    memory[units + length] = 0
  }

  #isShortAscii(start: number): boolean {
    const from = this.#from
    let bits = 0
    for (let at = start; at < this.#at; at++) bits |= from[at] as number
    return bits < 128
  }

  #otherText(text: string): void {
    const isWide = /[^\0-\xff]/.test(text)
    const { length } = text
    const units = this.#string(length, isWide ? 0x8000_0000 : 0, isWide ? 2 * length : length + 1)
    const memory = Buffer.from(this.#instance.memory.buffer)
    memory.write(text, units, isWide ? 'utf16le' : 'latin1')
    if (!isWide) memory[units + length] = 0
  }

  /** A new text whose units take `size` bytes; answers where these stand. */
  #string(length: number, flag: number, size: number): Pointer {
    const at = this.#allocate(VALUE_LAYOUT.units + size)
    this.#set(at + VALUE_LAYOUT.references, 1)
    this.#set(at + VALUE_LAYOUT.length, length + flag)
    this.#set(at + VALUE_LAYOUT.atomKind, 0)
    this.#set(at + VALUE_LAYOUT.atomKind + 4, 0)
    this.#low = at
    return at + VALUE_LAYOUT.units
  }

  #bytes(length: number): void {
    const object = this.#made(length)
    this.#memory.set(
      this.#from.subarray(this.#at, this.#at + length),
      this.#word(object + ARRAY_LAYOUT.items),
    )
    this.#at += length
    this.#low = object
    this.#tag = objectTag
  }

  /** An object that the guest's runtime makes. */
  #made(what: string | number): Pointer {
    const handle = this.#building.make(what)
    this.#refresh()
    const object = this.#word(handle)
    this.#instance.functions.free(handle)
    return object
  }

  #array(count: number): void {
    const row = count === 0 ? 0 : this.#allocate(8 * count)
    for (let at = row; at < row + 8 * count; at += 8) {
      this.#read()
      this.#set(at, this.#low)
      this.#set(at + 4, this.#tag)
    }
    const { array } = this.#samples
    const shape = this.#word(array + ARRAY_LAYOUT.shape)
    const values = this.#allocate(8 * this.#word(shape + VALUE_LAYOUT.room))
    this.#set(values, count)
    this.#set(values + 4, intTag)
    const object = this.#newObject(array, shape, values)
    this.#set(object + VALUE_LAYOUT.own, count)
    this.#set(object + ARRAY_LAYOUT.items, row)
    this.#set(object + ARRAY_LAYOUT.itemCount, count)
    this.#low = object
    this.#tag = objectTag
  }

  #object(count: number): void {
    const last = this.#lastPlan
    let plan = last?.keys.length === count ? last : undefined
    const keys: string[] = []
    const values: number[] = []
    for (let index = 0; index < count; index++) {
      if (plan && !this.#isNext(plan.encoded[index] as Uint8Array)) {
        keys.push(...plan.keys.slice(0, index))
        plan = undefined
      }
      if (!plan) keys.push(this.#key())
      this.#read()
      values.push(this.#low, this.#tag)
    }
    this.#lastPlan = plan
    const object = plan ? this.#another(plan) : this.#first(keys)
    let at = this.#word(object + ARRAY_LAYOUT.properties) >> 2
    for (let index = 0; index < values.length; index++) this.#words[at++] = values[index] as number
    this.#low = object
    this.#tag = objectTag
  }

  /** Whether this item comes next; it has been read then. */
  #isNext(item: Uint8Array): boolean {
    for (let index = 0; index < item.length; index++)
      if (this.#from[this.#at + index] !== item[index]) return false
    this.#at += item.length
    this.items++
    return true
  }

  #key(): string {
    this.items++
    const length = this.#argument(this.#from[this.#at++] as number)
    this.#at += length
    return this.#from.toString('utf8', this.#at - length, this.#at)
  }

  /** An object with these keys, by the plan for them, or as the first one. */
  #first(keys: readonly string[]): Pointer {
    const id = JSON.stringify(keys)
    const known = this.#plans.get(id)
    if (known) {
      this.#lastPlan = known
      return this.#another(known)
    }
    const object = this.#made(`{${keys.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`)
    const shape = this.#word(object + ARRAY_LAYOUT.shape)
    const room = this.#word(shape + VALUE_LAYOUT.room)
    const plan = { keys, encoded: keys.map(encodedText), shape, room }
    this.#plans.set(id, plan)
    this.#lastPlan = plan
    return object
  }

  #another({ shape, room }: Plan): Pointer {
    return this.#newObject(this.#samples.object, shape, this.#allocate(8 * room))
  }

  /** An object of the same kind as `sample`, in the list of all objects. */
  #newObject(sample: Pointer, shape: Pointer, values: Pointer): Pointer {
    const object = this.#allocate(VALUE_LAYOUT.bytes)
    this.#memory.fill(0, object, object + VALUE_LAYOUT.bytes)
    this.#set(object + VALUE_LAYOUT.references, 1)
    // Type and mark are 0; the flags and the class are the sample's.
    this.#set(object + VALUE_LAYOUT.kind, this.#word(sample + VALUE_LAYOUT.kind) & 0xffff_ff00)
    this.#set(object + ARRAY_LAYOUT.shape, shape)
    this.#set(shape, this.#word(shape) + 1)
    this.#set(object + ARRAY_LAYOUT.properties, values)
    const list = this.#building.runtime + VALUE_LAYOUT.objects
    const before = this.#word(list)
    const link = object + VALUE_LAYOUT.link
    this.#set(link, before)
    this.#set(link + 4, list)
    this.#set(before + 4, link)
    this.#set(list, link)
    return object
  }
}
