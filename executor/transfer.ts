// Large values across the boundary without a walk in the guest: arrays of numbers and bytes are read
// from and written to the engine's memory where they stand. In the texts that a guest makes and gets,
// `$number` and `$bytes` with another content than text name them, as no value does; whoever is outside of
// a sandbox sees plain JSON (docs/format.md §5.1) only.

import { ARRAY_LAYOUT, type EngineInstance, type Pointer } from './engine.ts'

/** What `scan` answers for arrays that it does not take, as the guest's values.js knows it. */
const NEITHER = -1
const DENSE = -2

/** Texts shorter than this, in UTF-16 units, are not looked through for what is large. */
const LARGE_TEXT = 8192
/** Numbers from which on an array of them is handed over. */
const LARGE_ARRAY = 64

/** On its way into a guest. */
type Incoming = readonly number[] | Uint8Array

/** Where the items of an array stand. */
interface Row {
  readonly at: number
  readonly count: number
}

/** The row of an array that has its items, plain ones, and nothing else; undefined for any other value. */
export function rowOf(instance: Pick<EngineInstance, 'memory'>, value: Pointer): Row | undefined {
  const layout = ARRAY_LAYOUT
  const row = rowOfClass(instance, value, layout.arrayClass)
  if (!row) return undefined
  const view = new DataView(instance.memory.buffer)
  const shape = view.getUint32(row.object + layout.shape, true)
  if (view.getUint32(shape + layout.propertyCount, true) !== 1) return undefined
  const length = view.getUint32(row.object + layout.properties, true)
  const isFull =
    view.getInt32(length + 4, true) === layout.intTag && view.getUint32(length, true) === row.count
  return isFull ? row : undefined
}

/** The row of a Uint8Array; undefined for any other value. */
export function bytesOf(instance: Pick<EngineInstance, 'memory'>, value: Pointer): Row | undefined {
  return rowOfClass(instance, value, ARRAY_LAYOUT.bytesClass)
}

function rowOfClass(
  { memory }: Pick<EngineInstance, 'memory'>,
  value: Pointer,
  wanted: number,
): (Row & { readonly object: Pointer }) | undefined {
  const view = new DataView(memory.buffer)
  const layout = ARRAY_LAYOUT
  if (view.getInt32(value + 4, true) !== layout.objectTag) return undefined
  const object = view.getUint32(value, true)
  if (view.getUint16(object + layout.class, true) !== wanted) return undefined
  if ((view.getUint8(object + layout.flags) & layout.fastFlag) === 0) return undefined
  const at = view.getUint32(object + layout.items, true)
  return { object, at, count: view.getUint32(object + layout.itemCount, true) }
}

const scratch = new DataView(new ArrayBuffer(8))

/** The numbers of a row; undefined when it has something else, or a number that JSON lacks. */
export function readNumbers(
  { memory }: Pick<EngineInstance, 'memory'>,
  { at, count }: Row,
): number[] | undefined {
  const { intTag, firstTag, floatTag, floatAddend } = ARRAY_LAYOUT
  const words = new Int32Array(memory.buffer, at, 2 * count)
  const numbers: number[] = []
  for (let index = 0; index < count; index++) {
    const [low, tag] = [words[2 * index] as number, words[2 * index + 1] as number]
    if (tag === intTag) {
      numbers.push(low)
      continue
    }
    if ((tag - firstTag) >>> 0 < floatTag - firstTag) return undefined
    scratch.setInt32(0, tag + floatAddend)
    scratch.setInt32(4, low)
    const number = scratch.getFloat64(0)
    if (!Number.isFinite(number) || Object.is(number, -0)) return undefined
    numbers.push(number)
  }
  return numbers
}

/** Puts numbers that JSON has into a row as long as they are many. */
export function writeNumbers(
  { memory }: Pick<EngineInstance, 'memory'>,
  { at }: Row,
  numbers: readonly number[],
): void {
  const { intTag, floatAddend } = ARRAY_LAYOUT
  const words = new Int32Array(memory.buffer, at, 2 * numbers.length)
  for (const [index, number] of numbers.entries()) {
    const whole = number | 0
    const isInt = whole === number && !Object.is(number, -0)
    if (!isInt) scratch.setFloat64(0, number)
    words[2 * index] = isInt ? whole : scratch.getInt32(4)
    words[2 * index + 1] = isInt ? intTag : scratch.getInt32(0) - floatAddend
  }
}

/** What a sandbox's guest and the host hand over in the course of one call. */
export class Transfer {
  readonly #instance: EngineInstance
  readonly #incoming: Incoming[] = []
  readonly #outgoing: string[] = []
  #room = 0

  constructor(instance: EngineInstance) {
    this.#instance = instance
  }

  /** Begins a call whose reply has at most `outputBytes`. */
  begin(outputBytes: number): void {
    this.#incoming.length = 0
    this.#outgoing.length = 0
    this.#room = outputBytes
  }

  /** Takes what is large out of JSON that the host made. */
  pack(text: string): string {
    if (text.length < LARGE_TEXT) return text
    const before = this.#incoming.length
    const tree = packed(JSON.parse(text), this.#incoming)
    return this.#incoming.length === before ? text : JSON.stringify(tree)
  }

  /** A reply of the guest with what it handed over in its places. */
  unpack(reply: string): string {
    if (this.#outgoing.length === 0) return reply
    return reply.replace(
      /\{"\$number":(\d+)\}/g,
      (_, place: string) => this.#outgoing[Number(place)] as string,
    )
  }

  /** Takes an array of numbers from the guest; answers its place, or why it was not taken. */
  scan(value: Pointer): number | 'too-large' {
    const row = rowOf(this.#instance, value)
    if (!row) return NEITHER
    if (row.count < LARGE_ARRAY) return DENSE
    this.#charge(row.count)
    const numbers = readNumbers(this.#instance, row)
    return numbers ? this.#hand(JSON.stringify(numbers)) : DENSE
  }

  /** Takes a Uint8Array of `length` from the guest; answers its place. */
  bytes(value: Pointer, length: number): number | 'too-large' {
    const row = bytesOf(this.#instance, value)
    if (row?.count !== length) return NEITHER
    this.#charge(length >> 3)
    const bytes = Buffer.from(this.#instance.memory.buffer, row.at, length)
    return this.#hand(JSON.stringify({ $bytes: bytes.toString('base64') }))
  }

  /** Gives the guest what came along at `place`, into an array or bytes of the same length. */
  fill(place: number, value: Pointer): void {
    const item = this.#incoming[place] as Incoming
    const row = (item instanceof Uint8Array ? bytesOf : rowOf)(this.#instance, value)
    if (row?.count !== item.length)
      throw new WebAssembly.RuntimeError('the engine holds arrays in another way')
    if (item instanceof Uint8Array) new Uint8Array(this.#instance.memory.buffer).set(item, row.at)
    else writeNumbers(this.#instance, row, item)
    this.#charge(item.length >> (item instanceof Uint8Array ? 3 : 0))
  }

  #hand(text: string): number | 'too-large' {
    this.#room -= text.length
    return this.#room < 0 ? 'too-large' : this.#outgoing.push(text) - 1
  }

  /** What the host does for the guest takes steps like what the guest does. */
  #charge(steps: number): void {
    this.#instance.counter.value -= steps
  }
}

function packed(item: unknown, incoming: Incoming[]): unknown {
  if (typeof item !== 'object' || item === null) return item
  if (Array.isArray(item)) {
    if (item.length >= LARGE_ARRAY && isNumbers(item)) return hostForm(incoming, item)
    return packedItems(item, incoming)
  }
  const [key, ...others] = Object.keys(item)
  if (key === undefined) return item
  const record = item as Record<string, unknown>
  const content = record[key]
  if (others.length === 0 && key.startsWith('$')) {
    if (key === '$bytes' && typeof content === 'string')
      return hostForm(incoming, Buffer.from(content, 'base64'))
    if (Array.isArray(content)) packedItems(content, incoming) // the array belongs to the form
    return item
  }
  for (const each of [key, ...others]) {
    const part = record[each]
    const replaced = packed(part, incoming)
    if (replaced !== part) Object.defineProperty(record, each, { ...DATA, value: replaced })
  }
  return item
}

const DATA = { enumerable: true, configurable: true, writable: true }

function packedItems(items: unknown[], incoming: Incoming[]): unknown[] {
  for (const [index, part] of items.entries()) {
    if (typeof part === 'object' && part !== null) items[index] = packed(part, incoming)
  }
  return items
}

function hostForm(incoming: Incoming[], item: Incoming): unknown {
  const place = incoming.push(item) - 1
  return { [item instanceof Uint8Array ? '$bytes' : '$number']: [place, item.length] }
}

function isNumbers(items: readonly unknown[]): items is number[] {
  return items.every((item) => typeof item === 'number')
}
