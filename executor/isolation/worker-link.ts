// The port between a host and its worker: what either kind of worker, a thread or a process, is
// reached by. Tasks are done one after the other, in the order that they were posted.

import type { DropStint, Task, TaskDone, WorkerSetup } from '../stint.ts'

/** What a worker is sent. */
export type Posted = Task | DropStint

export interface WorkerLink {
  /** Sequence of the task under way: no later one has begun. 0 between tasks. */
  readonly current: number
  post(items: readonly Posted[]): void
  /** Wishes the task ended at once. A process can't hear that while it works: its host kills it after a grace. */
  interrupt(sequence: number): void
  /** Withdraws the tasks after `after`, up to `upTo`, that have not begun; each is answered `retracted` or not at all. */
  retract(after: number, upTo: number): void
  /** Whether this process stays alive for the worker's sake. */
  keepAlive(isAwaited: boolean): void
  /** Ends the worker, whatever it does; nothing is told of it afterwards. */
  terminate(): Promise<void>
}

/** What a link tells its host. */
export interface WorkerEvents {
  onDone(done: readonly TaskDone[]): void
  /** The worker ended by itself, or broke the protocol. Told once. */
  onEnd(): void
}

export type StartWorker = (setup: WorkerSetup, events: WorkerEvents) => WorkerLink
