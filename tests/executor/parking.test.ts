// A suspended run is data: parked, copied and gone on with elsewhere it is the run that it was.

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LAYOUT } from '../../executor/engine.ts'
import type { Parked } from '../../executor/image.ts'
import { decodeParked, encodeParked } from '../../executor/parked.ts'
import type { Sandbox } from '../../executor/sandbox.ts'
import { decodePlain, encodePlain, type Plain } from '#codebase'
import { temporaryFolder } from '../support/temporary.ts'
import { BOUNDS, load, makeSandbox, textOf } from './sandboxes.ts'

/** Takes numbers from the store one by one, and keeps them in every kind of place that a run has. */
const SOURCE = `
class Account { #sum = 0; add(x) { this.#sum += x; return this } get sum() { return this.#sum } }
function* inner(key, seen) {
  try { return yield* Store.get(key) } finally { seen.push(key) }
}
define('main', function* (keys) {
  const seen = [], account = new Account(), table = new Map(), later = []
  for (const key of keys) {
    const x = yield* inner(key, seen)
    later.push(() => x + seen.length)
    table.set(key, 'n'.repeat(x % 50))
    account.add(x)
  }
  return [account.sum, seen, [...table], later.map((f) => f())]
})
`

interface Step {
  readonly text: string
  readonly used: number
}

const step = (sandbox: Sandbox, act: () => ReturnType<Sandbox['call']>): Step => {
  const reply = act()
  return { text: textOf(reply), used: sandbox.used }
}

test('a run that is parked before some answers, in whatever sandbox it goes on, is the run that was never parked', () => {
  const { sandbox, image } = load(SOURCE)
  const other = makeSandbox()
  const answers = fc.array(fc.record({ x: fc.nat(1_000), park: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  })
  fc.assert(
    fc.property(answers, (given) => {
      const args = JSON.stringify([given.map((_, index) => `k${index}`)])
      const through = (parks: boolean): Step[] => {
        let at = sandbox
        at.restore(image)
        const steps = [step(at, () => at.call('start', ['main', args], BOUNDS))]
        for (const [number, { x, park }] of given.entries()) {
          if (park && parks) {
            const parked = structuredClone(at.park(image))
            at = at === sandbox ? other : sandbox
            at.unpark(image, parked)
          }
          steps.push(step(at, () => at.call('answer', [`${x}`, `${number}`], BOUNDS)))
        }
        return steps
      }
      assert.equal(through(true), through(false))
    }),
    { numRuns: 60 },
  )
})

test('unpark() makes every byte that of the parked sandbox, but those of its empty stack, whatever ran before', () => {
  const { sandbox, image } = load(SOURCE)
  sandbox.restore(image)
  sandbox.call('start', ['main', '[["a","b"]]'], BOUNDS)
  const parked = sandbox.park(image)
  const stack = image.data.length
  const live = ({ memory }: Sandbox): Buffer[] => [
    Buffer.from(memory.slice(0, stack)),
    Buffer.from(memory.slice(stack + LAYOUT.cStackBytes)),
  ]
  const before = live(sandbox)
  const other = makeSandbox()
  other.restore(image)
  other.call('start', ['main', JSON.stringify([Array.from({ length: 500 }, (_, i) => `canary${i}`)])], BOUNDS)
  other.unpark(image, parked)
  live(other).forEach((bytes, part) => assert.is(bytes.compare(before[part] as Buffer), 0))
})

test('a parked run is forked: each copy goes on by itself', () => {
  const { sandbox, image } = load(SOURCE)
  sandbox.restore(image)
  sandbox.call('start', ['main', '[["a"]]'], BOUNDS)
  const parked = sandbox.park(image)
  const results = [1, 2, 3].map((x) => {
    sandbox.unpark(image, parked)
    return sandbox.call('answer', [`${x}`, '0'], BOUNDS)
  })
  assert.equal(
    results.map(textOf),
    [1, 2, 3].map((x) => `v[${x},["a"],[["a","${'n'.repeat(x)}"]],[${x + 1}]]`),
  )
})

test('a parked run of a small function takes less than 50 KB', () => {
  const { sandbox, image } = load(SOURCE)
  sandbox.restore(image)
  sandbox.call('start', ['main', '[["a"]]'], BOUNDS)
  assert.ok(bytesOf(sandbox.park(image)) < 50_000, `${bytesOf(sandbox.park(image))}`)
})

test('a parked run goes on in another process, with the same replies and the same fuel', () => {
  const { sandbox, image } = load(SOURCE)
  sandbox.restore(image)
  sandbox.call('start', ['main', '[["a","b"]]'], BOUNDS)
  const file = path.join(temporaryFolder(), 'parked.json')
  const parked = Buffer.from(encodeParked(sandbox.park(image), image)).toString('base64')
  const answers = [
    ['7', '0'],
    ['8', '1'],
  ]
  writeFileSync(file, JSON.stringify({ source: SOURCE, parked, answers }))
  const script = path.join(import.meta.dirname, 'unpark.ts')
  const elsewhere = execFileSync(process.execPath, [script, file], {
    env: { TZ: 'Asia/Tokyo', LANG: 'de_DE' },
  })
  const here = answers.map((answer) => [textOf(sandbox.call('answer', answer, BOUNDS)), sandbox.used])
  assert.equal(JSON.parse(elsewhere.toString()), here)
})

test('decodeParked() takes nothing that is damaged, of another program or of another engine', () => {
  const { sandbox, image } = load(SOURCE)
  const other = load("define('main', () => 1)")
  sandbox.restore(image)
  sandbox.call('start', ['main', '[["a"]]'], BOUNDS)
  const bytes = encodeParked(sandbox.park(image), image)
  const codeOf = (parked: Uint8Array, of = image): string => {
    try {
      decodeParked(parked, of)
      return 'taken'
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  assert.is(codeOf(bytes), 'taken')
  assert.is(codeOf(bytes, other.image), 'parked-damaged')
  assert.is(codeOf(bytes.subarray(0, -1)), 'parked-damaged')
  const parts = decodePlain(bytes) as readonly Plain[]
  const withPart = (index: number, part: Plain): Uint8Array => encodePlain(parts.with(index, part))
  assert.is(codeOf(withPart(0, 'f'.repeat(64))), 'engine-differs')
  assert.is(codeOf(withPart(3, 1)), 'parked-damaged')
  assert.is(codeOf(withPart(4, new Uint8Array(Uint32Array.of(0xfffffff0, 1).buffer))), 'parked-damaged')
  assert.is(codeOf(withPart(5, new Uint8Array(4))), 'parked-damaged')
})

const bytesOf = ({ runs, words }: Parked): number => runs.byteLength + words.byteLength

test.run()
