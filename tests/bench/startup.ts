// Whole processes: from the command to its end, beside a Node that does nothing.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { median, type Row, timeProcesses } from './measure.ts'

const ROUNDS = 15
const cli = path.resolve(import.meta.dirname, '../../cli/ucm.js')

const TEN_LINES = `/** The mean. */
export function mean(xs: readonly number[]): number {
  return sum(xs) / xs.length
}

function sum(xs: readonly number[]): number {
  let total = 0
  for (const x of xs) total += x
  return total
}
`

export async function benchStartup(): Promise<Row[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mycel-bench-'))
  try {
    writeFileSync(path.join(folder, 'mean.ts'), TEN_LINES)
    const node = process.execPath
    const samples = timeProcesses(
      {
        bare: [node, '-e', '0'],
        help: [node, cli, '--help'],
        hash: [node, cli, 'hash', 'mean.ts', '--json'],
      },
      ROUNDS,
      { cwd: folder, env: process.env },
    )
    const bare = median(samples['bare'] ?? [])
    return ['help', 'hash'].map((name) => {
      const ms = median(samples[name] ?? [])
      return {
        what: name === 'help' ? 'process start to the end of `ucm --help`' : '`ucm hash` of a ten-line file',
        figure: `${ms.toFixed(0)} ms`,
        peer: `\`node -e 0\`: ${bare.toFixed(0)} ms`,
        ratio: `${(ms / bare).toFixed(1)} ×`,
      }
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
