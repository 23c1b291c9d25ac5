// Types as definitions: their text in one layout, other types by reference.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { referenceText } from '#codebase'
import { defined, defineText, refusals } from '../support/define-text.ts'

const hashOf = async (source: string, name: string): Promise<string> =>
  referenceText(defined(await defineText(source), name).reference)

test('layout, quotes, separators and the own name of a type do not count', async () => {
  const spellings = [
    'type A = { a: number; b?: "x" | 1, c(): void }',
    'export type B = {\n  a: number // why\n  b?: | "x" | 1\n  c(): void;\n}',
    "type C={a:number,b?:'x'|1;c():void}",
  ]
  const [a, b, c] = await Promise.all(spellings.map((source, i) => hashOf(source, 'ABC'[i]!)))
  assert.equal([b, c], [a, a])
  assert.is.not(await hashOf('type A = { a: number; b?: "x" | 2, c(): void }', 'A'), a)
  assert.is.not(await hashOf('interface A { a: number; b?: "x" | 1, c(): void }', 'A'), a)
})

test('white space of any kind separates the tokens of a type', async () => {
  assert.is(
    await hashOf('type A =\u00a0{\u3000a:\ufeff number\u2028b: 1 }', 'A'),
    await hashOf('type A = { a: number; b: 1 }', 'A'),
  )
})

test('strings in types keep what they say', async () => {
  assert.is.not(await hashOf('type A = "a  b"', 'A'), await hashOf('type A = "a b"', 'A'))
  assert.is(await hashOf(String.raw`type A = 'a\\"b'`, 'A'), await hashOf(String.raw`type A = "a\\\"b"`, 'A'))
  assert.is(await hashOf(`type A = 'say "a"'`, 'A'), await hashOf('type A = "say \\"a\\""', 'A'))
})

test('a type follows the types that it names, whatever they are called', async () => {
  const before = await hashOf('type Id = string; interface User { id: Id; friends: User[] }', 'User')
  assert.is(
    await hashOf('type Key = string; interface Person { id: Key; friends: Person[] }', 'Person'),
    before,
  )
  assert.is.not(await hashOf('type Id = number; interface User { id: Id; friends: User[] }', 'User'), before)
  assert.is(
    await hashOf('type T = 1; type Box<T> = { value: T }', 'Box'),
    await hashOf('type T = 2; type Box<T> = { value: T }', 'Box'),
  )
})

test('types refer to each other, and across files', async () => {
  const files = {
    '/src/main.ts':
      'import type { Leaf } from "./leaf.ts"; export type Tree = Leaf | Branch; interface Branch { left: Tree; right: Tree }',
    '/src/leaf.ts': 'export type { Real as Leaf } from "./real.ts"',
    '/src/real.ts': 'export interface Real { value: number } interface Real { more: 1 }',
  }
  const result = await defineText(files)
  assert.equal(refusals(result), [])
  assert.equal(
    result.definitions.map(({ name, kind, exported }) => [name, kind, exported]),
    [
      ['Branch', 'type', false],
      ['Tree', 'type', true],
      ['real.Real', 'type', true],
    ],
  )
  assert.is(
    defined(result, 'real.Real').source.text,
    'export interface Real { value: number } interface Real { more: 1 }',
  )
  assert.equal(defined(result, 'Tree').source.imports, [
    ['Leaf', 'real.Real'],
    ['Branch', 'Branch'],
  ])
})

test('types of values are no definitions of their own, and values never depend on types', async () => {
  const result = await defineText(
    'export enum E { A } interface C { x: 1 } export class C {} type P = E | C; export const f = (p: P) => p',
  )
  assert.equal(
    result.definitions.map(({ name, kind }) => [name, kind]),
    [
      ['C', 'class'],
      ['E', 'constant'],
      ['P', 'type'],
      ['f', 'function'],
    ],
  )
  assert.is(referenceText(defined(result, 'f').reference), await hashOf('export const f = (p) => p', 'f'))
})

test('a type shows its text as its signature', async () => {
  const shown = async (source: string) => defined(await defineText(source), 'A').signature
  assert.is(await shown('type A<T> =\n  Map<string, T[]> // why\n  | null;'), '<T> = Map<string, T[]> | null')
  assert.is(
    await shown('interface A {\n  a: 1 // one\n  b: { c: 2\n d: 3 }\n}'),
    'interface { a: 1; b: { c: 2; d: 3 } }',
  )
  assert.is(
    await shown('export interface A extends B { readonly a: 1 }'),
    'interface extends B { readonly a: 1 }',
  )
})

test.run()
