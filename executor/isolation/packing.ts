// What a thread and its host post to each other. A structured clone writes the keys of every object and makes
// a buffer for every byte array, which costs a short call more than all else on its way: so what is common is
// packed into rows of texts and numbers, and the rest goes as it is.

import type { TaskDone } from '../stint.ts'
import type { Posted } from './worker-link.ts'

/** A batch, packed: one array or object for each item. */
export type Packed = readonly unknown[]

/** Bytes up to which a value goes as text, one character a byte. */
const SHORT_VALUE = 1024

/** Fields of a start without its program and with nothing beside what every one has. */
const START_FIELDS = 6

type StartRow = readonly [
  sequence: number,
  timeMs: number,
  run: number,
  image: string,
  reference: string,
  args: string,
  fuel: number,
  memoryBytes: number,
  outputBytes: number,
]

/** Packs what a worker is sent: starts of programs that it has. */
export function packPosted(items: readonly Posted[]): Packed {
  return items.map((item) => {
    if ('kind' in item) return item
    const { sequence, timeMs, stint } = item
    if (
      stint.kind !== 'start' ||
      typeof stint.args !== 'string' ||
      Object.keys(stint).length !== START_FIELDS
    )
      return item
    const { run, image, reference, args, bounds } = stint
    const { fuel, memoryBytes, outputBytes } = bounds
    return [sequence, timeMs, run, image, reference, args, fuel, memoryBytes, outputBytes] satisfies StartRow
  })
}

export function unpackPosted(packed: Packed): Posted[] {
  return packed.map((item) => {
    if (!Array.isArray(item)) return item as Posted
    const [sequence, timeMs, run, image, reference, args, fuel, memoryBytes, outputBytes] =
      item as unknown as StartRow
    const bounds = { fuel, memoryBytes, outputBytes }
    return { sequence, timeMs, stint: { kind: 'start', run, image, reference, args, bounds } }
  })
}

/** Fields of a result with nothing beside what every one has. */
const RESULT_FIELDS = 5

type ValueRow = readonly [sequence: number, value: string, used: number, heapBytes: number, ms: number]

/** Packs what a worker answers: short values of runs that logged nothing. */
export function packDone(done: readonly TaskDone[]): Packed {
  return done.map((item) => {
    const { sequence, result } = item
    if (typeof result === 'string' || result.trace.length > 0 || Object.keys(result).length !== RESULT_FIELDS)
      return item
    const { reply, used, heapBytes, ms } = result
    const value = 'text' in reply && reply.text === 'v' ? reply.value : undefined
    if (!value || value.length > SHORT_VALUE) return item
    return [
      sequence,
      Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1'),
      used,
      heapBytes,
      ms,
    ] satisfies ValueRow
  })
}

export function unpackDone(packed: Packed): TaskDone[] {
  return packed.map((item) => {
    if (!Array.isArray(item)) return item as TaskDone
    const [sequence, text, used, heapBytes, ms] = item as unknown as ValueRow
    const value = Uint8Array.from(Buffer.from(text, 'latin1'))
    return { sequence, result: { reply: { text: 'v', value }, used, heapBytes, trace: [], ms } }
  })
}
