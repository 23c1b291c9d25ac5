// What is refused and what is not, as define() has it. The files of fixtures/malformed
// show each refusal at its place; here are the ways around, and what must go through.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DENIED_GLOBALS, isPermittedIntrinsic, PERMITTED_INTRINSICS } from '#codebase'
import { defineText, refusals } from '../support/define-text.ts'

/** Source → the codes that it is refused for. */
const REFUSED: readonly (readonly [source: string, ...codes: string[]])[] = [
  // the clock and chance, by every static way
  ['export const f = () => Date.now()', 'effect-refused'],
  ['export const f = () => Date["now"]()', 'effect-refused'],
  ['export const f = () => Date[`now`]', 'effect-refused'],
  ['export const f = () => Math?.random?.()', 'effect-refused'],
  ['const m = Math; export const f = () => m.random()', 'effect-refused'],
  ['export const f = () => { const m = Math; return m.random() }', 'effect-refused'],
  ['export const { random } = Math', 'effect-refused'],
  ['export const f = () => { const { random: r = 1 } = Math; return r }', 'effect-refused'],
  ['export const f = () => { let r; ({ random: r } = Math); return r }', 'effect-refused'],
  ['export const f = () => { const { Math: { random } } = globalThis; return random }', 'effect-refused'],
  ['export const f = () => globalThis.Math.random()', 'effect-refused'],
  ['export const f = () => (0, Math).random()', 'effect-refused'],
  ['export const f = () => globalThis.fetch("https://example.org")', 'effect-refused'],
  ['export const f = (r = Math.random) => r()', 'effect-refused'],
  ['const D = Date; export const f = () => new D()', 'effect-refused'],
  ['export const f = () => new Date', 'effect-refused'],
  ['export const f = () => Date()', 'effect-refused'],
  ['export class A extends Date { constructor() { super(1); Date.now() } }', 'effect-refused'],
  // code from text
  ['export const f = () => eval("1")', 'code-from-text'],
  ['export const f = () => (0, eval)("1")', 'code-from-text'],
  ['export const f = () => Function("a", "return a")', 'code-from-text'],
  ['const F = Function; export const f = () => new F("1")', 'code-from-text'],
  // what the language itself provides
  ['export const f = () => { Array.prototype.last = 1 }', 'intrinsic-write'],
  ['export const f = () => { const p = Array.prototype; p.last = 1 }', 'intrinsic-write'],
  ['export const f = () => { globalThis.x = 1 }', 'intrinsic-write'],
  ['export const f = () => { delete Object.keys }', 'intrinsic-write'],
  ['export const f = () => { Math = 1 }', 'intrinsic-write'],
  ['Array.prototype.last = function () {}', 'statement-refused'],
  // names
  ['export const f = () => nowhere', 'name-unbound'],
  ['export const f = () => { nowhere = 1 }', 'name-unbound'],
  ['export const f = () => arguments', 'name-unbound'],
  ['type T = 1; export const f = () => T', 'name-unbound'],
  ['export { nowhere }', 'name-unbound'],
  ['export const a = 1; export const f = () => { a = 2 }', 'syntax-refused'],
  ['export const f = () => { class A {} A = 1 }', 'syntax-refused'],
  ['import { handle } from "ucm/abilities"; export const f = () => { handle = 1 }', 'binding-reassigned'],
  // state
  ['let n = 0; export const f = () => ++n', 'binding-reassigned'],
  ['let mode = 1; export const set = (m) => { if (mode !== m) mode = m }', 'binding-reassigned'],
  ['let n; export const f = () => { n = (n ?? 0) + 1; return n }', 'binding-reassigned'],
  ['export let n = 0; export const f = () => { [n] = [1] }', 'binding-reassigned'],
  ['const counts = {}; export const f = (k) => { counts[k] = (counts[k] ?? 0) + 1 }', 'state-refused'],
  ['const state = { n: 0 }; export const f = () => state.n++', 'state-refused'],
  ['const all = []; export const f = (x) => { all.push(x) }', 'state-refused'],
  ['const all = []; export const f = (x) => { const list = all; list.push(x) }', 'state-refused'],
  ['const plugins = new Map(); export const f = (name, p) => { plugins.set(name, p) }', 'state-refused'],
  ['const state = { list: [] }; export const f = (x) => { state.list.push(x) }', 'state-refused'],
  ['export function f() { f.calls = (f.calls ?? 0) + 1 }', 'state-refused'],
  // state in a closure that loading makes
  ['export const next = (() => { let n = 0; return () => ++n })()', 'state-refused'],
  ['export const [next] = (() => { let n = 0; return [() => ++n] })()', 'state-refused'],
  ['export const bag = (() => { const all = []; return { add(x) { all.push(x) } } })()', 'state-refused'],
  ['const counter = () => { let n = 0; return () => ++n }; export const next = counter()', 'state-refused'],
  [
    'function before(n, f) { let r; return (...a) => { if (--n > 0) r = f(...a); return r } } export const twice = before(3, (x) => x)',
    'state-refused',
  ],
  [
    'const once = (f) => { let r; return (x) => (r ??= f(x)) }; export const first = once((x) => x)',
    'state-refused',
  ],
  // state of an instance that loading makes
  [
    'class C { #n = 0; next() { return ++this.#n } } const c = new C(); export const f = () => c.next()',
    'state-refused',
  ],
  [
    'class B { n = 0; up() { this.n++ } } class C extends B {} const c = new C(); export const f = () => c.up()',
    'state-refused',
  ],
  ['const o = { n: 0, up() { return ++this.n } }; export const f = () => o.up()', 'state-refused'],
  [
    'const make = () => { let n = 0; return { up: () => ++n } }; const o = make(); export const f = () => o.up()',
    'state-refused',
  ],
  ['export class A { static n = 0; constructor() { A.n++ } }', 'state-refused'],
  ['let n = { i: 0 }; export class A { id = n.i++ }', 'state-refused'],
  ['export class A { static #n = 0; static next() { return ++this.#n } }', 'state-refused'],
  ['export const f = function g() { return (g.calls = (g.calls ?? 0) + 1) }', 'state-refused'],
  // state by way of a function, a method or a local name
  [
    'const all = []; const put = (list, x) => { list.push(x) }; export const f = (x) => put(all, x)',
    'state-refused',
  ],
  ['const all = {}; export const f = (x) => { Object.assign(all, x) }', 'state-refused'],
  ['const all = []; export const f = (x) => { all.push.apply(all, x) }', 'state-refused'],
  ['const all = []; export const f = (x) => { Array.prototype.push.call(all, x) }', 'state-refused'],
  [
    'const all = new Map(); export const f = (k, v) => { if (!all.has(k)) all.set(k, []); all.get(k).push(v) }',
    'state-refused',
  ],
  ['const all = {}; export const f = (k, v) => { (all[k] ||= []).push(v); return all[k] }', 'state-refused'],
  [
    'function* ids() { let i = 0; while (true) yield i++ } const gen = ids(); export const f = () => gen.next()',
    'state-refused',
  ],
  ['const it = [1, 2][Symbol.iterator](); export const f = () => it.next()', 'state-refused'],
  // state by way of loops, callbacks, choices, literals, defaults and what functions return
  [
    'const tally=new Map(); const bumpIn=(m,k)=>{m.set(k,(m.get(k)??0)+1);return m.get(k)}; export const count=k=>bumpIn(tally,k)',
    'state-refused',
  ],
  ['const list=[{n:0}]; export const f=()=>{ for (const e of list) e.n++ }', 'state-refused'],
  ['const list=[{n:0}]; export const f=()=>{ list.forEach(e=>{e.n++}) }', 'state-refused'],
  ['const a={n:0}, b={n:0}; export const f=(c)=>{ const s=c?a:b; s.n++; return s.n }', 'state-refused'],
  ['const a={n:0}; export const f=(c)=>{ (c?a:a).n++; return a.n }', 'state-refused'],
  ['const a={n:0}; export const f=()=>{ [a][0].n++; return a.n }', 'state-refused'],
  ['const a={n:0}; export const f=()=>{ Object.values([a])[0].n++; return a.n }', 'state-refused'],
  ['const shelf={l:[]}; export const f=(x)=>Object.entries(shelf).map(([,l])=>l.push(x))', 'state-refused'],
  ['const a={n:0}; export const f=(x=a)=>{x.n++; return x.n}', 'state-refused'],
  ['const a={n:0}; const inner=({a})=>{a.n++; return a.n}; export const f=()=>inner({a})', 'state-refused'],
  ['const a={n:0}; const same=(x)=>x; export const f=()=>{ same(a).n++; return a.n }', 'state-refused'],
  ['const shelf={list:[]}; const push=()=>shelf; export const f=(x)=>push().list.push(x)', 'state-refused'],
  [
    'const shelf={list:[]}; export const f=(x)=>{ [x].forEach(shelf.list.push, shelf.list) }',
    'state-refused',
  ],
  ['const shelf={list:[]}; export const f=(x)=>Array.prototype.push.bind(shelf.list)(x)', 'state-refused'],
  ['const o={n:0, get next(){ return ++this.n }}; export const f=()=>o.next', 'state-refused'],
  [
    'function* ids(){let i=0; while(true) yield i++} const gen=ids(); export const f=()=>{ const [x]=gen; return x }',
    'state-refused',
  ],
  [
    'function* ids(){let i=0; while(true) yield i++} const gen=ids(); export const f=()=>{ for (const x of gen) return x }',
    'state-refused',
  ],
  ['const c=new Uint32Array(1); export const tick=()=>{return ++c[0]}', 'state-refused'],
  [
    "const KEY='k'; const seen=new Set(); export const f=()=>{ if (seen.has(KEY)) return 1; seen.add(KEY); return 0 }",
    'state-refused',
  ],
  [
    'const registry={}; export const f=(name,f)=>{ if(registry[name]) throw 1; registry[name]={f} }',
    'state-refused',
  ],
  ['const o={}; export const f=(k)=>{ const m=(o[k]||0)+1; o[k]=m; return m }', 'state-refused'],
  // no scratch: read by what did not write it, exported, or not put back
  [
    'let mode = 0; export const set = (m) => { mode = m }; export const get = () => mode',
    'binding-reassigned',
  ],
  [
    'let n = 0; const up = () => { n = n + 1 }; export const f = () => { up(); return n }',
    'binding-reassigned',
    'depends-on-rejected',
  ],
  ['export let last; export const f = (x) => { last = x; return last }', 'binding-reassigned'],
  ['let on = true; export const off = () => { on = false }; export const f = () => on', 'binding-reassigned'],
  [
    'const P = { n: 0 }; export const set = (n) => { P.n = n }; export const get = () => P.n',
    'state-refused',
  ],
  // no scratch: written, called for or put back on one path of several
  ['let n = 0; export const f = (reset) => { if (reset) n=5; n=n+1; return n }', 'binding-reassigned'],
  ['let last; export const f = (x) => { if (x>0) last=x; return last }', 'binding-reassigned'],
  ['let on = false; export const f = (x) => { if (x) on = true; return on }', 'binding-reassigned'],
  [
    'let mode = 0; const helper = () => { mode = 1 }; export const f = (x) => { if (x) helper(); return mode }',
    'binding-reassigned',
    'depends-on-rejected',
  ],
  [
    'let mode = 0; const helper = (y) => { if (y) mode = 1 }; export const f = (x) => { helper(x); return mode }',
    'binding-reassigned',
    'depends-on-rejected',
  ],
  [
    "let busy = false; export const f = () => { if (busy) return 'again'; busy=true; return 'first'; busy=false }",
    'binding-reassigned',
  ],
  [
    "let busy = false; export const f = (g) => { if (busy) throw new Error('again'); busy=true; if (g) throw 1; busy=false; return 1 }",
    'binding-reassigned',
  ],
  // what only tells that it was there before
  [
    'let first = true; export const f = () => { if (first) { first = false; return 1 } return 2 }',
    'binding-reassigned',
  ],
  ['let seen; export const f = () => { if (seen) return 2; seen = true; return 1 }', 'binding-reassigned'],
  ['const s = {}; export const f = () => { if (s.seen) return 2; s.seen = true; return 1 }', 'state-refused'],
  // what remembers its first argument
  ['let last; export const f = (x) => { if (!last) last = x * 2; return last }', 'state-refused'],
  ['const s = {}; export const f = (x) => { if (!s.v) s.v = x * 2; return s.v }', 'state-refused'],
  // a function in its own place that is not what it was
  ['export function f() { f = function () { return 2 }; return 1 }', 'binding-reassigned'],
  ['export function f(a) { f = function () { return a }; return f(a) }', 'binding-reassigned'],
  ['export function f(a, b) { f = function (b, a) { return a }; return f(b, a) }', 'binding-reassigned'],
  ['function g() {} export function f() { return f = g(), f.apply(null, arguments) }', 'binding-reassigned'],
  // a branch is ruled out only by what is certain
  ['var n = 0; export const f = () => n && process', 'effect-refused'],
  ['export const f = (g) => (g() && typeof window === "object" ? 1 : process)', 'effect-refused'],
  ['var late = typeof window === "undefined"; export const f = () => (late ? 1 : process)', 'effect-refused'],
  // loading
  ['console.log("loaded")', 'statement-refused'],
  ['export function main() {} main()', 'statement-refused'],
  ['if (!globalThis.x) throw new Error("no x")', 'statement-refused'],
  ['export const x = await f(); async function f() {}', 'syntax-refused'],
  ['await 1', 'statement-refused'],
  ['for await (const x of []) {}', 'statement-refused'],
  ['const list = [3, 1]; export const sorted = list.sort()', 'statement-refused'],
  // syntax
  ['export const f = () => import("./a.ts")', 'syntax-refused'],
  ['export const f = () => import.meta.url', 'syntax-refused'],
  [`export const f = ${'() => '.repeat(900)}1; export const ok = 1`, 'too-deep'],
  // abilities
  ['import { op } from "ucm/abilities"; export const f = () => op()', 'ability-malformed'],
  [
    'import { ability } from "ucm/abilities"; const n = "A"; export const A = ability(n, {})',
    'ability-malformed',
  ],
  // that every path returns is no reason to think that it writes
  [
    'let n = 0; const half = (x) => { if (x % 2) return x; else return x / 2 }; export const f = (x) => { half(x); return n++ }',
    'binding-reassigned',
  ],
  [
    'let n = 0; const same = (x) => { { return x } }; export const f = (x) => { same(x); return n++ }',
    'binding-reassigned',
  ],
]

for (const [source, ...codes] of REFUSED) {
  test(`define() refuses ${source.slice(0, 100)}`, async () => {
    const { rejected } = await defineText(source)
    assert.equal(
      rejected.map(({ code }) => code),
      codes,
    )
  })
}

/** What looks like it, and is permitted. */
const PERMITTED: readonly string[] = [
  'export const f = (k) => Math[k]',
  'export const f = (Math) => Math.random()',
  'export const f = () => { const Date = { now: () => 1 }; return Date.now() }',
  'export const f = (...args) => new Date(...args)',
  'export const f = (d) => d.now()',
  'export const f = () => globalThis.process',
  'export const f = () => Function("return this")()',
  'export const f = () => typeof window === "undefined" ? 1 : window.innerWidth',
  'export const f = () => typeof process !== "undefined" && process.env.HOME',
  'export const isNode = typeof process === "object" && !!process.versions',
  'export const f = () => typeof fetch',
  'export const f = () => { console.log("here"); return 1 }',
  'export const f = async () => { for await (const x of []) await x }',
  'export const f = () => structuredClone(new TextEncoder().encode(atob("YQ==")))',
  'export const f = (x) => { const seen = new Set(); seen.add(x); return seen }',
  'export function f() { const self = {}; self.x = 1; return self }',
  'export class A { static n = 0; constructor() { this.x = 1 } get y() { return this.x } }',
  'const make = () => []; export const f = () => { const list = make(); list.push(1); return list }',
  'import * as R from "./r.js"; export const f = (m) => R.set(m, 1)',
  // what the absence of a name decides, through constants and in the middle of a chain
  'var e = typeof exports == "object" && exports; export const f = () => e && typeof module == "object" && module && module.id',
  'const e = typeof exports == "object" && exports; const m = e && module; export const f = () => (m ? process.env : 1)',
  'const here = typeof window === "undefined"; export const f = () => (here ? 1 : window.innerWidth)',
  // a function that puts what it would have been in its own place
  'function f() { return f = Object.assign ? Object.assign.bind() : function (a) { return a }, f.apply(null, arguments) } export { f }',
  'function f() { "x"; ; { return f = Object[`assign`] ? Object.assign["bind"]() : function (a) { return a }, f[`apply`](null, arguments) } debugger } export { f }',
  'function f(o) { "x"; return f = function (o) { return typeof o }, f(o) } export { f }',
  'export function f(a, b) { f = function (a, b) { return a + b }; return f(a, b) }',
  'import { Store } from "ucm/abilities"; export function* f() { yield* Store.delete("k") }',
  '"use strict"; export const f = () => 1; ;',
  // what a call makes for itself, and what loading does to what it makes
  'const counter = () => { let n = 0; return () => ++n }; export const f = () => { const next = counter(); return next() + next() }',
  'class C { #n = 0; next() { return ++this.#n } } export const f = () => { const c = new C(); return c.next() }',
  'const sum = (xs) => { let n = 0; xs.forEach((x) => { n += x }); return n }; export const total = sum([1, 2])',
  'const put = (list, x) => { list.push(x); return list }; export const f = (x) => put([], x)',
  'const put = (list, x) => { list = [...list, x]; return list }; const none = []; export const f = (x) => put(none, x)',
  'class C { next() { return c.next() } } const c = new C(); export const f = () => c.next()',
  'const again = (xs) => again(xs); const none = []; export const f = () => again(none)',
  'export const table = (() => { const t = []; for (let i = 0; i < 9; i++) t.push(i); return t })()',
  'function* ids() { yield 1 } export const f = () => { const gen = ids(); return gen.next().value }',
  'export const f = (() => { function o() {} return (p) => { o.prototype = p; const r = new o(); o.prototype = undefined; return r } })()',
  'export const f = () => { debugger; return 1 }',
  // what is made anew, or only looked at, where the same words would change what lasts
  'const a = { n: 0 }; export const f = () => { const list = [a]; list.push({ n: 1 }); return list }',
  'const list = [{ n: 0 }]; export const f = () => { let n = 0; for (const e of list) n += e.n; return n }',
  'const none = (x) => x; export const f = (x, g = none) => { g = g ?? none; return g(x) }',
  'const same = (x) => x; export const f = () => { const made = same({ n: 0 }); made.n++; return made }',
]

for (const source of PERMITTED) {
  test(`define() accepts ${source}`, async () => {
    const result = await defineText({
      '/src/main.js': source,
      '/src/r.js': 'export const set = (m, k) => [m, k]',
    })
    assert.equal(refusals(result), [])
    assert.equal(result.warnings, [])
    assert.ok(result.definitions.length > 0)
  })
}

/** What only remembers goes in, with a warning. */
const REMEMBERED: readonly string[] = [
  'const cache = new Map(); export const f = (k) => { if (!cache.has(k)) cache.set(k, k * 2); return cache.get(k) }',
  'const cache = {}; export const f = (k) => (cache[k] ??= k * 2)',
  'const cache = new Map(); export const f = (k) => { let v = cache.get(k); if (!v) { if (cache.size > 9) cache.clear(); v = k + 1; cache.set(k, v) } return v }',
  'const keys = new WeakMap(); export const f = (o, k) => keys.set(o, k)',
  'const scratch = new Float64Array(8); export const f = (x) => { scratch[0] = x; return scratch[0] }',
  'let table; export const f = (k) => { if (!table) table = [1, 2, 3]; return table[k] }',
  'let table; export const f = (k) => (table ??= [1, 2, 3])[k]; export const g = () => f(table?.length)',
  'const word = /\\w+/g; export const f = (s) => { word.lastIndex = 0; return word.exec(s) }',
  'export function f(k) { f.table ??= [1, 2, 3]; return f.table[k] }',
  'let has; export const f = () => { if (has === undefined) { try { new RegExp("(?<a>)"); has = true } catch { has = false } } return has }',
  // scratch: written before it is read, by whoever reads it
  'let mode = 0; const pick = (y) => { if (y) { mode = 1; return } mode = 2 }; export const f = (x) => { pick(x); return mode }',
  'let busy = false; export const f = (g) => { if (busy) return 0; busy = true; try { return g() } finally { busy = false } }',
  'let on = true; export const f = (n, g) => { if (n == null) on = false; const r = g(); for (;;) { if (r > 1n) break } return n == null ? (on = true, r) : on }',
  'let carry; const add = (a, b) => { carry = a + b > 9; return (a + b) % 10 }; export const f = (a, b) => { const d = add(a, b); return [d, carry] }',
  'const P = { n: 0, d: 1 }; const parse = (s) => { P.n = +s; P.d = 2 }; export const f = (s) => { parse(s); return P.n / P.d }',
  // a flag that is put back
  'let rounds = true; const cut = (x) => (rounds ? Math.round(x) : x); export const f = (x) => { rounds = false; const y = cut(x); rounds = true; return y }',
  'export const f = (() => { const cache = new Map(); return (k) => { if (!cache.has(k)) cache.set(k, k + 1); return cache.get(k) } })()',
  'const memo = (f) => { const c = new Map(); return (k) => { if (!c.has(k)) c.set(k, f(k)); return c.get(k) } }; export const f = memo((k) => k + 1)',
  'const word = /\\w/g; export const f = (s) => word.test(s)',
  'class Cache { #m = new Map(); has(k) { return this.#m.has(k) } set(k, v) { this.#m.set(k, v) } } const c = new Cache(); export const f = (k) => { if (!c.has(k)) c.set(k, k + 1); return k + 1 }',
]

for (const source of REMEMBERED) {
  test(`define() warns of ${source}`, async () => {
    const result = await defineText({ '/src/main.js': source })
    assert.equal(refusals(result), [])
    assert.equal(
      result.warnings.map(({ code }) => code),
      ['state-kept'],
    )
  })
}

test('every denied global is refused with its reason and what to write instead', async () => {
  for (const [name, { reason, hint }] of Object.entries(DENIED_GLOBALS)) {
    assert.not.ok(isPermittedIntrinsic(name), `${name} is permitted and denied`)
    const { rejected } = await defineText(`export const f = () => ${name}`)
    assert.equal(
      rejected.map(({ message }) => message),
      [`Cannot define f: ${reason}`],
    )
    assert.equal(
      rejected.map((refused) => refused.hint),
      [hint],
    )
  }
})

test('every permitted global is accepted', async () => {
  const globals = PERMITTED_INTRINSICS.filter((name) => !name.startsWith('ucm.'))
  const result = await defineText(`export const f = () => [${globals.join(', ')}]`)
  assert.equal(refusals(result), [])
})

test('the clock is refused also where only its name tells', async () => {
  const files = {
    '/src/main.ts':
      "import root from './root.ts'\nexport const now = () => root.Date.now()\nexport const kept = (x: any) => x.Date.then",
    '/src/root.ts':
      "const free = typeof self == 'object' && self\nexport default free || Function('return this')()",
  }
  assert.equal(refusals(await defineText(files)), ['effect-refused 2:26'])
})

test('a misspelt name is told the nearest one', async () => {
  const { rejected } = await defineText('export const average = 1\nexport const f = () => avrage + Maht.PI')
  assert.equal(
    rejected.map(({ hint }) => hint),
    ['did you mean `average`?', 'did you mean `Math`?'],
  )
})

test('locale-dependent methods are warned of', async () => {
  const { warnings, definitions } = await defineText(
    'export const f = (a, b) => a.localeCompare(b) || a.x.toLocaleString()',
  )
  assert.is(definitions.length, 1)
  assert.equal(
    warnings.map(({ code, column }) => `${code} ${column}`),
    ['locale-dependent 30', 'locale-dependent 54'],
  )
})

test.run()
