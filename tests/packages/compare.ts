// Whether both sides show the same, and if not, whether docs/format.md leaves the difference open.

import type { Left } from './watching.ts'
import { bytesOf } from './mycel.ts'

/** Why two shown values may differ. */
export type Permitted = 'engine message' | 'last digits' | 'stack' | Left

/** Nothing: the same. A reason: a permitted difference. A path with both values: a difference. */
export type Comparison = { readonly permitted?: Permitted; readonly difference?: string }

export function compare(original: unknown, shown: unknown): Comparison {
  if (Buffer.compare(bytesOf(original), bytesOf(shown)) === 0) return {}
  const found = new Set<Permitted>()
  const difference = differenceOf(original, shown, { path: '', found })
  if (difference !== undefined) return { difference }
  return { permitted: [...found][0] ?? 'last digits' }
}

interface Context {
  readonly path: string
  readonly found: Set<Permitted>
}

function differenceOf(a: unknown, b: unknown, context: Context): string | undefined {
  if (Object.is(a, b)) return undefined
  if (typeof a === 'number' && typeof b === 'number' && areClose(a, b)) {
    context.found.add('last digits')
    return undefined
  }
  if (!Array.isArray(a) || !Array.isArray(b)) return describe(a, b, context)
  if (isOverflow(a) || isOverflow(b)) {
    context.found.add('stack')
    return undefined
  }
  if (isEngineError(a, b)) {
    context.found.add('engine message')
    return undefined
  }
  if (a.length !== b.length) return describe(a, b, context)
  for (let index = 0; index < a.length; index++) {
    const found = differenceOf(a[index], b[index], { ...context, path: `${context.path}[${index}]` })
    if (found !== undefined) return found
  }
  return undefined
}

const describe = (a: unknown, b: unknown, { path }: Context): string =>
  `${path || 'all of it'}: Node ${print(a)}, mycel ${print(b)}`

const print = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    Object.is(item, -0) ||
    typeof item === 'bigint' ||
    typeof item === 'undefined' ||
    (typeof item === 'number' && !Number.isFinite(item))
      ? Object.is(item, -0)
        ? '-0'
        : `${item as string}`
      : item,
  ).slice(0, 300)

/** Of numbers near 0, such as the sine of π, no digit may be right: this is what doubles near 1 are apart, four times. */
const LEAST_DIFFERENCE = 4 * Number.EPSILON

/** What ECMAScript calls implementation-approximated differs in the last digits between engines; integers never do. */
function areClose(a: number, b: number): boolean {
  if (a === b || (Number.isSafeInteger(a) && Number.isSafeInteger(b))) return false
  const difference = Math.abs(a - b)
  return difference <= Math.max(1e-11 * Math.max(Math.abs(a), Math.abs(b)), LEAST_DIFFERENCE)
}

const isOverflow = (shown: readonly unknown[]): boolean => shown[0] === 'overflow'

/** Errors that the engine throws have the same class; the engine words their messages. */
function isEngineError(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a[0] !== 'error' || b[0] !== 'error' || a[1] !== b[1]) return false
  return ENGINE_ERRORS.has(`${a[1]}`) && V8_MESSAGES.test(`${a[2]}`) && a[2] !== b[2]
}

const ENGINE_ERRORS = new Set(['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'URIError'])
/** How V8 words what it throws itself. */
const V8_MESSAGES =
  /^("?.* is not valid JSON|Cannot (use|read|set|convert|mix|destructure|assign|create|delete|add|define|perform|access|freeze)\b|Invalid (value used|array|typed array|time|string|regular|date|count|Date|flags|Array|code|DataView|offset)|Unexpected|Class constructor|Object prototype|Reduce of empty|Method |Derived|Found non-callable|The number |The value|Iterator |Invalid$|Function\.prototype|Constructor |Division by|Exponent|Expected |Bad |toString\(\) radix|toFixed|toPrecision|toExponential|The comparison|The iterator|Generator|Maximum BigInt|object null is not|Spread syntax|Reflect|.* (is|are) not (a function|iterable|a constructor|defined|a valid|an object|a non-null object|callable|async iterable|extensible|generic)|.*is not a non-negative|.*(called on|must be|called with|is read only|read-only|requires)|Start offset|[Oo]ffset|Array buffer|null is not|undefined is not)/s
