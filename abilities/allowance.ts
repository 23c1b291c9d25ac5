// Allowances: which abilities may be answered, and within which scope. `--allow Http` is
// any request that the provider takes, `--allow Http=api.example.com` only those within the scope.
//
// Intersecting depends on the ability: Http keeps both lists of hosts, each of which must
// admit a request; of two Store folders the inner one remains; the others take no scope.

import { KnownError, nearest } from '#codebase'
import { BUILTIN_ABILITIES } from './builtin.ts'
import { httpScope } from './http-scope.ts'
import type { ScopeRule } from './scope.ts'
import { storeScope } from './store/scope.ts'

/** One ability that may be answered. */
export interface Allowance {
  readonly ability: string
  /** In canonical form; absent: everything that the provider takes. */
  readonly scope?: string
}

const SCOPE_RULES: ReadonlyMap<string, ScopeRule> = new Map([
  ['Http', httpScope],
  ['Store', storeScope],
])

/**
 * Reads `ABILITY[=SCOPE]`; the scope comes back in canonical form.
 * @throws KnownError usage: 'ability-unknown', 'scope-malformed'
 */
export function parseAllowance(text: string): Allowance {
  const [, ability = '', given] = /^([^=]*)(?:=([\s\S]*))?$/.exec(text) ?? []
  if (!BUILTIN_ABILITIES.some(({ name }) => name === ability)) throw unknownAbility(ability)
  if (given === undefined) return Object.freeze({ ability })
  const rule = SCOPE_RULES.get(ability)
  const scope = rule?.normalise(given)
  if (scope !== undefined) return Object.freeze({ ability, scope })
  throw new KnownError(
    'usage',
    'scope-malformed',
    `Cannot allow ${text}: ${JSON.stringify(given)} is not a scope, expected ${rule?.expected ?? `none for ${ability}`}`,
    { hint: rule ? `write ${ability}=SCOPE, or only ${ability} for no bounds` : `write only ${ability}` },
  )
}

/** As it is written on the command line: the inverse of parseAllowance. */
export function formatAllowance({ ability, scope }: Allowance): string {
  return scope === undefined ? ability : `${ability}=${scope}`
}

/**
 * One allowance per ability, sorted by ability: what any of the given ones lets through.
 * @throws KnownError usage 'scope-conflict' when no one scope says that (two folders of Store)
 */
export function uniteAllowances(allowances: readonly Allowance[]): Allowance[] {
  const united = new Map<string, Allowance>()
  for (const allowance of allowances) {
    const before = united.get(allowance.ability)
    united.set(allowance.ability, before ? uniteTwo(before, allowance) : allowance)
  }
  return [...united.values()].sort((a, b) => (a.ability < b.ability ? -1 : 1))
}

function uniteTwo(left: Allowance, right: Allowance): Allowance {
  const { ability } = left
  if (left.scope === undefined || right.scope === undefined) return Object.freeze({ ability })
  if (left.scope === right.scope) return left
  const scope = SCOPE_RULES.get(ability)?.unite(left.scope, right.scope)
  if (scope !== undefined) return Object.freeze({ ability, scope })
  throw new KnownError(
    'usage',
    'scope-conflict',
    `Cannot allow ${formatAllowance(left)} and ${formatAllowance(right)}: one run sees one of them, expected one scope`,
    { hint: `name ${ability} once, with a scope that holds what is needed` },
  )
}

/**
 * What both the node and the caller allow, sorted by ability. An ability that only one of
 * them allows, or whose scopes have nothing in common, is left out. The result never lets
 * through what either side alone would not.
 */
export function intersectAllowances(node: readonly Allowance[], caller: readonly Allowance[]): Allowance[] {
  const theirs = new Map(uniteAllowances(caller).map((allowance) => [allowance.ability, allowance]))
  return uniteAllowances(node).flatMap((mine) => {
    const other = theirs.get(mine.ability)
    return other ? intersectTwo(mine, other) : []
  })
}

function intersectTwo(left: Allowance, right: Allowance): Allowance[] {
  const { ability } = left
  if (left.scope === right.scope) return [left]
  const both = SCOPE_RULES.get(ability)?.intersect(left.scope, right.scope)
  if (both === undefined || both === 'nothing') return []
  return [Object.freeze(both.scope === undefined ? { ability } : { ability, scope: both.scope })]
}

function unknownAbility(ability: string): KnownError {
  const known = BUILTIN_ABILITIES.map(({ name }) => name)
  const near = nearest(ability, known)[0]
  return new KnownError(
    'usage',
    'ability-unknown',
    `Cannot allow ${JSON.stringify(ability)}: there is no such ability, expected one of ${known.join(', ')}`,
    {
      hint: near === undefined ? 'write --allow ABILITY or --allow ABILITY=SCOPE' : `did you mean ${near}?`,
      details: { ability, known, ...(near !== undefined && { nearest: near }) },
    },
  )
}
