// What an expression may perform, as sets that masking can be computed on. Parameters
// count as variables: whatever is passed for them, less what is masked wherever they are mentioned.

/** Abilities (references as text), and parameters with what is masked at every one of their mentions. */
export interface Effect {
  readonly abilities: ReadonlySet<string>
  readonly parameters: ReadonlyMap<number, ReadonlySet<string>>
}

/** Effects of evaluating an expression, told apart by whether a handler around it can catch them. */
export interface Row {
  /** Performed by the generator that evaluates the expression: by `yield*` in it. No handler around it is asked. */
  readonly now: Effect
  /** Performed when the value is run: handlers that it is passed to are asked. */
  readonly later: Effect
  /** Reached a variable or property, from where it may be run anywhere. */
  readonly leaked: Effect
}

export const NOTHING: Effect = { abilities: new Set(), parameters: new Map() }
export const EMPTY: Row = { now: NOTHING, later: NOTHING, leaked: NOTHING }

export function abilitiesOnly(abilities: Iterable<string>): Effect {
  return { abilities: new Set(abilities), parameters: new Map() }
}

export function later(effect: Effect): Row {
  return { now: NOTHING, later: effect, leaked: NOTHING }
}

/** Both, a parameter being masked only by what masks it in both. */
export function union(a: Effect, b: Effect): Effect {
  if (a === NOTHING) return b
  if (b === NOTHING) return a
  const parameters = new Map(a.parameters)
  for (const [parameter, masked] of b.parameters) {
    parameters.set(parameter, parameters.get(parameter)?.intersection(masked) ?? masked)
  }
  return { abilities: a.abilities.union(b.abilities), parameters }
}

/** What is left of `effect` under handlers of the abilities in `masked`. */
export function mask(effect: Effect, masked: ReadonlySet<string>): Effect {
  if (masked.size === 0 || effect === NOTHING) return effect
  const parameters = [...effect.parameters].map(
    ([parameter, before]) => [parameter, before.union(masked)] as const,
  )
  return { abilities: effect.abilities.difference(masked), parameters: new Map(parameters) }
}

export function unionRows(a: Row, b: Row): Row {
  if (a === EMPTY) return b
  if (b === EMPTY) return a
  return { now: union(a.now, b.now), later: union(a.later, b.later), leaked: union(a.leaked, b.leaked) }
}

/** Everything, whenever it is performed. */
export function total(row: Row): Effect {
  return union(union(row.now, row.later), row.leaked)
}

/** Whether two effects are equal. Effects only grow, so that comparing sizes suffices for the abilities. */
export function isSameEffect(a: Effect, b: Effect): boolean {
  if (a.abilities.size !== b.abilities.size || a.parameters.size !== b.parameters.size) return false
  return [...a.parameters].every(([parameter, masked]) => b.parameters.get(parameter)?.size === masked.size)
}
