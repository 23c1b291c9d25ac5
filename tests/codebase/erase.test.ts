// eraseTypes(): what TypeScript only says is gone, what it does is JavaScript.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { eraseTypes } from '../../codebase/erase.ts'
import { type EsNode, walk } from '../../codebase/estree.ts'
import { parseSource } from '../../codebase/source.ts'

function erased(text: string, file = '/test.ts') {
  const source = parseSource(file, file, text)
  if (!('program' in source)) throw new SyntaxError(source.reason)
  return eraseTypes(source.program)
}

/** The tree without what says only where, or how, something is written. */
function shape(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shape)
  if (typeof node !== 'object' || node === null) return node
  const kept = Object.entries(node).filter(
    ([key, value]) =>
      !/^(start|end|raw|isOfEnum|optional|directive|importKind|exportKind|expression)$/.test(key) ||
      (key === 'expression' && typeof value === 'object'),
  )
  return Object.fromEntries(
    kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, shape(value)]),
  )
}

/** Pairs of TypeScript and the JavaScript that it is. */
const PAIRS: Readonly<Record<string, readonly [typescript: string, javascript: string]>> = {
  annotations: ['export const f = (a: number, b?: string): void => {}', 'export const f = (a, b) => {}'],
  assertions: ['f(a as T, b!, <T>c, d satisfies T, (e as T)!.x)', 'f(a, b, c, d, e.x)'],
  'type arguments': ['f<T>(new Map<K, V>(), g<T>)', 'f(new Map(), g)'],
  declarations: [
    'type A = 1; interface B { x: A } declare const c: A; declare module "m" {} namespace T { export type X = 1 } f()',
    'f()',
  ],
  overloads: [
    'function f(a: 1): 1\nfunction f(a: 2): 2\nfunction f(a: any) { return a }',
    'function f(a) { return a }',
  ],
  'a this parameter': ['function f(this: Date, a: number) { return a }', 'function f(a) { return a }'],
  'class members': [
    'abstract class A<T> extends B<T> implements C { declare a: 1; readonly b?: T; private c = 1; [k: string]: any; abstract d(): void; override e(): void {} f(): void; f() {} }',
    'class A extends B { b; c = 1; e() {} f() {} }',
  ],
  'type imports': [
    'import type { A } from "a"; import { type B, c } from "b"; export type { A }; export { type B, c }',
    'import { c } from "b"; export { c }',
  ],
  'parameter properties': [
    'class A extends B { y = 1; constructor(private x: number, public readonly z = 2) { super(); f() } }',
    'class A extends B { x; z; y = 1; constructor(x, z = 2) { super(); this.x = x; this.z = z; f() } }',
  ],
  'module this': [
    'const a = (this && this.x) || (() => this); function f() { return this } class A { x = this; [this.k]() {} }',
    'const a = (void 0 && (void 0).x) || (() => void 0); function f() { return this } class A { x = this; [(void 0).k]() {} }',
  ],
  enums: [
    'enum E { A, B = 4, C, "d e" = "x", F = B << 1, G = -1, H, I = f(), J = `${G}!`, K = A + I }',
    'var E; (function (E) { E[E["A"] = 0] = "A"; E[E["B"] = 4] = "B"; E[E["C"] = 5] = "C"; E["d e"] = "x"; E[E["F"] = 8] = "F"; E[E["G"] = -1] = "G"; E[E["H"] = 0] = "H"; E[E["I"] = f()] = "I"; E["J"] = "-1!"; E[E["K"] = E["A"] + E["I"]] = "K" })(E || (E = {}))',
  ],
  'exported enums': [
    'export enum E { A = "a" }',
    'export var E; (function (E) { E["A"] = "a" })(E || (E = {}))',
  ],
  debugger: ['debugger', ';'],
}

for (const [name, [typescript, javascript]] of Object.entries(PAIRS)) {
  test(`eraseTypes() of ${name}`, () => {
    const [a, b] = [erased(typescript), erased(javascript, '/test.js')]
    assert.equal(shape(a.program['body']), shape(b.program['body']))
    assert.equal(a.refusals, [])
  })
}

test('eraseTypes() leaves no TypeScript node and does not change its argument', () => {
  const source = parseSource('/test.ts', 'test.ts', PAIRS['class members']![0] + PAIRS['enums']![0])
  if (!('program' in source)) throw new SyntaxError(source.reason)
  const before = JSON.stringify(source.program)
  const types: string[] = []
  walk(eraseTypes(source.program).program as EsNode, (node) => void types.push(node.type))
  assert.equal(
    types.filter((type) => type.startsWith('TS')),
    [],
  )
  assert.is(JSON.stringify(source.program), before)
})

const REFUSED: Readonly<Record<string, string>> = {
  'import a = require("a")': '`import … =` is CommonJS',
  'const a = 1; export = a': '`export =` is CommonJS',
  '@d class A {}': 'decorators are not supported',
  'class A { @d m() {} }': 'decorators are not supported',
  'class A { accessor x = 1 }': '`accessor` fields are not supported',
}

for (const [text, reason] of Object.entries(REFUSED)) {
  test(`eraseTypes() refuses ${text}`, () => {
    assert.equal(
      erased(text).refusals.map((refusal) => refusal.reason),
      [reason],
    )
  })
}

test('eraseTypes() refuses JSX', () => {
  assert.equal(
    erased('export const a = <b>{c}</b>', '/test.tsx').refusals.map(({ reason }) => reason),
    ['JSX is not supported'],
  )
})

test.run()
