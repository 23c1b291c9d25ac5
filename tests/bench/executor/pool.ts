// Calls through the pool from the main thread, one at a time and as many as it takes, beside piscina's
// tasks that do nothing, and beside threads that call without anybody asking.

import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { WorkerPool } from '../../../executor/pool.ts'
import type { Row } from '../measure.ts'
import { median } from '../measure.ts'
import { type Piscina, startPiscina } from './peers.ts'
import { type BenchProgram, call, makeStints, programOf, startOf, TRIVIAL, TRIVIAL_ARGS } from './programs.ts'
import { compared, CORES, digits, inTurns, verdict } from './turns.ts'

const UNDER_WAY = 512
const BURST_MS = 700
const ROUNDS = 7

export async function benchPool(): Promise<Row[]> {
  const program = await programOf(TRIVIAL)
  const pool = new WorkerPool({ clock: () => performance.now() })
  const piscina = await startPiscina(fileURLToPath(new URL('echo-task.cjs', import.meta.url)), CORES)
  try {
    return [await roundTrip(program, pool, piscina), ...(await throughput(program, pool, piscina))]
  } finally {
    await pool.close()
    await piscina?.destroy()
  }
}

function throughPool(program: BenchProgram, pool: WorkerPool): Promise<unknown> {
  return pool.perform(startOf(program, TRIVIAL_ARGS), { timeMs: 10_000 })
}

async function roundTrip(
  program: BenchProgram,
  pool: WorkerPool,
  piscina: Piscina | undefined,
): Promise<Row> {
  const stints = makeStints()
  const us = await inTurns(
    {
      own: { calls: 1, run: () => throughPool(program, pool) },
      call: { calls: 1, run: () => call(stints, program, TRIVIAL_ARGS) },
      piscina: piscina && { calls: 1, run: () => piscina.run(TRIVIAL_ARGS) },
    },
    1500,
  )
  return compared(
    'the same through the pool, one at a time',
    { us: us.own },
    {
      name: `piscina's round trip and the call itself (${digits(us.call)} µs)`,
      us: us.piscina + us.call,
      goal: { most: 1 },
    },
  )
}

async function throughput(
  program: BenchProgram,
  pool: WorkerPool,
  piscina: Piscina | undefined,
): Promise<Row[]> {
  const loops = await startLoops()
  const rates = { own: [] as number[], loops: [] as number[], piscina: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    rates.own.push(await perSecond(() => throughPool(program, pool)))
    rates.loops.push(await loops.perSecond())
    if (piscina) rates.piscina.push(await perSecond(() => piscina.run(TRIVIAL_ARGS)))
  }
  await loops.close()
  const [own, sum, peer] = [median(rates.own), median(rates.loops), median(rates.piscina)]
  const row = (name: string, rate: number, ratio: string): Row => ({
    what: `calls per second through the pool, ${UNDER_WAY} under way`,
    figure: `${own.toFixed(0)}/s`,
    peer: `${name}: ${rate?.toFixed(0)}/s`,
    ratio,
  })
  const share = own / sum
  return [
    row(
      `${CORES} threads that call without being asked`,
      sum,
      `${digits(share)} ×${verdict(share, { least: 0.9 })}`,
    ),
    ...(piscina ? [row('piscina, tasks that do nothing', peer, `${digits(own / peer)} ×`)] : []),
  ]
}

async function perSecond(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  let done = 0
  const chain = async (): Promise<void> => {
    while (performance.now() - started < BURST_MS) {
      await act()
      done++
    }
  }
  await Promise.all(Array.from({ length: UNDER_WAY }, chain))
  return (done / (performance.now() - started)) * 1000
}

/** Threads that call the trivial function for BURST_MS whenever they are told to. */
async function startLoops() {
  const workers = Array.from({ length: CORES }, () => new Worker(new URL('loop-worker.ts', import.meta.url)))
  const answers = (): Promise<number[]> =>
    Promise.all(workers.map((worker) => new Promise<number>((resolve) => worker.once('message', resolve))))
  await answers()
  return {
    async perSecond(): Promise<number> {
      const counts = answers()
      for (const worker of workers) worker.postMessage(BURST_MS)
      return ((await counts).reduce((sum, count) => sum + count, 0) / BURST_MS) * 1000
    },
    async close(): Promise<void> {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
