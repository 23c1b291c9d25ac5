// Programs that mean harm, each with the outcome that it must come to. `main` is an expression for
// the function that is called without arguments; `Log`, `all` and `handle` are those of sandboxes.ts.

import { textOf } from './sandboxes.ts'
import { type CallBounds, type Reply } from '../../executor/sandbox.ts'

/** What is to come of it: `fuel`, `memory`, `output` or `stack`; the name of a failure; JSON of a value; `waits` for the host. */
export type Expected = string

export type Hostile = readonly [what: string, main: string, expected: Expected]

const MEGABYTE = 1024 * 1024

/** Little fuel for what must run out of it, enough for what must end otherwise. */
export function boundsFor(expected: Expected, fuel = 5_000_000): CallBounds {
  const isFuel = expected === 'fuel'
  return { fuel: isFuel ? fuel : 2_000_000_000, memoryBytes: 24 * MEGABYTE, outputBytes: MEGABYTE }
}

/** A reply in the words of `Expected`. */
export function wordOf(reply: Reply): string {
  if ('fault' in reply) return `fault ${reply.fault}`
  if ('stop' in reply) return reply.stop
  const content = reply.text.slice(1)
  if (reply.text[0] === 'v') return textOf(reply).slice(1)
  if (reply.text[0] === 'f') return JSON.parse(content).name
  return reply.text[0] === 's' ? 'stack' : 'waits'
}

const HUGE = '{ length: 2 ** 53 - 1 }'
const nested = (by: string, depth = '1e5'): string =>
  `let a = []; for (let i = 0; i < ${depth}; i++) a = ${by};`

/** Loops inside the engine, which ask nobody whether to go on. */
const NATIVE_LOOPS: readonly Hostile[] = [
  ['a search in a long text', "() => 'a'.repeat(1e7).indexOf('a'.repeat(5e6) + 'b')", 'fuel'],
  ['a catastrophic regular expression', "() => /(x+x+)+y/.test('x'.repeat(50))", 'fuel'],
  ['empty repetitions', "() => /(?:a{0,1000}){0,1000}b/.test('a'.repeat(1e5))", 'fuel'],
  [
    'a regular expression that remembers all of a text',
    "() => /^(?:a|b)*$/.test('ab'.repeat(2e6))",
    'memory',
  ],
  ['a comparison without end', '() => [1, 2, 3].sort(() => { for (;;); })', 'fuel'],
  [
    'a comparison that changes the array',
    '() => { const a = Array.from({ length: 1e4 }, (_, i) => i); let n = 0; a.sort(() => { a.length = 0; a.push(n++); return n % 3 - 1 }); return a.length }',
    '10000',
  ],
  ['repeat()', "() => 'x'.repeat(2 ** 29)", 'memory'],
  ['padEnd()', "() => 'x'.padEnd(2 ** 30 - 2, 'ab').length", 'memory'],
  ['a text that doubles', "() => { let s = 'x'.repeat(1000); for (;;) { s += s; s.at(7) } }", 'memory'],
  ['a text that grows at both ends', "() => { let s = ''; for (;;) s = 'a' + s + 'b' }", 'fuel'],
  ['a tower of powers', '() => 2n ** 10n ** 9n', 'RangeError'],
  ['an integer that is squared for ever', '() => { let n = 3n; for (;;) n *= n }', 'fuel'],
  ['the digits of a huge integer', '() => String(3n ** 500000n).length', 'fuel'],
  ['a huge shift', '() => 1n << 10000000000n', 'RangeError'],
  ['an integer of a long text', "() => BigInt('9'.repeat(1e6))", 'RangeError'],
  ['replaceAll()', "() => 'a'.repeat(1e6).replaceAll('a', 'b'.repeat(1e3)).length", 'memory'],
  ['split()', "() => 'a'.repeat(5e6).split('').length", 'memory'],
  ['normalize()', "() => 'é'.repeat(5e6).normalize('NFD').length", 'memory'],
  ['decoding', '() => new TextDecoder().decode(new Uint8Array(1e7)).length', 'fuel'],
  ['JSON of a huge text', "() => JSON.parse('[' + '0,'.repeat(4e6) + '0]').length", 'memory'],
  ['a huge text as JSON', "() => JSON.stringify('\\u0001'.repeat(5e6)).length", 'memory'],
]

/** Builtins over whatever says that it is long. */
const ARRAY_LIKES: readonly Hostile[] = [
  ...['indexOf', 'lastIndexOf', 'includes', 'reverse', 'join', 'sort', 'every'].map(
    (method): Hostile => [
      `${method}() of 2 ** 53 - 1 items`,
      `() => Array.prototype.${method}.call(${HUGE}, ${method === 'every' ? '() => true' : method === 'sort' ? 'undefined' : '1'})`,
      'fuel',
    ],
  ),
  ['fill() of 2 ** 53 - 1 items', `() => Array.prototype.fill.call(${HUGE}, 1)`, 'memory'],
  ['copyWithin() of 2 ** 53 - 1 items', `() => Array.prototype.copyWithin.call(${HUGE}, 1, 0)`, 'fuel'],
  ['slice() of 2 ** 53 - 1 items', `() => Array.prototype.slice.call(${HUGE})`, 'RangeError'],
  ['Array.from() of 2 ** 53 - 1 items', `() => Array.from(${HUGE})`, 'RangeError'],
  ['apply() of 2 ** 53 - 1 arguments', `() => Math.max.apply(null, ${HUGE})`, 'RangeError'],
  [
    'spreading 2 ** 53 - 1 items',
    `() => [].concat({ ...${HUGE}, [Symbol.isConcatSpreadable]: true })`,
    'fuel',
  ],
  ['String.raw() of 2 ** 53 - 1 parts', `() => String.raw({ raw: ${HUGE} })`, 'memory'],
]

/** Depth inside the engine. */
const DEPTH: readonly Hostile[] = [
  [
    'functions bound to bound functions, which are the engine calling itself',
    '() => { let f = Math.abs; for (let i = 0; i < 600; i++) f = f.bind(null); for (;;) f() }',
    'fuel',
  ],
  [
    'classes bound to bound classes',
    '() => { let C = class {}; for (let i = 0; i < 600; i++) C = C.bind(null); for (;;) new C() }',
    'fuel',
  ],
  ['nested JSON, read', "() => JSON.parse('['.repeat(1e6) + ']'.repeat(1e6))", 'stack'],
  ['nested objects of JSON, read', `() => JSON.parse('{"a":'.repeat(1e6))`, 'stack'],
  ['nested JSON, written', `() => { ${nested('[a]')} return JSON.stringify(a) }`, 'stack'],
  ['nested arrays as a text', `() => { ${nested('[a]')} return String(a) }`, 'stack'],
  ['nested arrays, made flat', `() => { ${nested('[a]')} return a.flat(Infinity) }`, 'stack'],
  ['nested arrays, cloned', `() => { ${nested('[a]')} return structuredClone(a) }`, 'stack'],
  ['nested arrays, freed', `() => { ${nested('[a]')} a = null; return 1 }`, '1'],
  [
    'nested closures, freed',
    '() => { let f = null; for (let i = 0; i < 1e5; i++) { const g = f; f = () => g } f = null; return 1 }',
    '1',
  ],
  [
    'nested generators, freed',
    '() => { function* mk(p) { yield p } let g = null; for (let i = 0; i < 2e4; i++) { g = mk(g); g.next() } g = null; return 1 }',
    '1',
  ],
  ['nested groups of a regular expression', "() => new RegExp('(?:'.repeat(1e5) + ')'.repeat(1e5))", 'stack'],
  [
    'nested classes of a regular expression',
    "() => new RegExp('['.repeat(1e5) + ']'.repeat(1e5), 'v')",
    'stack',
  ],
  [
    'a chain of proxies',
    '() => { let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x }',
    'stack',
  ],
  [
    'a chain of proxies that are called',
    '() => { let p = () => 1; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p() }',
    'stack',
  ],
  [
    'a chain of proxies for an array',
    '() => { let p = []; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return Array.isArray(p) }',
    'stack',
  ],
  [
    'a chain of bound functions',
    '() => { let f = () => 1; for (let i = 0; i < 1e4; i++) f = f.bind(null); return f() }',
    'memory',
  ],
  [
    'a chain of prototypes',
    '() => { let p = {}; for (let i = 0; i < 1e5; i++) p = Object.create(p); return p.x === undefined }',
    'true',
  ],
  ['a getter that gets itself', '() => { const o = { get a() { return this.a } }; return o.a }', 'stack'],
  [
    'a conversion that converts itself',
    '() => { const o = { toString() { return String(o) } }; return String(o) }',
    'stack',
  ],
  [
    'toJSON() that writes itself',
    '() => { const o = { toJSON() { return JSON.stringify(o) } }; return JSON.stringify(o) }',
    'stack',
  ],
  ['a reviver that reads', "() => { const f = () => JSON.parse('[1]', f); return f() }", 'stack'],
  ['a replacement that replaces', "() => { const f = () => 'a'.replace(/a/, f); return f() }", 'stack'],
  [
    'a comparison that sorts',
    '() => { const o = { toString() { return [o, o].sort().join() } }; return String(o) }',
    'stack',
  ],
  [
    'an iterator that spreads itself',
    '() => { const i = { [Symbol.iterator]() { return [...i] } }; return [...i] }',
    'stack',
  ],
  ['a constructor that constructs', '() => { class A { constructor() { new A() } } new A() }', 'stack'],
  [
    'an async function that awaits itself',
    'async () => { const f = async () => { await f() }; await f() }',
    'stack',
  ],
  [
    'a generator that delegates to itself',
    'function* () { function* f() { yield* f() } yield* f() }',
    'stack',
  ],
  [
    'recursion that catches its end, twice each time',
    '() => { const f = () => { try { f() } finally { f() } }; f() }',
    'fuel',
  ],
  [
    'recursion that goes on from its end',
    '() => { const f = (n) => { try { return f(n + 1) } catch { return f(n) } }; return f(0) }',
    'fuel',
  ],
  [
    'prototypes that lead to themselves',
    '() => { const p = new Proxy({}, { getPrototypeOf() { return p } }); return p instanceof Array }',
    'fuel',
  ],
]

/** Time without end, and memory. */
const GROWTH: readonly Hostile[] = [
  ['jobs of promises', 'async () => { for (;;) await null }', 'fuel'],
  [
    'promises that wait for the next',
    '() => { const f = () => Promise.resolve().then(f); return f() }',
    'memory',
  ],
  ['a promise that never settles', 'async () => { await new Promise(() => {}) }', 'NeverSettled'],
  [
    'an iterator that never ends',
    '() => Iterator.from({ next() { return { done: false, value: 1 } } }).toArray()',
    'memory',
  ],
  [
    'a generator that yields for ever',
    '() => { for (const x of (function* () { for (;;) yield 1 })()); }',
    'fuel',
  ],
  ['a generator that yields what is no operation', 'function* () { for (;;) yield 1 }', 'TypeError'],
  ['a map', '() => { const m = new Map(); for (let i = 0; ; i++) m.set(i, i) }', 'memory'],
  ['a set', "() => { const s = new Set(); for (let i = 0; ; i++) s.add('k' + i) }", 'memory'],
  [
    'a weak map',
    '() => { const m = new WeakMap(), k = []; for (;;) { k.push({}); m.set(k.at(-1), k) } }',
    'memory',
  ],
  ['buffers', '() => { const a = []; for (;;) a.push(new ArrayBuffer(1e6)) }', 'memory'],
  [
    'a buffer that grows',
    '() => { const b = new ArrayBuffer(8, { maxByteLength: 2 ** 30 }); for (let n = 16; ; n *= 2) b.resize(n) }',
    'memory',
  ],
  ['properties', "() => { const o = {}; for (let i = 0; ; i++) o['k' + i] = i }", 'memory'],
  [
    'symbols of the registry',
    "() => { for (let i = 0, a = []; ; i++) a.push(Symbol.for('k' + i)) }",
    'memory',
  ],
  [
    'a million operations at once',
    "function* () { return yield* all(Array.from({ length: 1e6 }, () => Log.info('x'))) }",
    'memory',
  ],
  [
    'operations without end at once',
    "function* () { return yield* all({ [Symbol.iterator]: () => ({ next: () => ({ value: Log.info('x'), done: false }) }) }) }",
    'memory',
  ],
  [
    'handled operations without end',
    "() => handle(Log, { info: (resume) => resume(1) })((function* () { for (;;) yield* Log.info('x') })())",
    'fuel',
  ],
  ['a result of many megabytes', "() => 'x'.repeat(5e6)", 'output'],
  ['a result of a hundred megabytes', "() => new Array(1e6).fill('x'.repeat(100))", 'output'],
  [
    'a result with exponentially many parts',
    '() => { let a = [1]; for (let i = 0; i < 60; i++) a = [a, a]; return a }',
    'output',
  ],
  ['a flood of lines', "() => { for (;;) console.log('x'.repeat(1e4)) }", 'fuel'],
  ['weak references', '() => [typeof WeakRef, typeof FinalizationRegistry]', '["undefined","undefined"]'],
]

/** What the host looks at: the result, what was thrown, the arguments of operations, lines. */
const BOUNDARY: readonly Hostile[] = [
  ['a result whose keys never end', '() => new Proxy({}, { ownKeys() { for (;;); } })', 'fuel'],
  [
    'a result that nests for ever',
    '() => { const h = { getPrototypeOf: () => Object.prototype, ownKeys: () => ["a"], getOwnPropertyDescriptor: () => ({ value: new Proxy({}, h), enumerable: true, configurable: true }) }; return new Proxy({}, h) }',
    'ValueError',
  ],
  ['a result nested too deep', `() => { ${nested('[a]')} return a }`, 'ValueError'],
  ['a result with toJSON()', '() => ({ toJSON() { for (;;); } })', 'ValueError'],
  ['a result with a getter', '() => ({ get a() { for (;;); } })', 'ValueError'],
  [
    'a result with a false length',
    '() => Object.defineProperty(new Uint8Array(4), "length", { value: 2 ** 40 })',
    '{"$bytes":"AAAAAA=="}',
  ],
  [
    'a result with __proto__',
    `() => JSON.parse('{"__proto__":{"polluted":1}}')`,
    '{"__proto__":{"polluted":1}}',
  ],
  ['a result that looks like a reference', '() => ({ $ref: "x" })', '{"$object":[["$ref","x"]]}'],
  ['a sparse result', '() => { const a = []; a[4294967294] = 1; return a }', 'ValueError'],
  ['half a character', "() => '\\ud800'", 'ValueError'],
  [
    'a thrown proxy',
    '() => { throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } }) }',
    'NonError',
  ],
  ['a thrown proxy that never answers', '() => { throw new Proxy({}, { get() { for (;;); } }) }', 'fuel'],
  [
    'a thrown error with a hostile stack',
    '() => { throw Object.defineProperty(new Error("x"), "stack", { get() { for (;;); } }) }',
    'fuel',
  ],
  [
    'a thrown error with a huge name',
    '() => { const e = new Error("x"); e.name = { toString() { for (;;); } }; throw e }',
    'Error',
  ],
  ['a thrown error that causes itself', '() => { const e = new Error("x"); e.cause = e; throw e }', 'Error'],
  ['a thrown conversion', '() => { throw { [Symbol.toPrimitive]() { for (;;); } } }', 'NonError'],
  [
    'an argument of an operation whose keys never end',
    'function* () { yield* Log.info(new Proxy({}, { ownKeys() { for (;;); } })) }',
    'fuel',
  ],
  [
    'an argument of an operation that is too large',
    "function* () { yield* Log.info('x'.repeat(5e6)) }",
    'output',
  ],
  ['a line of what never ends', '() => { console.log(new Proxy({}, { ownKeys() { for (;;); } })) }', 'fuel'],
  ['a line of what nests', `() => { ${nested('[a]')} console.log(a) }`, '{"$undefined":true}'],
  ['a conversion without end', '() => `${{ [Symbol.toPrimitive]() { for (;;); } }}`', 'fuel'],
  ['a prototype that is changed', '() => { Array.prototype.map = () => 1 }', 'TypeError'],
  [
    'an own method in the place of one that the host might call',
    '() => Object.assign([1], { map: 1 })',
    'ValueError',
  ],
  [
    'a changed species',
    '() => { class A extends Array { static get [Symbol.species]() { for (;;); } } return new A(3).fill(1) }',
    'ValueError',
  ],
]

export const HOSTILE: readonly Hostile[] = [...NATIVE_LOOPS, ...ARRAY_LIKES, ...DEPTH, ...GROWTH, ...BOUNDARY]
