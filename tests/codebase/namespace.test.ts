import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  encodeObject,
  type Hash,
  hashObject,
  Link,
  MalformedObjectError,
  OBJECT_KINDS,
  type Plain,
} from '#codebase'
import {
  decodeNamespaceNode,
  diffNamespaces,
  editNamespace,
  editsOf,
  type Filed,
  loadNames,
  type NameEdits,
  subtree,
} from '../../codebase/namespace.ts'

/** Objects in memory; a namespace is made by editing the empty one. */
function memory() {
  const objects = new Map<Hash, Uint8Array>()
  const reads: Hash[] = []
  const source = {
    get: async (hash: Hash) => {
      reads.push(hash)
      return objects.get(hash)
    },
  }
  const edit = async (root: Hash | null, edits: NameEdits): Promise<Hash> => {
    const edited = await editNamespace(root, edits, source)
    for (const [hash, object] of edited.objects) objects.set(hash, object)
    return edited.root
  }
  return { objects, reads, source, edit }
}

function filed(number: number, index = 0): Filed {
  const hash = hashObject(Uint8Array.of(number))
  return { reference: { hash, index }, source: number % 2 === 0 ? hash : null }
}

const segment = fc.constantFrom('a', 'b', 'c', 'B', '@x', 'é', '4_1')
const name = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('.'))
const names = fc
  .array(fc.tuple(name, fc.nat({ max: 5 }), fc.nat({ max: 1 })), { maxLength: 12 })
  .map((entries) => new Map(entries.map(([key, number, index]) => [key, filed(number, index)])))

function sorted(loaded: ReadonlyMap<string, Filed>): [string, Filed][] {
  return [...loaded].sort(([a], [b]) => (a < b ? -1 : 1))
}

test('loadNames() ∘ editNamespace() is the identity, in whatever order names come', async () => {
  await fc.assert(
    fc.asyncProperty(names, async (wanted) => {
      const { edit, source } = memory()
      const root = await edit(null, wanted)
      assert.equal(sorted(await loadNames(root, source)), sorted(wanted))
      assert.is(await edit(null, new Map([...wanted].reverse())), root)
    }),
    { numRuns: 60 },
  )
})

test('editNamespace() with the changes from a to b makes a into b', async () => {
  await fc.assert(
    fc.asyncProperty(names, names, async (before, after) => {
      const { edit, source } = memory()
      const a = await edit(null, before)
      const b = await edit(null, after)
      const changes = await diffNamespaces(a, b, source)
      assert.is(await edit(a, editsOf(changes)), b)
      assert.equal(changes.length === 0, a === b)
    }),
    { numRuns: 100 },
  )
})

test('editNamespace() shares the subtrees that it does not change', async () => {
  const { edit, source, objects } = memory()
  const root = await edit(
    null,
    new Map([
      ['a.b.x', filed(1)],
      ['a.c.y', filed(2)],
      ['d.z', filed(3)],
    ]),
  )
  const edited = await editNamespace(root, new Map([['a.b.x', filed(4)]]), source)
  assert.is(edited.objects.size, 3, 'the nodes a.b, a and the root')
  for (const [hash, object] of edited.objects) objects.set(hash, object)
  assert.is(await subtree(edited.root, 'd', source), await subtree(root, 'd', source))
  assert.is(await subtree(edited.root, 'a.c', source), await subtree(root, 'a.c', source))
})

test('diffNamespaces() reads no subtree that both sides share', async () => {
  const { edit, source, reads } = memory()
  const a = await edit(
    null,
    new Map([
      ['big.one.x', filed(1)],
      ['small', filed(2)],
    ]),
  )
  const b = await edit(a, new Map([['small', filed(3)]]))
  reads.length = 0
  assert.equal(
    (await diffNamespaces(a, b, source)).map((change) => change.name),
    ['small'],
  )
  assert.equal(reads, [a, b])
})

test('editNamespace() leaves no empty node behind', async () => {
  const { edit, source } = memory()
  const empty = await edit(null, new Map())
  const root = await edit(null, new Map([['a.b.c', filed(1)]]))
  assert.is(await edit(root, new Map([['a.b.c', null]])), empty)
  assert.equal(await loadNames(empty, source), new Map())
})

test('decodeNamespaceNode() refuses entries that are out of order, double or empty', () => {
  const link = new Link(hashObject(Uint8Array.of(1)))
  const entry = (segment: string) => [segment, [link, 0], null, null]
  const node = (...entries: Plain[]) => encodeObject(OBJECT_KINDS.namespace, [entries])
  assert.is(decodeNamespaceNode(node(entry('a'), entry('b'))).size, 2)
  const refused = [
    node(entry('b'), entry('a')),
    node(entry('a'), entry('a')),
    node(entry('')),
    node(entry('a.b')),
    node(['a', null, null, null]),
    node(['a', null, link, link]),
    node(['a', [link, -1], null, null]),
    node(['a', [link, 0], null]),
    encodeObject(OBJECT_KINDS.namespace, []),
    encodeObject(OBJECT_KINDS.commit, [[]]),
  ]
  for (const object of refused) {
    assert.throws(
      () => decodeNamespaceNode(object),
      (error: unknown) => error instanceof MalformedObjectError,
    )
  }
})

test.run()
