import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  decodeComponent,
  encodeComponent,
  evaluationOrder,
  type Hash,
  type HashedDefinitions,
  hashDefinitions,
  hashObject,
  type Member,
  type Node,
  type Reference,
  referenceText,
  relinkComponent,
} from '#codebase'
import { stronglyConnected } from '../../codebase/strongly-connected.ts'
import { terms } from '../support/terms.ts'

/** A function that says `label` and calls the definitions in `calls`, in order. */
interface Vertex {
  readonly label: number
  readonly calls: readonly number[]
}

function memberOf({ label, calls }: Vertex): Member {
  const call = (definition: number): Node => ({
    type: 'Call',
    optional: false,
    callee: { type: 'Pending', definition } as unknown as Node,
    arguments: [],
  })
  const elements: Node[] = [{ type: 'Number', value: label }, ...calls.map(call)]
  const body: Node[] = [{ type: 'Return', argument: { type: 'Array', elements } }]
  return {
    nominal: null,
    value: { type: 'Function', kind: 'function', self: null, params: [], body },
    completions: [],
  }
}

const graphs = fc.integer({ min: 1, max: 7 }).chain((size) =>
  fc.tuple(
    fc.array(fc.record({ label: fc.nat(1), calls: fc.array(fc.nat(size - 1), { maxLength: 3 }) }), {
      minLength: size,
      maxLength: size,
    }),
    fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
  ),
)

function textsOf(hashed: HashedDefinitions): string[] {
  return hashed.references.map(referenceText)
}

/** Whether two calls of `a` and `b` are told to be equal or not; undefined: as their unfoldings are. */
type Told = (a: number, ofA: number, b: number, ofB: number) => boolean | undefined

/** Which vertices have equal infinite unfoldings: the greatest bisimulation, by removing what differs. */
function bisimulation(graph: readonly Vertex[], told: Told = () => undefined): boolean[][] {
  const isEqual = graph.map((a) => graph.map((b) => a.label === b.label && a.calls.length === b.calls.length))
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false
    graph.forEach((a, i) => {
      graph.forEach((b, j) => {
        const isSame = (ofA: number, ofB: number): boolean => told(i, ofA, j, ofB) ?? isEqual[ofA]![ofB]!
        if (!isEqual[i]![j] || a.calls.every((target, index) => isSame(target, b.calls[index]!))) return
        isEqual[i]![j] = false
        hasChanged = true
      })
    })
  }
  return isEqual
}

test('hashDefinitions() does not depend on the order of its members', () => {
  fc.assert(
    fc.property(graphs, ([graph, order]) => {
      const place = new Map(order.map((old, now) => [old, now]))
      const permuted = order.map((old) => ({
        label: graph[old]!.label,
        calls: graph[old]!.calls.map((target) => place.get(target)!),
      }))
      const before = textsOf(hashDefinitions(graph.map(memberOf)))
      const after = textsOf(hashDefinitions(permuted.map(memberOf)))
      order.forEach((old, now) => assert.is(after[now], before[old]))
    }),
    { numRuns: 400 },
  )
})

test('hashDefinitions() gives one reference only to members with equal infinite unfoldings, within a cycle to all that also mention the same outside of it', () => {
  fc.assert(
    fc.property(graphs, ([graph]) => {
      const texts = textsOf(hashDefinitions(graph.map(memberOf)))
      const isEqual = bisimulation(graph)
      const groups = stronglyConnected(graph.length, (vertex) => graph[vertex]!.calls)
      const groupOf = (vertex: number): number => groups.findIndex((group) => group.includes(vertex))
      const isWithin = (vertex: number, target: number): boolean => groupOf(vertex) === groupOf(target)
      // What is outside of the cycle is a hash already: equal only to itself.
      const isEqualWithin = bisimulation(graph, (a, s, b, t) =>
        isWithin(a, s) && isWithin(b, t)
          ? undefined
          : !isWithin(a, s) && !isWithin(b, t) && texts[s] === texts[t],
      )
      texts.forEach((a, i) => {
        texts.forEach((b, j) => {
          if (a === b) assert.ok(isEqual[i]![j], `${i} and ${j} differ and share ${a}`)
          if (isEqualWithin[i]![j] && isWithin(i, j)) assert.is(a, b)
        })
      })
    }),
    { numRuns: 400 },
  )
})

test('hashDefinitions() makes objects that decodeComponent() accepts and encodeComponent() repeats', () => {
  fc.assert(
    fc.property(graphs, ([graph]) => {
      const { objects } = hashDefinitions(graph.map(memberOf))
      for (const [hash, object] of objects) {
        assert.is(hashObject(object), hash)
        assert.equal(encodeComponent(decodeComponent(object)), object)
      }
    }),
    { numRuns: 200 },
  )
})

test('hashDefinitions() makes a symmetric ring one function that calls itself', () => {
  const ring = textsOf(
    hashDefinitions([
      memberOf({ label: 1, calls: [1] }),
      memberOf({ label: 1, calls: [2] }),
      memberOf({ label: 1, calls: [0] }),
    ]),
  )
  const self = textsOf(hashDefinitions([memberOf({ label: 1, calls: [0] })]))
  assert.equal(ring, [self[0], self[0], self[0]])
})

test('hashDefinitions() changes the hash of everything above a change, and of nothing else', () => {
  const before = terms('const a = () => 1\nconst b = () => a() + 1\nconst c = () => b()\nconst d = () => 4')
  const after = terms('const a = () => 2\nconst b = () => a() + 1\nconst c = () => b()\nconst d = () => 4')
  for (const name of ['a', 'b', 'c']) assert.is.not(before.hashes.get(name), after.hashes.get(name))
  assert.is(before.hashes.get('d'), after.hashes.get('d'))
})

test('hashDefinitions() puts what is needed during evaluation first', () => {
  const sources = [
    'class B extends A { m() { return new A() } }\nclass A { static make() { return new B() } }',
    'const table = { f }\nfunction f() { return table }',
    'const first = make()\nfunction make() { return () => [first, second] }\nconst second = { make }',
  ]
  for (const source of sources) {
    const { names, hashed } = terms(source)
    assert.equal(hashed.failures, [])
    const order = new Map(names.map((name, index) => [name, hashed.references[index]!.index]))
    if (order.has('A')) assert.ok(order.get('A')! < order.get('B')!)
    if (order.has('table')) assert.ok(order.get('f')! < order.get('table')!)
    if (order.has('make')) assert.is(order.get('make'), 0)
  }
})

test('hashDefinitions() refuses initialisers that need each other, naming them', () => {
  const failing = (source: string): number[] =>
    terms(source).hashed.failures.map(({ definition }) => definition)
  assert.equal(failing('const a = [b]\nconst b = [a]'), [0, 1])
  assert.equal(failing('const a = (() => a)()'), [0])
  assert.equal(failing('class A extends A {}').length, 0)
  assert.equal(failing('class A extends B {}\nclass B extends A {}'), [0, 1])
  assert.equal(failing('const a = () => b\nconst b = [a]'), [])
})

test('hashDefinitions() asks for the nominal name that was kept, and hashes with it', () => {
  const { members } = terms('class Renamed {}\nconst sentinel = {}\nconst plain = 1')
  const asked: number[] = []
  const kept = hashDefinitions(members, {
    keepNominal(definition) {
      asked.push(definition)
      return definition === 0 ? 'Original' : undefined
    },
  })
  assert.equal(asked, [0, 1])
  const original = terms('class Original {}\nconst sentinel = {}\nconst plain = 1')
  assert.equal(textsOf(kept), [...original.hashes.values()])
})

test('hashDefinitions() keeps apart classes and sentinels that differ only in name', () => {
  const { hashes } = terms(
    'class A extends Error {}\nclass B extends Error {}\nconst NONE = {}\nconst END = {}\nconst f = () => 1\nconst g = () => 1',
  )
  assert.is.not(hashes.get('A'), hashes.get('B'))
  assert.is.not(hashes.get('NONE'), hashes.get('END'))
  assert.is(hashes.get('f'), hashes.get('g'))
})

test('relinkComponent() hashes a cycle as if it had been written against the new dependency', () => {
  const write = (one: number): ReturnType<typeof terms> =>
    terms(
      `const one = () => ${one}\nfunction even(n) { return n === 0 || odd(n - one()) }\nfunction odd(n) { return n !== 0 && even(n - one()) }`,
    )
  const [before, after] = [write(1), write(3)]
  const [one, even, odd] = before.hashed.references as [Reference, Reference, Reference]
  const [oneNow, evenNow, oddNow] = after.hashed.references as [Reference, Reference, Reference]
  const relinked = relinkComponent(before.hashed.components.get(even.hash)!, (reference) =>
    reference.hash === one.hash ? oneNow : reference,
  )
  assert.equal(relinked.references[even.index], evenNow)
  assert.equal(relinked.references[odd.index], oddNow)
})

test('evaluationOrder() runs completions when what they mention is there, and before they are needed', () => {
  const steps = (source: string): string[] => {
    const { names, hashed } = terms(source)
    const hash = hashed.references[0]!.hash as Hash
    const nameAt = (slot: number): string =>
      names[hashed.references.findIndex((reference) => reference.hash === hash && reference.index === slot)]!
    return evaluationOrder(hashed.components.get(hash)!).map(({ slot, part }) =>
      part === 'value' ? nameAt(slot) : `${nameAt(slot)}…`,
    )
  }
  assert.equal(
    steps('function f() { return g }\nf.peer = g\nfunction g() { return [f] }\ng.peer = f').slice(-2).sort(),
    ['f…', 'g…'],
  )
  assert.equal(steps('function F() { return x }\nF.base = 1\nconst x = new F()'), ['F', 'F…', 'x'])
})

test('hashDefinitions() takes a ring of two hundred in well under a second', () => {
  const ring = Array.from({ length: 200 }, (_, index) =>
    memberOf({ label: index === 0 ? 1 : 2, calls: [(index + 1) % 200] }),
  )
  assert.is(new Set(textsOf(hashDefinitions(ring))).size, 200)
})

test.run()
