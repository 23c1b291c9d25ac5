// Requests, lines and results as the run protocol's messages, and back. Values are in them
// as canonical bytes; what is read here comes from a peer.

import type { LogEntry } from '#abilities'
import {
  decodeValue,
  encodeValue,
  hashObject,
  KnownError,
  parseReference,
  referenceText,
  type Value,
} from '#codebase'
import { EVERYTHING } from '../authority.ts'
import type { Limits } from '../limits.ts'
import { type FailureCause, failureOf, type Outcome } from '../outcome.ts'
import type { RunRequest, RunResult } from '../run.ts'
import type { Frame, Message, OutcomeFields } from './frames.ts'

/** What a caller asks of a node: a request, and perhaps a grant that allows it. */
export interface RemoteRequest extends RunRequest {
  readonly grant?: string | undefined
}

/** The request as it travels. */
export function writeRequest({
  reference,
  args,
  allow,
  limits = {},
  memo = true,
  grant,
}: RemoteRequest): Message<'run'> {
  return {
    type: 'run',
    reference: referenceText(reference),
    args: encodeValue(args),
    allow: allow === EVERYTHING ? null : allow.map(({ ability, scope }) => [ability, scope ?? null] as const),
    limits: Object.entries(limits),
    memo,
    grant: grant ?? null,
  }
}

const LIMIT_NAMES: ReadonlySet<string> = new Set<keyof Limits>([
  'fuel',
  'memoryBytes',
  'outputBytes',
  'effects',
  'timeMs',
])

/** What decides whether a request may run at all; the rest of it is not looked at before that. */
export type RunClaim = Pick<RemoteRequest, 'reference' | 'limits' | 'grant'>

/** @throws KnownError input `request-malformed` */
export function readClaim({ reference, limits, grant }: Frame<'run'>): RunClaim {
  const unknown = limits.find(([name]) => !LIMIT_NAMES.has(name))
  if (unknown) throw malformed(`an unknown limit, ${JSON.stringify(unknown[0])}`)
  return {
    reference: parseReference(reference),
    limits: Object.fromEntries(limits),
    grant: grant ?? undefined,
  }
}

/** @throws KnownError input `request-malformed`, `value` */
export function readRequest({ args, allow, memo }: Frame<'run'>, claim: RunClaim): RemoteRequest {
  const values = decodeValue(args)
  if (!Array.isArray(values)) throw malformed('arguments that are no list')
  const allowances = allow?.map(([ability, scope]) => (scope === null ? { ability } : { ability, scope }))
  return { ...claim, args: values, allow: allowances ?? EVERYTHING, memo }
}

function malformed(what: string): KnownError {
  return new KnownError('input', 'request-malformed', `Cannot run: the request has ${what}`)
}

/** A line of log as it travels. */
export function writeLine({ level, message, attributes }: LogEntry): Message<'log'> {
  return {
    type: 'log',
    level,
    message,
    attributes: attributes === undefined ? null : encodeValue(attributes),
  }
}

/** @throws KnownError for attributes that are no value */
export function readLine({ level, message, attributes }: Frame<'log'>): LogEntry {
  if (attributes === null) return { level, message }
  return { level, message, attributes: decodeValue(attributes) as Readonly<Record<string, Value>> }
}

/** The result as it travels, less its trace, which goes before it. */
export function writeResult({ outcome, receiptObject, fuel, memoised, ms }: RunResult): Message<'outcome'> {
  return { type: 'outcome', outcome: writeOutcome(outcome), receipt: receiptObject, fuel, memoised, ms }
}

/** @throws KnownError for a value that is none */
export function readResult({
  outcome,
  receipt,
  fuel,
  memoised,
  ms,
}: Frame<'outcome'>): Omit<RunResult, 'trace'> {
  return {
    outcome: readOutcome(outcome),
    receipt: hashObject(receipt),
    receiptObject: receipt,
    fuel,
    memoised,
    ms,
  }
}

function writeOutcome(outcome: Outcome): OutcomeFields {
  switch (outcome.kind) {
    case 'value':
      return { kind: 'value', value: encodeValue(outcome.value) }
    case 'failure': {
      const { causes = [], ...error } = outcome.error
      return { kind: 'failure', ...writeCause(error), causes: causes.map(writeCause) }
    }
    case 'limit':
    case 'refused':
      return outcome
  }
}

function readOutcome(outcome: OutcomeFields): Outcome {
  switch (outcome.kind) {
    case 'value':
      return { kind: 'value', value: decodeValue(outcome.value) }
    case 'failure': {
      const { name, message, frames } = readCause(outcome)
      return failureOf(name, message, frames, outcome.causes.map(readCause))
    }
    case 'limit':
    case 'refused':
      return outcome
  }
}

type CauseFields = Extract<OutcomeFields, { kind: 'failure' }>['causes'][number]

function writeCause({ name, message, frames }: FailureCause): CauseFields {
  return {
    name,
    message,
    frames: frames.map(({ reference, node }) => [referenceText(reference), node] as const),
  }
}

function readCause({ name, message, frames }: CauseFields): FailureCause {
  return {
    name,
    message,
    frames: frames.map(([reference, node]) => ({ reference: parseReference(reference), node })),
  }
}

/** Characters of trace that go into one frame, so that no trace is too long for one. */
const TRACE_CHARACTERS = 256 * 1024

/** The lines of a trace, as many at once as one frame may well hold. */
export function* chunks(lines: readonly string[]): Generator<readonly string[]> {
  let chunk: string[] = []
  let characters = 0
  for (const line of lines) {
    chunk.push(line)
    characters += line.length
    if (characters < TRACE_CHARACTERS) continue
    yield chunk
    chunk = []
    characters = 0
  }
  if (chunk.length > 0) yield chunk
}
