// How the trace shows a value: short, bounded, and without running the value's own code beyond
// what a Proxy can't be kept from.

const MAX_DEPTH = 4
const MAX_ITEMS = 100
const MAX_LENGTH = 10_000

/** `value` as one line of text. */
export function inspect(value) {
  const open = new Set()
  let left = MAX_LENGTH

  const show = (item, depth) => {
    const text = left > 0 ? describe(item, depth) : '…'
    left -= text.length
    return text
  }
  const describe = (item, depth) => {
    if (typeof item === 'string') return JSON.stringify(item)
    if (typeof item === 'bigint') return `${item}n`
    if (typeof item === 'symbol') return item.toString()
    if (typeof item === 'function') return '[function]'
    if (Object.is(item, -0)) return '-0'
    if (typeof item !== 'object' || item === null) return `${item}`
    if (open.has(item)) return '[cycle]'
    if (depth >= MAX_DEPTH) return Array.isArray(item) ? '[…]' : '{…}'
    open.add(item)
    const text = describeObject(item, depth + 1)
    open.delete(item)
    return text
  }
  const list = (items, depth, print) => {
    const shown = items.slice(0, MAX_ITEMS).map((item) => print(item, depth))
    return items.length > MAX_ITEMS
      ? [...shown, `… ${items.length - MAX_ITEMS} more`].join(', ')
      : shown.join(', ')
  }
  const entry = ([key, item], depth) => `${show(key, depth)} => ${show(item, depth)}`
  const property = (item) => (key, depth) => {
    const { value: held, get } = Object.getOwnPropertyDescriptor(item, key) ?? {}
    return `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${get ? '[getter]' : show(held, depth)}`
  }
  const describeObject = (item, depth) => {
    if (Error.isError(item)) return `${item.name}: ${item.message}`
    if (Array.isArray(item)) return `[${list(item, depth, show)}]`
    if (ArrayBuffer.isView(item) && !(item instanceof DataView))
      return `[${list(Array.from(item.slice(0, MAX_ITEMS + 1)), depth, show)}]`
    if (item instanceof Map) return `Map {${list([...item], depth, entry)}}`
    if (item instanceof Set) return `Set {${list([...item], depth, show)}}`
    if (item instanceof Date) return Number.isNaN(item.getTime()) ? 'Invalid Date' : item.toISOString()
    if (item instanceof RegExp) return `${item}`
    return `{${list(Object.keys(item), depth, property(item))}}`
  }

  try {
    return show(value, 0)
  } catch {
    return '[unreadable]'
  }
}
