// What pure code expects of any host and the engine lacks: text encodings, base64, structured
// clones, and a console whose lines are a trace for whoever runs the function.

import { decodeBase64, encodeBase64 } from './base64.js'
import { inspect } from './inspect.js'

/** Gives `globalThis` the functions of this file; `trace` takes one line of text. */
export function installGlobals(trace) {
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true })
  define('console', makeConsole(trace))
  for (const value of [TextEncoder, TextDecoder, atob, btoa, structuredClone]) define(value.name, value)
}

function makeConsole(trace) {
  const print = (...items) =>
    trace(items.map((item) => (typeof item === 'string' ? item : inspect(item))).join(' '))
  const console = {}
  for (const method of [
    'log',
    'info',
    'warn',
    'error',
    'debug',
    'trace',
    'dir',
    'table',
    'group',
    'groupCollapsed',
  ]) {
    console[method] = { [method]: (...items) => print(...items) }[method]
  }
  for (const method of ['groupEnd', 'time', 'timeEnd', 'timeLog', 'count', 'countReset', 'clear']) {
    console[method] = { [method]: () => {} }[method]
  }
  console.assert = (condition, ...items) => {
    if (!condition) print('Assertion failed', ...items)
  }
  return console
}

class TextEncoder {
  get encoding() {
    return 'utf-8'
  }
  encode(input = '') {
    const text = `${input}`.toWellFormed()
    const bytes = []
    for (let at = 0; at < text.length; at++) {
      const code = text.codePointAt(at)
      if (code < 0x80) bytes.push(code)
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
      else {
        bytes.push(
          0xf0 | (code >> 18),
          0x80 | ((code >> 12) & 63),
          0x80 | ((code >> 6) & 63),
          0x80 | (code & 63),
        )
        at++
      }
    }
    return new Uint8Array(bytes)
  }
  encodeInto(text, target) {
    let read = 0
    let written = 0
    for (const character of `${text}`) {
      const bytes = this.encode(character)
      if (written + bytes.length > target.length) break
      target.set(bytes, written)
      written += bytes.length
      read += character.length
    }
    return { read, written }
  }
}

/** UTF-8 only. Malformed sequences become U+FFFD as WHATWG Encoding has it, or throw when `fatal`. */
class TextDecoder {
  #isFatal
  #keepsMark
  constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
    const name = `${label}`.trim().toLowerCase()
    if (!['utf-8', 'utf8', 'unicode-1-1-utf-8'].includes(name)) {
      throw new RangeError(`Cannot decode ${name}: expected utf-8`)
    }
    this.#isFatal = Boolean(fatal)
    this.#keepsMark = Boolean(ignoreBOM)
  }
  get encoding() {
    return 'utf-8'
  }
  get fatal() {
    return this.#isFatal
  }
  get ignoreBOM() {
    return this.#keepsMark
  }
  decode(input = new Uint8Array(0)) {
    const bytes = ArrayBuffer.isView(input)
      ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
      : new Uint8Array(input)
    const text = decodeUtf8(bytes, this.#isFatal)
    return !this.#keepsMark && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  }
}

/** Least code point by number of bytes: what is spelt longer than it needs is malformed. */
const SECOND_BYTE = { 0xe0: [0xa0, 0xbf], 0xed: [0x80, 0x9f], 0xf0: [0x90, 0xbf], 0xf4: [0x80, 0x8f] }

/** One sequence at `at`: its code point (−1 when malformed) and its length in bytes. */
function decodeSequence(bytes, at) {
  const first = bytes[at]
  if (first < 0x80) return [first, 1]
  const length =
    first >= 0xc2 && first < 0xe0
      ? 2
      : first >= 0xe0 && first < 0xf0
        ? 3
        : first >= 0xf0 && first < 0xf5
          ? 4
          : 0
  if (length === 0) return [-1, 1]
  let code = first & (0xff >> (length + 1))
  for (let index = 1; index < length; index++) {
    const [low, high] = (index === 1 && SECOND_BYTE[first]) || [0x80, 0xbf]
    const byte = bytes[at + index]
    if (byte === undefined || byte < low || byte > high) return [-1, index]
    code = (code << 6) | (byte & 63)
  }
  return [code, length]
}

function decodeUtf8(bytes, isFatal) {
  const parts = []
  let codes = []
  for (let at = 0; at < bytes.length; ) {
    const [code, length] = decodeSequence(bytes, at)
    if (code < 0 && isFatal) throw new TypeError('Cannot decode: the bytes are not UTF-8')
    codes.push(code < 0 ? 0xfffd : code)
    at += length
    if (codes.length === 4096) {
      parts.push(String.fromCodePoint(...codes))
      codes = []
    }
  }
  parts.push(String.fromCodePoint(...codes))
  return parts.join('')
}

class InvalidCharacterError extends Error {
  get name() {
    return 'InvalidCharacterError'
  }
}

function btoa(input) {
  const text = `${input}`
  return encodeBase64(text.length, (at) => {
    const code = text.charCodeAt(at)
    if (code > 255) throw new InvalidCharacterError('Cannot encode: a character is past U+00FF')
    return code
  })
}

function atob(input) {
  const bytes = decodeBase64(`${input}`.replace(/[\t\n\f\r ]/g, ''))
  if (!bytes) throw new InvalidCharacterError('Cannot decode: the text is not base64')
  const parts = []
  for (let at = 0; at < bytes.length; at += 4096)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 4096)))
  return parts.join('')
}

class DataCloneError extends Error {
  get name() {
    return 'DataCloneError'
  }
}

const wrapped = [
  [Boolean, Boolean.prototype.valueOf],
  [Number, Number.prototype.valueOf],
  [String, String.prototype.valueOf],
  [BigInt, BigInt.prototype.valueOf],
]

function structuredClone(value) {
  const clones = new Map()
  const clone = (item) => {
    if (typeof item === 'function' || typeof item === 'symbol')
      throw new DataCloneError(`Cannot clone a ${typeof item}`)
    if (typeof item !== 'object' || item === null) return item
    if (clones.has(item)) return clones.get(item)
    const { copy, fill } = emptyClone(item)
    clones.set(item, copy)
    fill?.(clone)
    return copy
  }
  return clone(value)
}

/** The clone of `item` without its parts, and what gives it those. */
function emptyClone(item) {
  if (Array.isArray(item)) {
    const copy = []
    copy.length = item.length
    return { copy, fill: (clone) => copyProperties(item, copy, clone) }
  }
  if (item instanceof Date) return { copy: new Date(item.getTime()) }
  if (item instanceof RegExp) return { copy: new RegExp(item.source, item.flags) }
  if (item instanceof ArrayBuffer) return { copy: item.slice(0) }
  if (item instanceof DataView) {
    return { copy: new DataView(item.buffer.slice(item.byteOffset, item.byteOffset + item.byteLength)) }
  }
  if (ArrayBuffer.isView(item)) return { copy: item.slice() }
  if (item instanceof Map) {
    const copy = new Map()
    return { copy, fill: (clone) => [...item].forEach(([key, entry]) => copy.set(clone(key), clone(entry))) }
  }
  if (item instanceof Set) {
    const copy = new Set()
    return { copy, fill: (clone) => [...item].forEach((entry) => copy.add(clone(entry))) }
  }
  if (Error.isError(item)) return emptyErrorClone(item)
  for (const [type, valueOf] of wrapped) {
    if (item instanceof type) return { copy: Object(valueOf.call(item)) }
  }
  if (item instanceof Promise || item instanceof WeakMap || item instanceof WeakSet) {
    throw new DataCloneError('Cannot clone: the object has no copy')
  }
  const copy = {}
  return { copy, fill: (clone) => copyProperties(item, copy, clone) }
}

const errorTypes = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError }

function emptyErrorClone(error) {
  const Type = Object.hasOwn(errorTypes, error.name) ? errorTypes[error.name] : Error
  const copy = new Type(error.message)
  return {
    copy,
    fill: (clone) => {
      if (Object.hasOwn(error, 'cause')) copy.cause = clone(error.cause)
    },
  }
}

function copyProperties(from, to, clone) {
  for (const key of Object.keys(from)) {
    Object.defineProperty(to, key, {
      value: clone(from[key]),
      writable: true,
      enumerable: true,
      configurable: true,
    })
  }
}
