// Bytes of one role are never taken for bytes of another (docs/format.md §5.2), and no text
// of a term, however made, ends where it should not in generated code.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  checkObject,
  decodeComponent,
  decodeValue,
  emitMember,
  encodeComponent,
  encodeValue,
  MalformedObjectError,
  type Node,
} from '#codebase'
import { OBJECT_VECTORS_FILE } from '../support/object-vectors.ts'
import { values } from '../support/values.ts'
import type { Vector } from '../support/vectors.ts'

const fixtures = path.resolve(import.meta.dirname, '../../fixtures')

function isMalformed(error: unknown): boolean {
  return error instanceof MalformedObjectError
}

/** Frozen objects of every kind. */
function frozenObjects(): Uint8Array[] {
  const vectors = readdirSync(path.join(fixtures, 'vectors')).flatMap((file) => {
    const vector = JSON.parse(readFileSync(path.join(fixtures, 'vectors', file), 'utf8')) as Vector
    return vector.definitions.map(({ object }) => object)
  })
  const others = JSON.parse(readFileSync(OBJECT_VECTORS_FILE, 'utf8')) as Record<string, string>
  const objects = Object.entries(others).flatMap(([name, hex]) => (name.startsWith('value') ? [] : [hex]))
  return [...vectors, ...objects].map((hex) => Uint8Array.fromHex(hex))
}

test('decodeValue() takes no object of any kind for a value', () => {
  const objects = frozenObjects()
  assert.ok(objects.length > 100)
  for (const object of objects) assert.throws(() => decodeValue(object), isMalformed, object.toHex())
})

test('checkObject() takes no encoded value for an object', () => {
  fc.assert(
    fc.property(values, (value) => assert.throws(() => checkObject(encodeValue(value)), isMalformed)),
    { numRuns: 500 },
  )
})

/** Texts that end a name, a string, a template, a comment or a line. */
const HOSTILE = [
  '}',
  ') { evil() } (',
  "'",
  '"',
  '`',
  '${evil()}',
  '*/ evil() /*',
  '\n evil() \n',
  '\u2028',
  '\ud800',
  '\\',
  'a b',
  '__proto__',
]

test('emitMember() keeps names and texts that decoding accepts where they stand, whatever they are', () => {
  const member = (nominal: string | null, value: Node) => ({ nominal, value, completions: [] })
  const built = (text: string): readonly Node[] => [
    { type: 'Class', name: text, self: null, superClass: null, members: [] },
    { type: 'String', value: text },
    { type: 'Template', cooked: [text, text], expressions: [{ type: 'String', value: text }] },
    {
      type: 'Object',
      properties: [{ type: 'Property', key: { type: 'String', value: text }, value: { type: 'Null' } }],
    },
  ]
  for (const text of HOSTILE) {
    for (const value of built(text)) {
      for (const nominal of [null, `${text}2`]) {
        const object = encodeComponent({ members: [member(nominal, value)] })
        const [decoded] = decodeComponent(object).members
        const { value: emitted } = emitMember(decoded!, { name: () => 'x', sibling: () => 'self' })
        const evil = (): void => assert.unreachable(`${text} is evaluated`)
        // oxlint-disable-next-line typescript/no-implied-eval -- generated code is what is tested
        new Function('evil', `'use strict'; return ${emitted}`)(evil)
      }
    }
  }
})

test.run()
