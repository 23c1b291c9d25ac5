// Memos: outcomes of pure runs, kept by what was run, with what, on which engine. A pure call has
// one outcome for ever; what depends on limits or performed anything is never kept.

import {
  decodePlain,
  encodePlain,
  encodeValue,
  hashObject,
  type Reference,
  referenceText,
  type Value,
} from '#codebase'
import { engineId } from './engine-id.ts'
import type { Limits } from './limits.ts'
import { type Outcome, outcomeOfPlain, plainOfOutcome } from './outcome.ts'

/** Keeps bytes by key. */
export interface MemoStore {
  get(key: string): Promise<Uint8Array | undefined>
  put(key: string, value: Uint8Array): Promise<void>
}

/** A pure run: what came of it and what that took. */
export interface Memo {
  readonly outcome: Outcome
  readonly fuel: number
  /** Heap at the end, in bytes. */
  readonly heapBytes: number
  /** The result in bytes of JSON. */
  readonly outputBytes: number
}

/** What a memo is kept under. */
export function memoKey(reference: Reference, args: readonly Value[]): string {
  return `${engineId()}/${referenceText(reference)}/${hashObject(encodeValue([...args]))}`
}

/** The memo under `key`, unless the run that made it would not have ended so within `limits`. */
export async function recall(store: MemoStore, key: string, limits: Limits): Promise<Memo | undefined> {
  const bytes = await store.get(key)
  if (!bytes) return undefined
  const [outcome, fuel, heapBytes, outputBytes] = decodePlain(bytes) as [never, number, number, number]
  const isWithin = fuel < limits.fuel && heapBytes <= limits.memoryBytes && outputBytes <= limits.outputBytes
  return isWithin ? { outcome: outcomeOfPlain(outcome), fuel, heapBytes, outputBytes } : undefined
}

/** Keeps the outcome of a pure run. Only values and failures are kept. */
export async function remember(store: MemoStore, key: string, memo: Memo): Promise<void> {
  if (memo.outcome.kind !== 'value' && memo.outcome.kind !== 'failure') return
  const plain = [plainOfOutcome(memo.outcome, 'whole'), memo.fuel, memo.heapBytes, memo.outputBytes]
  await store.put(key, encodePlain(plain))
}
