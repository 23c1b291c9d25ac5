// Scopes of Store: a folder of the store, as `team/app`. A guest sees the keys within it
// as if there were no others.

import { ABILITY_LIMITS } from '../limits.ts'
import type { ScopeRule } from '../scope.ts'

/** Segments of letters, digits, `.`, `_`, `-`, `@`, `:`, separated by `/`. */
const FOLDER = /^[\w.@:-]+(?:\/[\w.@:-]+)*$/

/** Of two folders, one within the other, the inner one is what both let through. */
export const storeScope: ScopeRule = Object.freeze({
  expected: 'a folder of the store, as in team/app',
  normalise(scope: string) {
    const folder = scope.replace(/\/$/, '')
    return folder.length <= ABILITY_LIMITS.scopeLength && FOLDER.test(folder) ? folder : undefined
  },
  intersect(left: string | undefined, right: string | undefined) {
    if (left === undefined || right === undefined) return { scope: left ?? right }
    if (isWithin(left, right)) return { scope: left }
    return isWithin(right, left) ? { scope: right } : 'nothing'
  },
  unite: () => undefined,
})

function isWithin(folder: string, outer: string): boolean {
  return folder === outer || folder.startsWith(`${outer}/`)
}
