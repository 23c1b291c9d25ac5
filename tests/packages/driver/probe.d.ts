import type { Learnt, Steps } from '../search.ts'
import type { Tools } from '../original.ts'

/** What one call shows, as plain data; a promise of it when the call gives one. */
export function probe(subject: unknown, steps: Steps, tools: Tools): unknown
/** What one call comes to, as it is; nothing when it throws. */
export function attempt(subject: unknown, steps: Steps, tools: Tools): Learnt
