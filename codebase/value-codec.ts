// Values to canonical bytes and back (docs/format.md §5): one value, one byte
// string. The order of object keys, Map and Set entries is part of the value.
// Decoding trusts nothing; encoding refuses, with the path, what cannot cross.

import { CborReader, Link, MalformedObjectError, type Plain } from './cbor.ts'
import { CborWriter } from './cbor-writer.ts'
import { type DecodeBounds, VALUE_BOUNDS } from './limits.ts'
import { isIndexKey, ReferenceValue, type Step, type Value, ValueError } from './value.ts'

/** First element of the array that every value but null, a boolean, a number, a text and bytes is encoded as. */
const TAG = Object.freeze({
  array: 0,
  object: 1,
  undefined: 2,
  bigint: 3,
  number: 4,
  date: 5,
  map: 6,
  set: 7,
  reference: 8,
} as const)

/** Second element of a `number` array. */
const NUMBERS: readonly number[] = [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

/** The one encoding of `value`. @throws ValueError with the path to what cannot cross or exceeds `bounds` */
export function encodeValue(value: Value, bounds: DecodeBounds = VALUE_BOUNDS): Uint8Array {
  const encoder = new ValueEncoder(bounds)
  encoder.write(value)
  return encoder.finish()
}

/** The value that `bytes` encode. @throws MalformedObjectError for bytes that encodeValue() does not produce */
export function decodeValue(bytes: Uint8Array, bounds: DecodeBounds = VALUE_BOUNDS): Value {
  const decoder = new ValueDecoder(bytes, bounds)
  const value = decoder.read(1)
  decoder.end()
  return value
}

class ValueEncoder {
  readonly #writer = new CborWriter()
  readonly #bounds: DecodeBounds
  /** Keys from the root to what is being written, and the collections that they were taken from. */
  readonly #path: Step[] = []
  readonly #ancestors: object[] = []

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
        return (this.#writer.array(1), this.#writer.number(TAG.undefined))
      case 'bigint':
        return (this.#tagged(TAG.bigint, 1), this.#text(value.toString()))
      case 'object':
        return value === null ? this.#writer.null() : this.#object(value)
      default:
        return this.#refuse(`a ${typeof value}`)
    }
  }

  #tagged(tag: number, length: number): void {
    this.#writer.array(length + 1)
    this.#writer.number(tag)
  }

  #number(value: number): void {
    if (Number.isFinite(value) && !Object.is(value, -0)) return this.#writer.number(value)
    this.#tagged(TAG.number, 1)
    this.#writer.number(NUMBERS.findIndex((special) => Object.is(special, value)))
  }

  #text(value: string): void {
    if (!value.isWellFormed()) this.#refuse('text with a lone surrogate')
    this.#writer.text(value)
  }

  #object(value: object): void {
    if (value instanceof Uint8Array) return this.#writer.bytes(value)
    if (value instanceof ReferenceValue) {
      this.#tagged(TAG.reference, 2)
      this.#writer.link(value.reference.hash)
      return this.#writer.number(value.reference.index)
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Date.prototype) return this.#date(value as Date)
    this.#enter(value)
    if (prototype === Array.prototype && Array.isArray(value)) this.#array(value)
    else if (prototype === Object.prototype || prototype === null) this.#record(value)
    else if (prototype === Map.prototype) this.#map(value as Map<unknown, unknown>)
    else if (prototype === Set.prototype) this.#set(value as Set<unknown>)
    else this.#refuse(`an instance of ${nameOfClass(prototype)}`)
    this.#ancestors.pop()
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
    for (const key of keys) {
      this.#path[depth - 1] = key
      const property = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor
      if (property.get ?? property.set) this.#refuse('an accessor')
      this.#text(key)
      this.write(property.value)
    }
    this.#path.pop()
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

class ValueDecoder {
  readonly #reader: CborReader
  readonly #bounds: DecodeBounds

  constructor(bytes: Uint8Array, bounds: DecodeBounds) {
    this.#reader = new CborReader(bytes, bounds)
    this.#bounds = bounds
  }

  end(): void {
    this.#reader.end()
  }

  read(depth: number): Value {
    const item = this.#reader.next()
    if (item instanceof Link) this.#refuse('a bare link')
    if (!Array.isArray(item)) return item as Value
    const count = this.#reader.arrayLength - 1
    if (count < 0) this.#refuse('an array without a tag')
    const tag = this.#scalar()
    const isCollection = tag === TAG.array || tag === TAG.object || tag === TAG.map || tag === TAG.set
    if (isCollection && depth > this.#bounds.maxDepth) this.#tooDeep()
    switch (tag) {
      case TAG.array:
        return this.#array(count, depth)
      case TAG.object:
        return this.#record(this.#pairs(count), depth)
      case TAG.undefined:
        return (this.#expect(count, 0), undefined)
      case TAG.bigint:
        return (this.#expect(count, 1), this.#bigint())
      case TAG.number:
        return (this.#expect(count, 1), this.#number())
      case TAG.date:
        return (this.#expect(count, 1), this.#date())
      case TAG.map:
        return this.#map(this.#pairs(count), depth)
      case TAG.set:
        return this.#set(count, depth)
      case TAG.reference:
        return (this.#expect(count, 2), this.#reference())
      default:
        return this.#refuse(`tag ${String(tag)}, which values lack`)
    }
  }

  #tooDeep(): never {
    return this.#refuse(`more than ${this.#bounds.maxDepth} collections inside each other`)
  }

  #scalar(): Plain {
    const item = this.#reader.next()
    return Array.isArray(item) ? this.#refuse('an array where a scalar belongs') : item
  }

  #expect(count: number, expected: number): void {
    if (count !== expected) this.#refuse(`${count} elements, expected ${expected}`)
  }

  #pairs(count: number): number {
    return count % 2 === 0 ? count / 2 : this.#refuse('a key without a value')
  }

  #array(count: number, depth: number): Value {
    const items: Value[] = []
    for (let index = 0; index < count; index++) items.push(this.read(depth + 1))
    return items
  }

  /** Keys must come as JavaScript would list them: indices ascending, then the others, none twice. */
  #record(count: number, depth: number): Value {
    const record: Record<string, Value> = {}
    let lastIndex = -1
    let sawOther = false
    for (let entry = 0; entry < count; entry++) {
      const key = this.#scalar()
      if (typeof key !== 'string') this.#refuse('a key that is not text')
      if (Object.hasOwn(record, key)) this.#refuse('one key twice')
      if (isIndexKey(key)) {
        if (sawOther || Number(key) < lastIndex) this.#refuse('keys in an order that no object has')
        lastIndex = Number(key)
      } else {
        sawOther = true
      }
      const value = this.read(depth + 1)
      if (key === '__proto__')
        Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true })
      else record[key] = value
    }
    return record
  }

  #map(count: number, depth: number): Value {
    const map = new Map<Value, Value>()
    for (let entry = 0; entry < count; entry++) {
      const key = this.#key(depth)
      map.set(key, this.read(depth + 1))
      if (map.size !== entry + 1) this.#refuse('one key twice')
    }
    return map
  }

  #set(count: number, depth: number): Value {
    const set = new Set<Value>()
    for (let entry = 0; entry < count; entry++) {
      set.add(this.#key(depth))
      if (set.size !== entry + 1) this.#refuse('one entry twice')
    }
    return set
  }

  /** Maps and sets hold 0 for -0, so no value has -0 there. */
  #key(depth: number): Value {
    const key = this.read(depth + 1)
    return Object.is(key, -0) ? this.#refuse('-0 as a key') : key
  }

  #bigint(): bigint {
    const digits = this.#scalar()
    if (typeof digits !== 'string' || !/^(0|-?[1-9]\d*)$/.test(digits))
      this.#refuse('a bigint that is not written in decimal')
    return BigInt(digits)
  }

  #number(): number {
    const special = NUMBERS[this.#scalar() as number]
    return special === undefined ? this.#refuse('a number that is not special') : special
  }

  #date(): Date {
    const timeMs = this.#scalar()
    if (!Number.isSafeInteger(timeMs) || Math.abs(timeMs as number) > 8.64e15)
      this.#refuse('a date out of range')
    return new Date(timeMs as number)
  }

  #reference(): ReferenceValue {
    const link = this.#scalar()
    const index = this.#scalar()
    if (!(link instanceof Link) || !Number.isSafeInteger(index) || (index as number) < 0)
      this.#refuse('a reference without a link and an index')
    return new ReferenceValue({ hash: link.hash, index: index as number })
  }

  #refuse(problem: string): never {
    throw new MalformedObjectError(`Cannot decode value: ${problem}`)
  }
}
