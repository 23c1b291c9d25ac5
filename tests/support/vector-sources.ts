// What the vectors in fixtures/vectors are frozen from: one small module each.

export interface VectorSource {
  /** File name without extension; the title is made of it. */
  readonly name: string
  readonly title: string
  readonly source: string
  /** Extension of the file; absent: ts. */
  readonly extension?: string
  /** Names that are refused; absent: none. */
  readonly refused?: readonly string[]
}

function vector(
  name: string,
  title: string,
  source: string,
  more: Pick<VectorSource, 'extension' | 'refused'> = {},
): VectorSource {
  return { name, title, source, ...more }
}

export const VECTOR_SOURCES: readonly VectorSource[] = [
  vector('function', 'a function, declared', 'export function add(a, b) { return a + b }\n'),
  vector(
    'function-constant',
    'a function as a constant has the hash of a declared one',
    'const add = function (x, y) {\n  return x + y\n}\nexport { add }\n',
  ),
  vector('arrow', 'an arrow is no function', 'export const add = (a, b) => a + b\n'),
  vector(
    'arrow-block',
    'an arrow with a block is the same arrow',
    'export const add = (a: number, b: number): number => { return (a + b); }\n',
  ),
  vector(
    'generator',
    'generators, yielding and delegating',
    'export function* count(n) { for (let i = 0; i < n; i++) yield i }\nexport function* twice(n) { yield* count(n); return yield* count(n) }\n',
  ),
  vector(
    'async',
    'async functions and arrows',
    'export async function later(p) { return await p }\nexport const both = async (a, b) => [await a, await b]\n',
  ),
  vector(
    'async-generator',
    'an async generator and for await',
    'export async function* each(items) { for await (const item of items) yield item }\n',
  ),
  vector(
    'parameters',
    'defaults, patterns, rest',
    'export function f(a, { b = 2, c: [d, , ...e] = [], ...g } = {}, ...h) { return [a, b, d, e, g, h] }\n',
  ),
  vector(
    'self',
    'a function that calls itself refers to its own slot',
    'export function factorial(n) { return n === 0 ? 1 : n * factorial(n - 1) }\n',
  ),
  vector(
    'inner-name',
    'an inner name that is used, and one that is not',
    'export const used = [function f() { return f }]\nexport const unused = [function f() { return 1 }]\n',
  ),
  vector(
    'cycle',
    'two functions that call each other',
    'export function even(n) { return n === 0 || odd(n - 1) }\nexport function odd(n) { return n !== 0 && even(n - 1) }\n',
  ),
  vector(
    'cycle-symmetric',
    'two functions of equal unfoldings share a slot',
    'export function ping(n) { return n ? pong(n - 1) : 0 }\nexport function pong(n) { return n ? ping(n - 1) : 0 }\n',
  ),
  vector(
    'cycle-symmetric-one',
    'a symmetric ring is the function that calls itself',
    'export function ring(n) { return n ? ring(n - 1) : 0 }\n',
  ),
  vector(
    'cycle-of-three',
    'a ring of three with one that differs',
    'export const a = (n) => b(n)\nexport const b = (n) => c(n)\nexport const c = (n) => n ? a(n - 1) : 0\n',
  ),
  vector(
    'cycle-needs',
    'what is needed while another is evaluated comes first',
    'export class Tree { static leaf() { return new Leaf() } size() { return 0 } }\nexport class Leaf extends Tree { size() { return 1 } }\n',
  ),
  vector(
    'dependency',
    'a reference to another component',
    'export const one = () => 1\nexport const two = () => one() + one()\n',
  ),
  vector(
    'classes-by-name',
    'two classes that differ only in name',
    'export class NotFound extends Error {}\nexport class Conflict extends Error {}\n',
  ),
  vector(
    'sentinels-by-name',
    'two sentinels that differ only in name',
    'export const NONE = {}\nexport const END = {}\n',
  ),
  vector(
    'symbols-by-name',
    'symbols are nominal',
    "export const first = Symbol('mark')\nexport const second = Symbol('mark')\n",
  ),
  vector(
    'class-members',
    'methods, accessors, fields, statics',
    "export class Point {\n  x = 0\n  static origin = 'o'\n  'quoted key' = 1\n  constructor(x) { this.x = x }\n  get double() { return this.x * 2 }\n  set double(v) { this.x = v / 2 }\n  static make(x) { return new this(x) }\n  static { this.ready = true }\n  *[Symbol.iterator]() { yield this.x }\n}\n",
  ),
  vector(
    'class-private',
    'private names, numbered apart',
    'export class Counter {\n  #n = 0\n  #step() { return ++this.#n }\n  next() { return this.#step() }\n  static is(o) { return #n in o }\n}\n',
  ),
  vector(
    'class-extends',
    'super calls and members',
    'export class Base { hello() { return 1 } }\nexport class Derived extends Base {\n  constructor(...args) { super(...args) }\n  hello() { return super.hello() + 1 }\n}\n',
  ),
  vector(
    'class-computed',
    'a computed constructor is no constructor',
    "export class Odd { ['constructor']() { return 1 } ['plain']() { return 2 } }\n",
  ),
  vector('class-inner-name', 'a class that names itself', 'export class Node { static root = new Node() }\n'),
  vector(
    'numbers',
    'integers, fractions, large and infinite numbers',
    'export const numbers = [0, 1, 23, 24, 255, 256, 65536, 4294967296, 9007199254740991, 9007199254740992, 0.5, 1e300, 5e-324, 1e400, 0x10, 1_000]\n',
  ),
  vector(
    'minus-zero',
    'minus zero is a minus and a zero',
    'export const zero = 0\nexport const minus = -0\n',
  ),
  vector(
    'bigint',
    'bigints by value',
    'export const big = [0n, 1n, 0xffn, 123456789012345678901234567890n]\n',
  ),
  vector(
    'regex',
    'regular expressions with sorted flags',
    'export const pattern = () => /a\\/b[/](?<n>c)/mig\n',
  ),
  vector(
    'strings',
    'text by value, whatever its quotes',
    'export const text = [\'it\\\'s\', "\\x41\\u{1F600}", `plain`, "line\\nbreak"]\n',
  ),
  vector(
    'unicode',
    'text is not normalised',
    'export const text = ["\u00e9", "e\u0301", "日本語", "\u{1F600}", "\\u2028"]\n',
  ),
  vector('lone-surrogates', 'text that UTF-8 cannot carry', 'export const text = ["\\ud800", "a\\udc00b"]\n'),
  vector(
    'templates',
    'templates with and without substitutions',
    'export const greet = (name) => `Hello, ${name}!\\n${`nested ${name}`}`\n',
  ),
  vector(
    'tagged-templates',
    'a tag sees raw text and malformed escapes',
    'export const tagged = (tag, x) => tag`a\\x41${x}\\unicode`\n',
  ),
  vector(
    'objects',
    'keys, shorthand, spread, methods',
    'export const make = (a, rest) => ({ a, "b": 1, 2: 3, [a]: 4, "x-y": 5, ...rest, m() { return this }, get g() { return 1 }, async *s() {} })\n',
  ),
  vector(
    'proto',
    'three meanings of __proto__',
    "export const sets = () => ({ __proto__: null })\nexport const has = () => ({ ['__proto__']: null })\nexport const shorthand = (__proto__) => ({ __proto__ })\n",
  ),
  vector('arrays', 'holes and spread', 'export const list = (xs) => [1, , ...xs, , ]\n'),
  vector(
    'undefined',
    'undefined, void 0, and a return of nothing',
    'export const a = () => undefined\nexport const b = () => void 0\nexport const c = () => { return }\n',
  ),
  vector(
    'operators',
    'every operator',
    'export const all = (a, b) => [-a, +a, !a, ~a, typeof a, void a, a == b, a != b, a === b, a !== b, a < b, a <= b, a > b, a >= b, a << b, a >> b, a >>> b, a + b, a - b, a * b, a / b, a % b, a ** b, a | b, a ^ b, a & b, a in b, a instanceof b, a || b, a && b, a ?? b, (a, b), a ? b : a, delete a.b]\n',
  ),
  vector(
    'assignments',
    'every assignment, to variables, members and patterns',
    'export const all = (a, b) => { a = b; a += b; a -= b; a *= b; a /= b; a %= b; a **= b; a <<= b; a >>= b; a >>>= b; a |= b; a ^= b; a &= b; a ||= b; a &&= b; a ??= b; a++; --b; [a, b.c] = [b, a]; ({ x: a, ...b.d } = b) }\n',
  ),
  vector(
    'chains',
    'where an optional chain ends',
    'export const within = (a) => a?.b.c?.(1)?.[2]\nexport const outside = (a) => (a?.b).c\n',
  ),
  vector(
    'this-and-arguments',
    'this, arguments, new.target',
    'export function f() { return [this, arguments[0], new.target, () => arguments] }\n',
  ),
  vector(
    'declarations',
    'var, let and const, hoisted functions, classes',
    'export const f = () => { let a = 1, b; const c = g(); b = a; { let d = 2; d = b; } var e = c; class K {} return [a, b, e, K]; function g() { return 1 } }\n',
  ),
  vector(
    'loops',
    'every loop',
    'export const f = (xs) => { for (let i = 0, n = 2; i < n; i++) xs; for (;;) break; for (const k in xs) k; for (const [a, b = 1] of xs) a; while (xs) { xs = 0 } do xs = 1; while (!xs) }\n',
  ),
  vector(
    'labels',
    'labels are counted outward',
    'export const f = (xs) => { outer: for (const x of xs) { inner: for (const y of x) { if (y) continue outer; if (x) break inner; break outer } } }\n',
  ),
  vector(
    'branches',
    'if, switch, try',
    'export const f = (x) => { if (x) 1; else if (!x) { 2 } else 3; switch (x) { case 1: case 2: return 1; default: x = 2 } try { throw x } catch ({ m }) { return m } finally { x = 0 } try { x } catch (unused) {} }\n',
  ),
  vector(
    'completions',
    'statements that complete a definition belong to it',
    'export function f() { return f.cache }\nf.cache = [1, 2]\nf.cache.push(3)\n',
  ),
  vector(
    'prototype-completions',
    'methods given to a prototype',
    'export function Stack() { this.items = [] }\nStack.prototype.push = function (x) { this.items.push(x) }\n',
  ),
  vector(
    'ability',
    'an ability with sorted operations',
    "import { ability, op } from 'ucm/abilities'\nexport const Ledger = ability('Ledger', { put: op(), get: op() })\n",
  ),
  vector(
    'effects',
    'performing and handling',
    "import { ability, handle, op } from 'ucm/abilities'\nexport const Ask = ability('Ask', { question: op() })\nexport function* program() { return yield* Ask.question('why') }\nexport const answered = handle(Ask, { *question(resume, text) { return yield* resume(text + '?') } })\nexport function* main() { return yield* answered(program()) }\n",
  ),
  vector(
    'enum',
    'an enum is the object that TypeScript makes of it',
    'export enum Colour { Red, Green = 5, Blue }\n',
  ),
  vector(
    'absent-names',
    'a branch that absent names rule out leaves no trace',
    "export const isBrowser = () => typeof window !== 'undefined'\nexport const pick = () => (typeof window === 'undefined' ? 1 : window.length)\n",
  ),
  vector(
    'absent-values',
    'what is left of an operator that absent names decide is a value: no object of the call',
    'export const f = (o) => (typeof window === `undefined` && o.f)()\nexport const g = (o) => o.f()\n',
  ),
  vector(
    'blocks',
    'a block that is all of a block adds nothing; one beside other statements stays',
    'export const a = (x) => { { let y = x; y++; return y } }\nexport const b = (x) => { let y = x; y++; return y }\nexport const c = (x) => { { let y = x; y++ } return x }\n',
  ),
  vector('global-this', 'globalThis is an intrinsic', 'export const root = () => globalThis\n'),
  vector(
    'destructured',
    'names destructured together are made by one shared constant',
    'const pair = () => ({ left: 1, right: [2] })\nexport const { left, right: [first] } = pair()\n',
  ),
  vector(
    'filled-together',
    'tables that one loop fills are made by one shared constant',
    'export const codes = [], names = {}\nfor (let i = 0; i < 2; i++) {\n  codes[i] = `c${i}`\n  names[codes[i]] = i\n}\n',
  ),
  vector(
    'lazy-variable',
    'a variable that a function fills when it first needs it is a property of a constant',
    'let table\nexport const at = (k) => (table ??= [1, 2, 3])[k]\n',
  ),
  vector(
    'types',
    'types in one layout, with references to each other',
    "export type Tree = Leaf | Branch\ninterface Leaf { value: number, label?: 'a' }\ninterface Branch {\n  left: Tree // first\n  right: Tree\n}\n",
  ),
  vector(
    'directives',
    'a directive says nothing; a string that is a statement stays',
    "export const a = () => { 'use strict'; return 1 }\nexport const b = () => { return 1 }\nexport const c = () => { ('use strict'); return 1 }\n",
  ),
  vector(
    'labelled-var',
    'a labelled declaration is a labelled block of it',
    'export const a = (x) => { out: var y = x; return y }\nexport const b = (x) => { out: { var y = x } return y }\n',
  ),
  vector(
    'namespace',
    'a member of a namespace is the definition; a namespace that escapes is an object of all exports',
    "import * as own from './vector.ts'\nexport const one = () => 1\nexport const two = () => own.one() + own['one']()\nconst keys = () => Object.keys(own)\nexport { keys as 'all keys' }\n",
  ),
  vector(
    'self-replacing',
    'a function that puts another one in its place calls that one',
    'export function f() { return f = Object.assign ? Object.assign.bind() : function (a) { return a }, f.apply(null, arguments) }\n',
  ),
  vector(
    'parameter-properties',
    'parameter properties are fields that the constructor sets',
    'export class Point { constructor(readonly x: number, private y = 2) {} }\n',
  ),
  vector(
    'nominal-choices',
    'a constant that creates a class, an object or a pattern in a branch is nominal',
    'export const A = Math.PI > 3 ? class {} : null\nexport const B = Math.PI > 3 ? class {} : null\nexport const C = /x/\nexport const D = (() => { return { a: 1 } })()\n',
  ),
  vector(
    'shared-and-nominal',
    'parts of a shared constant that is nominal go by its name',
    'let first = {}\nfirst = { a: first }\nexport const [left, right] = [{}, []]\nexport { first }\n',
  ),
  vector(
    'heads',
    'declarations in the head of a loop stay together; what nothing assigns is a constant',
    'export function f(xs) { for (let i = 0, n = xs.length; i < n; i++) xs[i]++; for (let i = 0, n = 1; ; ) { return i + n } }\nexport function g(xs) { for (let x of xs) xs.x = x; for (let k in xs) { k += 1 } }\n',
  ),
  vector(
    'catches',
    'a catch parameter that nothing mentions is none',
    'export const a = () => { try { a() } catch (e) {} finally { a() } }\nexport const b = () => { try { b() } catch {} finally { b() } }\nexport const c = () => { try { c() } catch ({ m }) { return m } }\n',
  ),
  vector(
    'type-texts',
    'strings, parameters, parts of one interface and names of other types in types',
    'type Id = \'it\\\'s\' | "say \\"a\\""\ninterface Box<T> { value: T; id: Id }\ninterface Box<T> { next?: Box<T> }\ntype Keys = keyof Box<number> & `k${string}`\nexport type { Id, Box, Keys }\n',
  ),
  vector(
    'left-out',
    'a function with an effect that an object only stores becomes one that throws, whatever it is called',
    'function random() { return Math.random() }\nconst now = () => Date.now()\nexport const a = { f: random }\nexport const b = { f: random }\nexport const c = { f: now }\n',
    { refused: ['now', 'random'] },
  ),
  vector(
    'module-this',
    '`this` of a module is undefined, and what asks for the global object gets it',
    "export const a = (x) => [this, x]\nexport const b = (x) => [undefined, x]\nexport const c = () => Function('return this')()\nexport const d = () => globalThis\n",
  ),
  vector(
    'absent-constants',
    'what the absence of a name makes of a constant decides branches too',
    "const isBrowser = typeof window !== 'undefined'\nexport const a = (x) => { if (isBrowser && x) return window.x; return 1 }\nexport const b = (x) => { return 1 }\n",
  ),
  vector('default-export', 'an unnamed default export is nominal as `default`', 'export default { a: 1 }\n'),
  vector(
    'assigned-too',
    'a constant that is assigned to a property on the way completes its object',
    'export const a = {}\nexport const f = a.f = () => 1\nexport const g = () => 1\n',
  ),
  vector(
    'typescript-namespace',
    'a namespace of TypeScript is the function that fills an object',
    'export namespace N { export const a = 1; export function f() { return a } }\n',
  ),
  vector(
    'commonjs',
    'static requires and exports of CommonJS are imports and exports',
    "'use strict'\nObject.defineProperty(exports, '__esModule', { value: true })\nfunction twice(x) { return exports.add(x, x) }\nexports.add = function (a, b) { return a + b }\nexports.twice = twice\n",
    { extension: 'cjs' },
  ),
]
