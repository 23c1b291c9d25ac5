// Iterator helpers in the sandbox, held against Node's own.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { callMain } from '../sandboxes.ts'

/** Helpers left early over iterators without `return`, and with one. */
const CASES: readonly string[] = [
  '(() => { for (const x of [1, 2].values().map((x) => x * 2)) return x })()',
  '(() => { const [a] = [1, 2, 3].values().filter((x) => x > 1); return a })()',
  '(() => { for (const x of new Set([1]).values().drop(0)) return x })()',
  '(() => { for (const x of "ab"[Symbol.iterator]().take(5)) return x })()',
  '(() => { for (const x of [[1, 2]].values().flatMap((x) => x)) return x })()',
  '(() => { for (const x of [1, 2, 3].values().take(2).map((x) => x).filter((x) => x)) return x })()',
  '(() => { const h = [1, 2].values().map((x) => x); h.next(); return [h.return().done, h.next().done] })()',
  '(() => { const h = [1, 2].values().map((x) => x); return [h.return().done, h.next().done] })()',
  '(() => { const seen = []; function* g() { try { yield 1; yield 2 } finally { seen.push("closed") } } for (const x of g().map((x) => x)) { seen.push(x); break } return seen })()',
  '(() => { const seen = []; const it = { __proto__: Iterator.prototype, next: () => ({ done: false, value: 1 }) }; for (const x of it.map((x) => x)) { it.return = () => { seen.push("late"); return {} }; break } return seen })()',
  '(() => { function* g() { try { yield 1 } finally { return 9 } } const h = g().map((x) => x); h.next(); const r = h.return(); return [String(r.value), r.done] })()',
  '[...[1, 2].values().flatMap((x, i) => new Set([x, i]))]',
  '[...[1].values().flatMap(() => ({ n: 2, next() { return { done: this.n-- === 0, value: 5 } } }))]',
  '(() => { try { return [...[1].values().flatMap(() => 5)] } catch (e) { return e.name } })()',
  '(() => { try { return [1].values().map(5) } catch (e) { return e.name } })()',
  '(() => { try { return Iterator.prototype.map.call(5, (x) => x) } catch (e) { return e.name } })()',
  '["map", "filter", "take", "drop", "flatMap"].map((name) => [Iterator.prototype[name].name, Iterator.prototype[name].length])',
]

test('iterator helpers close what they iterate over as in Node', () => {
  for (const source of CASES) {
    // oxlint-disable-next-line typescript/no-implied-eval -- Node's own answer
    const answer: unknown = new Function(`return ${source}`)()
    assert.equal(callMain(`() => ${source}`), { v: answer }, source)
  }
})

test.run()
