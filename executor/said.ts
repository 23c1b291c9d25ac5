// What the replies of a guest say, parsed and checked: a worker process whose guest broke out of the
// engine can say anything, and must not get further than the end of its own call.

import { decodeValue, MalformedObjectError, type Value } from '#codebase'

/** A reply that no guest's runtime gives: thrown to end the run as an engine that broke off. */
export class BrokenReply extends Error {
  override readonly name = 'BrokenReply'
}

/** What a guest asks for while it waits. */
export interface Wanted {
  /** `[number, reference, operation, arguments]`; numbers ascend from 0. */
  readonly ask: readonly Request[]
  /** Numbers of operations that nobody waits for any more. */
  readonly cancel: readonly number[]
}
/** An operation as a guest asks for it. */
export type Request = readonly [
  number: number,
  reference: string,
  operation: string,
  args: readonly unknown[],
]

/** What a guest says when a computation is resumed once more, or when a fork gets its answer. */
export type ForkStep = (
  | { readonly continuation: number; readonly fork?: undefined }
  | { readonly fork: number; readonly operation: number }
) & {
  readonly answer?: unknown
  readonly error?: unknown
}

/** What the guest's runtime tells of something that was thrown. */
export interface Thrown {
  readonly name: string
  readonly message: string
  /** The engine's text, or the guest's own. */
  readonly stack: string
}

/** @throws BrokenReply */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BrokenReply('no JSON')
  }
}

/** @throws BrokenReply */
export function valueOf(bytes: Uint8Array): Value {
  try {
    return decodeValue(bytes)
  } catch (error) {
    if (error instanceof MalformedObjectError) throw new BrokenReply('no value')
    throw error
  }
}

/** @throws BrokenReply */
export function wantedOf(json: string): Wanted {
  const said = jsonOf(json)
  if (isRecord(said)) {
    const { ask, cancel } = said
    if (Array.isArray(ask) && ask.every(isRequest) && Array.isArray(cancel) && cancel.every(isCount))
      return { ask, cancel }
  }
  throw new BrokenReply('no operations')
}

/** @throws BrokenReply */
export function forkStepOf(json: string): ForkStep {
  const said = jsonOf(json)
  const isStep =
    isRecord(said) &&
    (said['fork'] === undefined
      ? isCount(said['continuation'])
      : isCount(said['fork']) && isCount(said['operation'])) &&
    (said['answer'] !== undefined || said['error'] !== undefined)
  if (!isStep) throw new BrokenReply('no step of a fork')
  return said as unknown as ForkStep
}

/** @throws BrokenReply */
export function thrownOf(json: string): Thrown & { readonly causes: readonly Thrown[] } {
  const said = jsonOf(json)
  if (isThrown(said)) {
    const { name, message, stack, causes = [] } = said as Thrown & { readonly causes?: unknown }
    if (Array.isArray(causes) && causes.every(isThrown)) return { name, message, stack, causes }
  }
  throw new BrokenReply('no error')
}

function isRequest(item: unknown): item is Request {
  if (!Array.isArray(item) || item.length !== 4) return false
  const [number, reference, operation, args] = item as readonly unknown[]
  return isCount(number) && isText(reference) && isText(operation) && Array.isArray(args)
}

const isThrown = (item: unknown): item is Thrown =>
  isRecord(item) && isText(item['name']) && isText(item['message']) && isText(item['stack'])

const isCount = (item: unknown): item is number => Number.isSafeInteger(item) && (item as number) >= 0

const isText = (item: unknown): item is string => typeof item === 'string' && item.isWellFormed()

const isRecord = (item: unknown): item is Readonly<Record<string, unknown>> =>
  typeof item === 'object' && item !== null
