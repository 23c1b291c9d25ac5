// Every bound that this folder enforces, with its unit and what happens beyond it.

/** Bounds on bytes that are decoded; beyond any of them decoding throws MalformedObjectError. */
export interface DecodeBounds {
  /** Length of the whole encoding. */
  readonly maxBytes: number
  /** Arrays inside arrays; the outermost array has depth 1. */
  readonly maxDepth: number
  /** Scalars and arrays together. */
  readonly maxItems: number
}

/** Bounds on an object (component, namespace node, commit, receipt, source). */
export const OBJECT_BOUNDS: DecodeBounds = Object.freeze({
  maxBytes: 8 * 1024 * 1024,
  maxDepth: 2_100,
  maxItems: 2_000_000,
})

/** Nodes inside nodes of one term; beyond it a definition is refused with code `too-deep`. */
export const MAX_TERM_DEPTH = 1_000

/** Nodes inside nodes of a source file's syntax, and brackets inside brackets; beyond it the file is refused with code `too-deep`. */
export const MAX_SYNTAX_DEPTH = 1_000

/** Bounds on a value that crosses a boundary; beyond any of them ValueError is thrown. */
export const VALUE_BOUNDS: DecodeBounds = Object.freeze({
  maxBytes: 16 * 1024 * 1024,
  maxDepth: 256,
  maxItems: 4_000_000,
})

/** Outcomes of pure runs that a codebase keeps, in bytes; beyond it those that were not used for longest go. */
export const MEMO_BYTES = 256 * 1024 * 1024
