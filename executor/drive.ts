// Drives one run: starts it in the worker, has each operation performed by its provider, gives
// the answer back, until there is an outcome. Everything performed is logged; a run whose worker
// is lost through another run's fault is started anew and answered from its log.

import type { PerformContext } from '#abilities'
import {
  encodePlain,
  encodeValue,
  InvariantError,
  type Plain,
  parseReference,
  type Value,
  ValueError,
  valueFromJson,
  valueToJson,
} from '#codebase'
import { type Authority, type Granted, perform } from './authority.ts'
import { framesOf } from './frames.ts'
import { EXECUTOR_LIMITS, type LimitName, type Limits } from './limits.ts'
import { digestOf, failureOf, type Outcome, plainOfReference } from './outcome.ts'
import type { LoadedProgram } from './programs.ts'
import type { CallBounds, Stop } from './sandbox.ts'
import type { Stint, StintReply } from './stint.ts'
import type { Priority, StintOutcome } from './job.ts'
import type { WorkerPool } from './pool.ts'

/** What is driven. */
export interface Drive {
  /** Names the run towards the worker. */
  readonly run: number
  readonly program: LoadedProgram
  /** Definition to start, as text. */
  readonly reference: string
  /** Arguments as JSON. */
  readonly args: string
  readonly limits: Limits
  readonly authority: Authority
}

export interface DrivePowers {
  readonly pool: WorkerPool
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
  /** The result in bytes of JSON. */
  readonly outputBytes: number
  readonly trace: readonly string[]
  /** Digest of the effect log; null when nothing was performed. */
  readonly effectLog: Uint8Array | null
}

/** What the guest gets for an operation: a value to go on with, or an error to throw. */
interface Answer {
  readonly kind: 'answer' | 'fail'
  /** A value as JSON, or `{ name, message }`. */
  readonly json: string
}

/** One operation, as the guest's runtime wrote it, and its answer. */
interface Performed extends Answer {
  readonly request: string
}

/**
 * Drives a run to its outcome.
 * @throws the signal's reason when it aborts; InvariantError when workers keep dying under the run
 */
export async function drive(what: Drive, powers: DrivePowers): Promise<Driven> {
  const log: Performed[] = []
  for (let attempt = 0; attempt <= EXECUTOR_LIMITS.restarts; attempt++) {
    try {
      const driven = await new Attempt(what, powers, log).toEnd()
      if (driven !== 'lost') return driven
    } finally {
      powers.pool.drop(what.run)
    }
    powers.signal?.throwIfAborted()
  }
  throw new InvariantError('the worker ended again and again while a function ran')
}

/** The result of the guest; one that the host can't take is a failure. */
function valueOutcome(json: string): Outcome {
  try {
    const value = valueFromJson(JSON.parse(json))
    encodeValue(value)
    return { kind: 'value', value }
  } catch (error) {
    if (error instanceof ValueError) return failureOf('ValueError', error.message)
    throw error
  }
}

/** The answer with a provider's value. @throws ValueError for what can't cross */
function answerOf(value: Value): Answer {
  encodeValue(value)
  return { kind: 'answer', json: JSON.stringify(valueToJson(value)) }
}

/** The answer that throws a provider's error into the guest: its name and message, nothing else of the host. */
function failOf(error: unknown): Answer {
  const { name, message } = error instanceof Error ? error : new Error('Cannot perform: the provider failed')
  return { kind: 'fail', json: JSON.stringify({ name, message }) }
}

/** `log` whose failures end with it: the guest would be told of them, and its receipt depend on who listens. */
function heedless(log: PerformContext['log']): PerformContext['log'] {
  return (line) => {
    try {
      log(line)
    } catch {
      // The run goes on as if nobody listened.
    }
  }
}

/** Settles as `act` does, as a failure when it throws; `late` once the time is up or the signal aborts. */
async function withinTime(
  { timeMs, signal }: { readonly timeMs: number; readonly signal: AbortSignal | undefined },
  act: (within: AbortSignal) => Promise<Answer>,
): Promise<Answer | 'late'> {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<'late'>()
  const abort = (): void => {
    controller.abort(signal?.reason)
    resolve('late')
  }
  const timer = setTimeout(abort, Math.min(Math.max(0, timeMs), 2 ** 31 - 1))
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([act(controller.signal).catch(failOf), promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** An operation in the effect log: ability, operation, arguments, then the value, or the error's name and message. */
function plainOfPerformed({ request, kind, json }: Performed): Plain {
  const [reference, operation, args] = JSON.parse(request) as [string, string, unknown]
  const head = [plainOfReference(parseReference(reference)), operation, encodeValue(valueFromJson(args))]
  const answer: unknown = JSON.parse(json)
  if (kind === 'answer') return [...head, encodeValue(valueFromJson(answer))]
  const { name, message } = answer as { name: string; message: string }
  return [...head, name.toWellFormed(), message.toWellFormed()]
}

/** One try at a run, which shares its log with the ones before. */
class Attempt {
  readonly #what: Drive
  readonly #powers: DrivePowers
  readonly #log: Performed[]
  /** Operations of the log that this attempt has been given. */
  #answered = 0
  #fuel = 0
  #timeLeftMs: number
  #heapBytes = 0
  #trace: string[] = []

  constructor(what: Drive, powers: DrivePowers, log: Performed[]) {
    this.#what = what
    this.#powers = powers
    this.#log = log
    this.#timeLeftMs = what.limits.timeMs
  }

  async toEnd(): Promise<Driven | 'lost'> {
    let stint = await this.#start()
    for (;;) {
      this.#powers.signal?.throwIfAborted()
      if (stint === 'lost') return 'lost'
      if (stint === 'late') return this.#end(this.#limit('time'))
      this.#account(stint)
      const { reply } = stint
      if ('fault' in reply) throw new InvariantError(`the guest's runtime failed: ${reply.fault}`)
      if ('stop' in reply) return this.#end(this.#stopped(reply.stop))
      const content = reply.text.slice(1)
      if (reply.text[0] !== 'o') return this.#end(this.#completed(reply.text[0], content), content.length)
      const answer = await this.#answer(content)
      if ('outcome' in answer) return this.#end(answer.outcome)
      stint = await this.#stint({
        kind: answer.kind,
        run: this.#what.run,
        json: answer.json,
        bounds: this.#bounds(),
      })
    }
  }

  #start(): Promise<StintOutcome> {
    const { run, program, reference, args } = this.#what
    const { text } = program.program
    return this.#stint({
      kind: 'start',
      run,
      image: program.key,
      program: text,
      reference,
      args,
      bounds: this.#bounds(),
    })
  }

  #stint(stint: Stint): Promise<StintOutcome> {
    const { pool, signal, priority } = this.#powers
    return pool.perform(stint, { timeMs: this.#timeLeftMs, signal, priority })
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

  /** The answer to a request, out of the log or from the provider, or the outcome that ends the run instead. */
  async #answer(request: string): Promise<Performed | { readonly outcome: Outcome }> {
    const logged = this.#log[this.#answered]
    if (logged) {
      if (logged.request !== request)
        throw new InvariantError('a run that started anew asked for something else')
      this.#answered++
      return logged
    }
    const { limits, authority, program } = this.#what
    if (this.#answered >= limits.effects) return { outcome: this.#limit('effects') }
    const [reference, operation, args] = JSON.parse(request) as [string, string, unknown]
    const granted = authority.get(reference)
    if (!granted)
      return { outcome: { kind: 'refused', missing: [program.abilityName(parseReference(reference))] } }
    const answer = await this.#perform(granted, operation, args)
    if (answer === 'late') return { outcome: this.#limit('time') }
    const performed = { request, ...answer }
    this.#log.push(performed)
    this.#answered++
    return performed
  }

  /** Has an operation performed within the time that is left. */
  async #perform(granted: Granted, operation: string, args: unknown): Promise<Answer | 'late'> {
    const { clock, signal, log } = this.#powers
    const started = clock()
    const result = await withinTime({ timeMs: this.#timeLeftMs, signal }, async (within) => {
      const request = { operation, args: valueFromJson(args) as readonly Value[] }
      return answerOf(await perform(granted, request, { signal: within, log: heedless(log) }))
    })
    this.#timeLeftMs -= clock() - started
    signal?.throwIfAborted()
    return result
  }

  #completed(letter: string | undefined, json: string): Outcome {
    if (letter === 'v') return valueOutcome(json)
    if (letter === 's') return this.#limit('stack')
    if (letter !== 'f') throw new InvariantError(`the guest's runtime gave an unknown reply: ${letter}`)
    const { name, message, stack } = JSON.parse(json) as { name: string; message: string; stack: string }
    return failureOf(name, message, framesOf(stack, this.#what.program.program))
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
        return failureOf('EngineFault', 'Cannot go on: the engine that ran the function broke off')
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
    const performed = this.#log.slice(0, this.#answered).map(plainOfPerformed)
    return {
      outcome,
      fuel: this.#fuel,
      heapBytes: this.#heapBytes,
      outputBytes,
      trace: this.#trace,
      effectLog: performed.length === 0 ? null : digestOf(encodePlain(performed)),
    }
  }
}
