// What the main thread and a worker say to each other. A run is a series of stints: the first
// starts it, each other one answers the operation that it waits for. A worker does its stints one
// after the other, in the order that they were posted. How it is reached stands in isolation/worker-link.ts.

import type { AnsweredAtHand, AskedAtHand, AtHand } from './at-hand.ts'
import type { Parked } from './image.ts'
import type { CallBounds, Crossing, Reply } from './sandbox.ts'

/** What every stint says that begins in a fresh sandbox. */
interface Fresh {
  readonly run: number
  /** What the image is kept under: the same key, the same program. */
  readonly image: string
  /** Text of the program. */
  readonly program: string
  readonly bounds: CallBounds
}

/** What a worker may answer itself while it does a stint. */
interface WithAtHand {
  readonly atHand?: AtHand | undefined
}

/** Starts a run. */
export interface StartStint extends Fresh, WithAtHand {
  readonly kind: 'start'
  /** Reference of the definition to start, as text. */
  readonly reference: string
  readonly args: Crossing
}

/** Goes on, as a run of its own, with the continuation at which another run was stopped. */
export interface GoStint extends Fresh {
  readonly kind: 'go'
  readonly state: Parked
  /** What the operation is answered with, as JSON. */
  readonly json: string
}

/** Runs anew what has been run before, up to where it captured a continuation, and parks it there. */
export interface StopStint extends Fresh {
  readonly kind: 'stop'
  readonly began: Pick<StartStint, 'kind' | 'reference' | 'args'> | Pick<GoStint, 'kind' | 'state' | 'json'>
  /** What the run was told since. */
  readonly told: readonly Told[]
  /** Number of the continuation. */
  readonly continuation: number
}

/** What a run that waits is told: an answer, an error that is thrown, what a fork of it came to. */
export interface Told {
  readonly kind: 'answer' | 'fail' | 'fork'
  /** A value as JSON; `{ name, message }`; `{ fork, ask, cancel }`, `{ value }` or `{ error }`. */
  readonly json: string
  /** Number of the operation that is answered or fails. */
  readonly operation?: number
}

/** Tells a run what it waits for. */
export interface ToldStint extends Told, WithAtHand {
  readonly run: number
  readonly bounds: CallBounds
}

/** Ends a run that waits for an answer. There is no reply. */
export interface DropStint {
  readonly kind: 'drop'
  readonly run: number
}

export type FreshStint = StartStint | GoStint | StopStint
export type Stint = FreshStint | ToldStint

/** A stint as a worker gets it: without its program when the worker should have the image. */
export type PostedStint = PostedFresh | ToldStint
export type PostedFresh = FreshStint | WithoutProgram<FreshStint>
type WithoutProgram<T> = T extends unknown ? Omit<T, 'program'> : never

export function isFresh<T extends PostedStint>(stint: T): stint is Exclude<T, ToldStint> {
  return 'image' in stint
}

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
  /** Time that it kept the thread busy, in milliseconds. */
  readonly ms: number
  /** Of a StopStint. */
  readonly parked?: Parked
  /** Operations that the worker answered itself, in order. */
  readonly answered?: readonly AnsweredAtHand[]
  /** Beside these: operations that the run waits for, and whose answers it will be told later. */
  readonly left?: readonly AskedAtHand[]
}

/** `unknown-image`: nothing ran, send the program along. `retracted`: nothing ran, as the host wished. */
export interface TaskDone {
  readonly sequence: number
  readonly result: StintReply | 'unknown-image' | 'retracted'
}

/** What a worker is made with, be it a thread or a process. */
export interface WorkerSetup {
  /** Permits for the guest's runtime, as JSON. */
  readonly permits: string
  readonly maximumMemoryBytes: number
  /** Modules by which a thread answers operations itself. */
  readonly atHand: readonly string[]
}

/** True for the reply of a run that waits to be told something. */
export function isWaiting(reply: Reply): boolean {
  return 'text' in reply && /^[ok]/.test(reply.text)
}

/** What is told to a guest, as the arguments of its entry. */
export function wordsOf({ json, operation }: Told): string[] {
  return operation === undefined ? [json] : [json, `${operation}`]
}
