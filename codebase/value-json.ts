// Values as JSON for the command line and for people: JSON stands for itself, what
// JSON lacks has a `$` form (design: docs/format.md §5.1). Inverse of each other.

import { parseReference, referenceText } from './hash.ts'
import { VALUE_BOUNDS } from './limits.ts'
import { ReferenceValue, type Step, type Value, ValueError } from './value.ts'

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
])

/** What an object with exactly one key, and that one of these, stands for. */
const FORMS: Readonly<Record<string, (content: unknown, path: Step[]) => Value>> = Object.freeze({
  $bigint: (content, path) => {
    if (typeof content !== 'string' || !/^-?\d+$/.test(content))
      throw new ValueError('a $bigint that is not decimal digits', path)
    return BigInt(content)
  },
  $bytes: (content, path) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'base64') : undefined
    if (!bytes || bytes.toString('base64').replace(/=+$/, '') !== (content as string).replace(/=+$/, '')) {
      throw new ValueError('$bytes that are not base64', path)
    }
    return new Uint8Array(bytes)
  },
  $date: (content, path) => {
    const iso = /^([+-]\d{6}|\d{4})-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/
    const date = typeof content === 'string' && iso.test(content) ? new Date(content) : new Date(Number.NaN)
    if (Number.isNaN(date.getTime())) throw new ValueError('a $date that is not ISO 8601 in UTC', path)
    return date
  },
  $map: (content, path) => new Map(pairs(content, '$map', path)),
  $set: (content, path) => {
    if (!Array.isArray(content)) throw new ValueError('a $set that is not an array', path)
    return new Set(content.map((item, index) => within(path, index, fromJson, item as unknown)))
  },
  $number: (content, path) => {
    const number = NUMBERS.get(content as string)
    if (number === undefined)
      throw new ValueError('a $number that is not NaN, Infinity, -Infinity or -0', path)
    return number
  },
  $undefined: (content, path) => {
    if (content !== true) throw new ValueError('$undefined without true', path)
    return undefined
  },
  $ref: (content, path) => {
    try {
      return new ReferenceValue(parseReference(content as string))
    } catch {
      throw new ValueError('a $ref that is not a whole hash', path)
    }
  },
  $object: (content, path) => {
    const record: Record<string, Value> = {}
    for (const [key, value] of pairs(content, '$object', path)) {
      if (typeof key !== 'string') throw new ValueError('a key of $object that is not text', path)
      define(record, key, value)
    }
    return record
  },
})

/** `value` as JSON with `$` forms. @throws ValueError with the path to what is no value */
export function valueToJson(value: Value): unknown {
  return toJson(value, [])
}

/** The value that `json` (parsed JSON) stands for. @throws ValueError with the path to a malformed `$` form */
export function valueFromJson(json: unknown): Value {
  return fromJson(json, [])
}

/** `path` leads to the value; it is the same array for all parts of a value, and grows and shrinks. */
function toJson(value: Value, path: Step[]): unknown {
  switch (typeof value) {
    case 'undefined':
      return { $undefined: true }
    case 'bigint':
      return { $bigint: value.toString() }
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? '-0' : String(value) }
    case 'object':
      return value === null ? null : objectToJson(value, path)
    case 'string':
    case 'boolean':
      return value
    default:
      throw new ValueError(`a ${typeof value}`, path)
  }
}

/** What `convert` makes of the part of a value that `step` leads to. */
function within<From, To>(
  path: Step[],
  step: Step,
  convert: (part: From, path: Step[]) => To,
  part: From,
): To {
  const depth = path.push(step)
  if (depth > VALUE_BOUNDS.maxDepth + 1)
    throw new ValueError(`a cycle or more than ${VALUE_BOUNDS.maxDepth} collections inside each other`, path)
  const converted = convert(part, path)
  path.length = depth - 1
  return converted
}

function objectToJson(value: Value & object, path: Step[]): unknown {
  if (Array.isArray(value)) return value.map((item: Value, index) => within(path, index, toJson, item))
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') }
  if (value instanceof ReferenceValue) return { $ref: referenceText(value.reference) }
  if (value instanceof Date) return { $date: value.toISOString() }
  if (value instanceof Map) {
    return {
      $map: [...value].map(([key, item], index) => [
        within(path, ['keys', index], toJson, key as Value),
        within(path, ['values', index], toJson, item as Value),
      ]),
    }
  }
  if (value instanceof Set)
    return { $set: [...value].map((item, index) => within(path, index, toJson, item as Value)) }
  const source = value as Readonly<Record<string, Value>>
  const keys = Object.keys(source)
  const record: Record<string, unknown> = {}
  for (const key of keys) define(record, key, within(path, key, toJson, source[key]))
  const [only] = keys
  return keys.length === 1 && Object.hasOwn(FORMS, only as string)
    ? { $object: [[only, record[only as string]]] }
    : record
}

function fromJson(json: unknown, path: Step[]): Value {
  if (typeof json === 'string' && !json.isWellFormed())
    throw new ValueError('text with a lone surrogate', path)
  if (typeof json === 'number' && !Number.isFinite(json))
    throw new ValueError('a number beyond the range of JSON', path)
  if (json === null || typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean')
    return json
  if (typeof json !== 'object') throw new ValueError(`a ${typeof json}, which JSON lacks`, path)
  if (Array.isArray(json)) return json.map((item, index) => within(path, index, fromJson, item as unknown))
  const source = json as Readonly<Record<string, unknown>>
  const keys = Object.keys(source)
  const [only] = keys
  if (keys.length === 1 && Object.hasOwn(FORMS, only as string))
    return FORMS[only as string]?.(source[only as string], path)
  const record: Record<string, Value> = {}
  for (const key of keys) define(record, key, within(path, key, fromJson, source[key]))
  return record
}

function pairs(content: unknown, form: string, path: Step[]): [Value, Value][] {
  if (!Array.isArray(content)) throw new ValueError(`a ${form} that is not an array of pairs`, path)
  return content.map((pair, index) => {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new ValueError(`a ${form} that is not an array of pairs`, path)
    return [within(path, index, fromJson, pair[0]), within(path, index, fromJson, pair[1])]
  })
}

/** Sets a property even when it is called `__proto__`. */
function define(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') record[key] = value
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true })
}
