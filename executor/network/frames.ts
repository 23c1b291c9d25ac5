// The messages of both protocols, field by field, and their bytes. One table says what a
// frame of each type holds; the types that the rest of the folder sees are read off it.
// Nothing reaches cbor-x that scan.ts has not let through, and nothing leaves this file
// that the table has not. Values and objects travel inside frames as canonical bytes.

import { isHash, parseReference, type Hash } from '#codebase'
import { Encoder } from 'cbor-x'
import type { NetworkLimits } from './network-limits.ts'
import { scanCbor } from './scan.ts'

/** Returns the field when it is what it should be. @throws TypeError */
type Check<T> = (field: unknown) => T

const text: Check<string> = (field) => (typeof field === 'string' ? field : expected('text', field))
const flag: Check<boolean> = (field) =>
  typeof field === 'boolean' ? field : expected('true or false', field)
/** A copy, since cbor-x gives a view into a larger buffer of the connection. */
const bytes: Check<Uint8Array> = (field) =>
  field instanceof Uint8Array ? new Uint8Array(field) : expected('bytes', field)
const hash: Check<Hash> = (field) => (isHash(field) ? field : expected('a hash', field))
const count: Check<number> = (field) =>
  Number.isSafeInteger(field) && (field as number) >= 0 ? (field as number) : expected('a count', field)
const ordinal: Check<number> = (field) =>
  Number.isSafeInteger(field) && (field as number) >= -1 ? (field as number) : expected('an ordinal', field)
const duration: Check<number> = (field) =>
  typeof field === 'number' && field >= 0 && Number.isFinite(field) ? field : expected('a duration', field)
const reference: Check<string> = (field) => {
  parseReference(text(field))
  return text(field)
}
const optional =
  <T>(check: Check<T>): Check<T | null> =>
  (field) =>
    field === null ? null : check(field)
const oneOf =
  <const T extends string>(...names: readonly T[]): Check<T> =>
  (field) =>
    names.includes(field as T) ? (field as T) : expected(`one of ${names.join(', ')}`, field)
const list =
  <T>(check: Check<T>): Check<readonly T[]> =>
  (field) =>
    Array.isArray(field) ? field.map(check) : expected('a list', field)
const pair =
  <A, B>(first: Check<A>, second: Check<B>): Check<readonly [A, B]> =>
  (field) =>
    Array.isArray(field) && field.length === 2
      ? [first(field[0]), second(field[1])]
      : expected('a pair', field)

type Shape = Readonly<Record<string, Check<unknown>>>
type Fields<S extends Shape> = { readonly [F in keyof S]: ReturnType<S[F]> }

/** A map that has exactly the fields of `shape`. */
function record<const S extends Shape>(shape: S): Check<Fields<S>> {
  const names = Object.keys(shape)
  return (field) => {
    if (typeof field !== 'object' || field === null || Array.isArray(field)) return expected('a map', field)
    const given = field as Record<string, unknown>
    for (const name in given) if (!Object.hasOwn(shape, name)) expected('no other field', name)
    return Object.fromEntries(
      names.map((name) => [name, (shape[name] as Check<unknown>)(given[name])]),
    ) as Fields<S>
  }
}

const cause = { name: text, message: text, frames: list(pair(reference, ordinal)) }

const outcomes = {
  value: record({ kind: oneOf('value'), value: bytes }),
  failure: record({ kind: oneOf('failure'), ...cause, causes: list(record(cause)) }),
  limit: record({
    kind: oneOf('limit'),
    limit: oneOf('fuel', 'memory', 'stack', 'output', 'effects', 'time'),
    allowed: duration,
  }),
  refused: record({ kind: oneOf('refused'), missing: list(text) }),
}

const outcome: Check<OutcomeFields> = (field) => {
  const kind = (field as { kind?: unknown } | null)?.kind
  const check =
    typeof kind === 'string' && Object.hasOwn(outcomes, kind)
      ? outcomes[kind as keyof typeof outcomes]
      : undefined
  return check ? check(field) : expected('an outcome', field)
}

/** How a run ended, as it travels. */
export type OutcomeFields = {
  [K in keyof typeof outcomes]: ReturnType<(typeof outcomes)[K]>
}[keyof typeof outcomes]

/** Fields of each type of frame besides `type` and `id`, which every frame has. */
const FRAMES = {
  /** either protocol, from whoever asked: no answer is awaited any more */
  cancel: {},
  /** either protocol, instead of what was asked for; only code and message ever cross */
  refused: { group: oneOf('input', 'usage', 'limit', 'policy', 'network'), code: text, message: text },

  /** fetch: these, with all they need; what `have` names is there, and all below it */
  want: { roots: list(hash), have: list(hash) },
  /** fetch: one object; whatever it links to came before it or was in `have` */
  object: { hash, object: bytes },
  /** fetch: no more objects */
  end: {},

  /** run: `args` is the canonical encoding of the list of arguments; `allow` null: all that the node allows */
  run: {
    reference,
    args: bytes,
    allow: optional(list(pair(text, optional(text)))),
    limits: list(pair(text, count)),
    memo: flag,
    grant: optional(text),
  },
  /** run: the code is there and the run begins */
  accepted: { code: oneOf('cold', 'warm'), objects: count, bytes: count, rounds: count },
  /** run: a line that the function logged; `attributes` is a canonical value */
  log: { level: oneOf('debug', 'info', 'warn', 'error'), message: text, attributes: optional(bytes) },
  /** run: lines that the function showed with `console` */
  trace: { lines: list(text) },
  /** run: how it ended */
  outcome: { outcome, receipt: bytes, fuel: count, memoised: flag, ms: duration },
} as const

export type FrameType = keyof typeof FRAMES
/** One message. `id` is chosen by whoever asked and ties question and answers together. */
export type Frame<T extends FrameType = FrameType> = {
  [K in T]: { readonly type: K; readonly id: number } & Fields<(typeof FRAMES)[K]>
}[T]
/** A frame before it is given its id. */
export type Message<T extends FrameType = FrameType> = { [K in T]: Omit<Frame<K>, 'id'> }[T]

const checks = Object.fromEntries(
  Object.entries(FRAMES).map(([type, shape]) => [type, record({ type: text, id: count, ...shape })]),
)

const codec = new Encoder({ useRecords: false, tagUint8Array: false })

/** The frame's bytes, without the length that goes before them. */
export function encodeFrame(frame: Frame): Uint8Array {
  return codec.encode(frame)
}

/** The frame that `encoded` is. @throws ScanError, TypeError */
export function decodeFrame(encoded: Uint8Array, limits: NetworkLimits): Frame {
  scanCbor(encoded, {
    maxBytes: limits.maxFrameBytes,
    maxDepth: limits.maxFrameDepth,
    maxItems: limits.maxFrameItems,
  })
  const frame = codec.decode(encoded)
  const type: unknown = frame?.type
  if (typeof type !== 'string' || !Object.hasOwn(checks, type))
    return expected('a frame of a known type', type)
  return (checks[type] as Check<Frame>)(frame)
}

function expected(what: string, found: unknown): never {
  throw new TypeError(`Cannot read frame: found ${describe(found)}, expected ${what}`)
}

function describe(found: unknown): string {
  if (typeof found === 'string') return JSON.stringify(found.slice(0, 40))
  return found === null || typeof found !== 'object' ? String(found) : 'something else'
}
