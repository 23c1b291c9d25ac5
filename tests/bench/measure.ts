// Timing that a small, noisy machine allows: medians of many rounds, peers alternated within one run.

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Median of `samples`. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] as number
}

/** The value below which `share` of `samples` lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number
}

/** What `measure` gives for a new folder, which is gone afterwards. */
export async function inNewFolder<Measured>(
  measure: (folder: string) => Promise<Measured>,
): Promise<Measured> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mycel-bench-'))
  try {
    return await measure(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Milliseconds that `work` takes. */
export async function timeMs(work: () => unknown): Promise<number> {
  const before = performance.now()
  await work()
  return performance.now() - before
}

/** Milliseconds of whole processes, the commands taking turns, `rounds` times after one warm-up each. */
export function timeProcesses(
  commands: Readonly<Record<string, readonly string[]>>,
  rounds: number,
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Record<string, number[]> {
  const samples: Record<string, number[]> = {}
  for (let round = -1; round < rounds; round++) {
    for (const [title, [command, ...words]] of Object.entries(commands)) {
      const before = performance.now()
      const { status } = spawnSync(command as string, words, { ...options, stdio: 'ignore' })
      if (status !== 0) throw new Error(`${title} ended with exit code ${status}`)
      if (round >= 0) (samples[title] ??= []).push(performance.now() - before)
    }
  }
  return samples
}

/** A peer for latency: another process that echoes what a TCP socket brings. */
export async function startEcho(): Promise<{ port: number; stop: () => void }> {
  const program = `require('node:net').createServer((s) => { s.setNoDelay(true); s.pipe(s) })
    .listen(0, '127.0.0.1', function () { console.log(this.address().port) })`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve) =>
    child.stdout.once('data', (text) => resolve(Number(String(text)))),
  )
  return { port, stop: () => child.kill() }
}

/** One row of the table that `npm run bench` prints and docs/benchmarks.md holds. */
export interface Row {
  readonly what: string
  readonly figure: string
  readonly peer: string
  readonly ratio: string
}

export function printTable(rows: readonly Row[]): void {
  console.log('| what | figure | peer in the same run | ratio |\n|---|---|---|---|')
  for (const row of rows) console.log(`| ${row.what} | ${row.figure} | ${row.peer} | ${row.ratio} |`)
}
