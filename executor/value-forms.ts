// How values are spelt in their encoding (docs/format.md §5), for workers: what codebase/value-tags.ts
// says, which they can't load, for a confined process may read this folder only. A test holds both equal.

/** First elements of the arrays that values are encoded as. */
export const TAG = Object.freeze({
  array: 0,
  object: 1,
  undefined: 2,
  bigint: 3,
  number: 4,
  date: 5,
  map: 6,
  set: 7,
  reference: 8,
} as const)

/** Numbers that are spelt by their place in here. */
export const NUMBERS: readonly number[] = [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
