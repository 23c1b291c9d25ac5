// Closures: a definition and all that it depends on, every object held against its hash before it
// is decoded, within bounds, with the row of each definition.

import {
  type Component,
  closureOf,
  decodeComponent,
  type Effects,
  type Hash,
  inferEffects,
  KnownError,
  type Member,
  type ObjectSource,
  type Reference,
  referenceText,
  formatReference,
  verifyObject,
} from '#codebase'

/** A component of a closure. */
export interface LoadedComponent {
  readonly hash: Hash
  readonly component: Component
  /** What each member may perform, by slot. */
  readonly effects: readonly Effects[]
}

/** Components by hash, each after those that it depends on. */
export type Closure = ReadonlyMap<Hash, LoadedComponent>

/** Bounds on a closure; beyond one loading throws KnownError limit `closure-too-large`. */
export interface ClosureBounds {
  readonly closureObjects: number
  readonly closureBytes: number
}

/**
 * Loads what `roots` need.
 * @throws KnownError `object-missing`, `hash-mismatch`, `malformed-object`, `closure-too-large`, `hash-unknown`
 */
export async function loadClosure(
  roots: readonly Reference[],
  source: ObjectSource,
  bounds: ClosureBounds,
): Promise<Closure> {
  const closure = new Map<Hash, LoadedComponent>()
  const hashes = [...new Set(roots.map(({ hash }) => hash))]
  let bytes = 0
  for await (const { hash, object } of closureOf(verified(source), hashes, new Set())) {
    bytes += object.length
    if (closure.size >= bounds.closureObjects || bytes > bounds.closureBytes) throw tooLarge(bounds)
    const component = decodeComponent(object)
    const effects = inferEffects(component, hash, (reference) => effectsIn(closure, reference))
    closure.set(hash, { hash, component, effects })
  }
  for (const root of roots) memberIn(closure, root)
  return closure
}

/** The member that `reference` names. @throws KnownError `hash-unknown` when the component has no such member */
export function memberIn(closure: Closure, reference: Reference): Member {
  const member = closure.get(reference.hash)?.component.members[reference.index]
  if (member) return member
  throw new KnownError(
    'input',
    'hash-unknown',
    `Cannot run ${formatReference(reference)}: there is no such definition`,
    {
      hint: 'a hash without .N is the first definition of its component',
      details: { hash: referenceText(reference) },
    },
  )
}

/** What the definition that `reference` names may perform. */
export function effectsIn(closure: Closure, reference: Reference): Effects {
  memberIn(closure, reference)
  return closure.get(reference.hash)?.effects[reference.index] as Effects
}

function verified(source: ObjectSource): ObjectSource {
  return {
    get: async (hash) => {
      const object = await source.get(hash)
      return object && verifyObject(hash, object)
    },
  }
}

function tooLarge(bounds: ClosureBounds): KnownError {
  return new KnownError(
    'limit',
    'closure-too-large',
    `Cannot load closure: it is larger than ${bounds.closureObjects} objects or ${bounds.closureBytes} bytes`,
    { hint: 'split the definition, or pass what is large as an argument', details: { ...bounds } },
  )
}
