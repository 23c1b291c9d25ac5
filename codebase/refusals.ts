// Why a piece of source is refused, and what to write instead. A Refusal knows an
// offset; a Rejection, made from it, knows a definition and a place in a file.

import type { Place } from './errors.ts'

/** Codes of refused source; they stay what they are. */
export type RefusalCode =
  | 'syntax-error'
  | 'too-deep'
  | 'too-large'
  | 'syntax-refused'
  | 'name-unbound'
  | 'import-unknown'
  | 'import-refused'
  | 'duplicate-name'
  | 'effect-refused'
  | 'code-from-text'
  | 'binding-reassigned'
  | 'state-refused'
  | 'statement-refused'
  | 'intrinsic-write'
  | 'commonjs-refused'
  | 'ability-malformed'
  | 'cyclic-initialiser'
  | 'depends-on-rejected'
  | 'type-error'
  | 'types-unchecked'
  | 'state-kept'
  | 'left-out'
  | 'order-lost'
  | 'locale-dependent'
  | 'exported-as'
  | 'no-definitions'

/** One reason why a piece of source is not accepted, or a warning about it. */
export interface Refusal {
  readonly code: RefusalCode
  /** A clause that says what is so: "`Date.now` reads the clock". */
  readonly reason: string
  /** What to do instead, one clause without a final period. */
  readonly hint: string
  /** UTF-16 offset in the file. */
  readonly start: number
}

export function refusal(
  code: RefusalCode,
  at: { readonly start: number },
  reason: string,
  hint: string,
): Refusal {
  return Object.freeze({ code, reason, hint, start: at.start })
}

/** A refusal with its place. */
export interface Problem {
  readonly code: RefusalCode
  readonly reason: string
  readonly hint: string
  readonly place: Place
}

/** A refused or doubtful definition, as people and programs are told of it; line and column count from 1. */
export interface Rejection {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly code: string
  readonly message: string
  readonly hint: string
  /** Names of the refused definitions that it depends on, the nearest first; absent when it is refused for itself. */
  readonly because?: readonly string[]
}
