// The same calls in two processes with different histories: equal outcomes, fuel and receipts.

import { spawnSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EVERYTHING } from '#executor'
import type { Reference } from '#codebase'
import { closeExecutors, definitions, makeExecutor, provider } from './executors.ts'

const { references, objects } = definitions(`
  const floats = (n) => { let x = 0.1; for (let i = 0; i < n; i++) x = Math.sin(x) * Math.exp(x) + Math.pow(x, 1.7) + Math.cbrt(x); return x }
  const text = (n) => { let s = ''; for (let i = 0; i < n; i++) s += i.toString(36) + 'é'; return s.split('é').sort().join('').length }
  const throws = (n) => { if (n > 0) throw new RangeError('n is ' + n); return n }
  const deep = (n) => { const down = () => { n++; down() }; try { down() } catch (e) { return [n, e.name, e.message] } }
  const grows = () => { const a = []; for (;;) a.push([a.length]) }
  const loops = () => { for (;;); }
  const matches = (n) => 'ab12 cd345 '.repeat(n).match(/[a-z]+(\\d+)/g).length
  const waits = async (n) => { let s = 0; for (let i = 0; i < n; i++) s += await i; return s }
  function* asks(n) { let s = 0; for (let i = 0; i < n; i++) s += yield* Clock.now(); return s }`)

const CALLS = Object.keys(references).flatMap((name) =>
  [3, 40].map((n) => ({ name, args: name === 'grows' || name === 'loops' ? [] : [n] })),
)

/** What each call came to, made in this order. */
async function runAll(calls: typeof CALLS): Promise<Record<string, unknown>> {
  const executor = makeExecutor(objects, { providers: [provider('Clock', { now: () => 1 })] })
  const results: Record<string, unknown> = {}
  for (const { name, args } of calls) {
    const limits = { fuel: 20_000_000, memoryBytes: 8 * 1024 * 1024 }
    const { outcome, fuel, receipt } = await executor.run({
      reference: references[name] as Reference,
      args,
      allow: EVERYTHING,
      limits,
    })
    results[`${name}(${args})`] = [outcome, fuel, receipt]
  }
  await closeExecutors()
  return results
}

if (process.argv[2] === 'reversed') {
  console.log(JSON.stringify(await runAll(CALLS.toReversed())))
} else {
  test('two processes with different histories end every call alike', async () => {
    const env = { ...process.env, TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' }
    const child = spawnSync(process.execPath, [import.meta.filename, 'reversed'], { env, encoding: 'utf8' })
    const there = JSON.parse(child.stdout)
    const here = JSON.parse(JSON.stringify(await runAll(CALLS)))
    assert.is(Object.keys(here).length, CALLS.length - 2)
    for (const [call, result] of Object.entries(here)) assert.equal(there[call], result, call)
  })

  test.run()
}
