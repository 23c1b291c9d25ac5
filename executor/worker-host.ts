// The main thread's side of one worker: posts stints to it, several ahead while they are short, and
// watches the one under way. What is past its time or no longer wanted is ended; a worker that
// does not obey is killed, and only the stint that kept it busy fails.

import { DENIED_MEMBERS, LOCALE_METHODS, PERMITTED_INTRINSICS } from '#codebase'
import type { Posted, StartWorker, WorkerLink } from './isolation/worker-link.ts'
import type { Job, StintOutcome } from './job.ts'
import { EXECUTOR_LIMITS, MAXIMUM_LIMITS } from './limits.ts'
import {
  isFresh,
  isWaiting,
  type PostedStint,
  type Stint,
  type StintReply,
  type TaskDone,
  type WorkerSetup,
} from './stint.ts'

const PERMITS = JSON.stringify({
  permitted: PERMITTED_INTRINSICS,
  denied: Object.fromEntries(
    Object.entries(DENIED_MEMBERS).map(([holder, members]) => [holder, Object.keys(members)]),
  ),
  locale: [...LOCALE_METHODS],
})

const SETUP = Object.freeze({
  permits: PERMITS,
  maximumMemoryBytes: MAXIMUM_LIMITS.memoryBytes + 8 * 1024 * 1024,
})

/** What a host tells the pool that it belongs to. */
export interface HostEvents {
  /** It has room again, or its worker is gone. */
  onRoom(): void
  /** These were not begun and may be done by another worker. */
  onReturned(jobs: readonly Job[]): void
}

export interface HostPowers {
  /** Reads milliseconds. */
  readonly clock: () => number
  readonly startWorker: StartWorker
  /** Modules by which workers may answer operations themselves. */
  readonly atHand: readonly string[]
}

export class WorkerHost {
  readonly #clock: () => number
  readonly #startWorker: StartWorker
  readonly #setup: WorkerSetup
  readonly #events: HostEvents
  #worker: WorkerLink | undefined
  #sequence = 0
  /** Posted and not replied to, in order. */
  readonly #posted = new Map<number, Job>()
  #outbox: Posted[] = []
  /** Runs whose sandbox the present worker holds. */
  readonly #held = new Set<number>()
  /** Programs that the present worker was given. */
  readonly #images = new Set<string>()
  /** Posted again with their programs. */
  readonly #anew = new WeakSet<Job>()
  #averageMs: number = EXECUTOR_LIMITS.aheadMs
  #watch: NodeJS.Timeout | undefined
  /** The task that was under way when last looked at, since when, and since when it shall end. */
  #seen = { sequence: 0, sinceMs: 0, endingMs: Number.POSITIVE_INFINITY }

  constructor({ clock, startWorker, atHand }: HostPowers, events: HostEvents) {
    this.#clock = clock
    this.#startWorker = startWorker
    this.#setup = { ...SETUP, atHand }
    this.#events = events
  }

  /** Stints that it has been given and not finished. */
  get load(): number {
    return this.#posted.size
  }

  /** Whether another start may be given to it: one at a time, more while they are short. */
  get hasRoom(): boolean {
    const ahead = Math.floor(EXECUTOR_LIMITS.aheadMs / this.#averageMs)
    return this.#posted.size < Math.min(Math.max(1, ahead), EXECUTOR_LIMITS.postedStints)
  }

  knows(image: string): boolean {
    return this.#images.has(image)
  }

  /** Whether the run's sandbox waits in its worker for an answer. */
  holds(run: number): boolean {
    return this.#held.has(run)
  }

  /** Gives the worker a stint: one in a fresh sandbox, or of a run that it holds. */
  post(job: Job): void {
    const { stint, options } = job
    const isKnown = isFresh(stint) && this.#images.has(stint.image)
    if (isFresh(stint)) this.#images.add(stint.image)
    this.#posted.set(++this.#sequence, job)
    options.signal?.addEventListener('abort', this.#look, { once: true })
    this.#send({
      sequence: this.#sequence,
      stint: isKnown ? withoutProgram(stint) : stint,
      timeMs: options.timeMs,
    })
    this.#watch ??= setInterval(this.#look, EXECUTOR_LIMITS.watchMs)
  }

  /** Gives up the sandbox of a run that will get no answer. */
  drop(run: number): void {
    if (this.#held.delete(run)) this.#send({ kind: 'drop', run })
  }

  /** Ends the worker; what it had under way is lost. */
  async close(): Promise<void> {
    await this.#kill('lost', () => 'lost')
  }

  /** What one turn of the event loop sends goes as one message. */
  #send(item: Posted): void {
    if (this.#outbox.push(item) > 1) return
    queueMicrotask(() => {
      const batch = this.#outbox
      this.#outbox = []
      if (batch.length === 0) return
      try {
        const worker = (this.#worker ??= this.#spawn())
        if (this.#posted.size > 0) worker.keepAlive(true)
        worker.post(batch)
      } catch {
        void this.#kill('lost', () => 'lost') // there is no worker to be had
      }
    })
  }

  #spawn(): WorkerLink {
    const ifPresent = (act: () => void): void => {
      if (this.#worker === worker) act() // one that was replaced has nothing more to say
    }
    const worker: WorkerLink = this.#startWorker(this.#setup, {
      onDone: (done) => ifPresent(() => this.#receive(done)),
      // One that ends before it begins anything would end again: whoever drives its runs bounds how often.
      onEnd: () => ifPresent(() => void this.#kill(this.#current || 'lost', () => 'lost')),
    })
    return worker
  }

  get #current(): number {
    return this.#worker?.current ?? 0
  }

  #receive(done: readonly TaskDone[]): void {
    for (const { sequence, result } of done) {
      const job = this.#take(sequence)
      if (!job) continue
      if (result === 'retracted') this.#events.onReturned([job])
      else if (result === 'unknown-image') this.#postAnew(job)
      else this.#finish(job, result)
    }
    this.#rest()
    this.#events.onRoom()
  }

  /** Posts a start again, with its program, which is done once: a worker that lacks it then is of no use to the run. */
  #postAnew(job: Job): void {
    if (!isFresh(job.stint) || this.#anew.has(job)) return job.settle('lost')
    this.#anew.add(job)
    this.#images.delete(job.stint.image)
    this.post(job)
  }

  #finish(job: Job, reply: StintReply): void {
    this.#averageMs += (reply.ms - this.#averageMs) / 8
    if (isWaiting(reply.reply)) this.#held.add(job.stint.run)
    else this.#held.delete(job.stint.run)
    job.settle(reply)
  }

  #take(sequence: number): Job | undefined {
    const job = this.#posted.get(sequence)
    this.#posted.delete(sequence)
    job?.options.signal?.removeEventListener('abort', this.#look)
    return job
  }

  /** Stops watching, and lets the process end, when nothing is under way. */
  #rest(): void {
    if (this.#posted.size > 0) return
    clearInterval(this.#watch)
    this.#watch = undefined
    this.#worker?.keepAlive(false)
  }

  /** Looks at the task under way: ends it, gives back those behind it, or kills the worker. */
  readonly #look = (): void => {
    const sequence = this.#current
    const now = this.#clock()
    if (sequence !== this.#seen.sequence)
      this.#seen = { sequence, sinceMs: now, endingMs: Number.POSITIVE_INFINITY }
    const job = this.#posted.get(sequence)
    if (!job) return
    const { signal, timeMs } = job.options
    if (signal?.aborted) {
      this.#worker?.interrupt(sequence)
      this.#seen.endingMs = Math.min(this.#seen.endingMs, now)
    }
    const endsMs = Math.min(this.#seen.endingMs, this.#seen.sinceMs + timeMs * EXECUTOR_LIMITS.clockFactor)
    if (now > endsMs + EXECUTOR_LIMITS.graceMs) void this.#kill(sequence, () => 'late')
    else if (now > this.#seen.sinceMs + EXECUTOR_LIMITS.watchMs) this.#retract(sequence)
  }

  /** Takes back the starts behind a task that takes long, unless the worker has come to them by now. */
  #retract(after: number): void {
    const behind = [...this.#posted.keys()].filter((sequence) => sequence > after)
    if (behind.length === 0) return
    this.#worker?.retract(after, this.#sequence)
    const begun = this.#current
    // It has done all of them by now, or says of those that it had not begun that they were retracted.
    if (begun === 0) return
    const jobs = behind.filter((sequence) => sequence > begun).map((sequence) => this.#take(sequence) as Job)
    this.#events.onReturned(jobs)
  }

  /** Ends the worker and every sandbox in it; the next stint gets a new one. `of` tells what comes of the task `sequence`. */
  async #kill(sequence: number | 'lost', of: () => StintOutcome): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    this.#outbox = []
    this.#held.clear()
    this.#images.clear()
    const jobs = [...this.#posted.keys()].map((each) => [each, this.#take(each) as Job] as const)
    this.#rest()
    const ended = worker?.terminate()
    for (const [each, job] of jobs) {
      if (each === sequence || sequence === 'lost') job.settle(of())
    }
    if (sequence !== 'lost')
      this.#events.onReturned(jobs.filter(([each]) => each !== sequence).map(([, job]) => job))
    this.#events.onRoom()
    await ended
  }
}

function withoutProgram(stint: Stint): PostedStint {
  if (!isFresh(stint)) return stint
  const { program: _, ...bare } = stint
  return bare
}
