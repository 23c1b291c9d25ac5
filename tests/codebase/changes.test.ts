import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hashObject } from '#codebase'
import { sortChanges } from '../../codebase/changes.ts'
import type { Filed } from '../../codebase/namespace.ts'

function filed(number: number, source = 0): Filed {
  return {
    reference: { hash: hashObject(Uint8Array.of(number)), index: 0 },
    source: hashObject(Uint8Array.of(100 + source)),
  }
}

function pairs(changes: Parameters<typeof sortChanges>[0]): string[] {
  return sortChanges(changes).renamed.map(({ from, to }) => `${from} → ${to}`)
}

test('sortChanges() takes a name that went and one that came with its reference for a rename', () => {
  const changes = sortChanges([
    { name: 'came', to: filed(1) },
    { name: 'gone', from: filed(2) },
    { name: 'new', to: filed(2, 5) },
    { name: 'old', from: filed(3) },
    { name: 'same', from: filed(4), to: filed(4, 5) },
    { name: 'up', from: filed(5), to: filed(6) },
  ])
  assert.equal(
    changes.renamed.map(({ from, to }) => [from, to]),
    [['gone', 'new']],
  )
  assert.equal(
    changes.added.map(({ name }) => name),
    ['came'],
  )
  assert.equal(
    changes.removed.map(({ name }) => name),
    ['old'],
  )
  assert.equal(
    changes.updated.map(({ name }) => name),
    ['up'],
  )
})

test('sortChanges() pairs each name once: by last segment, then by source, then in order', () => {
  const gone = [
    { name: 'a.x', from: filed(1, 1) },
    { name: 'a.y', from: filed(1, 2) },
  ]
  assert.equal(pairs([...gone, { name: 'b.y', to: filed(1, 1) }]), ['a.y → b.y'])
  assert.equal(pairs([...gone, { name: 'b.z', to: filed(1, 2) }]), ['a.y → b.z'])
  assert.equal(pairs([...gone, { name: 'b.z', to: filed(1, 3) }]), ['a.x → b.z'])
  const came = [
    { name: 'b.u', to: filed(1, 1) },
    { name: 'b.v', to: filed(1, 1) },
    { name: 'b.w', to: filed(1, 1) },
  ]
  assert.equal(pairs([...gone, ...came]), ['a.x → b.u', 'a.y → b.v'])
})

test.run()
