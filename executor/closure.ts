// Closures: a definition and all that it depends on, every object held against its hash before it
// is decoded, within bounds, with the row of each definition.

import { setImmediate } from 'node:timers/promises'
import {
  type Component,
  decodeComponent,
  type Effects,
  type Hash,
  inferEffects,
  kindOfObject,
  KnownError,
  linksOf,
  type Member,
  OBJECT_KINDS,
  type ObjectSource,
  present,
  type Reference,
  referenceText,
  formatReference,
  verifyObject,
} from '#codebase'

/** A component of a closure: its verified bytes, which take less room than its term. */
export interface LoadedComponent {
  readonly object: Uint8Array
  /** What each member may perform, by slot. */
  readonly effects: readonly Effects[]
}

/** A definition and all that it depends on. */
export interface Closure {
  /** By hash, each after those that it depends on. */
  readonly components: ReadonlyMap<Hash, LoadedComponent>
  /** Terms that are kept, as somebody needs them: those of the roots, and those that were asked for. */
  readonly terms: Map<Hash, Component>
}

/** Bounds on a closure; beyond one loading throws KnownError limit `closure-too-large`. */
export interface ClosureBounds {
  readonly closureObjects: number
  readonly closureBytes: number
}

/** Takes each component once it is decoded, after those that it depends on. */
export type TakeComponent = (hash: Hash, component: Component) => void

/**
 * Loads what `roots` need. Each term is decoded, given to `take` and let go again: to keep them all would
 * cost more than to make them.
 * @throws KnownError `object-missing`, `hash-mismatch`, `malformed-object`, `closure-too-large`, `hash-unknown`
 */
export async function loadClosure(
  roots: readonly Reference[],
  source: ObjectSource,
  { bounds, take }: { readonly bounds: ClosureBounds; readonly take?: TakeComponent },
): Promise<Closure> {
  const hashes = new Set(roots.map(({ hash }) => hash))
  const objects = await readObjects(hashes, source, bounds)
  const components = new Map<Hash, LoadedComponent>()
  const closure: Closure = { components, terms: new Map() }
  const lookUp = (reference: Reference): Effects => effectsIn(closure, reference)
  let decodedBytes = 0
  for (const [hash, object] of dependenciesFirst(hashes, objects)) {
    decodedBytes += object.length
    if (decodedBytes > DECODED_AT_ONCE) decodedBytes = await setImmediate(0)
    const component = decodeComponent(object)
    components.set(hash, { object, effects: inferEffects(component, hash, lookUp) })
    if (hashes.has(hash)) closure.terms.set(hash, component)
    take?.(hash, component)
  }
  for (const root of roots) memberIn(closure, root)
  return closure
}

/** Bytes of objects that are decoded before others get their turn: some three milliseconds of work. */
const DECODED_AT_ONCE = 32 * 1024

/** Objects that are asked for at once: so many that asking costs little, so few that their bytes do. */
const READ_AT_ONCE = 64

/** An object, and what it links to. */
interface Linked {
  readonly object: Uint8Array
  readonly links: readonly Hash[]
}

/** The objects that `roots` need, themselves included, each held against its hash. */
async function readObjects(
  roots: ReadonlySet<Hash>,
  source: ObjectSource,
  bounds: ClosureBounds,
): Promise<Map<Hash, Linked>> {
  const wanted = new Set(roots)
  const waiting = [...roots]
  const found = new Map<Hash, Linked>()
  let bytes = 0
  const next = (): Reading => read(waiting.splice(0, READ_AT_ONCE), source)
  for (let reading = next(); reading.hashes.length > 0; ) {
    const objects = await reading.objects
    const ahead = next() // while these are looked at
    reading.hashes.forEach((hash, index) => {
      const object = verifyObject(hash, present(hash, objects[index]))
      bytes += object.length
      if (found.size >= bounds.closureObjects || bytes > bounds.closureBytes) throw tooLarge(bounds)
      const links = kindOfObject(object) === OBJECT_KINDS.component ? linksOf(object) : []
      found.set(hash, { object, links })
      for (const link of links) {
        if (wanted.has(link)) continue
        wanted.add(link)
        waiting.push(link)
      }
    })
    reading = ahead.hashes.length > 0 ? ahead : next()
  }
  return found
}

/** Objects that are being read. */
interface Reading {
  readonly hashes: readonly Hash[]
  readonly objects: Promise<readonly (Uint8Array | undefined)[]>
}

function read(hashes: readonly Hash[], source: ObjectSource): Reading {
  const objects =
    source.getUnverified && hashes.length > 0
      ? source.getUnverified(hashes)
      : Promise.all(hashes.map((hash) => source.get(hash)))
  objects.catch(() => {}) // nobody waits for it when what was read before is refused
  return { hashes, objects }
}

/** The objects in the order of a walk that leaves each after all that it links to. */
function* dependenciesFirst(
  roots: ReadonlySet<Hash>,
  objects: ReadonlyMap<Hash, Linked>,
): Generator<[Hash, Uint8Array]> {
  const seen = new Set<Hash>()
  const path: (Linked & { readonly hash: Hash; next: number })[] = []
  const enter = (hash: Hash): void => {
    if (seen.has(hash)) return
    seen.add(hash)
    path.push({ hash, ...(objects.get(hash) as Linked), next: 0 })
  }
  for (const root of roots) {
    enter(root)
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const link = top.links[top.next++]
      if (link !== undefined) enter(link)
      else {
        yield [top.hash, top.object]
        path.pop()
      }
    }
  }
}

/** The component with this hash, which the closure has. */
export function componentIn({ components, terms }: Closure, hash: Hash): Component | undefined {
  const kept = terms.get(hash)
  const loaded = components.get(hash)
  if (kept || !loaded) return kept
  const component = decodeComponent(loaded.object)
  terms.set(hash, component)
  return component
}

/** The member that `reference` names. @throws KnownError `hash-unknown` when the component has no such member */
export function memberIn(closure: Closure, reference: Reference): Member {
  return componentIn(closure, reference.hash)?.members[reference.index] ?? unknown(reference)
}

/** What the definition that `reference` names may perform. @throws as memberIn() */
export function effectsIn({ components }: Closure, reference: Reference): Effects {
  return components.get(reference.hash)?.effects[reference.index] ?? unknown(reference)
}

function unknown(reference: Reference): never {
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

function tooLarge(bounds: ClosureBounds): KnownError {
  return new KnownError(
    'limit',
    'closure-too-large',
    `Cannot load closure: it is larger than ${bounds.closureObjects} objects or ${bounds.closureBytes} bytes`,
    { hint: 'split the definition, or pass what is large as an argument', details: { ...bounds } },
  )
}
