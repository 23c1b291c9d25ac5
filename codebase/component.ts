// Definitions to hashes. Definitions that refer to each other in a cycle are hashed
// together: classed by refinement until stable (references are ordered, so this is
// exact bisimulation), one slot for each class, in an order that neither names nor
// the order of the source can influence (docs/format.md §6).

import { encodePlain } from './cbor.ts'
import type { CborWriter } from './cbor-writer.ts'
import { encodeComponent, encodeMember } from './encode.ts'
import { invariant, KnownError } from './errors.ts'
import { valueOrder } from './evaluation-order.ts'
import { type Hash, hashObject, type Reference } from './hash.ts'
import { mapMember } from './map-term.ts'
import { stronglyConnected } from './strongly-connected.ts'
import { type Component, type Member, type Node, type Pending, walkMember } from './term.ts'

/** What became of a batch of definitions. */
export interface HashedDefinitions {
  /** One for each member of the batch; members with equal infinite unfoldings share one. */
  readonly references: readonly Reference[]
  readonly objects: ReadonlyMap<Hash, Uint8Array>
  readonly components: ReadonlyMap<Hash, Component>
  /** Definitions whose initialisers need each other's values, or that no object can hold; their references mean nothing. */
  readonly failures: readonly DefinitionFailure[]
}

export interface DefinitionFailure {
  readonly definition: number
  readonly code: 'cyclic-initialiser' | 'too-large'
  readonly message: string
}

export interface HashOptions {
  /**
   * May give the name that a nominal member had before, to be kept. Called once for each
   * nominal member, after what it refers to was hashed: references outside its own cycle are
   * References, to itself (when it is alone) Sibling 0.
   */
  keepNominal?(definition: number, member: Member): string | undefined
}

interface Batch {
  readonly members: readonly Member[]
  /** What each member refers to within the batch. */
  readonly targets: readonly (readonly number[])[]
  readonly options: HashOptions
  readonly references: Reference[]
  readonly objects: Map<Hash, Uint8Array>
  readonly components: Map<Hash, Component>
  readonly failures: DefinitionFailure[]
}

/** Hashes every member of a batch whose references to each other are Pending. @throws KnownError `too-deep` */
export function hashDefinitions(members: readonly Member[], options: HashOptions = {}): HashedDefinitions {
  const targets = members.map((member) => [...new Set(pendingOf(member))])
  const batch: Batch = {
    members,
    targets,
    options,
    references: [],
    objects: new Map(),
    components: new Map(),
    failures: [],
  }
  for (const group of stronglyConnected(members.length, (definition) => targets[definition]!)) {
    const [first] = group as [number]
    if (group.length === 1 && !targets[first]?.includes(first)) hashAlone(batch, first)
    else hashGroup(batch, group)
  }
  return batch
}

/** The component with every reference to another one mapped. Slots stay, so it is canonical only when it has one member: see relinkComponent(). */
function mapReferences(component: Component, map: (reference: Reference) => Reference): Component {
  return { members: component.members.map((member) => mapMember(member, (node) => mapReference(node, map))) }
}

/**
 * What becomes of `component` when its dependencies change: `references[slot]` is where the
 * member in `slot` is now, because colours, and so the order of slots, follow the references.
 */
export function relinkComponent(
  component: Component,
  map: (reference: Reference) => Reference,
): HashedDefinitions {
  return hashDefinitions(withPending(mapReferences(component, map)))
}

/** Whether `component` is what hashDefinitions() makes of its members: one cycle, no two members alike, slots in order. */
export function isCanonicalComponent(component: Component): boolean {
  const { references, failures } = hashDefinitions(withPending(component))
  const hash = references[0]?.hash
  return (
    failures.length === 0 &&
    references.every((reference, slot) => reference.hash === hash && reference.index === slot)
  )
}

function withPending(component: Component): Member[] {
  return component.members.map((member) =>
    mapMember(member, (node) =>
      node.type === 'Sibling' ? { type: 'Pending', definition: node['slot'] as number } : undefined,
    ),
  )
}

function mapReference(node: Node | Pending, map: (reference: Reference) => Reference): Node | undefined {
  if (node.type !== 'Reference') return undefined
  const mapped = map({ hash: node['hash'] as Hash, index: node['index'] as number })
  return { ...node, hash: mapped.hash, index: mapped.index }
}

/** Members of the batch that `member` refers to, in position order, as often as it does. */
function pendingOf(member: Member): number[] {
  const definitions: number[] = []
  walkMember(member, (node) => {
    if ((node.type as string) === 'Pending') definitions.push((node as unknown as Pending).definition)
  })
  return definitions
}

/** Most definitions are in no cycle: nothing is to be classed or put in order. */
function hashAlone(batch: Batch, definition: number): void {
  const component = { members: [settle(batch, definition, [definition])] }
  const object = encodeWithin(component, batch, [definition])
  const hash = hashObject(object)
  batch.objects.set(hash, object)
  batch.components.set(hash, component)
  batch.references[definition] = { hash, index: 0 }
}

function hashGroup(batch: Batch, group: readonly number[]): void {
  const members = group.map((definition) => settle(batch, definition, group))
  const { classOf, component: byColour } = quotient(group, members)
  const { slots, cyclic } = valueOrder(byColour)
  const component = reorder(byColour, slots)
  const object = encodeWithin(component, batch, group)
  const hash = hashObject(object)
  batch.objects.set(hash, object)
  batch.components.set(hash, component)
  group.forEach((definition, index) => {
    const colour = classOf[index] as number
    batch.references[definition] = { hash, index: slots.indexOf(colour) }
    if (cyclic.includes(colour)) batch.failures.push(cyclicInitialiser(definition, cyclic.length))
  })
}

/** The object of a group's component; no bytes, and failures, when it is beyond the bounds of objects. */
function encodeWithin(component: Component, batch: Batch, group: readonly number[]): Uint8Array {
  try {
    return encodeComponent(component)
  } catch (error) {
    if (!(error instanceof KnownError) || error.code !== 'too-large') throw error
    for (const definition of group)
      batch.failures.push({ definition, code: 'too-large', message: error.message })
    return new Uint8Array()
  }
}

/** The member with all but the references within its group resolved, and under the name it had before. */
function settle(batch: Batch, definition: number, group: readonly number[]): Member {
  const member = batch.members[definition] as Member
  const resolved =
    batch.targets[definition]!.length === 0
      ? member
      : mapMember(member, (node) => {
          if (node.type !== 'Pending' || group.includes(node.definition as number)) return undefined
          const reference = batch.references[node.definition as number]
          invariant(reference, 'a reference was resolved before its target was hashed')
          return at(node, { type: 'Reference', hash: reference.hash, index: reference.index })
        })
  if (resolved.nominal === null && resolved.value.type !== 'Class') return resolved
  const alone =
    group.length === 1
      ? mapMember(resolved, (node) =>
          node.type === 'Pending' ? at(node, { type: 'Sibling', slot: 0 }) : undefined,
        )
      : resolved
  const kept = batch.options.keepNominal?.(definition, alone)
  if (kept === undefined) return resolved
  if (resolved.nominal === null) return { ...resolved, value: { ...resolved.value, name: kept } }
  return { ...resolved, nominal: kept === resolved.value['name'] ? null : kept }
}

/** Classes of members with equal unfoldings, numbered by colour, and one member of each with Siblings for references. */
function quotient(
  group: readonly number[],
  members: readonly Member[],
): { classOf: number[]; component: Component } {
  const colours = members.length === 1 ? [''] : refine(group, members)
  const classes = [...new Set(colours)].sort()
  const classOf = colours.map((colour) => classes.indexOf(colour))
  const representatives = classes.map((colour) => members[colours.indexOf(colour)] as Member)
  const component = {
    members: representatives.map((member) =>
      mapMember(member, (node) => {
        if (node.type !== 'Pending') return undefined
        return at(node, {
          type: 'Sibling',
          slot: classOf[group.indexOf(node.definition as number)] as number,
        })
      }),
    ),
  }
  return { classOf, component }
}

/**
 * The colours of a group's members after as many rounds as separate classes appear: round 0
 * hashes a member with its references within the group blotted out, each further round adds the
 * colours of what they refer to. The number of rounds does not depend on the members' order.
 */
function refine(group: readonly number[], members: readonly Member[]): readonly string[] {
  const outlines = members.map((member) => hashObject(encodeMember(member, writeBlot)))
  const targets = members.map((member) => pendingOf(member).map((definition) => group.indexOf(definition)))
  let colours: readonly string[] = outlines
  for (let count = 0; ; ) {
    const classes = new Set(colours).size
    if (classes === count) return colours
    count = classes
    const before = colours
    colours = outlines.map((outline, index) =>
      hashObject(
        encodePlain([outline, ...(targets[index] as number[]).map((target) => before[target] as string)]),
      ),
    )
  }
}

/** No node has a negative tag, so that a blot cannot be mistaken for one. */
function writeBlot(_pending: Pending, writer: CborWriter): void {
  writer.array(1)
  writer.number(-1)
}

/** The same component with its members in the order of `slots`. */
function reorder(component: Component, slots: readonly number[]): Component {
  if (slots.every((slot, index) => slot === index)) return component
  const members = slots.map((slot) => component.members[slot] as Member)
  return {
    members: members.map((member) =>
      mapMember(member, (node) =>
        node.type === 'Sibling' ? { ...node, slot: slots.indexOf(node['slot'] as number) } : undefined,
      ),
    ),
  }
}

/** `node` with the place that `origin` came from. */
function at(origin: Node | Pending, node: Node): Node {
  return origin.start === undefined ? node : { ...node, start: origin.start }
}

function cyclicInitialiser(definition: number, size: number): DefinitionFailure {
  const message =
    size === 1
      ? 'Cannot define: its initialiser needs its own value'
      : `Cannot define: its initialiser and ${size === 2 ? 'another' : `${size - 1} others`} need each other's values`
  return { definition, code: 'cyclic-initialiser', message }
}
