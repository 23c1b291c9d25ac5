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
  /** Its place in the order that operations were asked for, from 0. */
  readonly number: number
  /** JSON of `[number, reference, operation, arguments]`. */
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

/** An operation in the effect log: its number, ability, operation, arguments, then the value, or the error's name and message. */
export function plainOfPerformed({ request, kind, json }: Performed): Plain {
  const [number, reference, operation, args] = JSON.parse(request) as [number, string, string, unknown]
  const called = plainOfReference(parseReference(reference))
  const head = [number, called, operation, encodeValue(valueFromJson(args))]
  const answer: unknown = JSON.parse(json)
  if (kind === 'answer') return [...head, encodeValue(valueFromJson(answer))]
  const { name, message } = answer as { name: string; message: string }
  return [...head, name.toWellFormed(), message.toWellFormed()]
}
