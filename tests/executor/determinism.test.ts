// A thousand calls in two processes with different histories, orders, pools, zones and locales, and
// with both kinds of workers: equal outcomes, fuel and receipts.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ExecutorPowers } from '#executor'
import { determinismCorpus, resultsOf } from './determinism-corpus.ts'
import { closeExecutors, makeExecutor, provider } from './executors.ts'

const corpus = await determinismCorpus()

/** What all calls come to in a new executor, in an order that `step` makes. */
async function runAll(step: number, powers: Partial<ExecutorPowers>): Promise<Record<string, string>> {
  const { calls, objects } = corpus
  const executor = makeExecutor(objects, { ...powers, providers: [provider('Clock', { now: () => 1 })] })
  const ordered = calls.map((_, index) => calls[(index * step) % calls.length] as (typeof calls)[number])
  return resultsOf(ordered, executor)
}

if (process.argv[2] === 'elsewhere') {
  const threads = await runAll(7, { workers: 3 })
  const processes = await runAll(373, { workers: 2, isolation: 'process' })
  await closeExecutors()
  console.log(JSON.stringify({ threads, processes }))
} else {
  test('a thousand calls come to the same in two processes, in threads and in processes', async () => {
    const env = { ...process.env, TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }
    const elsewhere = promisify(execFile)(process.execPath, [import.meta.filename, 'elsewhere'], {
      env,
      maxBuffer: 64 * 1024 * 1024,
    })
    const here = await runAll(1, { workers: 1 })
    await closeExecutors()
    const { threads, processes } = JSON.parse((await elsewhere).stdout)
    assert.is(Object.keys(here).length, corpus.calls.length)
    for (const [call, result] of Object.entries(here)) {
      assert.is(threads[call], result, `threads: ${call}`)
      assert.is(processes[call], result, `processes: ${call}`)
    }
    const count = (start: string): number =>
      Object.values(here).filter((result) => result.startsWith(start)).length
    for (const kind of ['value', 'failure', 'limit fuel', 'limit memory', 'limit stack', 'limit output'])
      assert.ok(count(kind) > 0, kind)
    assert.ok(corpus.calls.length - count('refused') >= 1000)
  })

  test.run()
}
