// The frozen vectors: source → object bytes → hash. Altering one is altering the format.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as dagCbor from '@ipld/dag-cbor'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  checkObject,
  decodeComponent,
  decodePlain,
  decodeValue,
  digestOfHash,
  encodeComponent,
  encodePlain,
  encodeValue,
  parseReference,
} from '#codebase'
import { OBJECT_VECTORS_FILE, objectVectors } from '../support/object-vectors.ts'
import { VECTOR_SOURCES } from '../support/vector-sources.ts'
import { type Vector, vectorOf } from '../support/vectors.ts'

const folder = path.resolve(import.meta.dirname, '../../fixtures/vectors')
const vectors = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => [file, JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Vector] as const)

function hashNamed(file: string, name: string): string {
  const found = vectors
    .find(([other]) => other === `${file}.json`)?.[1]
    .definitions.find((definition) => definition.name === name)
  assert.ok(found, `${file}.json has ${name}`)
  return found.hash
}

test('every source of vector-sources.ts is frozen, and at least forty are', () => {
  assert.equal(vectors.map(([file]) => file).sort(), VECTOR_SOURCES.map(({ name }) => `${name}.json`).sort())
  assert.ok(vectors.length >= 40)
})

for (const [file, vector] of vectors) {
  test(`vectors/${file}: ${vector.title}`, async () => {
    assert.equal(await vectorOf(vector), vector)
    for (const { hash, object } of vector.definitions) {
      const bytes = Uint8Array.fromHex(object)
      const digest = createHash('sha256').update(bytes).digest('hex')
      assert.is(digestOfHash(parseReference(hash).hash).toHex(), digest)
      assert.equal(encodeComponent(decodeComponent(bytes)), bytes)
      assert.equal(new Uint8Array(dagCbor.encode(dagCbor.decode(bytes))), bytes)
    }
  })
}

test('vectors of one meaning have one hash, of two meanings two', () => {
  assert.is(hashNamed('function', 'add'), hashNamed('function-constant', 'add'))
  assert.is(hashNamed('arrow', 'add'), hashNamed('arrow-block', 'add'))
  assert.is.not(hashNamed('function', 'add'), hashNamed('arrow', 'add'))
  assert.is(hashNamed('cycle-symmetric', 'ping'), hashNamed('cycle-symmetric', 'pong'))
  assert.is(hashNamed('cycle-symmetric', 'ping'), hashNamed('cycle-symmetric-one', 'ring'))
  assert.is.not(hashNamed('classes-by-name', 'NotFound'), hashNamed('classes-by-name', 'Conflict'))
  assert.is.not(hashNamed('sentinels-by-name', 'NONE'), hashNamed('sentinels-by-name', 'END'))
  assert.is(hashNamed('directives', 'a'), hashNamed('directives', 'b'))
  assert.is.not(hashNamed('directives', 'a'), hashNamed('directives', 'c'))
  assert.is(hashNamed('labelled-var', 'a'), hashNamed('labelled-var', 'b'))
  assert.is(hashNamed('catches', 'a'), hashNamed('catches', 'b'))
  assert.is.not(hashNamed('nominal-choices', 'A'), hashNamed('nominal-choices', 'B'))
  assert.is(hashNamed('blocks', 'a'), hashNamed('blocks', 'b'))
  assert.is.not(hashNamed('absent-values', 'f'), hashNamed('absent-values', 'g'))
  assert.is(hashNamed('undefined', 'a'), hashNamed('undefined', 'b'))
  assert.is(hashNamed('module-this', 'a'), hashNamed('module-this', 'b'))
  assert.is(hashNamed('module-this', 'c'), hashNamed('module-this', 'd'))
  assert.is(hashNamed('absent-constants', 'a'), hashNamed('absent-constants', 'b'))
  assert.is(hashNamed('assigned-too', 'f'), hashNamed('assigned-too', 'g'))
  assert.is.not(hashNamed('minus-zero', 'zero'), hashNamed('minus-zero', 'minus'))
})

test('objects of the other kinds, and values, have the bytes that are frozen', async () => {
  const frozen = JSON.parse(readFileSync(OBJECT_VECTORS_FILE, 'utf8')) as Record<string, string>
  assert.equal(await objectVectors(), frozen)
  for (const [name, object] of Object.entries(frozen)) {
    const bytes = Uint8Array.fromHex(object)
    assert.equal(new Uint8Array(dagCbor.encode(dagCbor.decode(bytes))), bytes, name)
    if (name === 'effect log') assert.equal(encodePlain(decodePlain(bytes)), bytes)
    else if (!name.startsWith('value')) checkObject(bytes)
    else assert.equal(encodeValue(decodeValue(bytes)), bytes, name)
  }
})

test.run()
