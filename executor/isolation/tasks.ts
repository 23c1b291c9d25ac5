// Does tasks, as a thread or as a process: times each, ends one whose time is up, and keeps the
// lines that it writes.

import type { AtHandModules } from '../at-hand.ts'
import { readGuestModule } from '../engine.ts'
import { EXECUTOR_LIMITS } from '../limits.ts'
import type { SandboxPowers } from '../sandbox.ts'
import type { Task, TaskDone, WorkerSetup } from '../stint.ts'
import { Stints } from '../stints.ts'

/** Time that the worker has kept a processor busy: unlike the clock's, it is the guest's own doing. */
export type ReadCpuUsage = () => { readonly user: number; readonly system: number }

export interface TaskPowers {
  readonly engine: WebAssembly.Module
  readonly setup: WorkerSetup
  readonly atHand: AtHandModules
  /** In microseconds. */
  readonly cpuUsage: ReadCpuUsage
  /** True when the task under way is to end at once. */
  isUnwanted(): boolean
}

export class Tasks {
  readonly #powers: TaskPowers
  readonly #stints: Stints
  #trace: string[] = []
  #timeLimitMs = 0
  /** When the task was first looked at, by the worker's own time; one too short for that is timed by the clock. */
  #lookedAtMs: number | undefined

  constructor(powers: TaskPowers) {
    this.#powers = powers
    const { engine, setup } = powers
    const { maximumMemoryBytes, permits } = setup
    const sandboxes: SandboxPowers = {
      engine,
      maximumMemoryBytes,
      guestModule: readGuestModule,
      permits,
      isInterrupted: () => powers.isUnwanted() || this.#isPastTime(),
      trace: (line) => {
        if (this.#trace.length < EXECUTOR_LIMITS.traceLines) this.#trace.push(line)
      },
    }
    this.#stints = new Stints(sandboxes, powers.atHand)
  }

  perform({ sequence, stint, timeMs }: Task): TaskDone {
    const startedMs = performance.now()
    this.#timeLimitMs = timeMs
    this.#lookedAtMs = undefined
    this.#trace = []
    const result = this.#stints.perform(stint)
    if (result === 'unknown-image') return { sequence, result }
    const lookedAtMs = this.#lookedAtMs as number | undefined // set while the guest ran
    const ms = lookedAtMs === undefined ? performance.now() - startedMs : this.#busyMs() - lookedAtMs
    return { sequence, result: { ...result, trace: this.#trace, ms } }
  }

  /** Readies what the next task may need: for when nobody waits. */
  prepare(): void {
    this.#stints.prepare()
  }

  /** Gives up the sandbox of a run that will get no answer. */
  drop(run: number): void {
    this.#stints.drop(run)
  }

  #isPastTime(): boolean {
    this.#lookedAtMs ??= this.#busyMs()
    return this.#busyMs() - this.#lookedAtMs > this.#timeLimitMs
  }

  #busyMs(): number {
    const { user, system } = this.#powers.cpuUsage()
    return (user + system) / 1000
  }
}
