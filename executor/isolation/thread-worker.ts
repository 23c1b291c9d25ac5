// The worker as a thread: does the tasks that its host posts, says in shared memory which one is
// under way, and hears there which are no longer wanted.

import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { loadAtHand } from '../at-hand.ts'
import { compileEngine } from '../engine.ts'
import { EXECUTOR_LIMITS } from '../limits.ts'
import type { TaskDone } from '../stint.ts'
import { Tasks } from './tasks.ts'
import { packDone, type Packed, unpackPosted } from './packing.ts'
import { type CompiledEngine, type ThreadSetup, WORDS } from './thread-words.ts'
import type { Posted } from './worker-link.ts'

const setup = workerData as ThreadSetup
const words = new Int32Array(setup.words)
const word = (place: number): number => Atomics.load(words, place)

const engine = setup.engine ?? compileEngine()
if (!setup.engine) parentPort?.postMessage({ engine } satisfies CompiledEngine)

const tasks = new Tasks({
  engine,
  setup,
  atHand: await loadAtHand(setup.atHand),
  cpuUsage: () => process.threadCpuUsage(),
  isUnwanted: () => word(WORDS.interrupted) === word(WORDS.current),
})
/** Results that are not posted yet, and when the last ones were. */
let done: TaskDone[] = []
let postedMs = 0

function perform(task: Exclude<Posted, { kind: 'drop' }>): TaskDone {
  const { sequence } = task
  Atomics.store(words, WORDS.current, sequence)
  if (sequence > word(WORDS.retractedAfter) && sequence <= word(WORDS.retractedUpTo))
    return { sequence, result: 'retracted' }
  return tasks.perform(task)
}

/** Posts results together as long as that keeps nobody waiting. */
function post(isLast: boolean): void {
  const now = performance.now()
  if (done.length === 0 || (!isLast && now - postedMs < EXECUTOR_LIMITS.batchMs)) return
  parentPort?.postMessage(packDone(done))
  done = []
  postedMs = now
}

function serve(batch: Packed): void {
  postedMs = performance.now()
  for (const item of unpackPosted(batch)) {
    if ('kind' in item) tasks.drop(item.run)
    else done.push(perform(item))
    post(false)
  }
  Atomics.store(words, WORDS.current, 0)
  post(true)
  tasks.prepare()
}

/** Serves a batch, and what comes soon after it: to wait in shared memory is faster than to be woken by the event loop. */
function serveWhileBusy(port: MessagePort, batch: Packed): void {
  serve(batch)
  for (;;) {
    const posts = word(WORDS.posts)
    const next = receiveMessageOnPort(port) as { readonly message: Packed } | undefined
    if (next) serve(next.message)
    else if (Atomics.wait(words, WORDS.posts, posts, EXECUTOR_LIMITS.idleMs) === 'timed-out') return
  }
}

const port = parentPort as MessagePort
port.on('message', (batch: Packed) => serveWhileBusy(port, batch))
