// The intrinsics as programs find them: frozen, without what is denied, and without the override mistake.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isPermittedIntrinsic } from '../../../codebase/permits.ts'
import { callMain } from '../sandboxes.ts'

const valueOf = (reply: unknown): unknown => (reply as { v: unknown }).v
/** The names of the errors that statements throw; `done` for one that throws none. */
const errorsOf = (statements: readonly string[]): unknown =>
  valueOf(
    callMain(
      `() => [${statements.map((text) => `() => { ${text} }`)}].map((run) => { try { run(); return 'done' } catch (e) { return e.name } })`,
    ),
  )

test('the global object holds the permitted intrinsics and nothing else', () => {
  const names = valueOf(callMain('() => Object.getOwnPropertyNames(globalThis)')) as string[]
  assert.equal(
    names.filter((name) => !isPermittedIntrinsic(name)),
    ['undefined'],
  )
  assert.ok(names.length > 50)
})

test('what is denied is absent', () => {
  assert.equal(
    valueOf(
      callMain(
        '() => [typeof Math.random, typeof Date.now, typeof eval, typeof WeakRef, typeof Intl, typeof process, typeof SharedArrayBuffer]',
      ),
    ),
    Array(7).fill('undefined'),
  )
})

test('the clock, code from text and locales throw, and say what to write instead', () => {
  const messages = valueOf(
    callMain(`() => [() => new Date(), () => Date(), () => Function('1'), () => (() => {}).constructor('1'), () => (function* () {}).constructor('1'),
      () => (async () => {}).constructor('1'), () => 'a'.localeCompare('b'), () => (1).toLocaleString(), () => Reflect.construct(Date, [])]
      .map((run) => { try { return run() } catch (e) { return e.name + ': ' + e.message } })`),
  ) as string[]
  assert.ok(
    messages.every((message) =>
      /^(TypeError: Cannot (read the clock|call)|EvalError: Cannot make code from text)/.test(message),
    ),
    messages.join('\n'),
  )
})

test('Date works with arguments, in subclasses and in UTC', () => {
  const main = `() => {
    class Day extends Date { next() { return new Day(this.getTime() + 864e5) } }
    const day = new Day('2026-03-29T00:30:00Z').next()
    return [day, day instanceof Day, day.constructor === Day, new Date(0).getTimezoneOffset(), new Date(2026, 0).toISOString(), Date.UTC(2026), Date.length, new Date(1).constructor === Date]
  }`
  assert.equal(valueOf(callMain(`() => (${main})().map((x) => x instanceof Date ? x.toISOString() : x)`)), [
    '2026-03-30T00:30:00.000Z',
    true,
    true,
    0,
    '2026-01-01T00:00:00.000Z',
    1767225600000,
    7,
    true,
  ])
})

test("Function('return this') gives the global object", () => {
  assert.equal(
    valueOf(
      callMain(
        "() => [Function('return this')() === globalThis, new Function('return this')() === globalThis]",
      ),
    ),
    [true, true],
  )
})

test('intrinsics, hidden ones too, can’t be changed', () => {
  const errors = errorsOf([
    'Array.prototype.push = 1',
    'Array.prototype.map = 1',
    'Object.prototype.polluted = 1',
    '({}).__proto__.polluted = 1',
    'Object.defineProperty(Object.prototype, "x", { value: 1 })',
    'delete Array.prototype.map',
    'globalThis.x = 1',
    'JSON.parse = 1',
    'Object.setPrototypeOf(Array.prototype, null)',
    'Object.getPrototypeOf([].values()).next = 1',
    'Object.getPrototypeOf(function* () {}).prototype.next = 1',
    'Object.getPrototypeOf(async function* () {}).x = 1',
    'Object.getPrototypeOf(Int8Array).from = 1',
    'Object.getPrototypeOf("".matchAll(/a/g)).next = 1',
    'console.log = 1',
    'TextEncoder.prototype.encode = 1',
    'Error.prototype.name = "x"',
    'Symbol.prototype.x = 1',
    'Object.getOwnPropertyDescriptor(Object.prototype, "toString").get.x = 1',
  ])
  assert.equal(errors, Array(19).fill('TypeError'))
})

test('what inherits from a frozen intrinsic can be assigned to', () => {
  const errors = errorsOf([
    'class E extends Error { constructor() { super(); this.name = "E"; this.message = "m"; this.toString = () => "t" } }; new E()',
    'function Old() { Error.call(this) }; Old.prototype = Object.create(Error.prototype); Old.prototype.constructor = Old; Old.prototype.name = "Old"; new Old()',
    'const o = {}; o.toString = () => "x"; o.constructor = 1; o.valueOf = 1; o.hasOwnProperty = 1; if (`${o}` !== "x") throw new Error()',
    'function P() {}; P.prototype.toString = () => "p"; if (`${new P()}` !== "p") throw new Error()',
    'const m = new Map(); m.get = 1; m.set = 2; if (m.get !== 1) throw new Error()',
    'const a = []; a.push = 1; a.toString = 2; a.concat = 3; if (a.push !== 1) throw new Error()',
    'const f = () => {}; f.toString = 1; f.call = 2; f.bind = 3; if (f.call !== 2) throw new Error()',
    'const p = Object.create(Promise.prototype); p.then = 1; p.catch = 2; if (p.then !== 1) throw new Error()',
    'const r = /a/; $.setExec(r, () => null); if (r.test("a")) throw new Error()',
    'const d = new Date(0); d.toJSON = () => 1; if (JSON.stringify(d) !== "1") throw new Error()',
    'const e = new TypeError(); e.name = "N"; if (Object.keys(e)[0] !== "name") throw new Error()',
    'const d = new Date(0); d.toISOString = 1; d.getTime = 2; if (d.getTime !== 2) throw new Error()',
    'const b = new Uint8Array(1); b.subarray = 1; if (b.subarray !== 1) throw new Error()',
    'const s = new String("x"); s.toString = () => "y"; if (`${s}` !== "y") throw new Error()',
    'const it = Object.create([][Symbol.iterator]()); it.next = 1; if (it.next !== 1) throw new Error()',
  ])
  assert.equal(errors, Array(15).fill('done'))
})

test('an assignment to what inherits defines an own, ordinary property', () => {
  assert.equal(
    valueOf(
      callMain(
        `() => { const o = {}; o.toString = 1; o.toString = 2; return [Object.getOwnPropertyDescriptor(o, 'toString'), 'toString' in {}, ({}).toString()] }`,
      ),
    ),
    [{ value: 2, writable: true, enumerable: true, configurable: true }, true, '[object Object]'],
  )
})

test.run()
