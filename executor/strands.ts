// The sandboxes of one run: that in which it began, and one for each time that a computation was
// resumed once more (a fork). A fork begins with the state of the run at the operation; that state is
// reached by running anew what the run was told until then, once, and kept as data for further forks.
// Operations of a fork are performed where it was resumed, so that the handlers there see them.

import { InvariantError, valueToJson } from '#codebase'
import type { AnsweredAtHand, AskedAtHand, AtHand } from './at-hand.ts'
import type { Parked } from './image.ts'
import type { StintOutcome } from './job.ts'
import { BrokenReply, type ForkStep, forkStepOf, jsonOf, thrownOf, valueOf, wantedOf } from './said.ts'
import type { CallBounds } from './sandbox.ts'
import type { GoStint, StartStint, Stint, StopStint, Told } from './stint.ts'

export interface StrandPowers {
  /** Has a stint done, and accounts for what it took. */
  perform(stint: Stint): Promise<StintOutcome>
  /** What the run may still use. */
  bounds(): CallBounds
  /** Bytes that the states of continuations may take together. */
  readonly stateBytes: number
  /** What the worker may answer itself; operations of forks are never among it, for handlers may see them first. */
  atHand(): AtHand | undefined
  /** The worker answered these; the run waits for what is left. */
  onAnswered(answered: readonly AnsweredAtHand[], left: readonly AskedAtHand[]): void
  /** Names another run towards the workers. */
  newRun(): number
  readonly program: { readonly image: string; readonly program: string }
}

/** One sandbox and its history. */
interface Strand {
  readonly run: number
  readonly began: StopStint['began']
  readonly told: Told[]
  readonly forks: Strand[]
  /** Its state at continuations that were resumed more than once, by their numbers. */
  readonly states: Map<number, Parked>
}

export class Strands {
  readonly #powers: StrandPowers
  readonly #all: Strand[] = []
  #stateBytes = 0

  constructor(powers: StrandPowers) {
    this.#powers = powers
  }

  /** Starts the run; what it came to is never a matter of forks, which are seen to here. @throws BrokenReply */
  async start(run: number, began: Pick<StartStint, 'kind' | 'reference' | 'args'>): Promise<StintOutcome> {
    return this.#begin(this.#add(run, began))
  }

  /** Tells the run what it waits for. @throws BrokenReply */
  async tell(told: Told): Promise<StintOutcome> {
    return this.#tell(this.#all[0] as Strand, told)
  }

  /** All runs that a worker may hold a sandbox for. */
  get runs(): readonly number[] {
    return this.#all.map(({ run }) => run)
  }

  #add(run: number, began: Strand['began']): Strand {
    const strand: Strand = { run, began, told: [], forks: [], states: new Map() }
    this.#all.push(strand)
    return strand
  }

  async #begin(strand: Strand): Promise<StintOutcome> {
    const { began, run } = strand
    const fresh = { ...began, run, ...this.#powers.program, ...this.#terms(strand) }
    return this.#settle(strand, await this.#powers.perform(fresh as StartStint | GoStint))
  }

  async #tell(strand: Strand, told: Told): Promise<StintOutcome> {
    strand.told.push(told)
    const { run } = strand
    return this.#settle(strand, await this.#powers.perform({ ...told, run, ...this.#terms(strand) }))
  }

  #terms(strand: Strand): Pick<StartStint, 'bounds' | 'atHand'> {
    const bounds = this.#powers.bounds()
    const atHand = strand === this.#all[0] ? this.#powers.atHand() : undefined
    return atHand ? { bounds, atHand } : { bounds }
  }

  /** Sees to the forks that a strand asks for until it wants something else. */
  async #settle(strand: Strand, outcome: StintOutcome): Promise<StintOutcome> {
    const text = textOf(outcome)
    if (typeof outcome === 'object' && outcome.answered) {
      this.#powers.onAnswered(outcome.answered, outcome.left ?? [])
      for (const { number, json } of outcome.answered)
        strand.told.push({ kind: 'answer', json, operation: number })
    }
    if (text?.[0] !== 'k') return outcome
    const { fork, came } = await this.#goOn(strand, forkStepOf(text.slice(1)))
    const told = textOf(came)
    const content = contentOf(came)
    switch (told?.[0]) {
      case 'o':
        return this.#tell(strand, { kind: 'fork', json: `{"fork":${fork},${content.slice(1)}` })
      case 'v':
        return this.#tell(strand, { kind: 'fork', json: `{"value":${content}}` })
      case 'f':
        return this.#tell(strand, { kind: 'fork', json: `{"error":${content}}` })
      default:
        return came // what ends a fork ends the run
    }
  }

  async #goOn(strand: Strand, step: ForkStep): Promise<{ fork: number; came: StintOutcome }> {
    const json = JSON.stringify(step.error ?? step.answer)
    if (step.fork !== undefined) {
      const { fork, operation } = step
      const asked = strand.forks[fork]
      if (!asked) throw new BrokenReply('there is no such fork')
      const kind = step.error === undefined ? 'answer' : 'fail'
      return { fork, came: await this.#tell(asked, { kind, json, operation }) }
    }
    const state = await this.#stateAt(strand, step.continuation)
    if (typeof state === 'string' || 'reply' in state) return { fork: -1, came: state }
    const began = { kind: 'go', state, json } as const
    const index = strand.forks.push(this.#add(this.#powers.newRun(), began)) - 1
    return { fork: index, came: await this.#begin(strand.forks[index] as Strand) }
  }

  /** The state of a strand when it captured a continuation; the outcome of a stint that did not get there. */
  async #stateAt(strand: Strand, continuation: number): Promise<Parked | StintOutcome> {
    const known = strand.states.get(continuation)
    if (known) return known
    const { began, told } = strand
    const { program, bounds, newRun } = this.#powers
    const outcome = await this.#powers.perform({
      kind: 'stop',
      run: newRun(),
      began,
      told,
      continuation,
      ...program,
      bounds: bounds(),
    })
    if (typeof outcome === 'string') return outcome
    if (textOf(outcome) !== 'c' || !outcome.parked) {
      if ('stop' in outcome.reply) return outcome
      throw new InvariantError('a run that was run anew did not come to the same continuation')
    }
    this.#stateBytes += outcome.parked.words.byteLength + outcome.parked.runs.byteLength
    if (this.#stateBytes > this.#powers.stateBytes) return { ...outcome, reply: { stop: 'memory' } }
    strand.states.set(continuation, outcome.parked)
    return outcome.parked
  }
}

/** What stands behind the letter of a reply, as JSON; text for what is no reply. @throws BrokenReply */
function contentOf(outcome: StintOutcome): string {
  const value = typeof outcome === 'object' && 'text' in outcome.reply ? outcome.reply.value : undefined
  if (value) return JSON.stringify(valueToJson(valueOf(value)))
  const text = textOf(outcome) ?? ''
  const content = text.slice(1)
  const check = CHECKS[text[0] ?? '']
  check?.(content)
  return content
}

/** What finds that the content of a reply is none, by its letter. */
const CHECKS: Readonly<Record<string, (content: string) => unknown>> = { o: wantedOf, v: jsonOf, f: thrownOf }

/** The guest's reply, when it is one. */
function textOf(outcome: StintOutcome): string | undefined {
  return typeof outcome === 'object' && 'text' in outcome.reply ? outcome.reply.text : undefined
}
