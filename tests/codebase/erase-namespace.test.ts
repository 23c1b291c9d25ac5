// Namespaces with values: each has the hash of the JavaScript that TypeScript makes of it.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { referenceText } from '#codebase'
import { defined, defineText, refusals } from '../support/define-text.ts'

/** Source, and the JavaScript that TypeScript 7 makes of it; a function or class that is filled is there, and needs no `|| {}`. */
const PAIRS: Readonly<Record<string, readonly [typescript: string, javascript: string]>> = {
  variables: [
    'namespace N { export const a = 1; const b = 2; export let c, d = a + b; export const f = () => [a, b, d] }',
    'var N; (function (N) { N.a = 1; const b = 2; N.d = N.a + b; N.f = () => [N.a, b, N.d]; })(N || (N = {}));',
  ],
  shadowing: [
    'namespace N { export const a = 1; export const f = (a) => a; export const g = () => { let a = 2; return { a } }; export const h = () => ({ a }) }',
    'var N; (function (N) { N.a = 1; N.f = (a) => a; N.g = () => { let a = 2; return { a }; }; N.h = () => ({ a: N.a }); })(N || (N = {}));',
  ],
  'functions and classes': [
    'namespace N { export function f() { return new C(g()) } function g() { return f } export class C { constructor(public x: number) {} } }',
    'var N; (function (N) { function f() { return new C(g()); } N.f = f; function g() { return f; } class C { x; constructor(x) { this.x = x; } } N.C = C; })(N || (N = {}));',
  ],
  enums: [
    'namespace N { export enum E { A, B } enum F { C } export const x = E.B + F.C }',
    'var N; (function (N) { let E; (function (E) { E[E["A"] = 0] = "A"; E[E["B"] = 1] = "B"; })(E = N.E || (N.E = {})); let F; (function (F) { F[F["C"] = 0] = "C"; })(F || (F = {})); N.x = E.B + F.C; })(N || (N = {}));',
  ],
  nested: [
    'namespace N { export const a = 1; export namespace M { export const b = a } namespace H { export const c = 1 } export const d = M.b + H.c }',
    'var N; (function (N) { N.a = 1; let M; (function (M) { M.b = N.a; })(M = N.M || (N.M = {})); let H; (function (H) { H.c = 1; })(H || (H = {})); N.d = M.b + H.c; })(N || (N = {}));',
  ],
  dotted: [
    'namespace N.M { export const a = 1 }',
    'var N; (function (N) { var M; (function (M) { M.a = 1; })(M = N.M || (N.M = {})); })(N || (N = {}));',
  ],
  merged: [
    'namespace N { export const a = 1 } namespace N { export const b = a + 1; export function f() { return b } }',
    'var N; (function (N) { N.a = 1; })(N || (N = {})); (function (N) { N.b = N.a + 1; function f() { return N.b; } N.f = f; })(N || (N = {}));',
  ],
  'with a function': [
    'function N() { return N.x } namespace N { export const x = 1 }',
    'function N() { return N.x; } (function (N) { N.x = 1; })(N);',
  ],
  'with a class': [
    'class N { y = 1 } namespace N { export const x = 1 }',
    'class N { y = 1; } (function (N) { N.x = 1; })(N);',
  ],
  'with an enum': [
    'enum N { A } namespace N { export function f() { return N.A } }',
    'var N; (function (N) { N[N["A"] = 0] = "A"; })(N || (N = {})); (function (N) { function f() { return N.A; } N.f = f; })(N || (N = {}));',
  ],
  'types beside': [
    'namespace N { export interface I {} export type T = 1; export const x = 1 } namespace N { export type U = 2 }',
    'var N; (function (N) { N.x = 1; })(N || (N = {}));',
  ],
}

for (const [name, [typescript, javascript]] of Object.entries(PAIRS)) {
  test(`a namespace has the hash of its JavaScript: ${name}`, async () => {
    const main = '\nexport const all = () => N'
    const written = await defineText(typescript + main)
    const made = await defineText({ '/src/main.js': javascript + main })
    assert.equal([refusals(written), refusals(made)], [[], []])
    for (const each of ['all', 'N']) {
      assert.is(
        referenceText(defined(written, each).reference),
        referenceText(defined(made, each).reference),
        each,
      )
    }
  })
}

test('a namespace that is exported is a definition, one that only has types is none', async () => {
  const { definitions } = await defineText(
    'export namespace A.B { export const x = 1 } export namespace T { export type X = 1 }',
  )
  assert.equal(
    definitions.map(({ name, exported }) => [name, exported]),
    [['A', true]],
  )
})

test('a variable of a namespace that a function changes is refused there', async () => {
  const { rejected } = await defineText(
    'export namespace N { export let n = 0; export function next() { return ++n } }',
  )
  assert.equal(
    rejected.map(({ code }) => code),
    ['state-refused'],
  )
})

test.run()
