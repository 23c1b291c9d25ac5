// Assigning `exec`, which regular expressions inherit frozen, does what it does in Node.

import { runInThisContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { closeExecutors, outcomeOf } from '../executors.ts'

test.after(closeExecutors)

/** Bodies of functions. */
const BODIES = [
  'const r = /a/; r.exec = () => null; return [r.test("a"), Object.keys(r)]',
  'const r = /a/; return [r.exec = 5, r.exec]',
  'const r = /a/; r.exec ??= 1; r.exec ||= 1; return Object.keys(r)',
  'const r = /a/; try { r.exec = (() => { throw 1 })() } catch {} return Object.keys(r)',
  `class R extends RegExp { set exec(value) { this.got = value } }
   const r = new R('a'); r.exec = 5; return [Object.keys(r), r.got]`,
  `const seen = []; const p = new Proxy(/a/, { set(target, key, value) { seen.push(key, value); return true } })
   p.exec = 5; return seen`,
  'const r = Object.freeze(/a/); try { r.exec = 1 } catch (error) { return error.name }',
  'const o = { exec: 1 }; o.exec = 2; return o',
  'class Command { constructor() { this.exec = 7 } } return new Command().exec',
  'try { null.exec = 1 } catch (error) { return error.name }',
  'try { (5).exec = 1 } catch (error) { return error.name }',
  'const log = []; const o = () => { log.push("o"); return {} }; o().exec = log.push("v"); return log',
  'const r = Object.create(RegExp.prototype); r.exec = 1; return Object.keys(r)',
]

test('object.exec = value means what it means in Node', async () => {
  for (const body of BODIES) {
    const expected = runInThisContext(`(() => { 'use strict'; ${body} })()`) as never
    const outcome = await outcomeOf(`function main() { ${body} }`)
    assert.equal(outcome, { kind: 'value', value: expected }, body)
  }
})

test.run()
