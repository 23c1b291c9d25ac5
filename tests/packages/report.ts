// `npm run same [-- PACKAGE…]`: the table of what was held against Node, as docs/benchmarks.md has it.

import { ALL } from './groups.ts'
import { HEAD, rowOf } from './held.ts'
import { holdAgainstNode } from './run.ts'

const wanted = process.argv.slice(2)
console.log(HEAD)
for (const [name, group] of Object.entries(ALL)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const report = await holdAgainstNode(group)
  console.log(rowOf(name, report))
  for (const difference of report.differences) console.log(difference)
  if (process.env['SHOW'] === 'silent') console.log(report.silent.join('\n'))
}
