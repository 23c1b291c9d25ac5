import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BUILTIN_ABILITIES, knownAbilities } from '#abilities'
import { decodeComponent, hashObject } from '#codebase'

test('knownAbilities() gives each ability as a definition whose object has its hash', () => {
  for (const { name, operations, reference, object } of knownAbilities()) {
    assert.equal(reference, { hash: hashObject(object), index: 0 })
    const [member] = decodeComponent(object).members
    assert.equal(member, { nominal: null, value: { type: 'Ability', name, operations }, completions: [] })
  }
})

test('abilities have names and hashes of their own, and sorted operations', () => {
  const known = knownAbilities()
  assert.is(new Set(known.map(({ reference }) => reference.hash)).size, BUILTIN_ABILITIES.length)
  for (const { operations } of known) assert.equal(operations, operations.toSorted())
})

test.run()
