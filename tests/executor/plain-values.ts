// Arbitrary values of a program, as expressions: plain ones in all the ways that an engine may hold
// them, and such as only look plain.

import fc from 'fast-check'

const SCALARS = [
  'null',
  'undefined',
  'true',
  '0',
  '-7',
  '-0',
  'NaN',
  '-Infinity',
  '2 ** 31',
  '-(2 ** 31)',
  '2 ** 53',
  '-(2 ** 53 - 1)',
  '1.5',
  '5e-324',
  '5n',
  '-(2n ** 70n)',
  '2n ** 63n',
  'Number("3")',
  'Math.sqrt(16)',
]
const TEXTS = [
  "''",
  "'a'",
  "'id'",
  "'ü'",
  "'β€'",
  "'😀'",
  "'\\0\\n\"\\\\'",
  "'\\ud800'",
  "'a\\udc00b'",
  "'abcdefghijklmnopqrstuvwxyz0123456789'.slice(3, 9)",
  "'abcdefghijklmnopqrstuvwxyz0123456789ß'.repeat(3)",
  "'x'.repeat(3000).slice(5, 900)",
  "'x'.repeat(3000) + 'y'.repeat(6000)",
  "'x'.repeat(9000) + 'ü' + 'β'.repeat(7000) + 'z'",
  "'\\ud83d'.repeat(9000) + '\\ude00'",
  "('😀'.repeat(3000) + 'a').slice(0, -2)",
  "'β€a'.slice(2)",
  "['a', 'b', 1].join('-')",
  'String.fromCharCode(200, 300)',
]
/** What only looks plain, or is so in an uncommon way. */
const ODD = [
  'new Date(5)',
  'new Date(5e12)',
  'new Date(-8.64e15)',
  'new Date(NaN)',
  'Object.assign(new Date(1), { x: 1 })',
  'Object.setPrototypeOf(new Date(1), Object.prototype)',
  'Object.create(Date.prototype)',
  'new Uint8Array([1, 2, 255])',
  'new Uint8Array(0)',
  'new Uint8Array(new ArrayBuffer(8), 2, 3)',
  'new Uint8Array(8).fill(7).subarray(3)',
  'Object.assign(new Uint8Array(2), { x: 1 })',
  '(() => { const b = new Uint8Array(4); b.buffer.transfer?.(); return b })()',
  '(() => { const b = new ArrayBuffer(4, { maxByteLength: 9 }); const v = new Uint8Array(b); b.resize?.(2); return v })()',
  '(() => { const b = new ArrayBuffer(4, { maxByteLength: 9 }); const v = new Uint8Array(b, 2); b.resize?.(1); return v })()',
  'Object.setPrototypeOf(new Uint8Array(2), Object.prototype)',
  'new Uint8ClampedArray(2)',
  'new Float64Array(2)',
  'new ArrayBuffer(2)',
  '(class A { x = 1 })',
  'new (class A { x = 1 })()',
  'new (class A extends Array {})(3)',
  'Object.setPrototypeOf([1], null)',
  'Object.setPrototypeOf({ a: 1 }, {})',
  'Object.setPrototypeOf([1], Object.prototype)',
  'Object.setPrototypeOf({ a: 1 }, Array.prototype)',
  '() => 1',
  'Symbol()',
  '/x/',
  'Promise.resolve(1)',
  '(function () { return arguments })(1, 2)',
  'new Proxy({ a: 1 }, {})',
  'new Proxy([1, 2], {})',
  'new Proxy({}, { ownKeys() { throw new Error("trap") } })',
  '({ get a() { return 1 } })',
  "Object.defineProperty({ a: 1 }, 'b', { get() { return 1 } })",
  "Object.defineProperty({ a: 1 }, 'b', { value: 2 })",
  "Object.defineProperty({ a: 1 }, 'a', { enumerable: false })",
  'Object.defineProperty([1, 2], 0, { get() { return 1 } })',
  'Object.defineProperty([1, 2], 0, { enumerable: false })',
  "Object.defineProperty([1, 2], 'length', { writable: false })",
  '({ [Symbol()]: 1 })',
  "Object.defineProperty({ a: 1 }, Symbol('q'), { value: 2 })",
  '[1, , 2]',
  'new Array(3)',
  '(() => { const a = []; a[5] = 1; return a })()',
  'Object.assign([1], { x: 1 })',
  'Object.assign([1], { 4294967295: 1 })',
  '(() => { const a = [1]; a.push(a); return a })()',
  '(() => { const a = { b: {} }; a.b.a = a; return a })()',
  "(() => { const a = ['x'.repeat(9e4)]; a.push(a); return a })()",
  'Nothing',
  'Object(1)',
  "Object('ab')",
  'new Error("x")',
  'Log',
  'Object.freeze(Object.create(null))',
  'Object.freeze({})',
  'JSON.parse(\'{"a":[1,{"b":"c"}],"7":null}\')',
  'Object.fromEntries([["b", 1], ["a", 2], ["3", 3]])',
  "'a1b2'.match(/\\d/g)",
  "'a1'.match(/(?<d>\\d)/).groups",
  '[3, 1, 2].sort()',
  '[[1], [2, [3]]].flat(2)',
]
const KEYS = [
  'a',
  'id',
  'length',
  'ü',
  'β',
  '',
  '0',
  '1',
  '10',
  '01',
  '2147483647',
  '2147483648',
  '4294967294',
  '4294967295',
  '12345678901',
  '-1',
  '__proto__',
  'constructor',
  'toJSON',
  '$map',
  '$number',
  '$object',
  'a\ud800',
]

const key = fc.constantFrom(...KEYS).map((text) => JSON.stringify(text))

/** What is done to an array `x` after it was made. */
const ARRAY_CHANGES = [
  '',
  'x.pop()',
  'x.push(1, 2)',
  'x.length = 1',
  'x.length += 1',
  'x.unshift("u")',
  'x.splice(0, 1)',
  'x.reverse()',
  'Object.freeze(x)',
  'Object.seal(x)',
  'delete x[0]',
  'x[x.length] = null',
  'x = x.concat(x)',
  'x = [...x]',
  'x = x.map((y) => y)',
  'x.fill(0)',
  'x.length = 0',
]

/** What is done to an object `x` with some keys. */
const objectChange = fc.oneof(
  fc.constantFrom(
    '',
    'Object.freeze(x)',
    'Object.seal(x)',
    'x = { ...x }',
    'x = Object.assign(Object.create(null), x)',
  ),
  key.map((name) => `delete x[${name}]`),
  key.map((name) => `delete x[${name}]; x[${name}] = 1`),
  key.map((name) => `Object.defineProperty(x, ${name}, { value: 1, enumerable: true })`),
  key.map((name) => `for (let i = 0; i < 70; i++) x['k' + i] = i; delete x.k3; delete x[${name}]`),
)

/** Each expression by itself. */
export const SINGLE: readonly string[] = [...SCALARS, ...TEXTS, ...ODD]

/** Expressions; `Log` is an ability, `Nothing` one without operations. */
export const expressions: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 3, arbitrary: fc.constantFrom(...SCALARS) },
    { weight: 2, arbitrary: fc.constantFrom(...TEXTS) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.array(tie('value'), { maxLength: 5 }), fc.constantFrom(...ARRAY_CHANGES))
        .map(([items, change]) => `(() => { let x = [${items.join(', ')}]; ${change}; return x })()`),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }), objectChange)
        .map(
          ([entries, change]) =>
            `(() => { let x = {${entries.map(([name, item]) => `[${name}]: ${item}`).join(', ')}}; ${change}; return x })()`,
        ),
    },
    tie('value').map((item) => `(() => { const y = ${item}; return [y, { a: y, b: [y] }] })()`),
    tie('value').map((item) => `Array.from({ length: 70 }, () => ({ id: ${item}, at: 1 }))`),
    fc.tuple(tie('value'), tie('value')).map(([left, right]) => `new Map([[${left}, ${right}]])`),
    tie('value').map((item) => `new Set([${item}])`),
  ),
})).value
