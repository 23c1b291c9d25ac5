// Operations that a worker answers itself: a run goes on at once, with no message to the main thread.
// The guest can't tell: it is called and answers as if the answers had come from there. What was
// answered goes to the effect log with the stint's reply; all else is left to the main thread.

import { EXECUTOR_LIMITS } from './limits.ts'
import type { CallBounds, Reply, Sandbox } from './sandbox.ts'

/** What may be answered in a stint. */
export interface AtHand {
  /** Operations that the run may perform. */
  readonly effects: number
  /** Modules by the references of the abilities whose operations they answer. */
  readonly modules: Readonly<Record<string, string>>
}

/** One operation that a worker answered. */
export interface AnsweredAtHand {
  readonly number: number
  /** Of the ability. */
  readonly reference: string
  readonly operation: string
  /** The arguments and the answer, in the JSON form of values. */
  readonly args: readonly unknown[]
  readonly json: string
}

/** Functions of a module by name; arguments and answers are in the JSON form of values. */
type Operations = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>
/** What the modules that a worker was given export, by their URLs. */
export type AtHandModules = ReadonlyMap<string, Operations>

/** Loads the modules that a worker is given; what one that can't be loaded would answer is left to its provider. */
export async function loadAtHand(urls: readonly string[]): Promise<AtHandModules> {
  return new Map(await Promise.all(urls.map(async (url) => [url, await load(url)] as const)))
}

async function load(url: string): Promise<Operations> {
  try {
    return (await import(url)) as Operations
  } catch (error) {
    process.emitWarning(`Cannot load ${url}, which a provider names as atHand: ${String(error)}`)
    return {}
  }
}

/** An operation as a guest asks for it: `[number, reference, operation, arguments]`. */
export type AskedAtHand = readonly [number, string, string, readonly unknown[]]

/** What a guest says when it waits: operations that it asks for, and numbers of those that it waits for no more. */
interface Asking {
  readonly ask: readonly AskedAtHand[]
  readonly cancel: readonly number[]
}

/** Where a run got to with what was at hand. */
export interface WentOn {
  readonly reply: Reply
  readonly used: number
  readonly answered: readonly AnsweredAtHand[]
  /** Operations that the guest waits for and won't ask for again, when the reply is not that it waits. */
  readonly left: readonly AskedAtHand[]
}

/** Answers between two looks at what the supervisor wants. */
const ANSWERS_PER_LOOK = 64

/**
 * Goes on with a run, whose first reply this is, as long as all of the operations that it waits for are at
 * hand: were one of them not, those after it would overtake it.
 */
export function goOnAtHand(
  sandbox: Sandbox,
  first: Reply,
  what: {
    readonly bounds: CallBounds
    readonly atHand: AtHand
    readonly modules: AtHandModules
    isInterrupted(): boolean
  },
): WentOn {
  const { bounds, atHand, modules, isInterrupted } = what
  const answered: AnsweredAtHand[] = []
  let waiting: AnsweredAtHand[] = []
  let reply = first
  let used = sandbox.used
  let bytes = 0
  while ('text' in reply && reply.text[0] === 'o') {
    const { ask, cancel } = JSON.parse(reply.text.slice(1)) as Asking
    bytes += reply.text.length
    waiting = cancel.length === 0 ? waiting : waiting.filter(({ number }) => !cancel.includes(number))
    const answers = ask.map((each) => answerTo(each, atHand, modules)).filter((each) => each !== undefined)
    const isFull = answered.length >= EXECUTOR_LIMITS.answeredAtHand || bytes > EXECUTOR_LIMITS.answeredBytes
    if (isFull || answers.length < ask.length) {
      const text = `o${JSON.stringify({ ask: [...waiting.map(askedAs), ...ask], cancel: [] })}`
      return { reply: { text }, used, answered, left: [] }
    }
    waiting.push(...answers)
    const isLooked = answered.length % ANSWERS_PER_LOOK === ANSWERS_PER_LOOK - 1
    if (isLooked && isInterrupted()) return { reply: { stop: 'interrupted' }, used, answered, left: [] }
    const next = waiting.shift()
    if (!next) break
    answered.push(next)
    bytes += next.json.length
    const fuel = Math.max(1, bounds.fuel - used)
    reply = sandbox.call('answer', [next.json, `${next.number}`], { ...bounds, fuel })
    used += sandbox.used
  }
  return { reply, used, answered, left: waiting.map(askedAs) }
}

const askedAs = ({ number, reference, operation, args }: AnsweredAtHand): AskedAtHand => [
  number,
  reference,
  operation,
  args,
]

/** What a module may answer with: a number, a text, a boolean, null, or bytes, a bigint or undefined in their JSON forms. */
function isPlainAnswer(answer: unknown): boolean {
  if (typeof answer === 'number') return Number.isFinite(answer)
  if (typeof answer === 'string')
    return answer.length <= EXECUTOR_LIMITS.answeredBytes && answer.isWellFormed()
  if (typeof answer !== 'object' || answer === null) return answer === null || typeof answer === 'boolean'
  const [[form, content], ...others] = Object.entries(answer) as [[string, unknown]]
  if (others.length > 0) return false
  if (form === '$bytes') return typeof content === 'string' && BASE64.test(content)
  return form === '$bigint' ? INTEGER.test(String(content)) : form === '$undefined' && content === true
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
const INTEGER = /^(?:0|-?[1-9]\d{0,1000})$/

/** The operation with its answer; undefined when a module leaves it to the provider, or may not answer it. */
function answerTo(
  [number, reference, operation, args]: AskedAtHand,
  { effects, modules: byAbility }: AtHand,
  modules: AtHandModules,
): AnsweredAtHand | undefined {
  const module = number < effects ? modules.get(byAbility[reference] ?? '') : undefined
  if (!module || !Object.hasOwn(module, operation)) return undefined
  try {
    const answer = module[operation]?.(...args)
    return isPlainAnswer(answer)
      ? { number, reference, operation, args, json: JSON.stringify(answer) }
      : undefined
  } catch {
    return undefined
  }
}
