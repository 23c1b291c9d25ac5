// What a worker thread and its host share: memory, and the compiled engine.

import type { WorkerSetup } from '../stint.ts'

export interface ThreadSetup extends WorkerSetup {
  /** Words of shared memory, at the places of WORDS. */
  readonly words: SharedArrayBuffer
  /** The engine as another thread compiled it; absent for the first. */
  readonly engine?: WebAssembly.Module | undefined
}

/** What the thread that compiled the engine says first. */
export interface CompiledEngine {
  readonly engine: WebAssembly.Module
}

/** Places in the memory that a worker and its host share. Each holds the sequence of a task. */
export const WORDS = Object.freeze({
  /** The task under way; 0 between tasks. The worker writes it. */
  current: 0,
  /** The task that shall end at once. */
  interrupted: 1,
  /** Tasks after the first of these and up to the second are not to be begun. */
  retractedAfter: 2,
  retractedUpTo: 3,
  /** Counts the batches that were posted, and is waited on. */
  posts: 4,
  count: 5,
})
