// What a worker process answers, checked: a guest that broke out of the engine there can say
// anything, and must not get further than a wrong result of its own call.

import { EXECUTOR_LIMITS } from '../limits.ts'
import type { Parked } from '../image.ts'
import type { Reply, Stop } from '../sandbox.ts'
import { isFresh, type StintReply, type Task, type TaskDone } from '../stint.ts'

const STOPS: readonly string[] = ['fuel', 'memory', 'output', 'interrupted', 'trap'] satisfies Stop[]

/** The answer to `task`; undefined when the message is anything else. */
export function readTaskDone(message: unknown, { sequence, stint }: Task): TaskDone | undefined {
  if (!isRecord(message) || message['sequence'] !== sequence) return undefined
  const { result } = message
  if (result === 'unknown-image')
    return isFresh(stint) && !('program' in stint) ? { sequence, result } : undefined
  if (!isRecord(result)) return undefined
  const reply = readReply(result['reply'], stint.bounds.outputBytes)
  const { used, heapBytes, ms } = result
  const trace = readTrace(result['trace'])
  if (!reply || !isAmount(used) || !isAmount(heapBytes) || !isAmount(ms) || !trace) return undefined
  const done: StintReply = { reply, used: Math.min(used, stint.bounds.fuel), heapBytes, trace, ms }
  if (result['parked'] === undefined) return { sequence, result: done }
  const parked = readParked(result['parked'])
  return parked && { sequence, result: { ...done, parked } }
}

function readReply(reply: unknown, outputBytes: number): Reply | undefined {
  if (!isRecord(reply)) return undefined
  const { text, value, stop, fault } = reply
  if (text === 'v' && value instanceof Uint8Array)
    return value.length <= outputBytes ? { text, value: new Uint8Array(value) } : { stop: 'output' }
  if (typeof text === 'string') return text.length <= outputBytes ? { text } : { stop: 'output' }
  if (typeof stop === 'string' && STOPS.includes(stop)) return { stop: stop as Stop }
  return typeof fault === 'string' ? { fault: fault.slice(0, 10_000) } : undefined
}

function readTrace(trace: unknown): string[] | undefined {
  if (!Array.isArray(trace) || !trace.every((line) => typeof line === 'string')) return undefined
  const { traceLines, traceLineLength } = EXECUTOR_LIMITS
  return trace.slice(0, traceLines).map((line: string) => line.slice(0, traceLineLength))
}

function readParked(parked: unknown): Parked | undefined {
  if (!isRecord(parked)) return undefined
  const { memoryBytes, heapTop, runs, words } = parked
  if (!isAmount(memoryBytes) || !isAmount(heapTop)) return undefined
  if (!(runs instanceof Uint32Array && words instanceof Uint32Array)) return undefined
  return { memoryBytes, heapTop, runs: runs.slice(), words: words.slice() }
}

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
