// What ECMAScript leaves to implementations, or the sandbox has not, and docs/format.md §7 therefore
// leaves open: tells which of it a call on the original came past. Only calls that differ are watched.

/**
 * `sort calls`: which pairs a comparator is asked about; `sort order`: the order when its answers
 * contradict each other; `date text`: dates in text of another form than ISO 8601; `locale`: methods
 * that need a locale; `function text`: the text of a function; `host`: what only hosts have.
 */
export type Left = 'sort calls' | 'sort order' | 'date text' | 'locale' | 'function text' | 'host'

type Method = (this: unknown, ...args: unknown[]) => unknown
type Watch = (self: unknown, args: readonly unknown[]) => Left | undefined

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object
const locale: Watch = () => 'locale'
const sorting: Watch = (self, [compare]) =>
  typeof compare !== 'function'
    ? undefined
    : isConsistent(Array.prototype.slice.call(self), compare as Comparator)
      ? 'sort calls'
      : 'sort order'

const WATCHED: readonly (readonly [holder: object, names: readonly string[], watch: Watch])[] = [
  [Array.prototype, ['sort', 'toSorted'], sorting],
  [typedArray, ['sort', 'toSorted'], sorting],
  [String.prototype, ['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase'], locale],
  [Number.prototype, ['toLocaleString'], locale],
  [BigInt.prototype, ['toLocaleString'], locale],
  [Array.prototype, ['toLocaleString'], locale],
  [Date.prototype, ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'], locale],
  [Function.prototype, ['toString'], () => 'function text'],
]

/** What `act` came past of all this. */
export async function leftIn(act: () => unknown): Promise<ReadonlySet<Left>> {
  const found = new Set<Left>()
  const restore = WATCHED.flatMap(([holder, names, watch]) =>
    names.map((name) => {
      const property = Object.getOwnPropertyDescriptor(holder, name) as PropertyDescriptor
      const original = property.value as Method
      const watched: Method = function (...args) {
        const left = watch(this, args)
        if (left) found.add(left)
        return original.apply(this, args)
      }
      return replace(holder, name, watched)
    }),
  )
  restore.push(watchHost(() => found.add('host')))
  restore.push(watchDates(() => found.add('date text')))
  try {
    await act()
  } finally {
    for (const each of restore) each()
  }
  return found
}

function replace(holder: object, name: string, value: unknown): () => void {
  const property = Object.getOwnPropertyDescriptor(holder, name) as PropertyDescriptor
  Object.defineProperty(holder, name, { ...property, value })
  return () => void Object.defineProperty(holder, name, property)
}

/** Globals that only hosts have, and for which code looks before it uses them. */
function watchHost(tell: () => void): () => void {
  const restore = ['crypto', 'process', 'Buffer', 'navigator', 'performance', 'Intl'].map((name) => {
    const property = Object.getOwnPropertyDescriptor(globalThis, name) as PropertyDescriptor
    const value: unknown = Reflect.get(globalThis, name)
    Object.defineProperty(globalThis, name, { configurable: true, get: () => (tell(), value) })
    return () => void Object.defineProperty(globalThis, name, property)
  })
  return () => {
    for (const each of restore) each()
  }
}

const ISO = /^([+-]\d{6}|\d{4})(-\d\d(-\d\d)?)?(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/

function watchDates(tell: () => void): () => void {
  const check = (value: unknown): void => {
    const isText =
      typeof value === 'string' || (typeof value === 'object' && value !== null && !(value instanceof Date))
    if (isText && !ISO.test(`${value as string}`)) tell()
  }
  const original = Date
  const watched: DateConstructor = new Proxy(original, {
    construct(target, args: unknown[], maker) {
      if (args.length === 1) check(args[0])
      return Reflect.construct(target, args, maker === watched ? target : maker) as object
    },
    get(target, key, receiver) {
      if (key !== 'parse') return Reflect.get(target, key, receiver) as unknown
      return (text: unknown) => (check(text), target.parse(text as string))
    },
  })
  const restore = [replace(globalThis, 'Date', watched), replace(original.prototype, 'constructor', watched)]
  return () => {
    for (const each of restore) each()
  }
}

type Comparator = (a: unknown, b: unknown) => unknown

/** Whether the answers of `compare` are those of one order. */
function isConsistent(items: readonly unknown[], compare: Comparator): boolean {
  const present = items.filter((item) => item !== undefined)
  try {
    const signs = present.map((a) => present.map((b) => Math.sign(Number(compare(a, b)))))
    const signAt = (from: number, to: number): number => signs[from]?.[to] ?? Number.NaN
    const isTransitive = (a: number, b: number): boolean =>
      signs.every((_, c) => signAt(a, b) > 0 || signAt(b, c) > 0 || signAt(a, c) <= 0)
    return signs.every((row, a) => row.every((sign, b) => sign + signAt(b, a) === 0 && isTransitive(a, b)))
  } catch {
    return false
  }
}
