// The operations of one run: several are under way at once, their answers are given to the guest one
// after the other, in the order that the log records. A run that is started anew gets the same
// answers in the same order, and nothing is performed twice.

import type { PerformContext } from '#abilities'
import { InvariantError, type Value, valueFromJson } from '#codebase'
import { type Answer, answerOf, failOf, heedless, type Performed } from './answers.ts'
import { type Authority, type Granted, perform } from './authority.ts'
import type { Outcome } from './outcome.ts'

/** What a guest asks for while it waits. */
export interface Wanted {
  /** `[number, reference, operation, arguments]`; numbers ascend from 0. */
  readonly ask: readonly Request[]
  /** Numbers of operations that nobody waits for any more. */
  readonly cancel: readonly number[]
}
type Request = readonly [number: number, reference: string, operation: string, args: unknown]

export interface OperationPowers {
  readonly authority: Authority
  /** How many operations may be performed. */
  readonly effects: number
  readonly clock: () => number
  readonly signal: AbortSignal | undefined
  readonly log: PerformContext['log']
  /** Name of an ability, for a refusal. */
  abilityName(reference: string): string
}

export class Operations {
  readonly #powers: OperationPowers
  /** Answered, in order. */
  readonly #log: Performed[] = []
  /** Of the log, how many the present attempt was given. */
  #given = 0
  readonly #underWay = new Map<number, AbortController>()
  #wake: (() => void) | undefined

  constructor(powers: OperationPowers) {
    this.#powers = powers
  }

  /** Begins again with the first answer. */
  rewind(): void {
    this.#given = 0
  }

  /** Has operations performed; an outcome when one may not be. */
  ask({ ask, cancel }: Wanted): Outcome | 'effects' | undefined {
    for (const number of cancel) this.#end(number)
    for (const request of ask) {
      const [number, reference] = request
      const text = JSON.stringify(request)
      const logged = this.#log.find((each) => each.number === number)
      if (logged && logged.request !== text)
        throw new InvariantError('a run that started anew asked for something else')
      if (logged || this.#underWay.has(number)) continue
      if (number >= this.#powers.effects) return 'effects'
      const granted = this.#powers.authority.get(reference)
      if (!granted) return { kind: 'refused', missing: [this.#powers.abilityName(reference)] }
      void this.#perform(request, granted)
    }
    return undefined
  }

  /** The next answer; `late` when none came within the time. @throws the signal's reason when it aborts */
  async next(timeMs: number): Promise<Performed | 'late'> {
    const { signal } = this.#powers
    if (this.#given === this.#log.length) await this.#answered(timeMs)
    signal?.throwIfAborted()
    return this.#log[this.#given++] ?? 'late'
  }

  /** All that was performed and given to the guest. */
  get performed(): readonly Performed[] {
    return this.#log.slice(0, this.#given)
  }

  /** Ends what is under way. */
  close(): void {
    for (const number of this.#underWay.keys()) this.#end(number)
  }

  #end(number: number): void {
    this.#underWay.get(number)?.abort()
    this.#underWay.delete(number)
  }

  async #perform(request: Request, granted: Granted): Promise<void> {
    const [number, , operation, args] = request
    const controller = new AbortController()
    this.#underWay.set(number, controller)
    const answer = await this.#answerOf({ operation, args }, granted, controller.signal).catch(failOf)
    if (this.#underWay.get(number) !== controller) return // nobody waits for it any more
    this.#underWay.delete(number)
    this.#log.push({ number, request: JSON.stringify(request), ...answer })
    this.#wake?.()
  }

  async #answerOf(
    { operation, args }: { readonly operation: string; readonly args: unknown },
    granted: Granted,
    signal: AbortSignal,
  ): Promise<Answer> {
    const request = { operation, args: valueFromJson(args) as readonly Value[] }
    return answerOf(await perform(granted, request, { signal, log: heedless(this.#powers.log) }))
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
