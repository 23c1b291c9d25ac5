import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  closureOf,
  decodeComponent,
  type Hash,
  type KnownError,
  type ObjectSource,
  type Reference,
} from '#codebase'
import { type ClosureBounds, componentIn, loadClosure } from '../../executor/closure.ts'
import { definitions } from './executors.ts'

const BOUNDS: ClosureBounds = { closureObjects: 1000, closureBytes: 1_000_000 }

/** A definition that refers to `count` others, all of which refer to two that they share. */
const wide = (count: number): string =>
  [
    `const main = () => [${Array.from({ length: count }, (_, index) => `f${index}`)}]`,
    ...Array.from({ length: count }, (_, index) => `const f${index} = () => [shared, ${index}]`),
    'const shared = () => base',
    'const base = "x"',
  ].join('; ')

const { references, objects } = definitions(wide(150))
const main = references['main'] as Reference

/** A source that gives many at once, and tells how many it was asked for. */
function countedSource(from: ReadonlyMap<Hash, Uint8Array> = objects) {
  const asked: number[] = []
  const source: ObjectSource = {
    get: async (hash) => {
      asked.push(1)
      return from.get(hash)
    },
    getUnverified: async (hashes) => {
      asked.push(hashes.length)
      return hashes.map((hash) => from.get(hash))
    },
  }
  return { asked, source }
}

async function codeOf(source: ObjectSource, bounds = BOUNDS, roots = [main]): Promise<string> {
  try {
    await loadClosure(roots, source, { bounds })
    return 'loaded'
  } catch (error) {
    return (error as KnownError).code
  }
}

test('loadClosure() asks for many objects at once, and has them in the order of closureOf()', async () => {
  const { asked, source } = countedSource()
  const closure = await loadClosure([main], source, { bounds: BOUNDS })
  assert.equal(asked, [1, 64, 64, 23, 1])
  const expected: Hash[] = []
  for await (const { hash } of closureOf(source, [main.hash], new Set())) expected.push(hash)
  assert.equal([...closure.components.keys()], expected)
  const { get } = source
  assert.equal([...(await loadClosure([main], { get }, { bounds: BOUNDS })).components.keys()], expected)
})

test('loadClosure() refuses what is missing, damaged or too large, wherever it stands', async () => {
  for (const name of ['main', 'f77', 'base']) {
    const { hash } = references[name] as Reference
    const without = new Map(objects)
    without.delete(hash)
    assert.is(await codeOf(countedSource(without).source), 'object-missing')
    const damaged = (objects.get(hash) as Uint8Array).slice()
    damaged[damaged.length - 2] = (damaged.at(-2) as number) ^ 1
    assert.is(await codeOf(countedSource(new Map(objects).set(hash, damaged)).source), 'hash-mismatch')
  }
  const { source } = countedSource()
  assert.is(await codeOf(source, { ...BOUNDS, closureObjects: 153 }), 'loaded')
  assert.is(await codeOf(source, { ...BOUNDS, closureObjects: 152 }), 'closure-too-large')
  assert.is(await codeOf(source, { ...BOUNDS, closureBytes: 5000 }), 'closure-too-large')
  assert.is(await codeOf(source, BOUNDS, [{ ...main, index: 1 }]), 'hash-unknown')
})

test('loadClosure() gives each term to whoever takes it, and keeps those of the roots only', async () => {
  const taken: Hash[] = []
  const closure = await loadClosure([main], countedSource().source, {
    bounds: BOUNDS,
    take: (hash) => void taken.push(hash),
  })
  assert.equal(taken, [...closure.components.keys()])
  assert.equal([...closure.terms.keys()], [main.hash])
  const { hash } = references['shared'] as Reference
  assert.equal(componentIn(closure, hash), decodeComponent(objects.get(hash) as Uint8Array))
})

test('loadClosure() lets others have their turn while it decodes much', async () => {
  const padding = Array.from({ length: 8 }, (_, index) => `const f${index} = '${`${index}`.repeat(20_000)}'`)
  const large = definitions(`const main = () => [f0, f1, f2, f3, f4, f5, f6, f7]; ${padding.join('; ')}`)
  let turns = 0
  let isLoading = true
  setImmediate(function turn() {
    turns++
    if (isLoading) setImmediate(turn)
  })
  await loadClosure([large.references['main'] as Reference], countedSource(large.objects).source, {
    bounds: BOUNDS,
  })
  isLoading = false
  assert.ok(turns >= 3, `${turns} turns`)
})

test('loadClosure() reads little further than its bounds', async () => {
  const { asked, source } = countedSource()
  assert.is(await codeOf(source, { ...BOUNDS, closureObjects: 10 }), 'closure-too-large')
  assert.equal(asked, [1, 64, 64], 'what it looks at, and what it reads ahead')
})

test.run()
