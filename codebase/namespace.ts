// The namespace: an immutable tree of name segments, one object per node. A change
// writes anew the nodes on the path to it and shares all others. Nodes are read through
// an ObjectSource, which has verified them; only those that a question needs are read.

import { Link, type Plain } from './cbor.ts'
import { decodeObject } from './decode.ts'
import { encodeObject, OBJECT_KINDS } from './encode.ts'
import { type Hash, hashObject, type Reference, referenceText } from './hash.ts'
import { integerField, linkField, listField, nullable, refuse, textField } from './object-fields.ts'
import { type ObjectSource, requireObject } from './store.ts'

/** What a name stands for. */
export interface Filed {
  readonly reference: Reference
  /** Hash of the source object; null when only the term is known. */
  readonly source: Hash | null
}

/** One segment of a node: a definition, names below it, or both. */
export interface NamespaceEntry {
  readonly filed: Filed | null
  readonly child: Hash | null
}

/** Segments in ascending order (UTF-16 code units). */
export type NamespaceNode = ReadonlyMap<string, NamespaceEntry>

/** New meanings of names; null removes a name. */
export type NameEdits = ReadonlyMap<string, Filed | null>

/** A name whose meaning or source differs; `from` is absent where it is new, `to` where it is gone. */
export interface NameChange {
  readonly name: string
  readonly from?: Filed
  readonly to?: Filed
}

const EMPTY: NamespaceNode = new Map()

/** Whether two filings are the same, source included. */
function isSameFiled(a: Filed | null | undefined, b: Filed | null | undefined): boolean {
  if (!a || !b) return !a && !b
  return referenceText(a.reference) === referenceText(b.reference) && a.source === b.source
}

export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The node as an object. Entries may come in any order. */
export function encodeNamespaceNode(node: NamespaceNode): Uint8Array {
  const entries = [...node].sort(([a], [b]) => compareNames(a, b))
  return encodeObject(OBJECT_KINDS.namespace, [
    entries.map(([segment, { filed, child }]): Plain => {
      const reference = filed && [new Link(filed.reference.hash), filed.reference.index]
      return [segment, reference, linkOrNull(filed?.source), linkOrNull(child)]
    }),
  ])
}

function linkOrNull(hash: Hash | null | undefined): Plain {
  return hash ? new Link(hash) : null
}

/** The node that `object` encodes. @throws MalformedObjectError, also for entries out of order or empty */
export function decodeNamespaceNode(object: Uint8Array): NamespaceNode {
  const body = decodeObject(object, OBJECT_KINDS.namespace)
  const node = new Map<string, NamespaceEntry>()
  let last = ''
  for (const plain of listField(body.length === 1 ? body[0] : undefined, 'the entries of a namespace')) {
    const [segment, reference, source, child] = listField(plain, 'an entry of 4 fields', 4)
    const name = textField(segment, 'a segment')
    if (name <= last) refuse('segments in ascending order')
    if (name.includes('.')) refuse('a segment without a dot')
    last = name
    node.set(name, decodeEntry(reference, source, child))
  }
  return node
}

function decodeEntry(...[reference, source, child]: (Plain | undefined)[]): NamespaceEntry {
  const filed = nullable(reference, (plain): Filed => {
    const [hash, index] = listField(plain, 'a reference', 2)
    return {
      reference: { hash: linkField(hash, 'a link to a component'), index: integerField(index, 'an index') },
      source: nullable(source, (link) => linkField(link, 'a link to a source')),
    }
  })
  const below = nullable(child, (link) => linkField(link, 'a link to a namespace'))
  if (!filed && (!below || source !== null)) refuse('a definition or names below')
  return { filed, child: below }
}

async function readNode(hash: Hash | null, source: ObjectSource): Promise<NamespaceNode> {
  return hash ? decodeNamespaceNode(await requireObject(source, hash)) : EMPTY
}

/** Every full name below `root` with what it stands for, ascending within each node; null is the empty namespace. */
export async function loadNames(root: Hash | null, source: ObjectSource): Promise<Map<string, Filed>> {
  const names = new Map<string, Filed>()
  await collect(root, '', source, names)
  return names
}

async function collect(
  hash: Hash | null,
  prefix: string,
  source: ObjectSource,
  names: Map<string, Filed>,
): Promise<void> {
  for (const [segment, { filed, child }] of await readNode(hash, source)) {
    if (filed) names.set(prefix + segment, filed)
    if (child) await collect(child, `${prefix}${segment}.`, source, names)
  }
}

/** The node that holds the names below `path`; undefined when there are none. */
export async function subtree(
  root: Hash | null,
  path: string,
  source: ObjectSource,
): Promise<Hash | undefined> {
  let hash = root
  for (const segment of path.split('.')) hash = (await readNode(hash, source)).get(segment)?.child ?? null
  return hash ?? undefined
}

/** A namespace and the nodes that it does not share with the one it was made from. */
export interface EditedNamespace {
  readonly root: Hash
  readonly objects: ReadonlyMap<Hash, Uint8Array>
}

/** `root` with `edits` made. Nodes that become empty disappear, except the root. */
export async function editNamespace(
  root: Hash | null,
  edits: NameEdits,
  source: ObjectSource,
): Promise<EditedNamespace> {
  const objects = new Map<Hash, Uint8Array>()
  const put = (node: NamespaceNode): Hash => {
    const object = encodeNamespaceNode(node)
    const hash = hashObject(object)
    objects.set(hash, object)
    return hash
  }
  const edited = await editNode(root, edits, { source, put })
  return { root: edited ?? put(EMPTY), objects }
}

interface Editing {
  readonly source: ObjectSource
  readonly put: (node: NamespaceNode) => Hash
}

/** The node's new hash; null when nothing is left in it. */
async function editNode(hash: Hash | null, edits: NameEdits, editing: Editing): Promise<Hash | null> {
  const node = new Map(await readNode(hash, editing.source))
  for (const [segment, { own, below }] of bySegment(edits)) {
    const entry = node.get(segment) ?? { filed: null, child: null }
    const filed = own === undefined ? entry.filed : own
    const child = below.size > 0 ? await editNode(entry.child, below, editing) : entry.child
    if (filed || child) node.set(segment, { filed, child })
    else node.delete(segment)
  }
  return node.size > 0 ? editing.put(node) : null
}

interface SegmentEdits {
  /** What the segment itself is to stand for; undefined leaves it. */
  own?: Filed | null
  readonly below: Map<string, Filed | null>
}

function bySegment(edits: NameEdits): Map<string, SegmentEdits> {
  const segments = new Map<string, SegmentEdits>()
  for (const [name, filed] of edits) {
    const dot = name.indexOf('.')
    const segment = dot < 0 ? name : name.slice(0, dot)
    const found: SegmentEdits = segments.get(segment) ?? { below: new Map() }
    segments.set(segment, found)
    if (dot < 0) found.own = filed
    else found.below.set(name.slice(dot + 1), filed)
  }
  return segments
}

/** How `b` differs from `a`, by name. Subtrees that they share are not read. */
export async function diffNamespaces(
  a: Hash | null,
  b: Hash | null,
  source: ObjectSource,
): Promise<NameChange[]> {
  const changes: NameChange[] = []
  await diffNodes(a, b, '', { source, changes })
  return changes.sort((x, y) => compareNames(x.name, y.name))
}

interface Diffing {
  readonly source: ObjectSource
  readonly changes: NameChange[]
}

async function diffNodes(a: Hash | null, b: Hash | null, prefix: string, diffing: Diffing): Promise<void> {
  if (a === b) return
  const before = await readNode(a, diffing.source)
  const after = await readNode(b, diffing.source)
  for (const segment of new Set([...before.keys(), ...after.keys()])) {
    const from = before.get(segment)
    const to = after.get(segment)
    if (!isSameFiled(from?.filed, to?.filed)) {
      const change = {
        name: prefix + segment,
        ...(from?.filed && { from: from.filed }),
        ...(to?.filed && { to: to.filed }),
      }
      diffing.changes.push(change)
    }
    await diffNodes(from?.child ?? null, to?.child ?? null, `${prefix}${segment}.`, diffing)
  }
}

/** The edits that make `a` into `b`, given how `b` differs from it. */
export function editsOf(changes: readonly NameChange[]): NameEdits {
  return new Map(changes.map(({ name, to }) => [name, to ?? null]))
}
