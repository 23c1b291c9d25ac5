// The operations of one run: several are under way at once, their answers are given to the guest one
// after the other, in the order that the log records. A run that is started anew gets the same
// answers in the same order, and nothing is performed twice.

import type { PerformContext } from '#abilities'
import {
  encodeValue,
  InvariantError,
  KnownError,
  type Plain,
  type Value,
  ValueError,
  valueFromJson,
} from '#codebase'
import type { AnsweredAtHand, AtHand } from './at-hand.ts'
import { answerOf, type Asked, failOf, heedless, isSameRequest, type Performed } from './answers.ts'
import { type Authority, type Granted, modulesAtHand, perform } from './authority.ts'
import { failureOf, type Outcome } from './outcome.ts'
import { BrokenReply, type Request, type Wanted } from './said.ts'

export interface OperationPowers {
  readonly authority: Authority
  /** How many operations may be performed. */
  readonly effects: number
  readonly clock: () => number
  readonly signal: AbortSignal | undefined
  readonly log: PerformContext['log']
  /** What to answer from instead of performing anything: a log, and what the run ended with. */
  readonly recorded?: Recorded | undefined
  /** Name of an ability, for a refusal. */
  abilityName(reference: string): string
}

/** The effect log of a run that is replayed. */
export interface Recorded {
  readonly log: readonly Performed[]
  /** Its outcome in plain form: a run that ended while it waited is asked for no further answer. */
  readonly ending: Plain
}

export class Operations {
  readonly #powers: OperationPowers
  /** Answered, in order. */
  readonly #log: Performed[]
  readonly #byNumber = new Map<number, Performed>()
  /** Number of what the present attempt asked for last: each is asked for once. */
  #lastAsked = -1
  /** Of the log, how many the present attempt was given. */
  #given = 0
  readonly #atHand: AtHand | undefined
  /** Asked for already, and to be performed with what the guest asks for next. */
  #left: readonly Request[] = []
  readonly #underWay = new Map<number, AbortController>()
  #wake: (() => void) | undefined

  constructor(powers: OperationPowers) {
    this.#powers = powers
    this.#log = [...(powers.recorded?.log ?? [])]
    for (const performed of this.#log) this.#byNumber.set(performed.number, performed)
    const modules = modulesAtHand(powers.authority)
    this.#atHand = Object.keys(modules).length > 0 ? { effects: powers.effects, modules } : undefined
  }

  /** Begins again with the first answer. */
  rewind(): void {
    this.#given = 0
    this.#lastAsked = -1
    this.#left = []
  }

  /** What the worker may answer itself now: nothing while answers are given again, or the guest waits for something else. */
  get atHand(): AtHand | undefined {
    const isWaiting = this.#underWay.size > 0 || this.#left.length > 0 || this.#given < this.#log.length
    return this.#powers.recorded || isWaiting ? undefined : this.#atHand
  }

  /** Takes down what the worker answered itself, for the guest has these answers, and what the guest waits for besides. */
  answeredAtHand(answered: readonly AnsweredAtHand[], left: readonly Request[]): void {
    this.#left = left
    const performed = answered.map(({ number, reference, operation, args, json }): Performed => {
      return { number, reference, operation, args: encodeValue(valueFromJson(args)), kind: 'answer', json }
    })
    this.#log.splice(this.#given, 0, ...performed)
    this.#given += performed.length
    for (const each of performed) this.#byNumber.set(each.number, each)
  }

  /** Has operations performed; an outcome when one may not be. @throws BrokenReply when it was asked for before */
  ask({ ask, cancel }: Wanted): Outcome | 'effects' | undefined {
    for (const number of cancel) this.#cancel(number)
    const left = this.#left.filter(([number]) => !cancel.includes(number))
    this.#left = []
    for (const [number, reference, operation, json] of [...left, ...ask]) {
      if (number <= this.#lastAsked) throw new BrokenReply('an operation is asked for again')
      this.#lastAsked = number
      const given = argumentsOf(json)
      if ('kind' in given) return given
      const { args, encoded } = given
      const asked = { number, reference, operation, args: encoded }
      const logged = this.#byNumber.get(number)
      if (logged && !isSameRequest(logged, asked)) throw this.#diverged()
      if (logged || this.#underWay.has(number)) continue
      if (number >= this.#powers.effects) return 'effects'
      if (this.#powers.recorded) continue
      const granted = this.#powers.authority.get(reference)
      if (!granted) return { kind: 'refused', missing: [this.#powers.abilityName(reference)] }
      void this.#perform(asked, args, granted)
    }
    return undefined
  }

  /** The next answer; `late` when none came within the time. @throws the signal's reason when it aborts */
  async next(timeMs: number): Promise<Performed | 'late'> {
    const { signal, recorded } = this.#powers
    if (recorded && this.#given === this.#log.length) throw this.#diverged()
    if (this.#given === this.#log.length) await this.#answered(timeMs)
    signal?.throwIfAborted()
    return this.#log[this.#given++] ?? 'late'
  }

  /** The outcome of a replayed run that ended while it waited: refused, or out of time. */
  get recordedEnd(): Outcome | 'time' | undefined {
    if (!this.#powers.recorded || this.#given < this.#log.length) return undefined
    const [kind, what] = this.#powers.recorded.ending as readonly Plain[]
    if (kind === 'refused') return { kind, missing: what as readonly string[] }
    return kind === 'limit' && what === 'time' ? 'time' : undefined
  }

  /** All that was performed and given to the guest. */
  get performed(): readonly Performed[] {
    return this.#log.slice(0, this.#given)
  }

  /** Ends what is under way. */
  close(): void {
    for (const number of this.#underWay.keys()) this.#end(number)
  }

  /** Ends an operation that nobody waits for; an answer that came and was not given is none. */
  #cancel(number: number): void {
    this.#end(number)
    const at = this.#log.findIndex((each, index) => index >= this.#given && each.number === number)
    if (at < 0) return
    this.#log.splice(at, 1)
    this.#byNumber.delete(number)
  }

  #end(number: number): void {
    this.#underWay.get(number)?.abort()
    this.#underWay.delete(number)
  }

  async #perform(asked: Asked, args: readonly Value[], granted: Granted): Promise<void> {
    const { number, operation } = asked
    const controller = new AbortController()
    this.#underWay.set(number, controller)
    const context = { signal: controller.signal, log: heedless(this.#powers.log) }
    const answer = await perform(granted, { operation, args }, context).then(answerOf).catch(failOf)
    if (this.#underWay.get(number) !== controller) return // nobody waits for it any more
    this.#underWay.delete(number)
    const performed = { ...asked, ...answer }
    this.#log.push(performed)
    this.#byNumber.set(number, performed)
    this.#wake?.()
  }

  #diverged(): Error {
    return this.#powers.recorded
      ? new KnownError(
          'input',
          'replay-diverged',
          'Cannot replay: the run asks for what its effect log does not have',
          {
            hint: 'the definition or the engine is not the one that made the receipt',
          },
        )
      : new InvariantError('a run that started anew asked for something else')
  }

  /** Resolves when there is another answer, the time is up or the signal aborts. */
  async #answered(timeMs: number): Promise<void> {
    const { signal } = this.#powers
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = (): void => resolve()
    this.#wake = wake
    const timer = setTimeout(wake, Math.min(Math.max(0, timeMs), 2 ** 31 - 1))
    signal?.addEventListener('abort', wake, { once: true })
    try {
      await promise
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', wake)
      this.#wake = undefined
    }
  }
}

/** The arguments of an operation; a failure when they are no values, as when there are too many items. */
function argumentsOf(
  json: readonly unknown[],
): { readonly args: readonly Value[]; readonly encoded: Uint8Array } | Outcome {
  try {
    const args = valueFromJson(json)
    return { args: args as readonly Value[], encoded: encodeValue(args) }
  } catch (error) {
    if (error instanceof ValueError) return failureOf('ValueError', error.message)
    throw error
  }
}
