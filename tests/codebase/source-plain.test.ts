// JavaScript that has nothing to erase is read where it lies: whether a file is such.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseSource } from '../../codebase/source.ts'

const test = suite('isPlain')

function isPlain(text: string): boolean {
  const source = parseSource('/src/main.js', 'main.js', text)
  if ('code' in source) throw new Error(source.reason)
  return source.isPlain
}

const PLAIN: readonly string[] = [
  'export function f() { return this.x }',
  'export const f = function () { return () => this.x }',
  'export class A { x = this.y; static z = this.x; static { this.y = 1 } m() { return this.x } }',
  'export const o = { m() { return this.x }, get y() { return this.x } }',
]

for (const text of PLAIN)
  test(`${text} is plain: \`this\` is that of a function`, () => {
    assert.is(isPlain(text), true)
  })

const CHANGED: readonly string[] = [
  'export const f = () => this',
  'export class A { [this.x]() {} }',
  'export class A { [this.x] = 1 }',
  'export class A extends this.B {}',
  'export function f() { debugger }',
]

for (const text of CHANGED)
  test(`${text} is not: erasing changes it`, () => {
    assert.is(isPlain(text), false)
  })

test.run()
