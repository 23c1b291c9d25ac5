// What a run may perform: what its request allows, as far as a provider is there. Abilities are
// held apart by reference, never by name alone: another ability called Store is not the Store.

import { type Allowance, type PerformContext, type Provider, uniteAllowances } from '#abilities'
import { encodeComponent, hashObject, referenceText, type Value } from '#codebase'

/** One ability that a run may perform, by whom and within what. */
export interface Granted {
  readonly provider: Provider
  readonly scope: string | undefined
}

/** What may be performed, by the ability's reference as text. */
export type Authority = ReadonlyMap<string, Granted>

/** Allow whatever there is a provider for. */
export const EVERYTHING = 'everything the node allows'

/** The authority that `allow` gives over `providers`. */
export function authorityOf(
  allow: readonly Allowance[] | typeof EVERYTHING,
  providers: readonly Provider[],
): Authority {
  const scopes = new Map(
    (allow === EVERYTHING
      ? providers.map(({ ability }): Allowance => ({ ability }))
      : uniteAllowances(allow)
    ).map(({ ability, scope }) => [ability, scope] as const),
  )
  return new Map(
    providers
      .filter(({ ability }) => scopes.has(ability))
      .map((provider) => [referenceOfAbility(provider), { provider, scope: scopes.get(provider.ability) }]),
  )
}

const references = new WeakMap<Provider, string>()

/** The reference of the ability that a provider answers: that of the definition with its name and operations. */
function referenceOfAbility(provider: Provider): string {
  const known = references.get(provider)
  if (known !== undefined) return known
  const operations = provider.operations.toSorted()
  const value = { type: 'Ability', name: provider.ability, operations } as const
  const hash = hashObject(encodeComponent({ members: [{ nominal: null, value, completions: [] }] }))
  const reference = referenceText({ hash, index: 0 })
  references.set(provider, reference)
  return reference
}

/** The modules by which workers may answer operations themselves, by reference: none where there is a scope to keep to. */
export function modulesAtHand(authority: Authority): Record<string, string> {
  const modules: Record<string, string> = {}
  for (const [reference, { provider, scope }] of authority) {
    if (provider.atHand !== undefined && scope === undefined) modules[reference] = provider.atHand
  }
  return modules
}

/** An operation to be performed, with its arguments. */
export interface Request {
  readonly operation: string
  readonly args: readonly Value[]
}

/** Has the provider perform an operation; throws what it throws. */
export function perform(
  { provider, scope }: Granted,
  { operation, args }: Request,
  context: Omit<PerformContext, 'scope'>,
): Promise<Value> {
  return provider.perform(operation, args, { ...context, scope })
}
