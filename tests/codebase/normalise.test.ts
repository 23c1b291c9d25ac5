// What is in a hash and what is out. The rules are those of docs/format.md §7.

import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hashOf, terms } from '../support/terms.ts'
import { printProgram, programs, spellings } from '../support/programs.ts'

/** Texts of one meaning, spelt differently. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  'names of locals': ['(a, b) => a + b', '(x, y) => x + y', '(b, a) => b + a'],
  'names in patterns': [
    '({ k: a, ...b }) => [a, b]',
    '({ k: k, ...rest }) => [k, rest]',
    '({ k, ...rest }) => [k, rest]',
  ],
  'names of labels': ['() => { a: for (;;) { break a } }', '() => { zz: for (;;) { break zz } }'],
  'names of private members': [
    'class C { #a = 1; get() { return this.#a } }',
    'class C { #zz = 1; get() { return this.#zz } }',
  ],
  'inner names of functions': ['function f() { return 1 }', 'function () { return 1 }'].map(
    (text) => `[${text}]`,
  ),
  'inner names that are used': ['[function f() { return f }]', '[function g() { return g }]'],
  layout: ['(a) => a', '( a )=>\n  /* same */ a // here\n', 'a => (a)'],
  'quotes and escapes': ['"a\'b"', "'a\\'b'", '"\\x61\\u0027\\u{62}"', "`a'b`"],
  'numeric spelling': ['[255, 0.5, 1000]', '[0xff, .5, 1_000]', '[0b11111111, 5e-1, 1e3]'],
  'bigint spelling': ['255n', '0xffn', '0b1111_1111n'],
  parentheses: ['(a, b, c) => a + b * c', '(a, b, c) => (a + ((b) * c))'],
  'nested sequences': ['(a) => (a, 1, 2)', '(a) => ((a, 1), 2)', '(a) => (a, (1, 2))'],
  'trailing commas': ['[[1, 2], { a: 1 }, f(1)]', '[[1, 2,], { a: 1, }, f(1,),]'].map((text) =>
    text.replaceAll('f(', 'Object('),
  ),
  'shorthand properties': [
    '(a) => ({ a })',
    '(a) => ({ a: a })',
    '(a) => ({ "a": a })',
    '(b) => ({ ["a"]: b })',
  ],
  'property access': ['(o) => o.a', '(o) => o["a"]', '(o) => o[`a`]'],
  'index access': ['(o) => o[0]', '(o) => o["0"]', '(o) => o[0x0]'],
  'numeric keys': ['({ 16: 1 })', '({ 0x10: 1 })', '({ "16": 1 })', '({ [16]: 1 })', '({ 16n: 1 })'],
  'keys of classes': ['class { a() {} static 1 = 2 }', 'class { "a"() {} static ["1"] = 2 }'].map(
    (text) => `(${text})`,
  ),
  'expression bodies': ['(a) => a', '(a) => { return a }'],
  'single statements': [
    '(a) => { if (a) return 1; else return 2 }',
    '(a) => { if (a) { return 1 } else { return 2 } }',
  ],
  'else if': [
    '(a) => { if (a) 1; else if (!a) 2; else 3 }',
    '(a) => { if (a) { 1 } else { if (!a) { 2 } else { 3 } } }',
  ],
  'empty else': ['(a) => { if (a) 1 }', '(a) => { if (a) 1; else {} }', '(a) => { if (a) 1; else ; }'],
  'empty statements': ['() => { 1 }', '() => { ;;1;; }', '() => { 1; debugger }'],
  'blocks that only group': ['(a) => { a(); a() }', '(a) => { { a() } { { a() } } }'],
  'a block that is all of a body': [
    '() => { { let a = 1; a = 2 } }',
    '() => { let a = 1; a = 2 }',
    '() => { { { let a = 1; { a = 2 } } } }',
  ],
  'several declarations in one': [
    '() => { let a = 1, b = 2; a = b; b = a }',
    '() => { let a = 1; let b = 2; a = b; b = a }',
  ],
  'let that is never assigned': ['() => { let a = 1; return a }', '() => { const a = 1; return a }'],
  'let without a value': [
    '() => { let a; return a }',
    '() => { let a = undefined; return a }',
    '() => { const a = void 0; return a }',
  ],
  'let without a value, assigned': [
    '() => { let a; a = 1; return a }',
    '() => { let a = undefined; a = 1; return a }',
  ],
  'let in the head of a loop': ['(a) => { for (let x of a) x }', '(a) => { for (const x of a) x }'],
  'new without arguments': ['() => new Map', '() => new Map()', '() => (new Map)'],
  undefined: ['undefined', 'void 0', 'void "x"'].map((text) => `[${text}]`),
  'flags of regular expressions': ['/a/gim', '/a/mig', '/a/img'],
  'templates without substitutions': ['"a\\nb"', '`a\\nb`', '`a\nb`'],
  directives: ['() => { return 1 }', '() => { "use strict"; return 1 }'],
  'place of function declarations': [
    '() => { return f(); function f() {} }',
    '() => { function f() {} return f() }',
  ],
  'catch parameter that is not used': [
    '() => { try { f } catch {} }',
    '() => { try { f } catch (e) {} }',
  ].map((text) => text.replace('f }', '1 }')),
  'class keys that are literals': ['(class { static x = 1 })', '(class { static ["x"] = 1 })'],
  'chains without a link': ['(a) => a.b', '(a) => (a!).b', '(a) => (a as any).b', '(a) => a!.b'],
  types: [
    '(a, b = 1) => a',
    '(a: string, b: number = 1): string => a',
    '<T>(a: T, b = 1 satisfies number) => a as T',
  ],
  'names that are never there': [
    '() => 1',
    '() => typeof absentX === "undefined" ? 1 : absentX()',
    '() => typeof absentX !== "undefined" && absentX ? 2 : 1',
  ],
}

/** Pairs that some program can tell apart. */
const DIFFERENT: Readonly<Record<string, readonly [string, string]>> = {
  'order of arguments': ['(a, b) => a - b', '(a, b) => b - a'],
  'order of properties': ['({ a: 1, b: 2 })', '({ b: 2, a: 1 })'],
  'arrow and function': ['() => 1', 'function () { return 1 }'],
  'method and function property': ['({ f() {} })', '({ f: function () {} })'],
  'one and 1n': ['1', '1n'],
  'zero and minus zero': ['0', '-0'],
  'length by default parameter': ['(a, b) => 1', '(a, b = undefined) => 1'],
  'default parameter and default in the body': [
    '(a = 1) => a',
    '(a) => { if (a === undefined) a = 1; return a }',
  ],
  'var and let': ['() => { var a = 1; a = 2; return a }', '() => { let a = 1; a = 2; return a }'],
  'let that is assigned': ['() => { let a = 1; a = 2; return a }', '() => { const a = 1; return a }'],
  'boundary of a chain': ['(a) => (a?.b).c', '(a) => a?.b.c'],
  'template and concatenation': ['(a) => `${a}`', '(a) => "" + a'],
  'raw text of templates': ['String.raw`\\x41`', 'String.raw`A`'],
  'regular expression flags': ['/a/g', '/a/i'],
  'increment and addition': ['(a) => a++', '(a) => { return a += 1 }'],
  'direction of comparison': ['(a, b) => a < b', '(a, b) => b > a'],
  holes: ['[1, , 2]', '[1, undefined, 2]'],
  prototype: ['({ __proto__: null })', '({ ["__proto__"]: null })'],
  'prototype by shorthand': ['(__proto__) => ({ __proto__ })', '(__proto__) => ({ __proto__: __proto__ })'],
  'constructor as a key': [
    '(class { constructor() { return {} } })',
    '(class { ["constructor"]() { return {} } })',
  ],
  'catch pattern': ['() => { try { 1 } catch ({ m }) {} }', '() => { try { 1 } catch {} }'],
  'names of classes': ['class A {}', 'class B {}'],
  'statement that is a string': ['() => { ("x"); return 1 }', '() => { return 1 }'],
  'labels of depth': ['() => { a: b: for (;;) { break a } }', '() => { a: b: for (;;) { break b } }'],
  'this by call': ['(o) => o.f()', '(o) => (0, o.f)()'],
  'unicode normalisation': ['"\u00e9"', '"e\u0301"'],
  'lone surrogates': ['"\\ud800"', '"\\ufffd"'],
  'which parameter': ['(a, b) => a', '(a, b) => b'],
  'which intrinsic': ['() => Map', '() => Set'],
  'static and not': ['(class { a = 1 })', '(class { static a = 1 })'],
  async: ['async () => 1', '() => 1'],
  'await in for': ['async (a) => { for (const b of a) b }', 'async (a) => { for await (const b of a) b }'],
  'strict and loose equality': ['(a) => a == 1', '(a) => a === 1'],
  'block scope': ['(a) => { { let a = 1; a = 2 } return a }', '(a) => { { a = 1; a = 2 } return a }'],
  'order of statements': ['(a) => { a.x(); a.y() }', '(a) => { a.y(); a.x() }'],
}

function hash(expression: string): string {
  return hashOf(`const x = ${expression}`)
}

for (const [what, texts] of Object.entries(SAME)) {
  test(`normaliseDeclaration() leaves out: ${what}`, () => {
    for (const text of texts) assert.is(hash(text), hash(texts[0]!), text)
  })
}

for (const [what, [a, b]] of Object.entries(DIFFERENT)) {
  test(`normaliseDeclaration() keeps: ${what}`, () => assert.is.not(hash(a), hash(b)))
}

test('normaliseDeclaration() makes a declared function and a constant that is one the same', () => {
  assert.is(
    hashOf('function f(n) { return n ? f(n - 1) : 0 }'),
    hashOf('const g = function (n) { return n ? g(n - 1) : 0 }'),
  )
  assert.is(hashOf('export default function (n) { return n }'), hashOf('function f(n) { return n }'))
})

test('normaliseDeclaration() keeps a dropped branch’s var, which is hoisted', () => {
  assert.is(
    hash('() => { if (typeof absentX !== "undefined") { var a = absentX } return a }'),
    hash('() => { var a; return a }'),
  )
})

test('normaliseDeclaration() keeps where every node came from', () => {
  const source = 'const x = (alpha) =>\n  alpha.beta + 1'
  const { value } = terms(source).members[0]!
  const [returned] = value['body'] as { argument: Record<string, { start: number }> }[]
  assert.is(source.slice(value.start!).startsWith('(alpha)'), true)
  assert.is(source.slice(returned!.argument['left']!.start).startsWith('alpha.beta'), true)
})

test('hashes depend neither on the names of locals and definitions, nor on spelling, nor on the order of declarations', () => {
  fc.assert(
    fc.property(programs, spellings, spellings, (program, one, other) => {
      const [a, b] = [
        terms(printProgram(program, one), '/a.ts'),
        terms(printProgram(program, other), '/b.ts'),
      ]
      program.forEach((_, index) => {
        assert.is(b.hashes.get(other.nameOf(index)), a.hashes.get(one.nameOf(index)))
      })
    }),
    { numRuns: 300 },
  )
})

test('a changed definition changes its own hash and those of all that reach it, no others', () => {
  fc.assert(
    fc.property(programs, spellings, fc.nat(), (program, style, pick) => {
      const changed = pick % program.length
      const after = program.map((body, index) =>
        index === changed
          ? ({ kind: 'add', left: body, right: { kind: 'number', value: 7 } } as const)
          : body,
      )
      const [a, b] = [terms(printProgram(program, style)), terms(printProgram(after, style))]
      const reaching = reachingOf(program, changed)
      program.forEach((_, index) => {
        const isSame = a.hashes.get(style.nameOf(index)) === b.hashes.get(style.nameOf(index))
        assert.is(isSame, !reaching.has(index), `definition ${index}, changed ${changed}`)
      })
    }),
    { numRuns: 200 },
  )
})

/** Definitions from which `changed` is reached by calls. */
function reachingOf(program: readonly unknown[], changed: number): Set<number> {
  const reaching = new Set([changed])
  for (let size = 0; size < reaching.size; ) {
    size = reaching.size
    program.forEach((body, index) => {
      const calls = [...JSON.stringify(body).matchAll(/"callee":(\d+)/g)].map(
        (match) => Number(match[1]) % program.length,
      )
      if (calls.some((callee) => reaching.has(callee))) reaching.add(index)
    })
  }
  return reaching
}

test('what is left of a folded operator stays a value: no object of a call, no operand of delete, no name for a class', () => {
  const absent = 'typeof absentX === "undefined"'
  for (const [folded, plain] of [
    [`(o) => (${absent} && o.f)()`, '(o) => o.f()'],
    [`(o) => (${absent} ? o.f : 1)\`\``, '(o) => o.f``'],
    [`(o) => delete (${absent} && o.f)`, '(o) => delete o.f'],
    [`() => { const x = ${absent} && class {}; return x }`, '() => { const x = class {}; return x }'],
  ] as const)
    assert.is.not(hash(folded), hash(plain), folded)
})

test.run()
