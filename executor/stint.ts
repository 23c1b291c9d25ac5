// What the main thread and the worker say to each other. A run is a series of stints: the first
// starts it, each other one answers the operation that it waits for. One stint is under way at a
// time, so that whoever supervises the worker knows which run keeps it busy.

import type { CallBounds, Reply } from './sandbox.ts'

/** Starts a run. */
export interface StartStint {
  readonly kind: 'start'
  readonly run: number
  /** What the image is kept under: the same key, the same program. */
  readonly image: string
  /** Text of the program; absent when the worker should have the image. */
  readonly program?: string
  /** Reference of the definition to start, as text. */
  readonly reference: string
  /** Arguments as JSON. */
  readonly args: string
  readonly bounds: CallBounds
}

/** Answers the operation that a run waits for, or throws the error that it failed with. */
export interface AnswerStint {
  readonly kind: 'answer' | 'fail'
  readonly run: number
  /** A value as JSON, or `{ name, message }`. */
  readonly json: string
  readonly bounds: CallBounds
}

/** Ends a run that waits for an answer. There is no reply. */
export interface DropStint {
  readonly kind: 'drop'
  readonly run: number
}

export type Stint = StartStint | AnswerStint

/** What a stint came to. */
export interface StintReply {
  /** `unknown-image`: nothing ran, send the program along. */
  readonly reply: Reply | 'unknown-image'
  /** Steps taken; those of making the image are part of every start. */
  readonly used: number
  /** Bytes of the guest's heap at the end. */
  readonly heapBytes: number
  /** Lines that the console wrote. */
  readonly trace: readonly string[]
}

/** What a worker is made with. */
export interface WorkerSetup {
  /** Permits for the guest's runtime, as JSON. */
  readonly permits: string
  readonly maximumMemoryBytes: number
  /** One word of shared memory; not 0 while the run under way shall end. */
  readonly interrupt: SharedArrayBuffer
}
