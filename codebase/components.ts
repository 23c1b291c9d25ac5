// Components read from a source of verified objects, decoded once, and the rows of
// their definitions, inferred through the closure and remembered: objects never change.

import { decodeComponent } from './decode.ts'
import { type Effects, inferEffects } from './effects.ts'
import { invariant } from './errors.ts'
import type { Hash, Reference } from './hash.ts'
import { abilityOf } from './kind.ts'
import { compareNames } from './namespace.ts'
import { closureOf, type ObjectSource, requireObject } from './store.ts'
import type { Component, Member } from './term.ts'

/** Decoded components that are kept; the one kept longest goes first. */
const KEPT_COMPONENTS = 1_000

/** Definitions of one source of objects. */
export interface ComponentReader {
  readonly source: ObjectSource
  /** @throws KnownError `object-missing`, MalformedObjectError */
  component(hash: Hash): Promise<Component>
  /** The member; undefined when the object is not there or has fewer members. */
  member(reference: Reference): Promise<Member | undefined>
  /** @throws KnownError `object-missing` when part of the closure is not there */
  effectsOf(reference: Reference): Promise<Effects>
  /** Names of the abilities that the definition may perform, in ascending order, each once. */
  rowOf(reference: Reference): Promise<string[]>
}

export function readComponents(source: ObjectSource): ComponentReader {
  const components = new Map<Hash, Component>()
  const effects = new Map<Hash, readonly Effects[]>()

  const keep = (hash: Hash, object: Uint8Array): Component => {
    const component = decodeComponent(object)
    const [oldest] = components.keys()
    if (oldest !== undefined && components.size >= KEPT_COMPONENTS) components.delete(oldest)
    components.set(hash, component)
    return component
  }

  const reader: ComponentReader = {
    source,
    async component(hash) {
      return components.get(hash) ?? keep(hash, await requireObject(source, hash))
    },
    async member({ hash, index }) {
      const kept = components.get(hash)
      if (kept) return kept.members[index]
      const object = await source.get(hash)
      return object && keep(hash, object).members[index]
    },
    async effectsOf({ hash, index }) {
      if (!effects.has(hash)) await inferClosure(reader, effects, hash)
      const found = effects.get(hash)?.[index]
      invariant(found, `component ${hash} has no member ${index}`)
      return found
    },
    async rowOf(reference) {
      const { performs } = await reader.effectsOf(reference)
      const names = await Promise.all(
        performs.map(async ({ hash, index }) => {
          const ability = abilityOf(await reader.component(hash), index)
          invariant(ability, `${hash}.${index} is performed and is no ability`)
          return ability.name
        }),
      )
      return [...new Set(names)].sort(compareNames)
    },
  }
  return reader
}

/** Fills `effects` for `root` and all below it, dependencies first. */
async function inferClosure(
  reader: ComponentReader,
  effects: Map<Hash, readonly Effects[]>,
  root: Hash,
): Promise<void> {
  const lookup = ({ hash, index }: Reference): Effects => {
    const found = effects.get(hash)?.[index]
    invariant(found, `the closure of ${root} yields ${hash} too late`)
    return found
  }
  for await (const { hash } of closureOf(reader.source, [root], effects)) {
    effects.set(hash, inferEffects(await reader.component(hash), hash, lookup))
  }
}
