// Memos: outcomes of pure runs, kept by what was run, with what, on which engine. A pure call has
// one outcome for ever; what depends on limits or performed anything is never kept. Those that were
// used last stand in memory, all of them in a store; equal calls at one time are run once.

import { LRUCache } from 'lru-cache'
import { decodePlain, encodePlain, hashObject, type Reference, referenceText } from '#codebase'
import { engineId } from './engine-id.ts'
import { EXECUTOR_LIMITS, type Limits } from './limits.ts'
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
  /** The result in bytes, as it came. */
  readonly outputBytes: number
}

/** How often memos were of use. */
export interface MemoStatistics {
  /** Calls whose outcome was known, from memory and from the store. */
  readonly memoryHits: number
  readonly storeHits: number
  /** Of the calls whose outcome was known, those that had to wait for it. */
  readonly joined: number
  /** Calls that were run. */
  readonly misses: number
  /** Bytes that memos in memory take. */
  readonly memoryBytes: number
}

/** What a memo is kept under; `args` is the array of the arguments, encoded. */
export function memoKey(reference: Reference, args: Uint8Array): string {
  return `${engineId()}/${referenceText(reference)}/${hashObject(args)}`
}

export class Memos {
  readonly #store: MemoStore
  readonly #recent = new LRUCache<string, Uint8Array>({
    maxSize: EXECUTOR_LIMITS.memoMemoryBytes,
    sizeCalculation: (bytes, key) => bytes.length + key.length,
  })
  /** Calls under way, by their keys; settled, never rejected, when they have ended. */
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #counts = { memoryHits: 0, storeHits: 0, joined: 0, misses: 0 }

  constructor(store: MemoStore) {
    this.#store = store
  }

  get statistics(): MemoStatistics {
    return { ...this.#counts, memoryBytes: this.#recent.calculatedSize }
  }

  /**
   * What the call under `key` comes to: as is known, else as `run` says, which runs it. An equal call
   * that is under way is waited for.
   */
  async outcomeOf<Ran extends Memo>(
    key: string,
    { limits, signal, run, isKept }: MemoisedCall<Ran>,
  ): Promise<{ readonly known: Memo } | { readonly ran: Ran }> {
    const before = await this.#recall(key, limits)
    if (before) return { known: before }
    const other = this.#underWay.get(key)
    if (other) {
      await this.#ended(other, { limits, signal })
      const known = await this.#recall(key, limits)
      if (known) {
        this.#counts.joined++
        return { known }
      }
    }
    return { ran: await this.#run(key, { run, isKept }) }
  }

  async #run<Ran extends Memo>(
    key: string,
    { run, isKept }: Pick<MemoisedCall<Ran>, 'run' | 'isKept'>,
  ): Promise<Ran> {
    this.#counts.misses++
    const running = run()
    // What can't be kept is computed again: a store that fails fails no run.
    const ended = running.then((ran) => (isKept(ran) ? this.#keep(key, ran) : undefined)).catch(() => {})
    this.#underWay.set(key, ended)
    try {
      return await running
    } finally {
      await ended
      if (this.#underWay.get(key) === ended) this.#underWay.delete(key)
    }
  }

  /** Resolves when the other call has ended, or this one's time is up. @throws the signal's reason when it aborts */
  async #ended(
    other: Promise<void>,
    { limits, signal }: Pick<MemoisedCall<Memo>, 'limits' | 'signal'>,
  ): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = (): void => resolve()
    const timer = setTimeout(end, Math.min(limits.timeMs, 2 ** 31 - 1))
    signal?.addEventListener('abort', end, { once: true })
    await Promise.race([other, promise])
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
    signal?.throwIfAborted()
  }

  /** The memo under `key`, unless the run that made it would not have ended so within `limits`. */
  async #recall(key: string, limits: Limits): Promise<Memo | undefined> {
    const recent = this.#recent.get(key)
    const bytes = recent ?? (await this.#store.get(key))
    if (!bytes) return undefined
    const memo = decodeMemo(bytes)
    if (
      memo.fuel >= limits.fuel ||
      memo.heapBytes > limits.memoryBytes ||
      memo.outputBytes > limits.outputBytes
    )
      return undefined
    if (!recent) this.#recent.set(key, bytes)
    this.#counts[recent ? 'memoryHits' : 'storeHits']++
    return memo
  }

  /** Keeps the outcome of a pure run. Only values and failures are kept. */
  async #keep(key: string, memo: Memo): Promise<void> {
    if (memo.outcome.kind !== 'value' && memo.outcome.kind !== 'failure') return
    const plain = [plainOfOutcome(memo.outcome, 'whole'), memo.fuel, memo.heapBytes, memo.outputBytes]
    const bytes = encodePlain(plain)
    this.#recent.set(key, bytes)
    await this.#store.put(key, bytes)
  }
}

export interface MemoisedCall<Ran extends Memo> {
  readonly limits: Limits
  readonly signal?: AbortSignal | undefined
  run(): Promise<Ran>
  /** Whether what was run was pure. */
  isKept(ran: Ran): boolean
}

function decodeMemo(bytes: Uint8Array): Memo {
  const [outcome, fuel, heapBytes, outputBytes] = decodePlain(bytes) as [never, number, number, number]
  return { outcome: outcomeOfPlain(outcome), fuel, heapBytes, outputBytes }
}
