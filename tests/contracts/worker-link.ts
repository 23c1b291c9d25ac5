// What every kind of worker owes to its host. The tests of each kind run this suite on real workers.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeValue } from '#codebase'
import type { StartWorker, WorkerLink } from '../../executor/isolation/worker-link.ts'
import type { StartStint, Stint, StintReply, Task, TaskDone } from '../../executor/stint.ts'
import { BOUNDS, PERMITS } from '../executor/sandboxes.ts'

/** What workers of tests are made with. */
export const SETUP = { permits: PERMITS, maximumMemoryBytes: 128 * 1024 * 1024, atHand: [] }
const FOREVER = { ...BOUNDS, fuel: 1e15 }
const LOOPS = '() => { for (;;); }'
const WAITS = "function* () { return yield* Log.info('x') }"

/** A stint that starts `main`, an expression for a function. */
export const start = (run: number, main: string, more: Partial<StartStint> = {}): StartStint => ({
  kind: 'start',
  run,
  image: main,
  program: `(function ($) { const Log = $.ability('log', 'Log', ['info']); $.define('main', ${main}) })`,
  reference: 'main',
  args: '[]',
  bounds: BOUNDS,
  ...more,
})

const links: WorkerLink[] = []

/** A worker whose answers are awaited one by one. */
class Watched {
  readonly link: WorkerLink
  readonly all: TaskDone[] = []
  readonly ended: Promise<void>
  #sequence = 0
  readonly #waiting = new Map<number, (done: TaskDone) => void>()

  constructor(startWorker: StartWorker) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ended = promise
    const onDone = (done: readonly TaskDone[]): void => {
      this.all.push(...done)
      for (const each of done) this.#waiting.get(each.sequence)?.(each)
    }
    this.link = startWorker(SETUP, { onDone, onEnd: resolve })
    links.push(this.link)
  }

  post(stints: readonly Stint[], timeMs = 60_000): Promise<TaskDone>[] {
    const tasks = stints.map((stint): Task => ({ sequence: ++this.#sequence, stint, timeMs }))
    const answers = tasks.map(
      ({ sequence }) => new Promise<TaskDone>((resolve) => this.#waiting.set(sequence, resolve)),
    )
    this.link.post(tasks)
    return answers
  }

  async perform(stint: Stint, timeMs?: number): Promise<StintReply['reply'] | string> {
    const { result } = (await this.post([stint], timeMs)[0]) as TaskDone
    return typeof result === 'string' ? result : result.reply
  }
}

/** Registers the suite for one kind of worker; the file still ends with `test.run()`. */
export function testWorkerLink(name: string, startWorker: StartWorker): void {
  const watched = (): Watched => new Watched(startWorker)
  test.after(async () => {
    await Promise.all(links.map((link) => link.terminate()))
  })

  test(`${name} does tasks in order and answers each`, async () => {
    const worker = watched()
    const mains = ['() => 1', '() => { throw 2 }', LOOPS, '() => [3]']
    await Promise.all(worker.post(mains.map((main, run) => start(run, main))))
    assert.equal(
      worker.all.map(({ sequence }) => sequence),
      [1, 2, 3, 4],
    )
    const replies = worker.all.map(({ result }) => (typeof result === 'string' ? result : result.reply))
    assert.equal(replies[0], { text: 'v1' })
    assert.match((replies[1] as { text: string }).text, /^f\{"name":"NonError","message":"2"/)
    assert.equal(replies[2], { stop: 'fuel' })
    assert.equal(replies[3], { text: 'v', value: encodeValue([3]) })
  })

  test(`${name} asks for a program that it does not have, and keeps one that it was sent`, async () => {
    const worker = watched()
    const { program: _, ...bare } = start(1, '() => 1')
    assert.is(await worker.perform(bare as Stint), 'unknown-image')
    assert.equal(await worker.perform(start(1, '() => 1')), { text: 'v1' })
    assert.equal(await worker.perform(bare as Stint), { text: 'v1' })
  })

  test(`${name} keeps a run that waits until it is told or dropped`, async () => {
    const worker = watched()
    const asks = { text: 'o{"ask":[[0,"log","info",["x"]]],"cancel":[]}' }
    assert.equal(await worker.perform(start(7, WAITS)), asks)
    const told = { kind: 'answer', run: 7, json: '"é✓"', operation: 0, bounds: BOUNDS } as const
    assert.equal(await worker.perform(told), { text: 'v"é✓"' })
    assert.equal(await worker.perform(start(8, WAITS)), asks)
    worker.link.post([{ kind: 'drop', run: 8 }])
    void worker.perform({ ...told, run: 8 }) // no run waits for this: a fault of the host, which the worker does not survive
    await worker.ended
  })

  test(`${name} ends a task that is past its time, and serves on`, async () => {
    const worker = watched()
    assert.equal(await worker.perform(start(1, LOOPS, { bounds: FOREVER }), 50), { stop: 'interrupted' })
    assert.equal(await worker.perform(start(2, '() => 2')), { text: 'v2' })
  })

  test(`${name} carries large texts and parked states`, async () => {
    const worker = watched()
    const bounds = { ...FOREVER, outputBytes: 8e6 }
    const args = JSON.stringify(['ß'.repeat(1_000_000)])
    const back = await worker.perform(start(1, '(text) => text', { args, bounds }))
    assert.equal(back, { text: 'v', value: encodeValue('ß'.repeat(1_000_000)) })
    const twice = `() => $.handle(Log, { *info(resume) { return [yield* resume(1), yield* resume(2)] } })(
      (function* () { return yield* Log.info('x') })())`
    const asked = (await worker.perform(start(2, twice))) as { text: string }
    const { continuation } = JSON.parse(asked.text.slice(1))
    const began = { kind: 'start', reference: 'main', args: '[]' } as const
    const { kind: _kind, reference: _reference, args: _args, ...fresh } = start(3, twice)
    const [stopped] = worker.post([{ ...fresh, kind: 'stop', began, told: [], continuation }])
    const { parked } = ((await stopped) as TaskDone).result as StintReply
    if (!parked) throw new Error('no state came back')
    assert.ok(parked.runs instanceof Uint32Array && parked.words instanceof Uint32Array)
    assert.equal(await worker.perform({ ...fresh, kind: 'go', state: parked, json: '2' }), { text: 'v2' })
  })

  test(`${name} does not begin what was withdrawn`, async () => {
    const worker = watched()
    const stints = [start(1, LOOPS, { bounds: FOREVER }), start(2, '() => 2'), start(3, '() => 3')]
    const [first] = worker.post(stints, 200)
    worker.link.retract(1, 3)
    const [last] = worker.post([start(4, '() => 4')])
    const { result } = (await first) as TaskDone
    assert.equal((result as StintReply).reply, { stop: 'interrupted' })
    await last
    const begun = worker.all
      .filter(({ result }) => typeof result === 'object')
      .map(({ sequence }) => sequence)
    assert.equal(begun, [1, 4])
  })

  test(`${name} tells once that it ended by itself`, async () => {
    const worker = watched()
    void worker.perform({ ...start(1, '() => 1'), bounds: null as never }) // makes the worker itself throw
    await worker.ended
    assert.equal(worker.all, [])
  })

  test(`terminate() ends ${name} whatever it does, and nothing is heard of it afterwards`, async () => {
    const worker = watched()
    void worker.post([start(1, LOOPS, { bounds: FOREVER }), start(2, '() => 2')])
    await worker.link.terminate()
    await new Promise(setImmediate)
    assert.equal(worker.all, [])
  })
}
