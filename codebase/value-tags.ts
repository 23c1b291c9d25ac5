// How values are spelt that canonical CBOR has no item for (docs/format.md §5): as arrays with a tag in front.

/** First element of the array that every value but null, a boolean, a number, a text and bytes is encoded as. */
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

/** Second element of a `number` array. */
export const NUMBERS: readonly number[] = [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
