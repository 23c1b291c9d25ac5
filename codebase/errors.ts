// Every failure that a caller can act on is a KnownError: a stable code, a
// message for people, a hint that says what to do next, and frozen details.

/** A place in a source file; line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What a KnownError is made of beyond its message. */
export interface KnownErrorInit {
  /** What to do next, one sentence without a final period. */
  readonly hint?: string
  /** Plain data for programs; a place in a source goes in as `file`, `line`, `column`. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * The group of a failure decides the exit code of the command line:
 * input 1 · usage 2 · function 3 · limit 4 · policy 5 · network 6.
 */
export type FailureGroup = 'input' | 'usage' | 'function' | 'limit' | 'policy' | 'network'

/** A failure that a caller can act on. `code` is stable; the message is for people. */
export class KnownError extends Error {
  override readonly name: string = 'KnownError'
  readonly code: string
  readonly group: FailureGroup
  readonly hint: string | undefined
  readonly details: Readonly<Record<string, unknown>>

  constructor(group: FailureGroup, code: string, message: string, init: KnownErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause })
    this.group = group
    this.code = code
    this.hint = init.hint
    this.details = Object.freeze({ ...init.details })
  }
}

/** A state that only a fault of our own can bring about. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** Fails with an InvariantError unless `condition` holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}
