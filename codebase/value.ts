// Values: what crosses a boundary (arguments, results, operations, stored state).
// design: JSON plus undefined, bigint, NaN, ±Infinity, -0, bytes, Date, Map, Set
// and references to definitions. One value has exactly one encoding.

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
  | undefined | null | boolean | number | bigint | string
  | Uint8Array | Date | ReferenceValue
  | readonly Value[]
  | ReadonlyMap<Value, Value>
  | ReadonlySet<Value>
  | { readonly [key: string]: Value }
