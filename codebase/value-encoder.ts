// Values to canonical bytes (docs/format.md §5): one value, one byte string. The order of object
// keys, Map and Set entries is part of the value. Refuses, with the path, what cannot cross.

import { CborWriter } from './cbor-writer.ts'
import { type DecodeBounds, VALUE_BOUNDS } from './limits.ts'
import { ReferenceValue, type Step, type Value, ValueError } from './value.ts'
import { NUMBERS, TAG } from './value-tags.ts'

/** The one encoding of `value`. @throws ValueError with the path to what cannot cross or exceeds `bounds` */
export function encodeValue(value: Value, bounds: DecodeBounds = VALUE_BOUNDS): Uint8Array {
  return encodeValueOf(value, bounds).bytes
}

/**
 * What a value is made of. `json`: it stands in JSON as it is; `data`: besides that undefined, bytes and the
 * numbers that JSON lacks, and objects that look like a form (docs/format.md §5.1); `any`: whatever a value may hold.
 */
export type Kinds = 'json' | 'data' | 'any'

/** The one encoding of `value` and what it is made of. @throws as encodeValue() */
export function encodeValueOf(
  value: Value,
  bounds: DecodeBounds = VALUE_BOUNDS,
): { readonly bytes: Uint8Array; readonly kinds: Kinds } {
  const encoder = new ValueEncoder(bounds)
  encoder.write(value)
  return { bytes: encoder.finish(), kinds: KINDS[encoder.rank] as Kinds }
}

/** By tags: the least rank of a value that has them. */
const RANKS: readonly number[] = [0, 0, 1, 2, 1, 2, 2, 2, 2]
const KINDS: readonly Kinds[] = ['json', 'data', 'any']
const DATA = 1
const DOLLAR = 0x24

/** A key of an object and where it was written. */
interface Key {
  readonly key: string
  readonly start: number
  readonly end: number
}

class ValueEncoder {
  /** The place in KINDS of what was written. */
  rank = 0
  readonly #writer = new CborWriter()
  readonly #bounds: DecodeBounds
  /** Keys from the root to what is being written, and the collections that they were taken from. */
  readonly #path: Step[] = []
  readonly #ancestors: object[] = []
  /** The keys of the object that was written last, by depth: the next one has mostly the same. */
  readonly #keys: Key[][] = []

  constructor(bounds: DecodeBounds) {
    this.#bounds = bounds
  }

  finish(): Uint8Array {
    this.#checkSize()
    return this.#writer.finish()
  }

  write(value: unknown): void {
    if (this.#writer.items >= this.#bounds.maxItems) this.#tooMany()
    switch (typeof value) {
      case 'string':
        return this.#text(value)
      case 'number':
        return this.#number(value)
      case 'boolean':
        return this.#writer.boolean(value)
      case 'undefined':
        return this.#tagged(TAG.undefined, 0)
      case 'bigint':
        return (this.#tagged(TAG.bigint, 1), this.#text(value.toString()))
      case 'object':
        return value === null ? this.#writer.null() : this.#object(value)
      default:
        return this.#refuse(`a ${typeof value}`)
    }
  }

  #tagged(tag: number, length: number): void {
    this.rank = Math.max(this.rank, RANKS[tag] as number)
    this.#writer.array(length + 1)
    this.#writer.number(tag)
  }

  #number(value: number): void {
    if (Number.isFinite(value) && !Object.is(value, -0)) return this.#writer.number(value)
    this.#tagged(TAG.number, 1)
    this.#writer.number(NUMBERS.findIndex((special) => Object.is(special, value)))
  }

  #text(value: string): void {
    if (!this.#writer.tryText(value)) this.#refuse('text with a lone surrogate')
  }

  #object(value: object): void {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (
      prototype !== Object.prototype &&
      prototype !== Array.prototype &&
      this.#writeScalar(value, prototype)
    )
      return
    this.#enter(value)
    if (prototype === Array.prototype && Array.isArray(value)) this.#array(value)
    else if (prototype === Object.prototype || prototype === null) this.#record(value)
    else if (prototype === Map.prototype) this.#map(value as Map<unknown, unknown>)
    else if (prototype === Set.prototype) this.#set(value as Set<unknown>)
    else this.#refuse(`an instance of ${nameOfClass(prototype)}`)
    this.#ancestors.pop()
  }

  /** Writes an object that holds no values, and tells whether it is one. */
  #writeScalar(value: object, prototype: unknown): boolean {
    if (value instanceof Uint8Array) {
      this.rank = Math.max(this.rank, DATA)
      this.#writer.bytes(value)
    } else if (value instanceof ReferenceValue) {
      this.#tagged(TAG.reference, 2)
      this.#writer.link(value.reference.hash)
      this.#writer.number(value.reference.index)
    } else if (prototype === Date.prototype) {
      this.#date(value as Date)
    } else {
      return false
    }
    return true
  }

  #enter(value: object): void {
    if (this.#ancestors.includes(value)) this.#refuse('a cycle')
    if (this.#ancestors.push(value) > this.#bounds.maxDepth)
      this.#refuse(`more than ${this.#bounds.maxDepth} collections inside each other`)
    this.#checkSize()
  }

  #tooMany(): never {
    return this.#refuse(`more than ${this.#bounds.maxItems} items`)
  }

  #checkSize(): void {
    if (this.#writer.items > this.#bounds.maxItems) this.#tooMany()
    if (this.#writer.length > this.#bounds.maxBytes) this.#refuse(`more than ${this.#bounds.maxBytes} bytes`)
  }

  #date(value: Date): void {
    const timeMs = value.getTime()
    if (Number.isNaN(timeMs)) this.#refuse('an invalid date')
    this.#tagged(TAG.date, 1)
    this.#writer.number(timeMs)
  }

  #array(value: readonly unknown[]): void {
    this.#tagged(TAG.array, value.length)
    const depth = this.#path.push(0)
    for (let index = 0; index < value.length; index++) {
      this.#path[depth - 1] = index
      const item = value[index]
      if (item === undefined && !Object.hasOwn(value, index)) this.#refuse('a hole')
      this.write(item)
    }
    this.#path.pop()
  }

  #record(value: object): void {
    const keys = Object.keys(value)
    if (Object.getOwnPropertySymbols(value).length > 0) this.#refuse('an object with symbols for keys')
    this.#tagged(TAG.object, 2 * keys.length)
    const depth = this.#path.push('')
    const known = (this.#keys[depth] ??= [])
    for (let entry = 0; entry < keys.length; entry++) {
      const key = keys[entry] as string
      this.#path[depth - 1] = key
      const property = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor
      if (property.get ?? property.set) this.#refuse('an accessor')
      const before = known[entry]
      if (before?.key === key) this.#writer.again(before.start, before.end)
      else known[entry] = this.#key(key)
      this.write(property.value)
    }
    this.#path.pop()
  }

  #key(key: string): Key {
    if (key.charCodeAt(0) === DOLLAR) this.rank = Math.max(this.rank, DATA)
    const start = this.#writer.length
    this.#text(key)
    return { key, start, end: this.#writer.length }
  }

  #map(value: ReadonlyMap<unknown, unknown>): void {
    this.#tagged(TAG.map, 2 * value.size)
    const depth = this.#path.push('')
    let entry = 0
    for (const [key, item] of value) {
      this.#path[depth - 1] = ['keys', entry]
      this.write(key)
      this.#path[depth - 1] = ['values', entry++]
      this.write(item)
    }
    this.#path.pop()
  }

  #set(value: ReadonlySet<unknown>): void {
    this.#tagged(TAG.set, value.size)
    const depth = this.#path.push('')
    let entry = 0
    for (const item of value) {
      this.#path[depth - 1] = ['values', entry++]
      this.write(item)
    }
    this.#path.pop()
  }

  #refuse(problem: string): never {
    throw new ValueError(problem, this.#path)
  }
}

function nameOfClass(prototype: unknown): string {
  const made = (prototype as { constructor?: unknown }).constructor
  return typeof made === 'function' && made.name !== '' ? made.name : 'a class'
}
