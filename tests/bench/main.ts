// `npm run bench`: the figures of docs/benchmarks.md, each beside a peer measured in the same run.
// Names of parts after `--` run only those: startup, define, types, remote, executor (or executor-calls and its like).

import { benchDefine } from './define.ts'
import { benchEventLoop } from './event-loop.ts'
import { executorParts } from './executor.ts'
import { printTable, type Row } from './measure.ts'
import { benchRemote } from './remote.ts'
import { benchStartup } from './startup.ts'
import { benchTypes } from './types.ts'

const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  startup: benchStartup,
  define: benchDefine,
  types: benchTypes,
  remote: benchRemote,
  ...executorParts,
  'executor-event-loop': benchEventLoop,
}

const wanted = process.argv.slice(2)
const rows: Row[] = []
for (const [name, bench] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.some((each) => name === each || name.startsWith(`${each}-`))) continue
  console.error(`measuring: ${name} …`)
  rows.push(...(await bench()))
}
printTable(rows)
