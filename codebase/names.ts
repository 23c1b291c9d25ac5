// The names of one branch, loaded: by name, by reference and by component. What a name
// may look like, and the words for the failure when there is none.

import { KnownError } from './errors.ts'
import { type Hash, type Reference, referenceText } from './hash.ts'
import { compareNames, type Filed } from './namespace.ts'
import { nearest } from './nearest.ts'

/** The names of a branch. Lists are in ascending order. */
export interface Names {
  readonly filed: ReadonlyMap<string, Filed>
  /** Names of exactly this definition. */
  of(reference: Reference): readonly string[]
  /** Names of any member of this component. */
  ofComponent(hash: Hash): readonly string[]
}

const NONE: readonly string[] = Object.freeze([])

export function makeNames(loaded: ReadonlyMap<string, Filed>): Names {
  const filed = new Map([...loaded].sort(([a], [b]) => compareNames(a, b)))
  let byReference: ReadonlyMap<string, readonly string[]> | undefined
  let byComponent: ReadonlyMap<string, readonly string[]> | undefined
  return {
    filed,
    of(reference) {
      byReference ??= groupNames(filed, (other) => referenceText(other))
      return byReference.get(referenceText(reference)) ?? NONE
    },
    ofComponent(hash) {
      byComponent ??= groupNames(filed, (other) => other.hash)
      return byComponent.get(hash) ?? NONE
    },
  }
}

function groupNames(
  filed: ReadonlyMap<string, Filed>,
  keyOf: (reference: Reference) => string,
): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [name, { reference }] of filed) append(groups, keyOf(reference), name)
  return groups
}

function append(lists: Map<string, string[]>, key: string, name: string): void {
  const list = lists.get(key)
  if (list) list.push(name)
  else lists.set(key, [name])
}

/** Names under `lib.` belong to somebody else: changes are never propagated into them. */
export function isLibrary(name: string): boolean {
  return name.startsWith('lib.')
}

/** A segment holds no dot, no space, nothing that a shell or `#hash` would be mistaken for, and no control character; what Unicode will assign is permitted, so that hosts of any age agree. */
const SEGMENT = /^[^\s.#"'`\\\p{Cc}\p{Cf}\p{Cs}\p{Co}]+$/u

/** Returns `name` when it can be a full name. @throws KnownError `name-malformed` */
export function checkName(name: string): string {
  if (name.length <= 1_000 && name.split('.').every((segment) => SEGMENT.test(segment))) return name
  throw new KnownError('usage', 'name-malformed', `Cannot use ${JSON.stringify(name)} as a name`, {
    hint: 'a name is segments joined by dots, as in math.stats.mean, without spaces, quotes or #',
    details: { name },
  })
}

/**
 * Returns `name` when people may give it to a definition: what is below `lib.` came with a package, and a slash belongs
 * to a scope, `@scope/package`. @throws KnownError `name-malformed`
 */
export function checkNewName(name: string): string {
  const slashed = checkName(name)
    .split('.')
    .find((segment) => segment.includes('/') && !/^@[^/]+\/[^/]+$/.test(segment))
  const isReserved = name === 'lib' || isLibrary(name)
  if (slashed === undefined && !isReserved) return name
  const reason = isReserved ? 'names below lib. are those of packages' : `\`${slashed}\` has a slash`
  throw new KnownError('usage', 'name-malformed', `Cannot use ${JSON.stringify(name)} as a name: ${reason}`, {
    hint: isReserved
      ? 'choose a name outside of lib.; `ucm add npm:PACKAGE` files a package there'
      : 'segments are joined by dots, as in math.stats.mean; only a scope has a slash: @scope/package',
    details: { name },
  })
}

/** Full names that `text` is a suffix of, by whole segments; the name itself if it is one. */
export function matchingNames(names: Names, text: string): string[] {
  if (names.filed.has(text)) return [text]
  const suffix = `.${text}`
  return [...names.filed.keys()].filter((name) => name.endsWith(suffix))
}

/** Full names strictly below the namespace `path`. */
export function namesBelow(names: Names, path: string): string[] {
  return [...names.filed.keys()].filter((name) => name.startsWith(`${path}.`))
}

/** The one full name that `text` is, or is a suffix of. @throws KnownError `name-unknown`, `name-ambiguous` */
export function fullName(names: Names, text: string): string {
  const matches = matchingNames(names, text)
  if (matches.length > 1) throw ambiguousName(text, matches)
  return matches[0] ?? unknownName(names, text)
}

export function ambiguousName(text: string, candidates: readonly string[]): KnownError {
  return new KnownError(
    'input',
    'name-ambiguous',
    `Cannot tell which ${text} is meant: ${candidates.length} names end so`,
    {
      hint: `write one of ${listed(candidates)}`,
      details: { name: text, candidates },
    },
  )
}

export function unknownName(names: Names, text: string): never {
  const near = nearest(text, [...names.filed.keys()])
  const hint = near.length > 0 ? `did you mean ${listed(near)}?` : '`ucm ls` lists the names of this branch'
  throw new KnownError(
    'input',
    'name-unknown',
    `Cannot find ${text}: no definition on this branch has that name`,
    {
      hint,
      details: { name: text, nearest: near },
    },
  )
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} (and ${names.length - 5} more)` : shown
}
