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

const getterOf = (prototype, key) => Object.getOwnPropertyDescriptor(prototype, key).get
const typedArrayName = getterOf(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
const typedArrayLength = getterOf(Object.getPrototypeOf(Uint8Array.prototype), 'length')
const mapSize = getterOf(Map.prototype, 'size')
const setSize = getterOf(Set.prototype, 'size')
const dateTime = Date.prototype.getTime
const dateText = Date.prototype.toISOString
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
  const open = new Set()

  const refuse = (path, reason) => {
    const places = []
    for (let at = path; at; at = at.parent) places.push(at.text)
    throw new ValueError(`Cannot pass ${places.reverse().join('')}: ${reason}`)
  }
  const encodeText = (text, path) =>
    text.isWellFormed() ? text : refuse(path, 'a string with a lone surrogate')

  const encode = (item, path, depth) => {
    if (typeof item === 'boolean' || item === null) return item
    if (typeof item === 'string') return encodeText(item, path)
    if (typeof item === 'number') return encodeNumber(item)
    if (item === undefined) return form('$undefined', true)
    if (typeof item === 'bigint') return form('$bigint', `${item}`)
    if (typeof item === 'symbol') return refuse(path, 'a symbol')
    const reference = referenceOf(item)
    if (reference !== undefined) return form('$ref', reference)
    if (typeof item === 'function') return refuse(path, 'a function that is not a definition')
    if (depth >= MAX_DEPTH) return refuse(path, `nested deeper than ${MAX_DEPTH}`)
    if (open.has(item)) return refuse(path, 'a cycle')
    open.add(item)
    const encoded = encodeObject(item, path, depth + 1)
    open.delete(item)
    return encoded
  }

  const encodeObject = (item, path, depth) => {
    const prototype = Object.getPrototypeOf(item)
    if (Array.isArray(item) && prototype === Array.prototype) return encodeArray(item, path, depth)
    if (prototype === Object.prototype || prototype === null) return encodePlain(item, path, depth)
    if (prototype === Uint8Array.prototype && typedArrayName.call(item) === 'Uint8Array') {
      return form(
        '$bytes',
        encodeBase64(typedArrayLength.call(item), (at) => item[at]),
      )
    }
    if (prototype === Date.prototype && hasBrand(dateTime, item)) {
      return Number.isNaN(dateTime.call(item))
        ? refuse(path, 'an invalid date')
        : form('$date', dateText.call(item))
    }
    if (prototype === Map.prototype && hasBrand(mapSize, item)) return encodeMap(item, path, depth)
    if (prototype === Set.prototype && hasBrand(setSize, item)) return encodeSet(item, path, depth)
    return refuse(path, describeObject(item))
  }

  const encodeArray = (array, path, depth) => {
    const { length } = array
    const encoded = []
    for (let index = 0; index < length; index++) {
      const at = { parent: path, text: `[${index}]` }
      const property = Object.getOwnPropertyDescriptor(array, index)
      if (property === undefined) refuse(at, 'a hole in an array')
      if (property.get || property.set) refuse(at, 'an accessor')
      encoded.push(encode(property.value, at, depth))
    }
    for (const key of Reflect.ownKeys(array)) {
      if (typeof key === 'symbol') refuse(path, 'an array with a symbol for a key')
      if (key !== 'length' && !(key >>> 0 < length && `${key >>> 0}` === key)) {
        refuse({ parent: path, text: keyText(key) }, 'a property of an array')
      }
    }
    return encoded
  }

  const encodePlain = (object, path, depth) => {
    const entries = []
    for (const key of Reflect.ownKeys(object)) {
      if (typeof key === 'symbol') refuse(path, 'an object with a symbol for a key')
      const property = Object.getOwnPropertyDescriptor(object, key)
      if (!property?.enumerable) continue
      const at = { parent: path, text: keyText(key) }
      if (property.get || property.set) refuse(at, 'an accessor')
      entries.push([encodeText(key, at), encode(property.value, at, depth)])
    }
    if (entries.length === 1 && FORMS.has(entries[0][0])) return form('$object', entries)
    const encoded = Object.create(null)
    for (const [key, item] of entries) encoded[key] = item
    return encoded
  }

  const encodeMap = (map, path, depth) => {
    const entries = []
    forEachOfMap.call(map, (item, key) => entries.push([key, item]))
    return form(
      '$map',
      entries.map(([key, item], index) => [
        encode(key, { parent: path, text: `.keys()[${index}]` }, depth),
        encode(item, { parent: path, text: `.values()[${index}]` }, depth),
      ]),
    )
  }

  const encodeSet = (set, path, depth) => {
    const items = []
    forEachOfSet.call(set, (item) => items.push(item))
    return form(
      '$set',
      items.map((item, index) => encode(item, { parent: path, text: `.values()[${index}]` }, depth)),
    )
  }

  return encode(value, { parent: undefined, text: '$' }, 0)
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

const keyText = (key) => (/^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`)

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
      for (let index = 0; index < item.length; index++) item[index] = decode(item[index])
      return item
    }
    const keys = Object.keys(item)
    if (keys.length === 1 && FORMS.has(keys[0])) return decodeForm[keys[0]](item[keys[0]])
    for (const key of keys) item[key] = decode(item[key])
    return item
  }

  const decodeForm = {
    $undefined: () => undefined,
    $number: Number,
    $bigint: BigInt,
    $bytes: decodeBase64,
    $date: (content) => new Date(content),
    $map: (content) => new Map(content.map(([key, item]) => [decode(key), decode(item)])),
    $set: (content) => new Set(content.map(decode)),
    $object: (content) => Object.fromEntries(content.map(([key, item]) => [key, decode(item)])),
    $ref: (content) => definitionOf(content) ?? unknownReference(content),
  }
  return decode(tree)
}

function unknownReference(reference) {
  throw new ValueError(`Cannot pass #${reference}: the definition is not part of this run`)
}
