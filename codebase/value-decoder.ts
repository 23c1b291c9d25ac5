// Canonical bytes to the value that they encode (docs/format.md §5). Trusts nothing that it reads.

import { Link, MalformedObjectError, type Plain } from './cbor-items.ts'
import { CborReader } from './cbor-reader.ts'
import { type DecodeBounds, VALUE_BOUNDS } from './limits.ts'
import { isIndexKey, ReferenceValue, type Value } from './value.ts'
import { NUMBERS, TAG } from './value-tags.ts'

/** The value that `bytes` encode. @throws MalformedObjectError for bytes that encodeValue() does not produce */
export function decodeValue(bytes: Uint8Array, bounds: DecodeBounds = VALUE_BOUNDS): Value {
  const decoder = new ValueDecoder(bytes, bounds)
  const value = decoder.read(1)
  decoder.end()
  return value
}

/** A key of an object and where it is spelt. */
interface Key {
  readonly key: string
  readonly start: number
  readonly end: number
}

class ValueDecoder {
  readonly #reader: CborReader
  readonly #bounds: DecodeBounds
  /** The first keys of the object that was read last, by depth: the next one has mostly the same. */
  readonly #plans: Key[][] = []

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
    for (;;) {
      this.#reader.numbers(items, count - items.length)
      if (items.length === count) return items
      items.push(this.read(depth + 1))
    }
  }

  #record(count: number, depth: number): Value {
    const record: Record<string, Value> = {}
    const plan = (this.#plans[depth] ??= [])
    for (let entry = 0; entry < count; entry++) {
      const known = plan[entry]
      let key = known?.key
      if (!known || !this.#reader.isSame(known.start, known.end)) {
        plan.length = entry
        const start = this.#reader.at
        key = this.#keyAfter(plan, record)
        plan.push({ key, start, end: this.#reader.at })
      }
      const value = this.read(depth + 1)
      if (key === '__proto__')
        Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true })
      else record[key as string] = value
    }
    return record
  }

  /** Keys must come as JavaScript would list them: indices ascending, then the others, none twice. */
  #keyAfter(before: readonly Key[], record: Readonly<Record<string, Value>>): string {
    const key = this.#scalar()
    if (typeof key !== 'string') this.#refuse('a key that is not text')
    if (Object.hasOwn(record, key)) this.#refuse('one key twice')
    const last = before.at(-1)?.key
    if (last !== undefined && isIndexKey(key) && (!isIndexKey(last) || Number(key) < Number(last)))
      this.#refuse('keys in an order that no object has')
    return key
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
