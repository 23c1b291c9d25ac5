// How late the thread that serves the network comes to its turn while every core runs functions:
// calls that are short, calls that loop until they are ended, and results of a megabyte. The peer is a
// thread with nothing to do beside as many threads that only count: what the machine itself takes.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { type Isolation, WorkerPool } from '../../executor/pool.ts'
import type { Row } from './measure.ts'
import { type BenchProgram, programOf, startOf, TRIVIAL, TRIVIAL_ARGS } from './executor/programs.ts'
import { CORES } from './executor/turns.ts'

const UNDER_WAY = 256
const LOAD_MS = 4_000
const GOAL_MS = 20
const MEGABYTE_ARGS = JSON.stringify(['x'.repeat(1_000_000)])
/** Calls of each kind in a hundred. */
const LOOPS = 2
const LARGE = 3

export async function benchEventLoop(): Promise<Row[]> {
  const programs = {
    short: await programOf(TRIVIAL),
    loop: await programOf('const main = () => { for (;;); }'),
    large: await programOf('const main = (text) => text'),
  }
  const idle = await besideCounters()
  const rows: Row[] = []
  for (const isolation of ['thread', 'process'] as const) {
    const { p99, max, calls } = await underLoad(programs, isolation)
    rows.push({
      what: `delay of the main thread's event loop under full load, isolation by ${isolation}`,
      figure: `${p99.toFixed(1)} ms p99, ${max.toFixed(1)} ms at most, ${calls} calls`,
      peer: `nothing to do, beside threads that only count: ${idle.p99.toFixed(1)} ms p99, ${idle.max.toFixed(1)} ms at most`,
      ratio: `${(p99 / idle.p99).toFixed(1)} ×, goal ${GOAL_MS} ms: ${p99 <= GOAL_MS ? 'met' : 'missed'}`,
    })
  }
  return rows
}

async function besideCounters(): Promise<Delay> {
  const counters = Array.from({ length: CORES }, () => new Worker('for (;;);', { eval: true }))
  try {
    return await delayDuring(() => new Promise((resolve) => setTimeout(resolve, LOAD_MS)))
  } finally {
    await Promise.all(counters.map((counter) => counter.terminate()))
  }
}

interface Delay {
  readonly p99: number
  readonly max: number
}

async function delayDuring(act: () => Promise<unknown>): Promise<Delay> {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  await act()
  histogram.disable()
  return { p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6 }
}

async function underLoad(
  programs: Readonly<Record<'short' | 'loop' | 'large', BenchProgram>>,
  isolation: Isolation,
): Promise<Delay & { readonly calls: number }> {
  const pool = new WorkerPool({ clock: () => performance.now(), isolation })
  let calls = 0
  const perform = (): Promise<unknown> => {
    const kind = calls++ % 100
    if (kind < LOOPS) return pool.perform(startOf(programs.loop, '[]'), { timeMs: 20 })
    if (kind < LOOPS + LARGE) return pool.perform(startOf(programs.large, MEGABYTE_ARGS), { timeMs: 10_000 })
    return pool.perform(startOf(programs.short, TRIVIAL_ARGS), { timeMs: 10_000 })
  }
  try {
    await perform() // the worker and the images are there then
    const delay = await delayDuring(async () => {
      const end = performance.now() + LOAD_MS
      const caller = async (): Promise<void> => {
        while (performance.now() < end) await perform()
      }
      await Promise.all(Array.from({ length: UNDER_WAY }, caller))
    })
    return { ...delay, calls }
  } finally {
    await pool.close()
  }
}
