// How a module is taken apart: what each definition comes to when it is evaluated.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type DefineResult,
  emitMember,
  evaluationOrder,
  type Hash,
  type Reference,
  referenceText,
} from '#codebase'
import { defined, defineText, refusals } from '../support/define-text.ts'

/** The values of the definitions called `names`, evaluated from their terms by this engine. */
function evaluate(result: DefineResult, names: readonly string[]): unknown[] {
  const components = new Map<Hash, (readonly [name: string, DefineResult['definitions'][number]])[]>()
  const nameOf = ({ hash, index }: Reference): string => `$${hash}_${index}`
  for (const definition of result.definitions) {
    const { hash } = definition.reference
    components.set(hash, [...(components.get(hash) ?? []), [nameOf(definition.reference), definition]])
  }
  const lines: string[] = []
  const done = new Set<Hash>()
  const emit = (hash: Hash): void => {
    if (done.has(hash)) return
    done.add(hash)
    const slots = new Map(
      (components.get(hash) ?? []).map(([, definition]) => [definition.reference.index, definition.member]),
    )
    const members = [...slots.keys()].sort((a, b) => a - b).map((slot) => slots.get(slot)!)
    const texts = members.map((member) =>
      emitMember(member, {
        name: (r) => {
          emit(r.hash)
          return nameOf(r)
        },
        sibling: (slot) => nameOf({ hash, index: slot }),
      }),
    )
    for (const { slot, part } of evaluationOrder({ members })) {
      const { value, completions } = texts[slot]!
      lines.push(part === 'value' ? `const ${nameOf({ hash, index: slot })} = ${value};` : completions)
    }
  }
  const references = names.map((name) => defined(result, name).reference)
  for (const { hash } of references) emit(hash)
  // oxlint-disable-next-line typescript/no-implied-eval -- generated code is what is tested
  return new Function(
    `'use strict'; ${lines.join('\n')}; return [${references.map(nameOf).join(', ')}]`,
  )() as unknown[]
}

async function valuesOf(source: string, ...names: string[]): Promise<unknown[]> {
  const result = await defineText(source)
  assert.equal(refusals(result), [])
  return evaluate(result, names)
}

test('several declarators, and lets that nothing assigns, are constants', async () => {
  assert.equal(await valuesOf('export let a = 1, b = a + 1; var c; export { c }', 'a', 'b', 'c'), [
    1,
    2,
    undefined,
  ])
})

test('destructured constants are taken from one evaluation', async () => {
  const source =
    'const made = () => ({ a: {}, rest: [1, 2, 3] }); export const { a, a: b, rest: [first, ...others], none = 4 } = made()'
  const [a, b, first, others, none] = await valuesOf(source, 'a', 'b', 'first', 'others', 'none')
  assert.is(a, b)
  assert.equal([first, others, none], [1, [2, 3], 4])
})

test('tables that one loop fills are filled together', async () => {
  const source =
    'export const encode = [], decode = {}; for (let i = 0; i < 3; i++) { encode[i] = `x${i}`; decode[encode[i]] = i }'
  assert.equal(await valuesOf(source, 'encode', 'decode'), [['x0', 'x1', 'x2'], { x0: 0, x1: 1, x2: 2 }])
})

test('the var of a loop that fills one table is local to it', async () => {
  const source = 'export const squares = []; for (var i = 0; i < 4; i++) squares.push(i * i)'
  const result = await defineText(source)
  assert.equal(evaluate(result, ['squares']), [[0, 1, 4, 9]])
  assert.equal(
    result.definitions.map(({ name }) => name),
    ['squares'],
  )
})

test('what loading assigns again is a constant of its last value', async () => {
  const source =
    'export let mode; if (typeof mode === "string") { mode = 1 } else mode = "b"; mode += "!"; export const shout = () => mode'
  const [mode, shout] = (await valuesOf(source, 'mode', 'shout')) as [string, () => string]
  assert.equal([mode, shout()], ['b!', 'b!'])
})

test('statements after a function or class complete it', async () => {
  const source = `
    export function tag(x) { return tag.prefix + x }
    tag.prefix = '#'
    Object.assign(tag, { loud: (x) => tag(x).toUpperCase() })
    export class Point { constructor(x) { this.x = x } }
    Point.origin = new Point(0)
    Point.prototype.norm = function () { return Math.abs(this.x) }
    const proto = Point.prototype
    proto.double = function () { return new Point(this.x * 2) }
    ;['up', 'down'].forEach((name, i) => { Point[name] = i })
    export const tags = [tag('a'), tag.loud('b')]
    export const points = [new Point(-2).norm(), new Point(3).double().x, Point.origin.x, Point.up, Point.down]`
  assert.equal(await valuesOf(source, 'tags', 'points'), [
    ['#a', '#B'],
    [2, 6, 0, 0, 1],
  ])
})

test('a class uses its own name in its statics', async () => {
  const source = `
    export class A { static one = new A(1); static { A.two = new A(2) } constructor(n) { this.n = n } again() { return new A(this.n) } }
    export const seen = [A.one.n, A.two.again().n, A.name]`
  assert.equal(await valuesOf(source, 'seen'), [[1, 2, 'A']])
})

test('an enum is the object that TypeScript makes of it, however it is spelled', async () => {
  const typescript = await defineText('export enum Level { Low = 1, High, Text = "t" }')
  const javascript = await defineText({
    '/src/main.js':
      'export var Level; (function (L) { L[L["Low"] = 1] = "Low"; L[L["High"] = 2] = "High"; L["Text"] = "t" })(Level || (Level = {}))',
  })
  assert.equal(evaluate(typescript, ['Level']), [{ 1: 'Low', 2: 'High', Low: 1, High: 2, Text: 't' }])
  assert.is(
    referenceText(defined(typescript, 'Level').reference),
    referenceText(defined(javascript, 'Level').reference),
  )
})

test('parameter properties are fields', async () => {
  const source = `class P { sum = 0; constructor(private x: number, readonly y = 2) { this.sum = x + y } }
    export const fields = Object.entries(new P(1))`
  assert.equal(await valuesOf(source, 'fields'), [Object.entries({ x: 1, y: 2, sum: 3 })])
})

test('a variable that a function fills when it first needs it is remembered within a call', async () => {
  const source = `
    let table
    export const at = (k) => { if (table === undefined) table = ['x', 'y']; return table[k] }
    export const seen = [table, at(1), at(0), table]`
  assert.equal(await valuesOf(source, 'seen'), [[undefined, 'y', 'x', ['x', 'y']]])
})

test('mutual recursion, a name used before its declaration, and an immediately called function', async () => {
  const source = `
    export const ten = (() => { const n = 5; return n * two })()
    const two = 2
    export const even = (n) => n === 0 || odd(n - 1)
    function odd(n) { return n !== 0 && even(n - 1) }`
  const [ten, even] = (await valuesOf(source, 'ten', 'even')) as [number, (n: number) => boolean]
  assert.equal([ten, even(10), even(7)], [10, true, false])
})

test('what `typeof` of an absent name rules out is not part of a definition', async () => {
  const guarded = await defineText(
    'export const root = typeof window !== "undefined" ? window : typeof global === "object" && global || Function("return this")()',
  )
  const plain = await defineText('export const root = globalThis')
  assert.is(
    referenceText(defined(guarded, 'root').reference),
    referenceText(defined(plain, 'root').reference),
  )
})

test('what is left of a decided operator is a value, however the comparison is quoted', async () => {
  for (const text of ["'undefined'", '`undefined`', '"\\x75ndefined"']) {
    const source = `const o = { f() { return this === o } }
      export const plain = o.f(), guarded = (typeof window === ${text} && o.f)()`
    const result = await defineText(source)
    assert.equal(evaluate(result, ['plain', 'guarded']), [true, false])
  }
})

test('what guards come to does not depend on where the constants that they name are declared', async () => {
  const constants = [
    "const none = typeof window !== 'undefined'",
    "const pick = typeof process === 'undefined' ? none : 1",
    "const both = (typeof window === 'undefined' && none) || none",
  ]
  const f = 'export function f(x) { if (pick) return process.cwd(); return both ? window : x }'
  const orders = [
    [...constants, f],
    [f, ...constants],
    [f, ...constants.toReversed()],
  ]
  const results = await Promise.all(orders.map((order) => defineText(order.join('\n'))))
  const hashes = results.map((result) => referenceText(defined(result, 'f').reference))
  assert.equal(new Set(hashes).size, 1)
  assert.is(
    hashes[0],
    referenceText(defined(await defineText('export function f(x) { return x }'), 'f').reference),
  )
})

test('a statement completes what it changes, however its method is spelled', async () => {
  for (const call of ['push', "['push']", '[`push`]']) {
    const source = `const table = []\nfor (let i = 0; i < 3; i++) table${call.startsWith('[') ? call : `.${call}`}(i)`
    assert.equal(evaluate(await defineText(source), ['table']), [[0, 1, 2]])
  }
})

test('`this` at the top level is undefined', async () => {
  assert.equal(
    await valuesOf('export const a = typeof this, f = () => this; export const b = f()', 'a', 'b'),
    ['undefined', undefined],
  )
})

test('classes, symbols and object constants are told apart by the names that they were declared with', async () => {
  const pairs = [
    'export class A {} export class B {}',
    'export const A = {}, B = {}',
    'export const A = [], B = []',
    'export const A = Symbol("s"), B = Symbol("s")',
    'export const A = Object.freeze({}), B = Object.freeze({})',
    'export const A = new Map(), B = new Map()',
    'export const A = class {}, B = class {}',
  ]
  for (const source of pairs) {
    const result = await defineText(source)
    const [a, b] = ['A', 'B'].map((name) => referenceText(defined(result, name).reference))
    assert.is.not(a, b, source)
  }
  const same = await defineText('export const A = 1, B = 1; export function C() {} export function D() {}')
  const text = (name: string): string => referenceText(defined(same, name).reference)
  assert.equal([text('A'), text('C')], [text('B'), text('D')])
})

test('what makes a constant nominal does not depend on how it is spelled', async () => {
  const spellings = [
    'Object.create(null)',
    'Object["create"](null)',
    'globalThis.Symbol("x")',
    'globalThis["Object"].create(null)',
  ]
  for (const made of [...spellings, '(() => ({}))()', '(function () { if (1) return []; return 1 })()']) {
    const result = await defineText(`export const A = ${made}; export const B = ${made}`)
    const [a, b] = ['A', 'B'].map((name) => referenceText(defined(result, name).reference))
    assert.is.not(a, b, made)
  }
  const inner = await defineText(
    'export const A = (() => { const f = () => ({}); return 1 })(); export const B = (() => { const f = () => ({}); return 1 })()',
  )
  assert.is(referenceText(defined(inner, 'A').reference), referenceText(defined(inner, 'B').reference))
})

test('a nominal definition that was renamed keeps its nominal name when it is added again', async () => {
  const before = defined(await defineText('export class Missing extends Error { code = 1 }'), 'Missing')
  const environment = { previous: async (name: string) => (name === 'NotFound' ? before.member : undefined) }
  const renamed = await defineText('export class NotFound extends Error { code = 1 }', { environment })
  assert.is(referenceText(defined(renamed, 'NotFound').reference), referenceText(before.reference))
  const changed = await defineText('export class NotFound extends Error { code = 2 }', { environment })
  assert.is(defined(changed, 'NotFound').member.value['name'], 'NotFound')
})

test('a statement that changes what another file defines is refused', async () => {
  const files = {
    '/src/main.ts': 'import { table } from "./table.ts"\ntable.x = 1\nexport const f = () => table',
    '/src/table.ts': 'export const table: any = {}',
  }
  assert.equal(refusals(await defineText(files)), [
    'depends-on-rejected 3:14',
    'statement-refused 2:1',
    'statement-refused 2:1',
  ])
})

test.run()
