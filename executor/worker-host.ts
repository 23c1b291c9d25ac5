// The main thread's side of the worker: hands it one stint at a time, ends a stint that is past
// its time or no longer wanted, and kills and replaces a worker that does not obey.

import { Worker } from 'node:worker_threads'
import { DENIED_MEMBERS, KnownError, LOCALE_METHODS, PERMITTED_INTRINSICS } from '#codebase'
import { EXECUTOR_LIMITS, MAXIMUM_LIMITS } from './limits.ts'
import type { Stint, StintReply, WorkerSetup } from './stint.ts'

/** The worker beside this file: a source in a checkout, built in the published package. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

/**
 * What a stint came to besides the guest's own replies. `late`: its time was up and the worker had
 * to be killed. `lost`: the worker is gone with the run's sandbox, through no fault of this run;
 * whoever drives the run may start it anew.
 */
export type StintOutcome = StintDone | 'late' | 'lost'

/** A stint's reply and how long it took, in milliseconds, its time in the queue not counted. */
export interface StintDone extends StintReply {
  readonly ms: number
}

export interface StintOptions {
  /** Time that the stint may take, in milliseconds. */
  readonly timeMs: number
  readonly signal?: AbortSignal | undefined
}

interface Job {
  readonly stint: Stint
  readonly options: StintOptions
  readonly settle: (outcome: StintOutcome) => void
  /** Set while the job is under way. */
  timer?: NodeJS.Timeout
  cancel?: () => void
  startedMs?: number
}

const PERMITS = JSON.stringify({
  permitted: PERMITTED_INTRINSICS,
  denied: Object.fromEntries(
    Object.entries(DENIED_MEMBERS).map(([holder, members]) => [holder, Object.keys(members)]),
  ),
  locale: [...LOCALE_METHODS],
})

export class WorkerHost {
  readonly #clock: () => number
  readonly #interrupt = new Int32Array(new SharedArrayBuffer(4))
  #worker: Worker | undefined
  readonly #queue: Job[] = []
  #current: Job | undefined
  /** Runs whose sandbox the present worker holds. */
  readonly #held = new Set<number>()
  #isClosed = false

  /** `clock` reads milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Does a stint when its turn comes. @throws KnownError limit `executor-closed` once it is closed */
  async perform(stint: Stint, options: StintOptions): Promise<StintOutcome> {
    if (this.#isClosed) throw new KnownError('limit', 'executor-closed', 'Cannot run: the executor is closed')
    const { promise, resolve } = Promise.withResolvers<StintOutcome>()
    this.#queue.push({ stint, options, settle: resolve })
    this.#next()
    return promise
  }

  /** Gives up the sandbox of a run that will get no answer. */
  drop(run: number): void {
    if (this.#held.delete(run)) this.#worker?.postMessage({ kind: 'drop', run })
  }

  /** Ends the worker; stints under way are lost. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#queue.splice(0).forEach((job) => job.settle('lost'))
    await this.#kill('lost')
  }

  #next(): void {
    if (this.#current) return
    const job = this.#queue.shift()
    if (!job) {
      this.#worker?.unref()
      return
    }
    if (job.options.signal?.aborted || (job.stint.kind !== 'start' && !this.#held.has(job.stint.run))) {
      job.settle('lost')
      this.#next()
      return
    }
    this.#current = job
    job.startedMs = this.#clock()
    this.#supervise(job)
    const worker = (this.#worker ??= this.#spawn())
    worker.ref()
    worker.postMessage(job.stint)
  }

  /** Asks the guest to end when its time is up or it is no longer wanted, and soon after kills the worker. */
  #supervise(job: Job): void {
    const interrupt = (): void => {
      clearTimeout(job.timer)
      Atomics.store(this.#interrupt, 0, 1)
      job.timer = setTimeout(() => void this.#kill('late'), EXECUTOR_LIMITS.graceMs)
    }
    Atomics.store(this.#interrupt, 0, 0)
    job.timer = setTimeout(interrupt, Math.min(job.options.timeMs, 2 ** 31 - 1))
    job.cancel = interrupt
    job.options.signal?.addEventListener('abort', interrupt, { once: true })
  }

  #spawn(): Worker {
    const setup: WorkerSetup = {
      permits: PERMITS,
      maximumMemoryBytes: MAXIMUM_LIMITS.memoryBytes + 8 * 1024 * 1024,
      interrupt: this.#interrupt.buffer as SharedArrayBuffer,
    }
    const worker = new Worker(WORKER, {
      name: 'mycel sandbox',
      workerData: setup,
      env: {},
      resourceLimits: { stackSizeMb: EXECUTOR_LIMITS.threadStackMb },
    })
    const ifPresent = (act: () => void) => () => {
      if (this.#worker === worker) act() // one that was replaced has nothing more to say
    }
    worker.on('message', (reply: StintReply) => ifPresent(() => this.#finish(this.#timed(reply)))())
    worker.on(
      'error',
      ifPresent(() => void this.#kill('lost')),
    )
    return worker
  }

  #timed(reply: StintReply): StintDone {
    return { ...reply, ms: this.#clock() - (this.#current?.startedMs ?? 0) }
  }

  #finish(outcome: StintOutcome): void {
    const job = this.#current
    if (!job) return
    this.#current = undefined
    clearTimeout(job.timer)
    if (job.cancel) job.options.signal?.removeEventListener('abort', job.cancel)
    if (isWaiting(outcome)) this.#held.add(job.stint.run)
    else this.#held.delete(job.stint.run)
    job.settle(outcome)
    this.#next()
  }

  /** Ends the worker and every sandbox in it; the next stint gets a new one. */
  async #kill(outcome: StintOutcome): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    this.#held.clear()
    const ended = worker?.terminate()
    this.#finish(outcome)
    await ended
  }
}

/** True when the run's sandbox waits in the worker for an answer. */
function isWaiting(outcome: StintOutcome): boolean {
  return (
    typeof outcome === 'object' &&
    typeof outcome.reply === 'object' &&
    'text' in outcome.reply &&
    outcome.reply.text.startsWith('o')
  )
}
