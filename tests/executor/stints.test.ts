import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type StintResult, Stints } from '../../executor/stints.ts'
import { start } from '../contracts/worker-link.ts'
import { SANDBOX_POWERS } from './sandboxes.ts'

const MAINS = [
  "() => { globalThis.leak = 1; return 'a' }",
  '() => typeof leak + Object.keys(globalThis).length',
  "() => { throw new Error('b') }",
  '() => { for (;;); }',
  '() => [1, 2, 3].map((x) => x * 2)',
]

/** What each of the programs comes to, one after the other, with `between` after each. */
function resultsOf(between: (stints: Stints) => void): (StintResult | 'unknown-image')[] {
  const stints = new Stints(SANDBOX_POWERS, new Map())
  return MAINS.map((main, run) => {
    const result = stints.perform(start(run, main))
    between(stints)
    return result
  })
}

test('prepare() changes nothing that a program comes to: reply, fuel and heap', () => {
  const expected = resultsOf(() => {})
  const prepared = resultsOf((stints) => {
    stints.prepare()
    stints.prepare()
  })
  assert.equal(prepared, expected)
})

test.run()
