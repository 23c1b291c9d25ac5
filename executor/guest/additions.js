// What ECMAScript has and the engine lacks, and what the engine leaves out where Node, in UTC, does
// not: so that code which looks for it finds what it finds in Node.

/** Completes the intrinsics. */
export function installAdditions() {
  nameTimeZone()
  addDisposal()
  add(Uint8Array, { fromHex: hex.fromHex })
  add(Uint8Array.prototype, { toHex: hex.toHex })
  if (!('fromAsync' in Array)) add(Array, { fromAsync: arrays.fromAsync })
}

function add(holder, methods) {
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(holder, name, { value, writable: true, enumerable: false, configurable: true })
  }
}

/** `Date.prototype.toString` names the zone, as every other engine does. */
function nameTimeZone() {
  const { toString, toTimeString } = Date.prototype
  const named = (text) => (text.endsWith('GMT+0000') ? `${text} (Coordinated Universal Time)` : text)
  add(Date.prototype, {
    toString() {
      return named(toString.call(this))
    },
    toTimeString() {
      return named(toTimeString.call(this))
    },
  })
}

/** The symbols of explicit resource management; the syntax is refused. */
function addDisposal() {
  const fixed = { writable: false, enumerable: false, configurable: false }
  for (const name of ['dispose', 'asyncDispose']) {
    if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`), ...fixed })
  }
  const value = {
    [Symbol.dispose]() {
      this.return?.()
    },
  }[Symbol.dispose]
  if (!(Symbol.dispose in Iterator.prototype)) {
    Object.defineProperty(Iterator.prototype, Symbol.dispose, {
      ...fixed,
      value,
      writable: true,
      configurable: true,
    })
  }
}

const arrays = {
  async fromAsync(items, ...rest) {
    const [map, self] = rest
    const isIterable = items[Symbol.asyncIterator] !== undefined || items[Symbol.iterator] !== undefined
    const result = typeof this === 'function' ? new this() : []
    let index = 0
    const append = async (item) => {
      const value = map === undefined ? item : await map.call(self, item, index)
      Object.defineProperty(result, index++, { value, writable: true, enumerable: true, configurable: true })
    }
    if (isIterable) for await (const item of items) await append(item)
    else for (let at = 0; at < items.length; at++) await append(await items[at])
    result.length = index
    return result
  },
}

const hex = {
  fromHex(text) {
    if (typeof text !== 'string') throw new TypeError('Input must be a string')
    if (text.length % 2 !== 0 || /[^\da-f]/i.test(text)) {
      throw new SyntaxError('Input string must contain hex characters in even length')
    }
    return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
      Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
    )
  },
  toHex() {
    if (Object.prototype.toString.call(this) !== '[object Uint8Array]') {
      throw new TypeError('Cannot spell in hex: expected a Uint8Array')
    }
    let text = ''
    for (const byte of this) text += (byte < 16 ? '0' : '') + byte.toString(16)
    return text
  },
}
