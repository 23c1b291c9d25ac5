// Functions that are given to functions as arguments. Each notes how it was called, and throws
// once it has been called too often: what waits for it to say something else ends then.

const MAX_CALLS = 2000
const MAX_NOTES = 60

const text = (value) => (typeof value === 'string' || typeof value === 'number' ? `${value}` : typeof value)
const some = (value) => ({ _tag: 'Some', value })
const left = (value) => ({ _tag: 'Left', left: value })
const right = (value) => ({ _tag: 'Right', right: value })
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

/** What each does, by name: how many parameters, and the result. */
const BODIES = {
  one: [0, () => 1],
  nothing: [0, () => undefined],
  list: [0, () => [1, 2]],
  record: [0, () => ({ a: 1 })],
  promised: [0, async () => 3],
  fallback: [0, () => some(0)],
  failed: [0, () => left('none')],
  identity: [1, (a) => a],
  double: [1, (a) => a * 2],
  isEven: [1, (a) => a % 2 === 0],
  isBig: [1, (a) => a > 3],
  isText: [1, (a) => typeof a === 'string'],
  truthy: [1, (a) => Boolean(a)],
  text: [1, text],
  size: [1, (a) => (a === null || a === undefined ? 0 : (a.length ?? 1))],
  wrap: [1, (a) => [a]],
  twice: [1, (a) => [a, a]],
  pickA: [1, (a) => a?.a],
  boxed: [1, (a) => ({ a })],
  some: [1, some],
  right: [1, right],
  left: [1, left],
  separate: [1, (a) => (typeof a === 'number' && a % 2 === 0 ? right(a) : left(a))],
  optional: [1, (a) => (a ? some(a) : { _tag: 'None' })],
  later: [1, async (a) => a],
  task: [1, (a) => async () => a],
  taskRight: [1, (a) => async () => right(a)],
  io: [1, (a) => () => a],
  curried: [1, (a) => (b) => [a, b]],
  state: [1, (a) => [a, a]],
  boom: [
    1,
    () => {
      throw new RangeError('boom')
    },
  ],
  add: [2, (a, b) => a + b],
  pair: [2, (a, b) => [a, b]],
  compare: [2, compare],
  less: [2, (a, b) => a < b],
  same: [2, (a, b) => a === b],
  first: [2, (a) => a],
  second: [2, (_a, b) => b],
  append: [2, (all, b) => (Array.isArray(all) ? [...all, b] : [b])],
  sum3: [3, (a, b, c) => a + b + c],
  triple: [3, (a, b, c) => [a, b, c]],
}

/** The shape that a function of so many parameters has: `length` shows. */
const SHAPES = [
  (go) =>
    function () {
      return go(this, arguments)
    },
  (go) =>
    function (_a) {
      return go(this, arguments)
    },
  (go) =>
    function (_a, _b) {
      return go(this, arguments)
    },
  (go) =>
    function (_a, _b, _c) {
      return go(this, arguments)
    },
]

/** Makes callbacks by name; `notes` takes what each call was given, as `show` shows it. */
export function makeCallbacks(notes, makeShow) {
  let calls = 0
  return (name) => {
    const [length, body] = BODIES[name]
    const made = SHAPES[length]((self, args) => {
      if (++calls > MAX_CALLS) throw new RangeError('called too often')
      if (notes.length < MAX_NOTES) {
        const show = makeShow()
        notes.push([name, self === undefined ? 0 : typeof self, ...Array.from(args, show)])
      }
      return body(...args)
    })
    // The text of a function is unspecified.
    return Object.defineProperty(made, 'toString', { value: () => name })
  }
}

/** An instance of every type class at once, over plain data that a callback's results are too. */
export function instances(callback) {
  const map = (fa, f) => ({ ...fa, value: f(fa.value) })
  return {
    URI: 'Option',
    equals: callback('same'),
    compare: callback('compare'),
    concat: callback('add'),
    empty: 0,
    of: some,
    map,
    ap: (fab, fa) =>
      fab._tag === 'Some' && fa._tag === 'Some' ? some(fab.value(fa.value)) : { _tag: 'None' },
    chain: (fa, f) => (fa._tag === 'Some' ? f(fa.value) : fa),
    alt: (fa, that) => (fa._tag === 'Some' ? fa : that()),
    zero: () => ({ _tag: 'None' }),
    show: text,
    join: (a, b) => (a > b ? a : b),
    meet: (a, b) => (a < b ? a : b),
    zero_: 0,
    one: 1,
    top: 9,
    bottom: -9,
    first: 'a',
    second: 'b',
  }
}
