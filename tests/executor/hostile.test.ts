// Programs that mean harm: each comes to its outcome, its worker serves on, and nothing of it is left.

import { Worker } from 'node:worker_threads'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { StintOutcome } from '../../executor/job.ts'
import { type Isolation, WorkerPool } from '../../executor/pool.ts'
import { start } from '../contracts/worker-link.ts'
import { closeExecutors, runText } from './executors.ts'
import type { MemoryReport } from './hostile-memory.ts'
import { boundsFor, HOSTILE, type Hostile, wordOf } from './hostile-programs.ts'

const pools = new Map<Isolation, WorkerPool>()
const poolOf = (isolation: Isolation): WorkerPool => {
  const pool =
    pools.get(isolation) ?? new WorkerPool({ clock: () => performance.now(), workers: 1, isolation })
  pools.set(isolation, pool)
  return pool
}
test.after(async () => {
  await closeExecutors()
  await Promise.all([...pools.values()].map((pool) => pool.close()))
})

const word = (outcome: StintOutcome): string =>
  typeof outcome === 'string' ? outcome : wordOf(outcome.reply)
const OPTIONS = { timeMs: 600_000 }

function testHostile([what, main, expected]: Hostile, isolation: Isolation): void {
  test(`${what}, in a ${isolation}: ${expected}, and the next call is served`, async () => {
    const pool = poolOf(isolation)
    const bounds = boundsFor(expected)
    assert.is(
      word(await pool.perform(start(1, main, { bounds, program: programOf(main) }), OPTIONS)),
      expected,
    )
    const next = await pool.perform(start(2, '() => [typeof kept, [].polluted, {}.polluted, 7]'), OPTIONS)
    assert.is(word(next), '["undefined",{"$undefined":true},{"$undefined":true},7]')
    pool.drop(1)
  })
}

const programOf = (main: string): string =>
  `(function ($) { const { ability, handle, all, define } = $; const Log = ability('log', 'Log', ['info'])
  define('log', Log); define('main', ${main}) })`

for (const hostile of HOSTILE) testHostile(hostile, 'thread')

const IN_PROCESS = [
  'a search in a long text',
  'a catastrophic regular expression',
  'padEnd()',
  'nested JSON, read',
  'nested arrays as a text',
  'a chain of proxies',
  'an async function that awaits itself',
  'a generator that delegates to itself',
  'an iterator that spreads itself',
  'recursion that goes on from its end',
  'jobs of promises',
  'buffers',
  'a result of many megabytes',
  'a flood of lines',
]
for (const hostile of HOSTILE) if (IN_PROCESS.includes(hostile[0])) testHostile(hostile, 'process')

test('no byte of a hostile call is left in the memory that the next one gets', async () => {
  const worker = new Worker(new URL('./hostile-memory.ts', import.meta.url), {
    resourceLimits: { stackSizeMb: 16 },
  })
  const reports = await new Promise<MemoryReport[]>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  assert.is(reports.length, HOSTILE.length)
  assert.equal(
    reports.map(({ what, word }) => `${what}: ${word}`),
    HOSTILE.map(([what, , expected]) => `${what}: ${expected}`),
  )
  for (const { what, isReusable, differsAt } of reports)
    assert.is(differsAt, undefined, `${what} ${isReusable}`)
  const reused = reports.filter(({ isReusable }) => isReusable)
  assert.ok(reused.length > HOSTILE.length / 2, `${reused.length} were used again`)
  assert.ok(reused.every(({ wasThere }) => wasThere))
})

test('a computation that is resumed for ever comes to its limit of time, and the executor serves on', async () => {
  const text = `const Ask = ability('Ask', { now: op() })
    function* asks() { return yield* Ask.now() }
    const forever = handle(Ask, { *now(resume) { for (;;) yield* resume(1) } })
    function* main() { return yield* forever(asks()) }`
  const request = { limits: { timeMs: 300, fuel: 1e15 } }
  const { outcome } = await runText(text, [], { request, powers: { workers: 1 } })
  assert.equal(outcome, { kind: 'limit', limit: 'time', allowed: 300 })
})

test.run()
