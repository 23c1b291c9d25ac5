// Values: what crosses a boundary (arguments, results, operations, stored state).
// design: JSON plus undefined, bigint, NaN, ±Infinity, -0, bytes, Date, Map, Set
// and references to definitions. One value has exactly one encoding.

import { KnownError } from './errors.ts'
import type { Reference } from './hash.ts'

/** A definition that travels as a value. */
export class ReferenceValue {
  readonly reference: Reference
  constructor(reference: Reference) {
    this.reference = reference
    Object.freeze(this)
  }
}

export type Value =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | ReferenceValue
  | readonly Value[]
  | ReadonlyMap<Value, Value>
  | ReadonlySet<Value>
  | { readonly [key: string]: Value }

/** One step into a value: the key of an object, the index of an array, or an entry of a Map or Set. */
export type Step = string | number | readonly [of: 'keys' | 'values', entry: number]

/** A value that cannot cross a boundary. `details.path` leads to the part that cannot: `$.a[3]`. */
export class ValueError extends KnownError {
  override readonly name = 'ValueError'
  constructor(problem: string, path: readonly Step[]) {
    const text = formatPath(path)
    super('input', 'value', `Cannot pass value: ${problem} at ${shortened(text)}`, {
      hint: 'values are plain data: JSON, undefined, bigint, bytes, Date, Map, Set and references to definitions',
      details: { path: text },
    })
  }
}

/** Both ends of a long path: messages are for people. */
function shortened(path: string): string {
  return path.length <= SHOWN_PATH ? path : `${path.slice(0, 40)}…${path.slice(-40)}`.toWellFormed()
}

const SHOWN_PATH = 100

function formatPath(path: readonly Step[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    if (typeof key !== 'string') return `${text}.${key[0]}()[${key[1]}]`
    return /^[A-Za-z_$][\w$]*$/.test(key) ? `${text}.${key}` : `${text}[${JSON.stringify(key)}]`
  }, '$')
}

/** Whether objects list `key` before all others, in numeric order (an array index, ECMA-262 §10.1.11). */
export function isIndexKey(key: string): boolean {
  return key.length <= 10 && /^(0|[1-9]\d*)$/.test(key) && Number(key) < 2 ** 32 - 1
}
