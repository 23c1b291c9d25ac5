// The workers that runs share: one for each core unless told otherwise, started when they are
// needed, each a thread or a process. What no worker has room for waits in a bounded queue, by priority; an answer goes to the
// worker that holds its run.

import { availableParallelism } from 'node:os'
import { KnownError } from '#codebase'
import { checkProcessIsolation, startProcess } from './isolation/process-link.ts'
import { startThread } from './isolation/thread-link.ts'
import type { StartWorker } from './isolation/worker-link.ts'
import type { Job, Priority, StintOptions, StintOutcome } from './job.ts'
import { EXECUTOR_LIMITS } from './limits.ts'
import { type FreshStint, isFresh, type Stint } from './stint.ts'
import { type HostPowers, WorkerHost } from './worker-host.ts'

const PRIORITIES: readonly Priority[] = ['high', 'normal', 'low']

export interface PoolOptions {
  /** Reads milliseconds. */
  readonly clock: () => number
  /** Workers at most. */
  readonly workers?: number | undefined
  readonly isolation?: Isolation | undefined
  /** Modules by which workers may answer operations themselves. */
  readonly atHand?: readonly string[] | undefined
}

/**
 * What a worker is: a thread of this process, or a process that may read its own program and nothing
 * else, so that a fault of the engine is one of that process.
 */
export type Isolation = 'thread' | 'process'

const START: Readonly<Record<Isolation, StartWorker>> = { thread: startThread, process: startProcess }

export class WorkerPool {
  readonly #powers: HostPowers
  readonly #size: number
  readonly #hosts: WorkerHost[] = []
  /** What workers gave back goes before all else. */
  readonly #returned = new Set<Job>()
  readonly #byPriority = new Map(PRIORITIES.map((priority) => [priority, new Set<Job>()]))
  #isClosed = false

  /** @throws KnownError usage `isolation-unavailable` when processes can't be confined here */
  constructor({ clock, workers = availableParallelism(), isolation = 'thread', atHand = [] }: PoolOptions) {
    if (isolation === 'process') checkProcessIsolation()
    this.#powers = { clock, startWorker: START[isolation], atHand }
    this.#size = workers
  }

  /**
   * Does a stint when its turn comes.
   * @throws KnownError limit `busy` when too many wait already; limit `executor-closed` once it is closed
   */
  async perform(stint: Stint, options: StintOptions): Promise<StintOutcome> {
    if (this.#isClosed) throw new KnownError('limit', 'executor-closed', 'Cannot run: the executor is closed')
    const { promise, resolve } = Promise.withResolvers<StintOutcome>()
    const job: Job = { stint, options, settle: resolve, settled: promise }
    if (isFresh(stint)) this.#enqueue(job)
    else this.#tell(job)
    return promise
  }

  /** Gives up the sandbox of a run that will get no answer. */
  drop(run: number): void {
    this.#holderOf(run)?.drop(run)
  }

  /** Ends the workers; stints under way are lost. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const queue of this.#queues()) {
      for (const job of queue) job.settle('lost')
      queue.clear()
    }
    await Promise.all(this.#hosts.map((host) => host.close()))
  }

  /** In the order that they are served. */
  #queues(): Set<Job>[] {
    return [this.#returned, ...this.#byPriority.values()]
  }

  #enqueue(job: Job): void {
    const waiting = this.#queues().reduce((sum, queue) => sum + queue.size, 0)
    if (waiting >= EXECUTOR_LIMITS.queuedRuns) {
      const message = `Cannot run: ${waiting} runs wait already`
      throw new KnownError('limit', 'busy', message, { hint: 'try again later, or ask another node' })
    }
    const { signal, priority = 'normal' } = job.options
    const withdraw = (): void => this.#withdraw(job)
    signal?.addEventListener('abort', withdraw, { once: true })
    void job.settled.then(() => signal?.removeEventListener('abort', withdraw))
    this.#byPriority.get(priority)?.add(job)
    this.#next()
  }

  /** Takes out a job that nobody wants any more, if it waits. */
  #withdraw(job: Job): void {
    if (this.#queues().some((queue) => queue.delete(job))) job.settle('lost')
  }

  #tell(job: Job): void {
    const host = this.#holderOf(job.stint.run)
    if (host && !job.options.signal?.aborted) host.post(job)
    else job.settle('lost')
  }

  #holderOf(run: number): WorkerHost | undefined {
    return this.#hosts.find((host) => host.holds(run))
  }

  /** Hands out what waits, as long as a worker has room. */
  #next(): void {
    for (const queue of this.#queues()) {
      for (const job of queue) {
        const host = this.#hostFor(job.stint as FreshStint)
        if (!host) return
        queue.delete(job)
        if (job.options.signal?.aborted) job.settle('lost')
        else host.post(job)
      }
    }
  }

  /** The worker for a fresh sandbox: an idle one, best one that has the program's image; a new one; the one with the least to do. */
  #hostFor({ image }: FreshStint): WorkerHost | undefined {
    const idle = this.#hosts.filter((host) => host.load === 0)
    const warm = idle.find((host) => host.knows(image)) ?? idle[0]
    if (warm) return warm
    if (this.#hosts.length < this.#size) return this.#addHost()
    return this.#hosts.filter((host) => host.hasRoom).sort((a, b) => a.load - b.load)[0]
  }

  #addHost(): WorkerHost {
    const host = new WorkerHost(this.#powers, {
      onRoom: () => this.#next(),
      onReturned: (jobs) => this.#takeBack(jobs),
    })
    this.#hosts.push(host)
    return host
  }

  /** Puts what a worker did not begin before all that waits; an answer goes back to its run's worker. */
  #takeBack(jobs: readonly Job[]): void {
    for (const job of jobs) {
      if (this.#isClosed) job.settle('lost')
      else if (isFresh(job.stint)) this.#returned.add(job)
      else this.#tell(job)
    }
    this.#next()
  }
}
