// What the main thread and a worker say to each other. A run is a series of stints: the first
// starts it, each other one answers the operation that it waits for. A worker does its stints one
// after the other, in the order that they were posted, and shares with its host which one is under way.

import type { CallBounds, Reply } from './sandbox.ts'

/** Starts a run. */
export interface StartStint {
  readonly kind: 'start'
  readonly run: number
  /** What the image is kept under: the same key, the same program. */
  readonly image: string
  /** Text of the program. */
  readonly program: string
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

/** A stint as a worker gets it: a start without its program when the worker should have the image. */
export type PostedStint = Stint | Omit<StartStint, 'program'>

/** A stint as it is posted. */
export interface Task {
  /** From 1, one more for every task that a worker is given. */
  readonly sequence: number
  readonly stint: PostedStint
  /** Time that it may take, in milliseconds. */
  readonly timeMs: number
}

/** What a stint came to. */
export interface StintReply {
  readonly reply: Reply
  /** Steps taken; those of making the image are part of every start. */
  readonly used: number
  /** Bytes of the guest's heap at the end. */
  readonly heapBytes: number
  /** Lines that the console wrote. */
  readonly trace: readonly string[]
  /** Time that it took, in milliseconds. */
  readonly ms: number
}

/** `unknown-image`: nothing ran, send the program along. `retracted`: nothing ran, as the host wished. */
export interface TaskDone {
  readonly sequence: number
  readonly result: StintReply | 'unknown-image' | 'retracted'
}

/** What a worker is made with. */
export interface WorkerSetup {
  /** Permits for the guest's runtime, as JSON. */
  readonly permits: string
  readonly maximumMemoryBytes: number
  /** Words of shared memory, at the places of WORDS. */
  readonly words: SharedArrayBuffer
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
  count: 4,
})

/** True for the reply of a run that waits for an answer. */
export function isWaiting(reply: Reply): boolean {
  return 'text' in reply && reply.text.startsWith('o')
}
