// Generated JavaScript, held against the text that it came from.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  emitMember,
  type EmitOptions,
  type Hash,
  type Member,
  type Node,
  printMember,
  walkMember,
} from '#codebase'
import { hashOf, terms } from '../support/terms.ts'
import { TORTURE } from '../support/torture.ts'

const NAMES: EmitOptions = { name: ({ hash }) => `$${hash.slice(0, 10)}`, sibling: (slot) => `$s${slot}` }

function memberOf(expression: string): Member {
  return terms(`const x = ${expression}`, '/test.js').members[0]!
}

function emit(expression: string, options: Partial<EmitOptions> = {}): string {
  return emitMember(memberOf(expression), { ...NAMES, ...options }).value
}

function print(expression: string): string {
  return printMember(memberOf(expression), ({ hash }) => `$${hash}`, 'self' as Hash)
}

function evaluate(expression: string): unknown {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- generated code is what is tested
    return new Function(`'use strict'; return (${expression})`)()
  } catch (error) {
    return `threw ${(error as Error).name}`
  }
}

test('emitMember() keeps the value of every expression on the list', () => {
  for (const expression of TORTURE) {
    assert.equal(evaluate(emit(expression)), evaluate(expression), expression)
    assert.equal(evaluate(print(expression)), evaluate(expression), `printed: ${expression}`)
  }
})

test('emitMember() stays on one line but for the raw text of tagged templates', () => {
  for (const expression of TORTURE) {
    if (!expression.includes('\\unicode'))
      assert.not.match(emit(expression), /[\n\r\u2028\u2029]/, expression)
  }
})

test('printMember() normalises to the same hash again', () => {
  for (const expression of TORTURE) {
    assert.is(hashOf(`const x = ${print(expression)}`), hashOf(`const x = ${expression}`), print(expression))
  }
})

test('emitMember() marks where the text of each node begins', () => {
  const source = 'const x = (a, b) => a.length + [b, `t${a}`, { k: b }][0]'
  const { members } = terms(source)
  const nodes: Node[] = []
  walkMember(members[0]!, (node) => void nodes.push(node))
  const begins = new Map<number, number>()
  const text = emitMember(members[0]!, {
    ...NAMES,
    mark: (offset, ordinal) => void begins.set(ordinal, offset),
  }).value
  assert.is(begins.size, nodes.length)
  nodes.forEach((node, ordinal) => {
    const rest = text.slice(begins.get(ordinal)!)
    if (node.type === 'Local') assert.ok(rest.startsWith(`_${node['index']}`))
    if (node.type === 'String' && node['value'] === 'length')
      assert.is(source.slice(node.start!).slice(0, 6), 'length')
    if (node.type === 'Array') assert.ok(rest.startsWith('['))
  })
})

test('emitMember() spreads objects through Object(), because QuickJS spreads strings to nothing', () => {
  assert.is(emit('{ ..."ab", c: 1 }'), '{ ...Object("ab"), c: 1 }')
  assert.equal(evaluate(emit('{ ..."ab", ...null, ...1 }')), { 0: 'a', 1: 'b' })
})

test('emitMember() has an exec assigned by the runtime', () => {
  assert.is(emit('(r) => { r.exec = 1; return r.exec }'), '(_0) => { ucm.setExec(_0, 1); return _0.exec; }')
})

test('emitMember() binds parameters in the body when a default captures one that is written', () => {
  const cases: readonly [source: string, call: string, length: number][] = [
    ['function (a, g = () => a) { a = 2; return g() }', '(1)', 1],
    ['(a, g = () => a) => { a = 2; return g() }', '(1)', 1],
    ['(a, set = (v) => { a = v }, get = () => a) => { set(5); return a + get() }', '(1)', 1],
    [
      '({ a }, g = () => a, ...rest) => { [a] = [2]; return g() + rest.length }',
      '({ a: 1 }, undefined, 3, 4)',
      1,
    ],
    ['(a, { g = () => a }, h) => { for (a of [2]); return g() + h }', '(1, {}, 3)', 3],
    ['function* (a, g = () => a) { a = 2; yield g() }', '(1).next().value', 1],
  ]
  for (const [source, call, length] of cases) {
    const text = emit(source)
    assert.match(text, / let /, text)
    assert.is(evaluate(`(${text})${call}`), evaluate(`(${source})${call}`), text)
    assert.is(evaluate(`(${text}).length`), length, text)
  }
})

test('emitMember() binds parameters in the body when the rest is a pattern, which QuickJS counts for `length`', () => {
  const cases: readonly [source: string, call: string, length: number][] = [
    ['(...[a, ...b]) => [a, b]', '(1, 2, 3)', 0],
    ['function (a, { c }, ...{ length }) { return [a, c, length] }', '(1, { c: 2 }, 3, 4)', 2],
    ['async (a, b = 1, ...[c = () => b]) => c()', '(1).constructor === Promise', 1],
  ]
  for (const [source, call, length] of cases) {
    const text = emit(source)
    assert.match(text, / let /, text)
    assert.equal(evaluate(`(${text})${call}`), evaluate(`(${source})${call}`), text)
    assert.is(evaluate(`(${text}).length`), length, text)
  }
})

test('emitMember() binds a setter’s parameter in the body without giving it a rest', () => {
  const source =
    '(() => { let out; const o = { set x(v = () => v) { const f = v; v = 2; out = f() } }; o.x = undefined; return out })()'
  assert.match(emit(source), /set x\(_r = void 0\) \{ let \[/)
  assert.is(evaluate(emit(source)), 2)
})

test('emitMember() leaves parameters alone when nothing captures, writes, or would run later', () => {
  const untouched = [
    '(a, g = () => a) => g()',
    '(a, g = 1) => { a = 2; return g }',
    'function* (a, g = (effect(), () => a)) { a = 2; yield g() }',
  ]
  for (const source of untouched) assert.not.match(emit(source), / let /, source)
})

test('emitMember() evaluates an iterable that yields before its loop, because QuickJS cannot compile it within', () => {
  const loop =
    'function* () { outer: for (const a of yield 1) { for (const b of [...(yield a)]) { if (b > 3) continue outer; yield b } } return 5 }'
  assert.match(emit(loop), /\{ const \$iterable = yield 1; L0: for \(const _0 of \$iterable\) \{/)
  assert.not.match(print(loop), /iterable/)
  const drive = (text: string): unknown =>
    evaluate(`(() => { const seen = [], g = (${text})(); let step = g.next()
      while (!step.done) { seen.push(step.value); step = g.next(step.value === 1 ? [10, 20] : [2, 3, 4, 2]) }
      return [...seen, step.value] })()`)
  assert.equal(drive(emit(loop)), drive(loop))
  const untouched = [
    'function* () { for (const a of [1]) yield a }',
    'async () => { for (const a of await 1) a() }',
  ]
  for (const source of untouched) assert.not.match(emit(source), /iterable/, source)
})

test('emitMember() computes the key `#constructor`, which QuickJS takes for a private name', () => {
  const source = '(class { "#constructor" = 1 })'
  assert.match(emit(source), / \["#constructor"\] = 1;/)
  assert.is(evaluate(`new (${emit(source)})()["#constructor"]`), 1)
  assert.match(print(source), /"#constructor" = 1/)
})

test('emitMember() never writes a property after a bare number', () => {
  assert.is(emit('0x10.toString()'), '(16).toString()')
  assert.is(emit('1.5["toFixed"](1)'), '(1.5).toFixed(1)')
})

test('emitMember() keeps the name of a class that its binding no longer has', () => {
  assert.is(evaluate(`(${emit('class Foo {}')}).name`), 'Foo')
  assert.is(evaluate(`(${emit('class Foo { static name = "own" }')}).name`), 'own')
  assert.not.match(emit('(class {})'), /defineProperty.*defineProperty/)
})

test('emitMember() gives completions their own scope when they declare something', () => {
  const completions = (source: string): string => {
    const [component] = terms(source).hashed.components.values()
    return emitMember(component!.members[0]!, { ...NAMES, sibling: () => '$f' }).completions
  }
  assert.is(completions('function f() {}\nf.x = 1'), '$f.x = 1;')
  assert.is(
    completions('function f() {}\nfor (const k of [1]) f[k] = k'),
    'for (const _0 of [1]) { $f[_0] = _0; }',
  )
  assert.match(
    completions('function f() {}\nfor (var i = 0; i < 2; i++) f.n = i'),
    /^\(\(\) => \{ .* \}\)\(\);$/,
  )
})

test('printMember() gives locals short names that are free', () => {
  const { hashed } = terms(
    'const x = (value, other) => { class Deep {} return [new Deep(), isNaN(value), other] }',
  )
  const [[hash, component]] = [...hashed.components] as [[Hash, { members: Member[] }]]
  assert.is(
    printMember(component.members[0]!, () => '$', hash),
    '(a, b) => {\n  class Deep {}\n  return [new Deep(), isNaN(a), b];\n}',
  )
})

test.run()
