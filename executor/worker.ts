// The worker thread: does the stints that its host posts, one after the other, ends one whose time
// is up, and says in shared memory which one is under way.

import { parentPort, workerData } from 'node:worker_threads'
import { compileEngine, readGuestModule } from './engine.ts'
import { EXECUTOR_LIMITS } from './limits.ts'
import { type DropStint, type Task, type TaskDone, WORDS, type WorkerSetup } from './stint.ts'
import { Stints } from './stints.ts'

const setup = workerData as WorkerSetup
const words = new Int32Array(setup.words)
const word = (place: number): number => Atomics.load(words, place)

let trace: string[] = []
let deadlineMs = 0
/** Results that are not posted yet, and when the last ones were. */
let done: TaskDone[] = []
let postedMs = 0

const stints = new Stints({
  engine: compileEngine(),
  maximumMemoryBytes: setup.maximumMemoryBytes,
  guestModule: readGuestModule,
  permits: setup.permits,
  isInterrupted: () => word(WORDS.interrupted) === word(WORDS.current) || performance.now() > deadlineMs,
  trace: (line) => {
    if (trace.length < EXECUTOR_LIMITS.traceLines) trace.push(line)
  },
})

function perform({ sequence, stint, timeMs }: Task): TaskDone {
  Atomics.store(words, WORDS.current, sequence)
  if (sequence > word(WORDS.retractedAfter) && sequence <= word(WORDS.retractedUpTo))
    return { sequence, result: 'retracted' }
  const startedMs = performance.now()
  deadlineMs = startedMs + timeMs
  trace = []
  const result = stints.perform(stint)
  if (result === 'unknown-image') return { sequence, result }
  return { sequence, result: { ...result, trace, ms: performance.now() - startedMs } }
}

/** Posts results together as long as that keeps nobody waiting. */
function post(isLast: boolean): void {
  const now = performance.now()
  if (done.length === 0 || (!isLast && now - postedMs < EXECUTOR_LIMITS.batchMs)) return
  parentPort?.postMessage(done)
  done = []
  postedMs = now
}

parentPort?.on('message', (batch: readonly (Task | DropStint)[]) => {
  postedMs = performance.now()
  for (const item of batch) {
    if ('kind' in item) stints.drop(item.run)
    else done.push(perform(item))
    post(false)
  }
  Atomics.store(words, WORDS.current, 0)
  post(true)
})
