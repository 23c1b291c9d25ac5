// resolveScopes() against eslint-scope, over code made for it and over real packages.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { analyze, type Scope as EslintScope } from 'eslint-scope'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { eraseTypes } from '../../codebase/erase.ts'
import { type EsNode, walk } from '../../codebase/estree.ts'
import { resolveScopes, type Scopes } from '../../codebase/scope.ts'
import { parseSource } from '../../codebase/source.ts'

interface Resolved {
  readonly program: EsNode
  readonly scopes: Scopes
  readonly text: string
}

function resolve(text: string, file = '/test.ts'): Resolved {
  const source = parseSource(file, file, text)
  if (!('program' in source)) throw new SyntaxError(source.reason)
  const { program } = eraseTypes(source.program)
  return { program, scopes: resolveScopes(program), text }
}

/** Start of each mention → start of its declaration, or the word that it is free. */
function ours({ program, scopes }: Resolved): Map<number, string> {
  const declared = new Map<unknown, number>()
  const mentioned = new Set(scopes.mentions.map(({ identifier }) => identifier))
  walk(program, (node) => {
    const binding = node.type === 'Identifier' ? scopes.bindingOf(node) : undefined
    if (binding && !mentioned.has(node) && !declared.has(binding)) declared.set(binding, node.start)
  })
  for (const self of scopes.classSelves) declared.set(self[1], self[0]['id'].start)
  const links = new Map<number, string>()
  for (const { identifier, binding } of scopes.mentions) {
    if (binding?.kind === 'arguments') continue
    links.set(identifier.start, binding ? String(declared.get(binding)) : 'free')
  }
  return links
}

function theirs({ program }: Resolved): Map<number, string> {
  const ranged = structuredClone(program)
  walk(ranged, (node) => {
    node['range'] = [node.start, node.end]
  })
  const links = new Map<number, string>()
  const visit = (scope: EslintScope): void => {
    for (const reference of scope.references) {
      const { start } = reference.identifier as unknown as EsNode
      if (reference.init === true && reference.isWriteOnly()) continue
      const declared = reference.resolved?.defs[0]?.name as unknown as EsNode | undefined
      if (reference.resolved && !declared) continue // `arguments`
      links.set(start, declared ? String(declared.start) : 'free')
    }
    for (const inner of scope.childScopes) visit(inner)
  }
  visit(analyze(ranged as never, { ecmaVersion: 2022, sourceType: 'module' }).globalScope as EslintScope)
  return links
}

function assertAgree(text: string, file?: string): number {
  const resolved = resolve(text, file)
  const [mine, other] = [ours(resolved), theirs(resolved)]
  const differences: string[] = []
  for (const [start, link] of other) {
    if (mine.get(start) === link) continue
    differences.push(
      `${text.slice(start, start + 20)} at ${start}: ${mine.get(start)}, eslint-scope says ${link}`,
    )
  }
  assert.equal(differences, [])
  return other.size
}

const CASES: Readonly<Record<string, string>> = {
  'hoisted var':
    'const a = 1; export function f() { g(a); if (x) { var a = 2 } return a } var x; function g() {}',
  'block scopes': 'let a = 1; { let a = 2; { a = 3 } } for (let a of [a2]) { a } const a2 = []',
  'parameters and body':
    'export function f(a, b = a, { c = b, [b]: d } = {}, ...e) { return [a, b, c, d, e] }',
  'a parameter default does not see the body':
    'let v = 1; export const f = (a = v) => { let v = 2; return a + v }',
  'function expression names': 'export const f = function g(n) { return n ? g(n - 1) : h }; let h',
  'class names and members':
    'export class A extends B { static x = A; y = this.x; #z = q; m(A) { return A } static { var A2; A2 } } class B {} let q',
  'class expressions': 'export const C = class D { make() { return new D() } }; let D',
  catch: 'try { f() } catch ({ message: m, code = m }) { m; let n = code; n } function f() {}',
  loops: 'for (var i = 0; i < 3; i++) { i } for (const k in o) { k } for (x.y of o) {} let o, x',
  switch: 'switch (s) { case 1: let t = 1; t; break; default: t } let s',
  'labels and members': 'out: for (;;) { break out } export const o = { out: 1, m() { return o.out } }',
  destructuring: 'let a, b; [a, { x: b = a }] = y; ({ a, ...b } = y); let y',
  imports: 'import d, { n as m, type T } from "x"; import * as ns from "y"; export { m as q }; d(ns.z)',
  types: 'enum E { A, B = A } export function f(this: number, e: E): e is E.A { return (e as any) === E.B }',
  'free names': 'export const f = () => undefined === Math.max(window, NaN) && typeof nothing',
}

for (const [name, text] of Object.entries(CASES)) {
  test(`resolveScopes() agrees with eslint-scope on ${name}`, () => {
    assert.ok(assertAgree(text) > 0)
  })
}

const PACKAGES = [
  'd3-array/dist/d3-array.mjs',
  'simple-statistics/dist/simple-statistics.mjs',
  'just-compare/index.mjs',
  'radash/dist/esm/array.mjs',
  'radash/dist/esm/async.mjs',
  'radash/dist/esm/curry.mjs',
  'date-fns/parse.js',
  'date-fns/format.js',
  'commander/lib/command.js',
  'fast-check/lib/fast-check.js',
]

test('resolveScopes() agrees with eslint-scope on real packages', () => {
  const modules = path.resolve(import.meta.dirname, '../../node_modules')
  let compared = 0
  for (const name of PACKAGES) {
    const file = path.join(modules, name)
    compared += assertAgree(readFileSync(file, 'utf8'), file)
  }
  assert.ok(compared > 10_000, `${compared} mentions`)
})

test('resolveScopes() counts assignments, and not initialisers', () => {
  const { scopes } = resolve('let a = 1, b = 2, c; var d = 1; var d = 2; b++; [c] = a; for (c of a) {}')
  const writes = [...scopes.moduleBindings.values()].map(({ name, writes }) => `${name} ${writes}`)
  assert.equal(writes.sort(), ['a 0', 'b 1', 'c 2', 'd 1'])
})

test('resolveScopes() rejects what cannot be renamed apart', () => {
  const messages = (text: string): string[] => resolve(text).scopes.rejects.map(({ message }) => message)
  assert.match(messages('export function f(a, b = () => a) { var a; return b }')[0] ?? '', /parameter/)
  assert.match(messages('try {} catch (e) { var e = 2 }')[0] ?? '', /catch/)
  assert.equal(messages('export function f(a) { var a; return a } try {} catch (e) { let x; x }'), [])
})

test('resolveScopes() tells a class from its inner name', () => {
  const { scopes } = resolve('export class A { static one = new A() } A')
  const [inner, outer] = scopes.mentions.map(({ binding }) => binding?.kind)
  assert.equal([inner, outer], ['self', 'class'])
})

test.run()
