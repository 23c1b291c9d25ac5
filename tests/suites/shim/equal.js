// Deep equality as vitest's toEqual and node:assert have it, in plain JavaScript that runs the
// same in Node and in a sandbox. `strict` tells holes, absent properties and classes apart.

export function isEqual(a, b, strict, seen = []) {
  if (isMatcher(b)) return b.matches(a)
  if (isMatcher(a)) return a.matches(b)
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false
  if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (seen.some(([one, other]) => one === a && other === b)) return true
  const inner = [...seen, [a, b]]
  const verdict = sameContent(a, b, strict, inner)
  return verdict === undefined ? sameProperties(a, b, strict, inner) : verdict
}

const isMatcher = (value) => typeof value === 'object' && value !== null && value.$isMatcher === true

/** What is compared besides properties: true and false are final, undefined is not. */
function sameContent(a, b, strict, seen) {
  if (a instanceof Date) return Object.is(a.getTime(), b.getTime())
  if (a instanceof RegExp) return String(a) === String(b) && a.lastIndex === b.lastIndex
  if (a instanceof Error) return a.name === b.name && a.message === b.message
  if (a instanceof Number || a instanceof String || a instanceof Boolean) {
    if (!Object.is(a.valueOf(), b.valueOf())) return false
  }
  if (a instanceof ArrayBuffer) return isEqual(new Uint8Array(a), new Uint8Array(b), strict, seen)
  if (a instanceof DataView) return isEqual(a.buffer, b.buffer, strict, seen) && a.byteLength === b.byteLength
  if (Array.isArray(a) && a.length !== b.length) return false
  if (a instanceof Map) return a.size === b.size && sameEntries([...a], [...b], strict, seen)
  if (a instanceof Set) return a.size === b.size && sameEntries([...a], [...b], strict, seen)
  return undefined
}

/** Whether each entry of one has an equal one in the other, whatever their order. */
function sameEntries(entries, others, strict, seen) {
  const left = [...others]
  return entries.every((entry) => {
    const at = left.findIndex((other) => isEqual(entry, other, strict, seen))
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
}

function sameProperties(a, b, strict, seen) {
  const keys = new Set([...ownKeys(a), ...ownKeys(b)])
  return [...keys].every((key) => {
    if (strict && Object.hasOwn(a, key) !== Object.hasOwn(b, key)) return false
    return isEqual(a[key], b[key], strict, seen)
  })
}

function ownKeys(object) {
  return Reflect.ownKeys(object).filter((key) => Object.prototype.propertyIsEnumerable.call(object, key))
}
