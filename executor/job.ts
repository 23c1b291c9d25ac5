// A stint on its way through the pool: queued, posted to a worker, settled once.

import type { Stint, StintReply } from './stint.ts'

/**
 * What a stint came to besides the guest's own replies. `late`: its time was up and the worker had
 * to be killed. `lost`: the worker is gone with the run's sandbox, through no fault of this run, or
 * nobody wants it any more; whoever drives the run may start it anew.
 */
export type StintOutcome = StintReply | 'late' | 'lost'

export interface StintOptions {
  /** Time that the stint may take, in milliseconds, its time in the queue not counted. */
  readonly timeMs: number
  readonly signal?: AbortSignal | undefined
  /** Which of the stints that wait goes first. */
  readonly priority?: Priority | undefined
}

/** `high` goes before `normal`, `normal` before `low`; among equals the first come goes first. */
export type Priority = 'high' | 'normal' | 'low'

export interface Job {
  readonly stint: Stint
  readonly options: StintOptions
  /** Settles its promise; later calls do nothing. */
  readonly settle: (outcome: StintOutcome) => void
  readonly settled: Promise<StintOutcome>
}
