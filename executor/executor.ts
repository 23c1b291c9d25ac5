// The executor: owns the workers and what is kept from run to run, and lets so many runs at a time
// hold a sandbox. What happens to one request stands in run.ts.

import type { Provider } from '#abilities'
import { KnownError, type ObjectSource } from '#codebase'
import { EXECUTOR_LIMITS } from './limits.ts'
import { Memos, type MemoStatistics, type MemoStore } from './memo.ts'
import { ProgramCache } from './programs.ts'
import type { Signer } from './receipt.ts'
import { type Replayed, type ReplayRequest, replay } from './replay.ts'
import { type RunContext, type RunOptions, type RunRequest, type RunResult, run } from './run.ts'
import { type Isolation, WorkerPool } from './pool.ts'

/** What an executor is given; it reaches nothing else. */
export interface ExecutorPowers {
  /** Where definitions come from. Every object is held against its hash before use. */
  readonly objects: ObjectSource
  /** Keeps the outcomes of pure runs; absent: everything is run. */
  readonly memo?: MemoStore | undefined
  readonly providers: readonly Provider[]
  /** Signs receipts. */
  readonly signer: Signer
  /** Milliseconds, of any epoch. */
  readonly clock: () => number
  /** Workers at most; one for each core unless given. */
  readonly workers?: number | undefined
  /** Whether workers are threads, as they are unless given, or processes with nearly no permissions (docs/security.md). */
  readonly isolation?: Isolation | undefined
}

/** What workers may answer by themselves. */
function modulesOf(providers: readonly Provider[]): string[] {
  for (const { ability, atHand } of providers) {
    if (atHand === undefined || URL.canParse(atHand)) continue
    const message = `Cannot use the provider of ${ability}: atHand is ${JSON.stringify(atHand)}, expected the URL of a module`
    throw new KnownError('usage', 'provider-invalid', message, {
      hint: "new URL('./module.js', import.meta.url).href is that of a file beside yours",
    })
  }
  return [...new Set(providers.flatMap(({ atHand }) => atHand ?? []))]
}

/** Runs definitions by hash, each call in a fresh sandbox on a worker thread. */
export class Executor {
  readonly #powers: ExecutorPowers
  readonly #pool: WorkerPool
  readonly #memos: Memos | undefined
  readonly #programs = new ProgramCache()
  #runs = 0
  #live = 0
  readonly #waiting: (() => void)[] = []

  /** @throws KnownError usage `isolation-unavailable` when processes can't be confined here; `provider-invalid` */
  constructor(powers: ExecutorPowers) {
    this.#powers = powers
    this.#memos = powers.memo && new Memos(powers.memo)
    this.#pool = new WorkerPool({ ...powers, atHand: modulesOf(powers.providers) })
  }

  /**
   * Runs a request to its outcome and signs the receipt.
   * @throws as run(); KnownError limit `busy` when too many runs wait already
   */
  run(request: RunRequest, options: RunOptions = {}): Promise<RunResult> {
    return run(request, options, this.#context())
  }

  /** Runs again what a receipt is about, with no provider. @throws as replay() */
  replay(request: ReplayRequest): Promise<Replayed> {
    return replay(request, this.#context())
  }

  #context(): RunContext {
    return {
      powers: this.#powers,
      pool: this.#pool,
      memos: this.#memos,
      newRun: () => this.#runs++,
      loadProgram: (wanted, objects) => this.#programs.load(wanted, objects),
      withSandbox: (signal, act) => this.#withSandbox(signal, act),
    }
  }

  /** How often memos were of use; undefined without a memo store. */
  get memoStatistics(): MemoStatistics | undefined {
    return this.#memos?.statistics
  }

  /** Ends the workers; runs under way fail. */
  async close(): Promise<void> {
    await this.#pool.close()
  }

  async #withSandbox<T>(signal: AbortSignal | undefined, act: () => Promise<T>): Promise<T> {
    if (this.#live < EXECUTOR_LIMITS.liveRuns) this.#live++
    else await this.#turn()
    try {
      signal?.throwIfAborted()
      return await act()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#live--
    }
  }

  /** Settles when another run hands over its place. */
  #turn(): Promise<void> {
    if (this.#waiting.length >= EXECUTOR_LIMITS.queuedRuns) {
      const message = `Cannot run: ${this.#waiting.length} runs wait already`
      throw new KnownError('limit', 'busy', message, { hint: 'try again later, or ask another node' })
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
