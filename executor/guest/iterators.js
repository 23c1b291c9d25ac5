// Mends two faults of the engine's iterator helpers (`map`, `filter`, `take`, `drop`, `flatMap`): closing
// one called `return` of what it iterates over even when that has none, as the iterators of arrays, so
// that leaving a loop early threw; and answered with what that `return` gave.

const { apply } = Reflect

/** Gives the helpers iterators that have a `return`. Runs before anything is frozen. */
export function mendIteratorHelpers() {
  for (const name of ['map', 'filter', 'take', 'drop', 'flatMap']) {
    const original = Iterator.prototype[name]
    const isFlat = name === 'flatMap'
    const mended = {
      [name](argument) {
        const given = isFlat && typeof argument === 'function' ? flattening(argument) : argument
        return apply(original, closable(this), [given])
      },
    }[name]
    Object.defineProperty(Iterator.prototype, name, { value: mended })
  }
}

/** An iterator that goes on for `iterator` and can be closed. */
function closable(iterator) {
  if (!isObject(iterator)) return iterator
  const { next } = iterator
  return { __proto__: null, next: () => apply(next, iterator, []), return: () => close(iterator) }
}

function close(iterator) {
  const method = iterator.return
  if (method !== undefined && method !== null && !isObject(apply(method, iterator, [])))
    throw new TypeError('not an object')
  return { value: undefined, done: true }
}

/** A mapper whose iterables are iterators that can be closed. */
function flattening(mapper) {
  return (...args) => {
    const mapped = apply(mapper, undefined, args)
    if (!isObject(mapped)) return mapped
    const method = mapped[Symbol.iterator]
    return closable(method === undefined || method === null ? mapped : apply(method, mapped, []))
  }
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'
