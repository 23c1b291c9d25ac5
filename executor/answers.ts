// Answers of operations: what a provider gave, or the error that it threw, in the form that crosses
// into the guest and stands in the effect log.

import type { PerformContext } from '#abilities'
import { encodeValue, type Plain, parseReference, type Value, valueFromJson, valueToJson } from '#codebase'
import { plainOfReference } from './outcome.ts'

/** What the guest gets for an operation: a value to go on with, or an error to throw. */
export interface Answer {
  readonly kind: 'answer' | 'fail'
  /** A value as JSON, or `{ name, message }`. */
  readonly json: string
}

/** One operation, as the guest's runtime wrote it, and its answer. */
export interface Performed extends Answer {
  readonly request: string
}

/** The answer with a provider's value. @throws ValueError for what can't cross */
export function answerOf(value: Value): Answer {
  encodeValue(value)
  return { kind: 'answer', json: JSON.stringify(valueToJson(value)) }
}

/** The answer that throws a provider's error into the guest: its name and message, nothing else of the host. */
export function failOf(error: unknown): Answer {
  const { name, message } = error instanceof Error ? error : new Error('Cannot perform: the provider failed')
  return { kind: 'fail', json: JSON.stringify({ name, message }) }
}

/** `log` whose failures end with it: the guest would be told of them, and its receipt depend on who listens. */
export function heedless(log: PerformContext['log']): PerformContext['log'] {
  return (line) => {
    try {
      log(line)
    } catch {
      // The run goes on as if nobody listened.
    }
  }
}

/** Settles as `act` does, as a failure when it throws; `late` once the time is up or the signal aborts. */
export async function withinTime(
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
export function plainOfPerformed({ request, kind, json }: Performed): Plain {
  const [reference, operation, args] = JSON.parse(request) as [string, string, unknown]
  const head = [plainOfReference(parseReference(reference)), operation, encodeValue(valueFromJson(args))]
  const answer: unknown = JSON.parse(json)
  if (kind === 'answer') return [...head, encodeValue(valueFromJson(answer))]
  const { name, message } = answer as { name: string; message: string }
  return [...head, name.toWellFormed(), message.toWellFormed()]
}
