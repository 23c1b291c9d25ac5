// Drives one run: starts it in the worker, has each operation performed by its provider, gives
// the answer back, until there is an outcome. Everything performed is logged; a run whose worker
// is lost through another run's fault is started anew and answered from its log.

import type { PerformContext } from '#abilities'
import { encodePlain, InvariantError, parseReference, type Value, ValueError, valueFromJson } from '#codebase'
import { type Performed, plainOfLog } from './answers.ts'
import type { Authority } from './authority.ts'
import { framesOf } from './frames.ts'
import type { Priority, StintOutcome } from './job.ts'
import { EXECUTOR_LIMITS, type LimitName, type Limits } from './limits.ts'
import { Operations, type Recorded } from './operations.ts'
import { decodedOutcome, type FailureCause, failureOf, type Outcome, valueOutcome } from './outcome.ts'
import type { WorkerPool } from './pool.ts'
import type { LoadedProgram } from './programs.ts'
import { BrokenReply, jsonOf, type Thrown, thrownOf, valueOf, type Wanted, wantedOf } from './said.ts'
import type { CallBounds, Crossing, Stop } from './sandbox.ts'
import type { Stint, StintReply } from './stint.ts'
import { Strands } from './strands.ts'

/** Name of the failure of a call whose engine broke off. */
export const ENGINE_FAULT = 'EngineFault'

const BROKEN = failureOf(ENGINE_FAULT, 'Cannot go on: the engine that ran the function broke off')

/** What is driven. */
export interface Drive {
  readonly program: LoadedProgram
  /** Definition to start, as text. */
  readonly reference: string
  readonly args: Crossing
  readonly limits: Limits
  readonly authority: Authority
  /** What a replay is answered from. */
  readonly recorded?: Recorded
}

export interface DrivePowers {
  readonly pool: WorkerPool
  /** Names a run towards the workers. */
  newRun(): number
  readonly priority: Priority | undefined
  readonly clock: () => number
  readonly signal: AbortSignal | undefined
  readonly log: PerformContext['log']
}

/** What a run came to. */
export interface Driven {
  readonly outcome: Outcome
  readonly fuel: number
  readonly heapBytes: number
  /** The result in bytes, as it came. */
  readonly outputBytes: number
  readonly trace: readonly string[]
  /** docs/format.md §8; null when nothing was performed. */
  readonly effectLog: Uint8Array | null
}

/**
 * Drives a run to its outcome.
 * @throws the signal's reason when it aborts; InvariantError when workers keep dying under the run
 */
export async function drive(what: Drive, powers: DrivePowers): Promise<Driven> {
  const { limits, authority, program } = what
  const operations = new Operations({
    ...powers,
    authority,
    recorded: what.recorded,
    effects: limits.effects,
    abilityName: (reference) => abilityName(program, reference),
  })
  try {
    for (let attempt = 0; attempt <= EXECUTOR_LIMITS.restarts; attempt++) {
      operations.rewind()
      const driven = await new Attempt(what, powers, operations).toEnd()
      if (driven !== 'lost') return driven
      powers.signal?.throwIfAborted()
    }
  } finally {
    operations.close()
  }
  throw new InvariantError('the worker ended again and again while a function ran')
}

/** @throws BrokenReply when the program has no such ability */
function abilityName(program: LoadedProgram, reference: string): string {
  try {
    return program.abilityName(parseReference(reference))
  } catch {
    throw new BrokenReply('there is no such ability')
  }
}

/** The result of the guest; one that the host can't take is a failure. @throws BrokenReply */
function outcomeOfJson(json: string): Outcome {
  const tree = jsonOf(json)
  try {
    // JSON in which no key begins with `$` stands for itself, and encoding it finds whatever is no value.
    return valueOutcome(json.includes('"$') ? valueFromJson(tree) : (tree as Value))
  } catch (error) {
    if (error instanceof ValueError) return failureOf('ValueError', error.message)
    throw error
  }
}

/** One try at a run, which shares its operations with the ones before. */
class Attempt {
  readonly #what: Drive
  readonly #powers: DrivePowers
  readonly #operations: Operations
  readonly #strands: Strands
  #fuel = 0
  #timeLeftMs: number
  #heapBytes = 0
  #trace: string[] = []

  constructor(what: Drive, powers: DrivePowers, operations: Operations) {
    this.#what = what
    this.#powers = powers
    this.#operations = operations
    this.#timeLeftMs = what.limits.timeMs
    const { key: image, program } = what.program
    this.#strands = new Strands({
      perform: (stint) => this.#perform(stint),
      bounds: () => this.#bounds(),
      stateBytes: what.limits.memoryBytes,
      newRun: () => powers.newRun(),
      atHand: () => operations.atHand,
      onAnswered: (answered, left) => operations.answeredAtHand(answered, left),
      program: { image, program: program.text },
    })
  }

  async toEnd(): Promise<Driven | 'lost'> {
    try {
      return await this.#toEnd()
    } catch (error) {
      if (error instanceof BrokenReply) return this.#end(BROKEN)
      throw error
    } finally {
      for (const run of this.#strands.runs) this.#powers.pool.drop(run)
    }
  }

  async #toEnd(): Promise<Driven | 'lost'> {
    const { reference, args } = this.#what
    let came = await this.#strands.start(this.#powers.newRun(), { kind: 'start', reference, args })
    for (;;) {
      this.#powers.signal?.throwIfAborted()
      if (came === 'lost') return 'lost'
      if (came === 'late') return this.#end(this.#limit('time'))
      const { reply } = came
      if ('fault' in reply) throw new InvariantError(`the guest's runtime failed: ${reply.fault}`)
      if ('stop' in reply) return this.#end(this.#stopped(reply.stop))
      const { value } = reply
      if (value) return this.#end(decodedOutcome(value, valueOf(value)), value.length)
      const content = reply.text.slice(1)
      if (reply.text[0] !== 'o') return this.#end(this.#completed(reply.text[0], content), content.length)
      const answer = await this.#answer(wantedOf(content))
      if ('outcome' in answer) return this.#end(answer.outcome)
      const { kind, json, number } = answer
      came = await this.#strands.tell({ kind, json, operation: number })
    }
  }

  async #perform(stint: Stint): Promise<StintOutcome> {
    const { pool, signal, priority } = this.#powers
    const outcome = await pool.perform(stint, { timeMs: this.#timeLeftMs, signal, priority })
    if (typeof outcome === 'object') this.#account(outcome)
    return outcome
  }

  #bounds(): CallBounds {
    const { fuel, memoryBytes, outputBytes } = this.#what.limits
    return { fuel: Math.max(1, fuel - this.#fuel), memoryBytes, outputBytes }
  }

  #account({ used, heapBytes, trace, ms }: StintReply): void {
    this.#fuel += used
    this.#heapBytes = Math.max(this.#heapBytes, heapBytes)
    this.#timeLeftMs -= ms
    const room = EXECUTOR_LIMITS.traceLines - this.#trace.length
    this.#trace.push(...trace.slice(0, room))
  }

  /** The next answer to what the guest asks for, or the outcome that ends the run instead. */
  async #answer(wanted: Wanted): Promise<Performed | { readonly outcome: Outcome }> {
    const refused = this.#operations.ask(wanted)
    if (refused) return { outcome: refused === 'effects' ? this.#limit('effects') : refused }
    const end = this.#operations.recordedEnd
    if (end) return { outcome: end === 'time' ? this.#limit('time') : end }
    const { clock } = this.#powers
    const started = clock()
    const answer = await this.#operations.next(this.#timeLeftMs)
    this.#timeLeftMs -= clock() - started
    return answer === 'late' ? { outcome: this.#limit('time') } : answer
  }

  #completed(letter: string | undefined, json: string): Outcome {
    if (letter === 'v') return outcomeOfJson(json)
    if (letter === 's') return this.#limit('stack')
    if (letter !== 'f') throw new BrokenReply('an unknown letter')
    const { causes, ...thrown } = thrownOf(json)
    const described = ({ name, message, stack }: Thrown): FailureCause => ({
      name,
      message,
      frames: framesOf(stack, this.#what.program.program),
    })
    const { name, message, frames } = described(thrown)
    return failureOf(name, message, frames, causes.map(described))
  }

  #stopped(stop: Stop): Outcome {
    switch (stop) {
      case 'fuel':
      case 'memory':
      case 'output':
        return this.#limit(stop)
      case 'interrupted':
        return this.#limit('time')
      case 'trap':
        return BROKEN
    }
  }

  #limit(limit: LimitName): Outcome {
    const { fuel, memoryBytes, outputBytes, effects, timeMs } = this.#what.limits
    const allowed = {
      fuel,
      memory: memoryBytes,
      stack: EXECUTOR_LIMITS.stackBytes,
      output: outputBytes,
      effects,
      time: timeMs,
    }
    return { kind: 'limit', limit, allowed: allowed[limit] }
  }

  #end(outcome: Outcome, outputBytes = 0): Driven {
    const performed = plainOfLog(this.#operations.performed)
    return {
      outcome,
      fuel: this.#fuel,
      heapBytes: this.#heapBytes,
      outputBytes,
      trace: this.#trace,
      effectLog: performed.length === 0 ? null : encodePlain(performed),
    }
  }
}
