// One test for each group: every accepted function is called as often as it should be, and no call
// differs but for what docs/format.md leaves open.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Groups } from './groups.ts'
import { CALLS, holdAgainstNode, type Report } from './run.ts'

/** What is expected at least of a group: functions, and the share of calls that return. */
export type Expected = Readonly<Record<string, { readonly functions: number; readonly returned: number }>>

export function testGroups(groups: Groups, expected: Expected): void {
  for (const [name, group] of Object.entries(groups)) {
    test(`the accepted functions of ${name} do in the sandbox what they do in Node`, async () => {
      const report = await holdAgainstNode(group)
      console.log(rowOf(name, report))
      assert.equal(report.differences, [])
      assert.equal(report.uncalled, [])
      const least = expected[name]
      assert.ok(least && report.functions >= least.functions, `${report.functions} functions`)
      assert.ok(report.calls >= CALLS * report.functions)
      assert.ok(
        report.returned / report.calls >= least.returned,
        `${report.returned / report.calls} returned`,
      )
    })
  }
}

/** One line of the table of docs/benchmarks.md. */
export function rowOf(name: string, report: Report): string {
  const { functions, calls, returned, limited, permitted, differences, refused } = report
  const share = ((100 * returned) / calls).toFixed(0)
  const open = Object.entries(permitted).map(([reason, count]) => `${reason} ${count}`)
  return `| ${name} | ${functions} | ${refused.size} | ${calls} | ${share} % | ${limited} | ${open.join(', ') || '–'} | ${differences.length} |`
}

export const HEAD =
  '| package | functions | refused | calls | returned | met a limit | left open | differences |\n|---|---|---|---|---|---|---|---|'
