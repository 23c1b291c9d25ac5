// Closures: a definition and all that it depends on, every object held against its hash before it
// is decoded, within bounds, with the row of each definition.

import {
  type Component,
  decodeComponent,
  type Effects,
  type Hash,
  inferEffects,
  KnownError,
  type Member,
  type ObjectSource,
  present,
  type Reference,
  referencesOf,
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
  const hashes = new Set(roots.map(({ hash }) => hash))
  const components = await readComponents(hashes, source, bounds)
  const closure = new Map<Hash, LoadedComponent>()
  for (const [hash, component] of dependenciesFirst(hashes, components)) {
    const effects = inferEffects(component, hash, (reference) => effectsIn(closure, reference))
    closure.set(hash, { hash, component, effects })
  }
  for (const root of roots) memberIn(closure, root)
  return closure
}

/** Objects that are asked for at once: so many that asking costs little, so few that their bytes do. */
const READ_AT_ONCE = 64

/** The components that `roots` need, themselves included, each verified and decoded. */
async function readComponents(
  roots: ReadonlySet<Hash>,
  source: ObjectSource,
  bounds: ClosureBounds,
): Promise<Map<Hash, Component>> {
  const wanted = new Set(roots)
  const waiting = [...roots]
  const components = new Map<Hash, Component>()
  let bytes = 0
  for (let at = 0; at < waiting.length; ) {
    const hashes = waiting.slice(at, at + READ_AT_ONCE)
    at += hashes.length
    const objects = await getAll(hashes, source)
    hashes.forEach((hash, index) => {
      const object = verifyObject(hash, present(hash, objects[index]))
      bytes += object.length
      if (components.size >= bounds.closureObjects || bytes > bounds.closureBytes) throw tooLarge(bounds)
      const component = decodeComponent(object)
      components.set(hash, component)
      for (const { hash: link } of referencesOf(component)) {
        if (wanted.has(link)) continue
        wanted.add(link)
        waiting.push(link)
      }
    })
  }
  return components
}

function getAll(hashes: readonly Hash[], source: ObjectSource): Promise<(Uint8Array | undefined)[]> {
  if (source.getMany && hashes.length > 1) return source.getMany(hashes)
  return Promise.all(hashes.map((hash) => source.get(hash)))
}

/** The components in the order of a walk that leaves each after all that it refers to. */
function* dependenciesFirst(
  roots: ReadonlySet<Hash>,
  components: ReadonlyMap<Hash, Component>,
): Generator<[Hash, Component]> {
  const seen = new Set<Hash>()
  const path: { readonly hash: Hash; readonly component: Component; next: number }[] = []
  const enter = (hash: Hash): void => {
    if (seen.has(hash)) return
    seen.add(hash)
    path.push({ hash, component: components.get(hash) as Component, next: 0 })
  }
  for (const root of roots) {
    enter(root)
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const reference = referencesOf(top.component)[top.next++]
      if (reference) enter(reference.hash)
      else {
        yield [top.hash, top.component]
        path.pop()
      }
    }
  }
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

function tooLarge(bounds: ClosureBounds): KnownError {
  return new KnownError(
    'limit',
    'closure-too-large',
    `Cannot load closure: it is larger than ${bounds.closureObjects} objects or ${bounds.closureBytes} bytes`,
    { hint: 'split the definition, or pass what is large as an argument', details: { ...bounds } },
  )
}
