// Values across the boundary: between what a program holds and JSON with `$` forms.
// The intrinsics are frozen, so calls on what this file makes itself are safe; what comes from
// the program may be a Proxy or have hostile getters, so each part of it is read exactly once.

import { decodeBase64, encodeBase64 } from './base64.js'

const MAX_DEPTH = 256
const FORMS = new Set([
  '$bigint',
  '$bytes',
  '$date',
  '$map',
  '$set',
  '$number',
  '$undefined',
  '$ref',
  '$object',
])
/** What `scan` says of an array whose items are its only properties, and plain ones, but not all numbers. */
const DENSE = -2
const NEITHER = -1

/**
 * What the host does for the codec, for it sees the engine's memory (executor/transfer.ts): `scan` and `bytes` hand over an array of
 * numbers and bytes, and give the place where the host keeps them; `fill` puts what came along into an
 * array or bytes; `read` takes
 * a whole value that is plain data, and answers whether it was.
 */
const engine = { scan: () => NEITHER, bytes: () => NEITHER, fill: undefined, read: () => 0 }

/** Makes the codec use the host's functions. */
export function installTransfer(scan, bytes, fill, read) {
  Object.assign(engine, { scan, bytes, fill, read })
}

/** Whether the host has taken `value` by itself. */
export const isRead = (value) => engine.read(value) === 1

/** What the host knows plain data by: an empty object, array, Uint8Array, Date, Map and Set, in this order. */
export const samples = [{}, [], new Uint8Array(0), new Date(0), new Map(), new Set()]

/** What the host needs for a value that it builds: the object of a JSON, or so many bytes. */
export const make = (what) => (typeof what === 'string' ? JSON.parse(what) : new Uint8Array(what))

const getterOf = (prototype, key) => Object.getOwnPropertyDescriptor(prototype, key).get
const typedArrayName = getterOf(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
const typedArrayLength = getterOf(Object.getPrototypeOf(Uint8Array.prototype), 'length')
const mapSize = getterOf(Map.prototype, 'size')
const setSize = getterOf(Set.prototype, 'size')
const dateTime = Date.prototype.getTime
const dateText = Date.prototype.toISOString
const { slice } = Array.prototype
const forEachOfMap = Map.prototype.forEach
const forEachOfSet = Set.prototype.forEach

/** What can't cross a boundary, with the path to it. */
export class ValueError extends Error {
  get name() {
    return 'ValueError'
  }
}

/** Whether `read` works on `value`: how the engine tells a Map, Set or Date from an object that looks like one. */
function hasBrand(read, value) {
  try {
    read.call(value)
    return true
  } catch {
    return false
  }
}

/**
 * `value` as a tree for JSON.stringify. `referenceOf` gives the reference of a definition.
 * @throws ValueError naming the path of what can't cross
 */
export function encodeValue(value, referenceOf) {
  if (isSimple(value)) return value
  const open = new Set()
  /** What leads to the item being encoded: an index, a key, or text of another form in an array. */
  const path = []

  const refuse = (reason, depth) => {
    throw new ValueError(`Cannot pass $${path.slice(0, depth).map(stepText).join('')}: ${reason}`)
  }
  const encodeText = (text, depth) =>
    text.isWellFormed() ? text : refuse('a string with a lone surrogate', depth)

  const encode = (item, depth) => {
    if (typeof item === 'string') return encodeText(item, depth)
    if (typeof item === 'number') return encodeNumber(item)
    if (typeof item === 'boolean' || item === null) return item
    if (item === undefined) return form('$undefined', true)
    if (typeof item === 'bigint') return form('$bigint', `${item}`)
    if (typeof item === 'symbol') return refuse('a symbol', depth)
    const reference = referenceOf(item)
    if (reference !== undefined) return form('$ref', reference)
    if (typeof item === 'function') return refuse('a function that is not a definition', depth)
    if (depth >= MAX_DEPTH) return refuse(`nested deeper than ${MAX_DEPTH}`, depth)
    if (open.has(item)) return refuse('a cycle', depth)
    open.add(item)
    const encoded = encodeObject(item, depth)
    open.delete(item)
    return encoded
  }

  const encodeObject = (item, depth) => {
    const prototype = Object.getPrototypeOf(item)
    if (Array.isArray(item) && prototype === Array.prototype) return encodeArray(item, depth)
    if (prototype === Object.prototype || prototype === null) return encodePlain(item, depth)
    if (prototype === Uint8Array.prototype && typedArrayName.call(item) === 'Uint8Array')
      return encodeBytes(item)
    if (prototype === Date.prototype && hasBrand(dateTime, item)) {
      return Number.isNaN(dateTime.call(item))
        ? refuse('an invalid date', depth)
        : form('$date', dateText.call(item))
    }
    if (prototype === Map.prototype && hasBrand(mapSize, item)) return encodeMap(item, depth)
    if (prototype === Set.prototype && hasBrand(setSize, item)) return encodeSet(item, depth)
    return refuse(describeObject(item), depth)
  }

  const encodeArray = (array, depth) => {
    const seen = engine.scan(array)
    if (seen >= 0) return form('$number', seen)
    return seen === DENSE ? encodeItems(slice.call(array), depth) : encodeOddArray(array, depth)
  }

  /** Encodes a copy in place: what encoding an item runs can't reach it. */
  const encodeItems = (items, depth) => {
    for (let index = 0; index < items.length; index++) {
      path[depth] = index
      items[index] = encode(items[index], depth + 1)
    }
    return items
  }

  /** An array that the engine does not hold as a plain row of values: a Proxy, perhaps, or one with holes. */
  const encodeOddArray = (array, depth) => {
    const { length } = array
    const encoded = []
    for (let index = 0; index < length; index++) {
      path[depth] = index
      const property = Object.getOwnPropertyDescriptor(array, index)
      if (property === undefined) refuse('a hole in an array', depth + 1)
      if (property.get || property.set) refuse('an accessor', depth + 1)
      encoded.push(encode(property.value, depth + 1))
    }
    for (const key of Reflect.ownKeys(array)) {
      if (typeof key === 'symbol') refuse('an array with a symbol for a key', depth)
      if (key !== 'length' && !(key >>> 0 < length && `${key >>> 0}` === key)) {
        path[depth] = key
        refuse('a property of an array', depth + 1)
      }
    }
    return encoded
  }

  const encodePlain = (object, depth) => {
    const encoded = Object.create(null)
    let count = 0
    let last
    for (const key of Reflect.ownKeys(object)) {
      if (typeof key === 'symbol') refuse('an object with a symbol for a key', depth)
      const property = Object.getOwnPropertyDescriptor(object, key)
      if (!property?.enumerable) continue
      path[depth] = key
      if (property.get || property.set) refuse('an accessor', depth + 1)
      encoded[encodeText(key, depth + 1)] = encode(property.value, depth + 1)
      count++
      last = key
    }
    return count === 1 && FORMS.has(last) ? form('$object', [[last, encoded[last]]]) : encoded
  }

  const encodeBytes = (bytes) => {
    const length = typedArrayLength.call(bytes)
    const seen = engine.bytes(bytes, length)
    return seen >= 0
      ? form('$number', seen)
      : form(
          '$bytes',
          encodeBase64(length, (at) => bytes[at]),
        )
  }

  const encodeMap = (map, depth) => {
    const entries = []
    forEachOfMap.call(map, (item, key) => entries.push([key, item]))
    return form(
      '$map',
      entries.map(([key, item], index) => {
        path[depth] = [`.keys()[${index}]`]
        const encodedKey = encode(key, depth + 1)
        path[depth] = [`.values()[${index}]`]
        return [encodedKey, encode(item, depth + 1)]
      }),
    )
  }

  const encodeSet = (set, depth) => {
    const items = []
    forEachOfSet.call(set, (item) => items.push(item))
    return form(
      '$set',
      items.map((item, index) => {
        path[depth] = [`.values()[${index}]`]
        return encode(item, depth + 1)
      }),
    )
  }

  return encode(value, 0)
}

/** Whether a value stands for itself in JSON, and nothing needs to be looked at within it. */
export function isSimple(value) {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  return value === null || typeof value === 'boolean' || (typeof value === 'string' && value.isWellFormed())
}

function stepText(step) {
  if (typeof step === 'number') return `[${step}]`
  if (typeof step !== 'string') return step[0]
  return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
}

function encodeNumber(number) {
  if (Object.is(number, -0)) return form('$number', '-0')
  return Number.isFinite(number) ? number : form('$number', `${number}`)
}

function form(name, content) {
  const object = Object.create(null)
  object[name] = content
  return object
}

function describeObject(item) {
  if (item instanceof Promise) return 'a promise'
  try {
    const { name } = Object.getPrototypeOf(item).constructor
    return typeof name === 'string' && name !== ''
      ? `an instance of ${name.slice(0, 100)}`
      : 'an instance of a class'
  } catch {
    return 'an instance of a class'
  }
}

/**
 * The value that a tree from JSON.parse stands for; the tree is used up. The host made the JSON,
 * so its forms are well formed.
 * @throws ValueError for a reference that `definitionOf` does not know
 */
export function decodeValue(tree, definitionOf) {
  const decode = (item) => {
    if (typeof item !== 'object' || item === null) return item
    if (Array.isArray(item)) {
      for (let index = 0; index < item.length; index++) {
        const part = item[index]
        if (typeof part === 'object') item[index] = decode(part)
      }
      return item
    }
    const keys = Object.keys(item)
    if (keys.length === 1 && FORMS.has(keys[0])) return decodeForm[keys[0]](item[keys[0]])
    for (const key of keys) {
      const part = item[key]
      if (typeof part === 'object') item[key] = decode(part)
    }
    return item
  }

  const decodeForm = {
    $undefined: () => undefined,
    $number: (content) => (typeof content === 'string' ? Number(content) : hostNumbers(...content)),
    $bigint: BigInt,
    $bytes: (content) => (typeof content === 'string' ? decodeBase64(content) : hostBytes(...content)),
    $date: (content) => new Date(content),
    $map: (content) => new Map(content.map(([key, item]) => [decode(key), decode(item)])),
    $set: (content) => new Set(content.map(decode)),
    $object: (content) => Object.fromEntries(content.map(([key, item]) => [key, decode(item)])),
    $ref: (content) => definitionOf(content) ?? unknownReference(content),
  }
  return decode(tree)
}

function hostBytes(place, length) {
  const bytes = new Uint8Array(length)
  engine.fill(bytes, place)
  return bytes
}

function hostNumbers(place, length) {
  const numbers = []
  numbers.length = length
  numbers.fill(0)
  engine.fill(numbers, place)
  return numbers
}

function unknownReference(reference) {
  throw new ValueError(`Cannot pass #${reference}: the definition is not part of this run`)
}
