// Every bound that this folder enforces, with its unit, and what happens beyond it.

import type { DecodeBounds } from '#codebase'

/** Bounds on one run that its caller may choose; beyond one the run ends with that limit as its outcome. */
export interface Limits {
  /**
   * Steps: bytecodes, and turns of the loops inside the engine. Counted, not timed: one call takes the
   * same number everywhere. A second is some 60 to 400 million of them.
   */
  readonly fuel: number
  /** Heap of the guest in bytes, the code of its closure included. */
  readonly memoryBytes: number
  /** The result and the arguments of one operation in bytes: plain data as it is encoded, anything else as JSON. */
  readonly outputBytes: number
  /** Operations that providers answer. */
  readonly effects: number
  /** Time that the guest keeps a processor busy or waits for an operation, in milliseconds; never the queue. */
  readonly timeMs: number
}

/** What a run gets when its request does not say. */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  fuel: 1_000_000_000,
  memoryBytes: 64 * 1024 * 1024,
  outputBytes: 8 * 1024 * 1024,
  effects: 10_000,
  timeMs: 30_000,
})

/** The most that a request may ask for; beyond it the request is refused. */
export const MAXIMUM_LIMITS: Limits = Object.freeze({
  fuel: 1_000_000_000_000_000,
  memoryBytes: 512 * 1024 * 1024,
  outputBytes: 64 * 1024 * 1024,
  effects: 10_000_000,
  timeMs: 24 * 60 * 60 * 1000,
})

/** Bounds that are the same for every run. */
export const EXECUTOR_LIMITS = Object.freeze({
  /** Stack of the guest in bytes; beyond it an error that the guest can catch, else the limit `stack`. */
  stackBytes: 256 * 1024,
  /** Stack of the worker's thread in MiB: enough that the guest's bound always comes first. */
  threadStackMb: 16,
  /** The same of a worker process. */
  processStackMb: 16,
  /** Heap of JavaScript in a worker process, in MiB. */
  processHeapMb: 512,
  /** All of the memory of a worker process in bytes, on Linux; one that needs more ends. */
  processDataBytes: 3 * 1024 * 1024 * 1024,
  /** All arguments of a call, encoded, in bytes; beyond it the request is refused. */
  argumentBytes: 8 * 1024 * 1024,
  /** Components of one closure and their bytes together; beyond it the request is refused. */
  closureObjects: 20_000,
  closureBytes: 64 * 1024 * 1024,
  /** Lines that `console` shows for one run, and bytes of UTF-16 in one; what is beyond is cut. */
  traceLines: 1_000,
  traceLineLength: 10_000,
  /** Runs under way at once, those that wait for an operation included, and runs that wait; beyond it a run is refused. */
  liveRuns: 10_000,
  queuedRuns: 100_000,
  /** Time beyond its limit after which a guest that can't be interrupted loses its worker, in milliseconds. */
  graceMs: 1_000,
  /** How many times its limit a guest may take by the clock, on a machine that has other things to do, before that. */
  clockFactor: 10,
  /** Time between two looks at what a worker does, in milliseconds; what waits behind a longer stint is given to another worker. */
  watchMs: 5,
  /** Short stints that a worker is given ahead, by the time they take together in milliseconds, and by number. */
  aheadMs: 4,
  postedStints: 128,
  /** Time for which a worker keeps results to post them together, in milliseconds. */
  batchMs: 1,
  /** Time that a thread with nothing to do waits for more before it sleeps, in milliseconds. */
  idleMs: 20,
  /** Times a run is started anew because another one took its worker down. */
  restarts: 3,
  /** Programs and images kept for the next call, in bytes each. */
  programCacheBytes: 64 * 1024 * 1024,
  imageCacheBytes: 128 * 1024 * 1024,
  /** Outcomes of pure runs kept in memory, in bytes; all of them are kept in the store. */
  memoMemoryBytes: 32 * 1024 * 1024,
  /** Operations that a worker answers itself in one stint, and bytes of JSON of these answers; more go to the main thread. */
  answeredAtHand: 4096,
  answeredBytes: 1024 * 1024,
  /** Sandboxes in which a run waits for an operation; of those that wait longer only what differs from their image is kept. */
  waitingSandboxes: 4,
  /** Sandboxes kept for the next call. */
  idleSandboxes: 4,
})

/** Bounds on an effect log that is read; a larger one can't be replayed. */
export const EFFECT_LOG_BOUNDS: DecodeBounds = Object.freeze({
  /** An effect log that is replayed, in bytes. */
  maxBytes: 256 * 1024 * 1024,
  /** Arrays inside arrays in it. */
  maxDepth: 16,
  /** Items in it. */
  maxItems: 50_000_000,
})

/** Bounds on a parked run that is read. */
export const PARKED_BOUNDS: DecodeBounds = Object.freeze({
  /** A parked run, in bytes. */
  maxBytes: 768 * 1024 * 1024,
  /** Arrays inside arrays in it. */
  maxDepth: 2,
  /** Items in it. */
  maxItems: 16,
})

/** Limits that end a run: those above and the fixed bound on the stack. */
export type LimitName = 'fuel' | 'memory' | 'stack' | 'output' | 'effects' | 'time'
