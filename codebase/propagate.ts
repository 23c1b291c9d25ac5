// What follows from a change: definitions that depend on something that now means
// something else are hashed anew against it, on the branch and among those just added,
// whole cycles included. Reads the store; writes nothing.

import { hashDefinitions } from './component.ts'
import { readSource } from './definition-view.ts'
import { directReferences, referenceOf } from './dependencies.ts'
import { dependentComponents } from './dependents-index.ts'
import { KnownError } from './errors.ts'
import { type Hash, type Reference, referenceText } from './hash.ts'
import { mapMember } from './map-term.ts'
import { isLibrary, type Names } from './names.ts'
import type { PlacedMember } from './same-term.ts'
import type { Member, Node, Pending } from './term.ts'
import type { Workspace } from './workspace.ts'

/** A definition that is being added, hashed against the branch as it was. */
export interface AddedDefinition extends PlacedMember {
  /** Names of definitions that its source mentions, as it resolved them. */
  readonly mentions: ReadonlySet<string>
}

export interface Propagation {
  /** Where names are now: dependents on the branch, and added definitions whose dependencies moved with them. */
  readonly references: ReadonlyMap<string, Reference>
  /** The components that these references need. */
  readonly objects: ReadonlyMap<Hash, Uint8Array>
}

/** A name that may have to move. */
interface Vertex extends AddedDefinition {
  readonly name: string
  /** Whether its references were made before the change (a name on the branch) or after it (one being added). */
  readonly isAdded: boolean
}

/**
 * Where `added` moves the names of the branch. A part of a cycle that is added alone is hashed with the
 * rest of the cycle, so that it stays what it was when nothing of it changed. Nothing under `lib.` moves, nor what mentions the
 * changed definition by its hash or by another name that keeps it.
 * @throws KnownError `cyclic-initialiser` when a change closes a cycle that cannot be evaluated
 */
export async function propagate(
  workspace: Workspace,
  names: Names,
  added: ReadonlyMap<string, AddedDefinition>,
): Promise<Propagation> {
  const changed = new Map<string, Reference>()
  for (const [name, { reference }] of added) {
    const before = names.filed.get(name)?.reference
    if (before && referenceText(before) !== referenceText(reference)) changed.set(name, before)
  }
  if (changed.size === 0) return { references: new Map(), objects: new Map() }
  const around = new Set([...changed.values()].flatMap(({ hash }) => names.ofComponent(hash)))
  const whole = await propagateTo(
    workspace,
    { names, added, changed },
    (name) => !isLibrary(name) || around.has(name),
  )
  const isLeft = [...whole.references].every(
    ([name, reference]) =>
      added.has(name) ||
      !isLibrary(name) ||
      referenceText(reference) === referenceText(names.filed.get(name)!.reference),
  )
  if (isLeft) return whole
  return propagateTo(workspace, { names, added, changed }, (name) => !isLibrary(name))
}

type Moving = Pick<Change, 'names' | 'added' | 'changed'>

async function propagateTo(
  workspace: Workspace,
  { names, added, changed }: Moving,
  isMovable: (name: string) => boolean,
): Promise<Propagation> {
  const vertices = new Map<string, Vertex>()
  for (const [name, definition] of added) vertices.set(name, { ...definition, name, isAdded: true })
  const mayMove = (name: string): boolean => !added.has(name) && isMovable(name)
  for (const name of await dependentsOf(workspace, names, [...changed.values()], mayMove)) {
    vertices.set(name, await readVertex(workspace, names, name))
  }
  return rehash({ names, added, addedAt: byReference(added), changed, vertices })
}

function byReference(added: ReadonlyMap<string, AddedDefinition>): Map<string, string[]> {
  const names = new Map<string, string[]>()
  for (const [name, { reference }] of added) {
    const key = referenceText(reference)
    names.set(key, [...(names.get(key) ?? []), name])
  }
  return names
}

/** Names on the branch that may move and depend on `changed`, or share its component, by way of names outside `lib.`. */
async function dependentsOf(
  { database }: Workspace,
  names: Names,
  changed: readonly Reference[],
  mayMove: (name: string) => boolean,
): Promise<string[]> {
  const pending = changed.map(({ hash }) => hash)
  const seen = new Set(pending)
  const found: string[] = []
  for (let hash = pending.pop(); hash !== undefined; hash = pending.pop()) {
    found.push(...names.ofComponent(hash).filter(mayMove))
    for (const dependent of await dependentComponents(database, hash)) {
      if (seen.has(dependent) || names.ofComponent(dependent).every(isLibrary)) continue
      seen.add(dependent)
      pending.push(dependent)
    }
  }
  return found
}

async function readVertex({ components }: Workspace, names: Names, name: string): Promise<Vertex> {
  const filed = names.filed.get(name)
  if (!filed) throw new RangeError(`Cannot read ${name}: it is not on the branch`)
  const { reference } = filed
  const member = (await components.component(reference.hash)).members[reference.index] as Member
  const source = await readSource(components, filed)
  return {
    name,
    member,
    reference,
    isAdded: false,
    mentions: new Set(source?.imports.map(([, mention]) => mention)),
  }
}

/** What is changing, and what may follow. */
interface Change {
  readonly names: Names
  readonly added: ReadonlyMap<string, AddedDefinition>
  /** Reference as text → names that are added with it. */
  readonly addedAt: ReadonlyMap<string, readonly string[]>
  /** Names of the branch that are added with another reference → the one they had. */
  readonly changed: ReadonlyMap<string, Reference>
  readonly vertices: ReadonlyMap<string, Vertex>
}

/** The name in the change that `reference` in the vertex means; undefined when it goes on meaning what it meant. */
function meaningOf(change: Change, vertex: Vertex, reference: Reference): string | undefined {
  const holders = holdersOf(change, vertex, reference)
  const mentioned = holders.filter((name) => vertex.mentions.has(name))
  if (mentioned.length === 0 && isPinned(vertex, reference)) return undefined
  const hasChanged = (name: string): boolean => !vertex.isAdded && change.changed.has(name)
  const candidates = mentioned.length > 0 ? mentioned : holders
  // Of several names the one that changed: it is why this vertex is looked at.
  return candidates.find(hasChanged) ?? candidates.find((name) => change.vertices.has(name))
}

/** Names that `reference` in the vertex may mean: on the branch as it was, or as it is with what is added. */
function holdersOf(
  { names, added, addedAt }: Change,
  vertex: Vertex,
  reference: Reference,
): readonly string[] {
  const before = names.of(reference)
  if (!vertex.isAdded) return before
  const isStill = (name: string): boolean => !added.has(name) || vertex.mentions.has(name)
  return [...(addedAt.get(referenceText(reference)) ?? []), ...before.filter(isStill)]
}

/** Names from which a changed one is reached, by way of a reference that was made before the change. */
function affectedNames(change: Change): Set<string> {
  const dependents = new Map<string, string[]>()
  const pending: string[] = []
  for (const vertex of change.vertices.values()) {
    for (const reference of directReferences(vertex.member, vertex.reference)) {
      const target = meaningOf(change, vertex, reference)
      if (target === undefined) continue
      dependents.set(target, [...(dependents.get(target) ?? []), vertex.name])
      if (isOld(change, vertex, target, reference)) pending.push(vertex.name)
    }
  }
  const affected = new Set<string>()
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (affected.has(name)) continue
    affected.add(name)
    pending.push(...(dependents.get(name) ?? []))
  }
  return affected
}

/** Whether `reference` in the vertex is what `target` was before the change: of an added vertex, when it imports that name. */
function isOld({ changed }: Change, { isAdded }: Vertex, target: string, reference: Reference): boolean {
  const before = changed.get(target)
  return before !== undefined && (!isAdded || referenceText(before) === referenceText(reference))
}

/** Whether the vertex mentions the component by its hash. */
function isPinned(vertex: Vertex, { hash }: Reference): boolean {
  return [...vertex.mentions].some((mention) => {
    const prefix = /^#([a-z2-7]+)/.exec(mention)?.[1]
    return prefix !== undefined && hash.startsWith(prefix)
  })
}

function rehash(change: Change): Propagation {
  const order = [...affectedNames(change)]
  const positions = new Map(order.map((name, position) => [name, position]))
  const members = order.map((name) => pendingMember(change, change.vertices.get(name) as Vertex, positions))
  const { references, objects, failures } = hashDefinitions(members)
  const [failure] = failures
  if (failure) throw cyclicInitialiser(order[failure.definition] as string, failure.message)
  return {
    references: new Map(order.map((name, position) => [name, references[position] as Reference])),
    objects,
  }
}

/** The vertex's member with what moves replaced: by a Pending where it is hashed anew, by its new reference where it was added so. */
function pendingMember(change: Change, vertex: Vertex, positions: ReadonlyMap<string, number>): Member {
  const self = referenceText(vertex.reference)
  return mapMember(vertex.member, (node): Node | Pending | undefined => {
    const reference = referenceOf(node as Node, vertex.reference.hash)
    if (!reference) return undefined
    const target = referenceText(reference) === self ? vertex.name : meaningOf(change, vertex, reference)
    const definition = target === undefined ? undefined : positions.get(target)
    if (definition !== undefined) return { type: 'Pending', definition }
    const hasMoved = target !== undefined && isOld(change, vertex, target, reference)
    const moved = hasMoved ? change.added.get(target)?.reference : undefined
    const { hash, index } = moved ?? reference
    return { type: 'Reference', hash, index }
  })
}

function cyclicInitialiser(name: string, message: string): KnownError {
  return new KnownError('input', 'cyclic-initialiser', `Cannot propagate to ${name}: ${message}`, {
    hint: 'the change makes definitions need each other while they are initialised: wrap one in a function',
    details: { name },
  })
}
