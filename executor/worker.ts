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
let timeLimitMs = 0
/** When the supervised call was first looked at, by the thread's own time; a call too short for that is timed by the clock. */
let lookedAtMs: number | undefined

/** Time that this thread has kept a processor busy: unlike the clock's, it is the guest's own doing. */
function busyMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
/** Results that are not posted yet, and when the last ones were. */
let done: TaskDone[] = []
let postedMs = 0

const stints = new Stints({
  engine: compileEngine(),
  maximumMemoryBytes: setup.maximumMemoryBytes,
  guestModule: readGuestModule,
  permits: setup.permits,
  isInterrupted: () => word(WORDS.interrupted) === word(WORDS.current) || isPastTime(),
  trace: (line) => {
    if (trace.length < EXECUTOR_LIMITS.traceLines) trace.push(line)
  },
})

function isPastTime(): boolean {
  lookedAtMs ??= busyMs()
  return busyMs() - lookedAtMs > timeLimitMs
}

function perform({ sequence, stint, timeMs }: Task): TaskDone {
  Atomics.store(words, WORDS.current, sequence)
  if (sequence > word(WORDS.retractedAfter) && sequence <= word(WORDS.retractedUpTo))
    return { sequence, result: 'retracted' }
  const startedMs = performance.now()
  timeLimitMs = timeMs
  lookedAtMs = undefined
  trace = []
  const result = stints.perform(stint)
  if (result === 'unknown-image') return { sequence, result }
  const ms = lookedAtMs === undefined ? performance.now() - startedMs : busyMs() - lookedAtMs
  return { sequence, result: { ...result, trace, ms } }
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
