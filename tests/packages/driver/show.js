// A value of any kind as plain data that crosses a boundary: what a program could see of it, except
// what docs/format.md declares unspecified. Sharing and cycles show: an object met again is its number.

const MAX_DEPTH = 9
const MAX_NODES = 1500
const MAX_ITEMS = 40

/** Shows values one after the other; what one value shares with another shows too. */
export function makeShow() {
  const met = new Map()
  let nodes = 0

  const show = (value, depth) => {
    if (typeof value === 'string') return value.isWellFormed() ? value : ['text', JSON.stringify(value)]
    if (typeof value === 'symbol') return ['symbol', value.description]
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value
    if (met.has(value)) return ['again', met.get(value)]
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) return ['more']
    met.set(value, met.size)
    return showObject(value, (part) => show(part, depth + 1))
  }

  return (value) => show(value, 0)
}

function showObject(value, show) {
  if (typeof value === 'function') return ['function', value.length, ...entriesOf(value, show, ['prototype'])]
  if (Array.isArray(value)) return ['array', className(value), ...showArray(value, show)]
  if (Error.isError(value)) return showError(value, show)
  return showBuiltIn(value, show) ?? showIterator(value, show) ?? showPlain(value, show)
}

function showArray(array, show) {
  const items = []
  const length = Math.min(array.length, MAX_ITEMS * 8)
  for (let index = 0; index < length; index++) items.push(index in array ? show(array[index]) : ['hole'])
  if (array.length > length) items.push(['length', array.length])
  const rest = entriesOf(array, show).filter(([key]) => !/^\d+$/.test(`${key}`))
  return rest.length > 0 ? [...items, ['besides', ...rest]] : items
}

/** A stack overflow is one thing, however an engine calls it. */
export function showError(error, show) {
  if (isOverflow(error)) return ['overflow']
  return [
    'error',
    show(`${error.name}`),
    show(`${error.message}`),
    ...entriesOf(error, show, ['stack', 'name', 'message']),
  ]
}

const isOverflow = ({ name, message }) =>
  (name === 'InternalError' && message === 'stack overflow') ||
  (name === 'RangeError' && `${message}`.startsWith('Maximum call stack'))

function showBuiltIn(value, show) {
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  if (value instanceof Date) return ['date', value.getTime(), className(value)]
  if (value instanceof RegExp) return ['regexp', value.source, value.flags, value.lastIndex]
  if (value instanceof Map)
    return [
      'map',
      className(value),
      ...[...Map.prototype.entries.call(value)].map((entry) => entry.map(show)),
    ]
  if (value instanceof Set)
    return ['set', className(value), ...[...Set.prototype.values.call(value)].map(show)]
  if (ArrayBuffer.isView(value)) return ['view', tag, ...bytesOf(value)]
  if (value instanceof ArrayBuffer) return ['buffer', ...new Uint8Array(value).slice(0, MAX_ITEMS * 8)]
  if (value instanceof Promise) return ['promise']
  if (value instanceof WeakMap || value instanceof WeakSet) return ['weak']
  if (value instanceof Number || value instanceof String || value instanceof Boolean)
    return ['boxed', tag, show(value.valueOf())]
  return undefined
}

function bytesOf(view) {
  if (view instanceof DataView) return [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)]
  return [view.length, ...Array.from(view.subarray(0, MAX_ITEMS * 8))]
}

/** What an iterator gives, up to a bound. */
function showIterator(value, show) {
  if (typeof value.next !== 'function' || typeof value[Symbol.iterator] !== 'function') return undefined
  const items = []
  try {
    while (items.length < MAX_ITEMS) {
      const { done, value: item } = value.next()
      if (done) return ['iterator', ...items, ['returns', show(item)]]
      items.push(show(item))
    }
  } catch (error) {
    return ['iterator', ...items, ['throws', show(error)]]
  }
  return ['iterator', ...items, ['more']]
}

function showPlain(value, show) {
  const prototype = Object.getPrototypeOf(value)
  const entries = entriesOf(value, show)
  if (prototype === Object.prototype) return ['object', ...entries]
  if (prototype === null) return ['bare', ...entries]
  return ['instance', className(value), Object.getOwnPropertyNames(prototype).length, ...entries]
}

/** Own enumerable properties, symbols by their description. */
function entriesOf(value, show, except = []) {
  const entries = []
  for (const key of Reflect.ownKeys(value)) {
    if (entries.length > MAX_ITEMS * 4) break
    const property = Object.getOwnPropertyDescriptor(value, key)
    // The text of a stack is the engine's own.
    const isStack = key === 'stack' && typeof property?.value === 'string'
    if (isStack || except.includes(key)) continue
    if (property?.enumerable) entries.push([show(key), property.get ? ['get'] : show(property.value)])
  }
  return entries
}

/** The name of a class; that of a function that is used as one is unspecified. */
function className(value) {
  const prototype = Object.getPrototypeOf(value)
  const maker = prototype?.constructor
  if (typeof maker !== 'function') return ''
  const isClass = Object.getOwnPropertyDescriptor(maker, 'prototype')?.writable === false
  return isClass ? maker.name : 'function'
}
