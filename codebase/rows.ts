// The rows of a batch: effects through its own components, those of the codebase and
// the built-in abilities, and the names that abilities are shown by.

import type { Candidate } from './batch.ts'
import type { HashedDefinitions } from './component.ts'
import { decodeComponent } from './decode.ts'
import type { Environment } from './defined.ts'
import { type Effects, inferEffects } from './effects.ts'
import { invariant } from './errors.ts'
import { formatReference, type Hash, type Reference, referenceText } from './hash.ts'
import { abilityOf } from './kind.ts'
import { type Component, referencesOf } from './term.ts'

export interface Rows {
  effectsOf(reference: Reference): Effects
  /** Names of the abilities that are performed, in ascending order. */
  rowOf(effects: Effects): string[]
  /** Components of the built-in abilities that the batch mentions. */
  readonly abilityObjects: ReadonlyMap<Hash, Uint8Array>
}

export async function makeRows(
  hashed: HashedDefinitions,
  candidates: readonly Candidate[],
  environment: Environment,
): Promise<Rows> {
  const effects = new Map<string, Effects>()
  const names = new Map<string, string>()
  const abilityObjects = new Map<Hash, Uint8Array>()
  const record = (hash: Hash, inferred: readonly Effects[]): void =>
    inferred.forEach((each, index) => effects.set(referenceText({ hash, index }), each))
  const lookup = (reference: Reference): Effects => {
    const found = effects.get(referenceText(reference))
    invariant(found, `effects of ${formatReference(reference)} are asked for before they are known`)
    return found
  }
  for (const [index, { declaration }] of candidates.entries()) {
    if (declaration.ability) names.set(referenceText(hashed.references[index]!), declaration.ability.name)
  }
  for (const { name, reference, object } of environment.abilities) {
    names.set(referenceText(reference), name)
    record(reference.hash, inferEffects(decodeComponent(object), reference.hash, lookup))
  }
  for (const reference of outsideReferences(hashed)) {
    const builtIn = environment.abilities.find((ability) => ability.reference.hash === reference.hash)
    if (builtIn) abilityObjects.set(reference.hash, builtIn.object)
    else effects.set(referenceText(reference), await environment.effectsOf(reference))
  }
  for (const [hash, component] of inOrderOfNeeds(hashed)) record(hash, inferEffects(component, hash, lookup))
  await nameAbilities([...effects.values()], names, environment)
  return {
    effectsOf: lookup,
    rowOf: ({ performs }) =>
      performs.map((ability) => names.get(referenceText(ability)) ?? formatReference(ability)).sort(),
    abilityObjects,
  }
}

/** Each component after those that it refers to, be it as a definition of the batch or, by import, as one of the codebase. */
function inOrderOfNeeds({ components }: HashedDefinitions): Map<Hash, Component> {
  const ordered = new Map<Hash, Component>()
  const take = (hash: Hash): void => {
    const component = components.get(hash)
    if (!component || ordered.has(hash)) return
    for (const reference of referencesOf(component)) take(reference.hash)
    ordered.set(hash, component)
  }
  for (const hash of components.keys()) take(hash)
  return ordered
}

function outsideReferences(hashed: HashedDefinitions): Reference[] {
  const outside = new Map<string, Reference>()
  for (const component of hashed.components.values()) {
    for (const reference of referencesOf(component))
      if (!hashed.components.has(reference.hash)) outside.set(referenceText(reference), reference)
  }
  return [...outside.values()]
}

/** Names of abilities that the codebase has and the batch does not declare. */
async function nameAbilities(
  effects: readonly Effects[],
  names: Map<string, string>,
  environment: Environment,
): Promise<void> {
  for (const ability of effects.flatMap(({ performs }) => performs)) {
    const text = referenceText(ability)
    if (names.has(text)) continue
    const member = await environment.memberOf?.(ability)
    const declared = member && abilityOf({ members: [member] }, 0)
    if (declared) names.set(text, declared.name)
  }
}
