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

/** Loads the modules that a worker is given. */
export async function loadAtHand(urls: readonly string[]): Promise<AtHandModules> {
  const load = async (url: string) => [url, (await import(url)) as Operations] as const
  return new Map(await Promise.all(urls.map(load)))
}

/** What a guest asks for: `[number, reference, operation, arguments]`, and numbers of what it waits for no more. */
interface Asking {
  readonly ask: readonly (readonly [number, string, string, readonly unknown[]])[]
  readonly cancel: readonly number[]
}

/** Where a run got to with what was at hand. */
export interface WentOn {
  readonly reply: Reply
  readonly used: number
  readonly answered: readonly AnsweredAtHand[]
}

/** Answers between two looks at what the supervisor wants. */
const ANSWERS_PER_LOOK = 64

/** Goes on with a run, whose first reply this is, as long as one of the operations that it waits for is at hand. */
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
  const left = new LeftOver()
  let reply = first
  let used = sandbox.used
  let bytes = 0
  while ('text' in reply && reply.text[0] === 'o') {
    left.add(JSON.parse(reply.text.slice(1)) as Asking)
    const isFull = answered.length >= EXECUTOR_LIMITS.answeredAtHand || bytes > EXECUTOR_LIMITS.answeredBytes
    const next = isFull ? undefined : left.takeFirst(atHand, modules)
    if (!next) return { reply: { text: left.text() }, used, answered }
    answered.push(next)
    bytes += next.json.length
    const fuel = Math.max(1, bounds.fuel - used)
    if (answered.length % ANSWERS_PER_LOOK === 0 && isInterrupted())
      return { reply: { stop: 'interrupted' }, used, answered }
    reply = sandbox.call('answer', [next.json, `${next.number}`], { ...bounds, fuel })
    used += sandbox.used
  }
  return { reply, used, answered }
}

/** The answer of a module; undefined when it leaves that to the provider. */
function answerBy(module: Operations, operation: string, args: readonly unknown[]): unknown {
  if (!Object.hasOwn(module, operation)) return undefined
  try {
    return module[operation]?.(...args)
  } catch {
    return undefined
  }
}

/** What a guest waits for: of the operations that were not looked at yet, those at hand are taken out one by one. */
class LeftOver {
  #asked: Asking['ask'][number][] = []
  #elsewhere: Asking['ask'][number][] = []
  readonly #cancelled: number[] = []

  add({ ask, cancel }: Asking): void {
    this.#asked.push(...ask)
    if (cancel.length === 0) return
    const isWanted = ([number]: Asking['ask'][number]): boolean => !cancel.includes(number)
    this.#asked = this.#asked.filter(isWanted)
    this.#elsewhere = this.#elsewhere.filter(isWanted)
    this.#cancelled.push(...cancel)
  }

  takeFirst({ effects, modules: byAbility }: AtHand, modules: AtHandModules): AnsweredAtHand | undefined {
    for (let asked = this.#asked.shift(); asked; asked = this.#asked.shift()) {
      const [number, reference, operation, args] = asked
      const module = number < effects ? modules.get(byAbility[reference] ?? '') : undefined
      const answer = module && answerBy(module, operation, args)
      if (answer !== undefined) return { number, reference, operation, args, json: JSON.stringify(answer) }
      this.#elsewhere.push(asked)
    }
    return undefined
  }

  /** The reply of a guest that asks for the rest. */
  text(): string {
    return `o${JSON.stringify({ ask: [...this.#elsewhere, ...this.#asked], cancel: this.#cancelled })}`
  }
}
