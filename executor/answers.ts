// Answers of operations: what a provider gave, or the error that it threw, in the form that crosses
// into the guest and stands in the effect log.

import type { PerformContext } from '#abilities'
import {
  decodePlain,
  decodeValue,
  encodeValue,
  type Link,
  type Plain,
  parseReference,
  referenceText,
  type Value,
  valueFromJson,
  valueToJson,
} from '#codebase'
import { EFFECT_LOG_BOUNDS } from './limits.ts'
import { plainOfReference } from './outcome.ts'

/** What the guest gets for an operation: a value to go on with, or an error to throw. */
export interface Answer {
  readonly kind: 'answer' | 'fail'
  /** A value as JSON, or `{ name, message }`. */
  readonly json: string
}

/** An operation that a guest asks for. */
export interface Asked {
  /** Its place in the order that operations were asked for, from 0. */
  readonly number: number
  /** Of the ability. */
  readonly reference: string
  readonly operation: string
  /** The array of the arguments, encoded. */
  readonly args: Uint8Array
}

/** One operation and its answer. */
export interface Performed extends Asked, Answer {}

/** Whether a guest asks for the same again. */
export function isSameRequest(left: Asked, right: Asked): boolean {
  return (
    left.reference === right.reference &&
    left.operation === right.operation &&
    Buffer.compare(left.args, right.args) === 0
  )
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

/** The effect log: of each operation its number, ability, operation, arguments, then the value, or the error's name and message. */
export function plainOfLog(log: readonly Performed[]): Plain[] {
  const abilities = new Map<string, Plain>()
  return log.map((performed) => plainOfPerformed(performed, abilities))
}

function plainOfPerformed(performed: Performed, abilities: Map<string, Plain>): Plain {
  const { number, reference, operation, args, kind, json } = performed
  const called = abilities.get(reference) ?? plainOfReference(parseReference(reference))
  abilities.set(reference, called)
  const head = [number, called, operation, args]
  const answer: unknown = JSON.parse(json)
  if (kind === 'answer') return [...head, encodeValue(valueFromJson(answer))]
  const { name, message } = answer as { name: string; message: string }
  return [...head, name.toWellFormed(), message.toWellFormed()]
}

type LoggedCall = readonly [
  number: number,
  called: readonly [Link, number],
  operation: string,
  args: Uint8Array,
]

/** The operations of an effect log that was held against its digest. */
export function performedOfLog(bytes: Uint8Array): Performed[] {
  const entries = decodePlain(bytes, EFFECT_LOG_BOUNDS) as unknown as readonly (readonly [
    ...LoggedCall,
    ...(Uint8Array | string)[],
  ])[]
  return entries.map(([number, [link, index], operation, args, ...answer]) => {
    const asked = { number, reference: referenceText({ hash: link.hash, index }), operation, args }
    const [value, message] = answer
    if (typeof value === 'string')
      return { ...asked, kind: 'fail', json: JSON.stringify({ name: value, message }) }
    return { ...asked, kind: 'answer', json: JSON.stringify(valueToJson(decodeValue(value as Uint8Array))) }
  })
}
