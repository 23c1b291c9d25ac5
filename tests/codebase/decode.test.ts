import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  checkObject,
  type Component,
  decodeComponent,
  decodeObject,
  encodeComponent,
  encodeObject,
  encodePlain,
  FORMAT_VERSION,
  type Hash,
  type KnownError,
  MalformedObjectError,
  mentionedIn,
  type Node,
  OBJECT_KINDS,
  type Plain,
} from '#codebase'
import { terms } from '../support/terms.ts'
import { TORTURE } from '../support/torture.ts'

const objects: readonly Uint8Array[] = TORTURE.flatMap((expression) => [
  ...terms(`const x = ${expression}`, '/test.js').hashed.objects.values(),
])

function componentOf(value: Node, completions: readonly Node[] = []): Component {
  return { members: [{ nominal: null, value, completions }] }
}

function isMalformed(error: unknown): boolean {
  return error instanceof MalformedObjectError
}

function refusal(component: Component): string {
  try {
    decodeComponent(encodeComponent(component))
  } catch (error) {
    if (isMalformed(error)) return (error as Error).message
    throw error
  }
  return 'accepted'
}

const number: Node = { type: 'Number', value: 1 }
const text = (value: string): Node => ({ type: 'String', value })
const local = (index: number): Node => ({ type: 'Local', index })
const statement = (expression: Node): Node => ({ type: 'Expression', expression })
const arrow = (body: readonly Node[], params: readonly Node[] = []): Node => ({
  type: 'Arrow',
  async: false,
  params,
  body,
})
const call = (callee: Node, ...args: readonly Node[]): Node => ({
  type: 'Call',
  optional: false,
  callee,
  arguments: args,
})

test('decodeComponent() inverts encodeComponent()', () => {
  for (const object of objects) assert.equal(encodeComponent(decodeComponent(object)), object)
})

test('decodeComponent() knows what a component mentions as a walk through it finds it', () => {
  for (const object of objects) {
    const component = decodeComponent(object)
    assert.equal(mentionedIn(component), mentionedIn({ ...component }))
  }
})

test('decodeComponent() of changed bytes either throws MalformedObjectError or has read their only spelling', () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 3,
  })
  fc.assert(
    fc.property(fc.constantFrom(...objects), changes, (object, list) => {
      const bytes = object.slice()
      for (const [at, byte] of list) bytes[at % bytes.length] = byte
      try {
        assert.equal(encodeComponent(decodeComponent(bytes)), bytes)
      } catch (error) {
        if (!isMalformed(error)) throw error
      }
    }),
    { numRuns: 3000 },
  )
})

test('an object is encoded only when it can be decoded', () => {
  const large = (items: number): Node => ({
    type: 'Array',
    elements: Array.from({ length: items }, () => null),
  })
  const encode = (items: number): Uint8Array =>
    encodeComponent({ members: [{ nominal: null, value: large(items), completions: [] }] })
  // Around the holes: object, version, kind, members, member, nominal, node, tag, elements, completions.
  assert.is(decodeComponent(encode(1_999_990)).members.length, 1)
  const isTooLarge = (error: KnownError): boolean => error.code === 'too-large'
  assert.throws(() => encode(1_999_991), isTooLarge)
  assert.throws(() => encodeObject(OBJECT_KINDS.source, ['x'.repeat(8 * 1024 * 1024)]), isTooLarge)
})

test('decodeComponent() refuses other versions, kinds and shapes', () => {
  const bodies: readonly Plain[][] = [
    [],
    [[]],
    [[], []],
    [[[]]],
    [[[null, [6, 1], []]], 0],
    [[[null, [99], []]]],
    [[[null, [9, 1], []]]],
    [[[null, [60, []], []]]],
    [[[1, [9], []]]],
  ]
  for (const body of bodies) {
    assert.throws(
      () => decodeComponent(encodeObject(OBJECT_KINDS.component, body)),
      isMalformed,
      JSON.stringify(body),
    )
  }
  assert.throws(
    () => decodeComponent(encodeObject(OBJECT_KINDS.commit, [[[null, [9], []]]])),
    /kind 2, expected 0/,
  )
})

test('decodeObject() and checkObject() tell objects of another version from damaged ones, whatever their kind', () => {
  for (const kind of Object.values(OBJECT_KINDS)) {
    for (const [version, hint] of [
      [FORMAT_VERSION + 1, /newer/],
      [FORMAT_VERSION + 300, /newer/],
    ] as const) {
      const object = encodePlain([version, kind, [[null, [9], []]]])
      for (const read of [checkObject, (bytes: Uint8Array) => decodeObject(bytes, kind)]) {
        assert.throws(
          () => read(object),
          (error: KnownError) =>
            error.code === 'format-unknown' &&
            hint.test(error.hint ?? '') &&
            error.message.includes(`version ${version} of the format`),
        )
      }
    }
  }
  for (const version of [null, 'x', -1, [0]] as const)
    assert.throws(() => decodeObject(encodePlain([version, 0, []]), 0), isMalformed)
})

test('decodeComponent() refuses names and references that no definition has', () => {
  const named = (name: string): Node => ({ type: 'Class', name, self: null, superClass: null, members: [] })
  const member = (nominal: string | null, value: Node): Component => ({
    members: [{ nominal, value, completions: [] }],
  })
  assert.is(refusal(member('A', named('B'))), 'accepted')
  assert.match(refusal(member('A', named('A'))), /twice/)
  const type = (...references: readonly Node[]): Node => ({
    type: 'Type',
    texts: Array.from({ length: references.length + 1 }, () => 'type'),
    references,
  })
  assert.is(refusal(componentOf(type({ type: 'Sibling', slot: 0 }))), 'accepted')
  assert.match(refusal(componentOf(type(number))), /Number in a type/)
  assert.match(refusal(componentOf(type(call({ type: 'Sibling', slot: 0 })))), /Call in a type/)
  assert.match(refusal(member('A', type())), /another name/)
  assert.match(refusal(member('A', { type: 'Ability', name: 'A', operations: [] })), /another name/)
})

test('decodeComponent() refuses names that are not there', () => {
  assert.match(refusal(componentOf(arrow([statement(local(0))]))), /which nothing declares/)
  assert.match(refusal(componentOf(arrow([], [local(1)]))), /first occurrence/)
  assert.match(refusal(componentOf({ type: 'Sibling', slot: 1 })), /sibling/)
  assert.match(refusal(componentOf({ type: 'Intrinsic', name: 'process' })), /not permitted/)
  assert.throws(
    () => decodeComponent(encodeComponent(componentOf({ type: 'Intrinsic', name: 'Temporal' }))),
    (error: KnownError) => error.code === 'format-unknown',
  )
  assert.match(refusal(componentOf({ type: 'Intrinsic', name: 'x); evil(' })), /not permitted/)
  assert.match(refusal(componentOf({ type: 'Arguments' })), /arguments outside/)
  assert.match(refusal(componentOf(arrow([{ type: 'Break', label: null }]))), /a jump out of nothing/)
  assert.match(
    refusal(componentOf(arrow([{ type: 'While', test: number, body: [{ type: 'Continue', label: 0 }] }]))),
    /label that is not there/,
  )
  assert.match(
    refusal(
      componentOf(
        arrow([
          statement({
            type: 'PrivateMember',
            optional: false,
            object: number,
            key: { type: 'Private', index: 0 },
          }),
        ]),
      ),
    ),
    /private name/,
  )
})

test('decodeComponent() refuses literals that would end elsewhere in generated code', () => {
  const regex = (pattern: string, flags = ''): Node => ({ type: 'RegExp', pattern, flags })
  for (const pattern of ['', '*', '/', 'a/;evil()', 'a\nb', '\\', '[a', 'a\u2028', '\\\n']) {
    assert.match(refusal(componentOf(regex(pattern))), /not one literal/, pattern)
  }
  assert.is(refusal(componentOf(regex('[/]\\/(?:)', 'gi'))), 'accepted')
  assert.match(refusal(componentOf(regex('a', 'ig'))), /flags/)
  assert.match(refusal(componentOf(regex('a', 'gg'))), /flags/)
  assert.match(refusal(componentOf({ type: 'BigInt', value: '1n; evil(); 1' })), /bigint/)
  const tagged = (raw: string, cooked: string | null): Node => ({
    type: 'TaggedTemplate',
    tag: { type: 'Intrinsic', name: 'String' },
    cooked: [cooked],
    raw: [raw],
    expressions: [],
  })
  assert.is(refusal(componentOf(tagged('\\x41\\u{1F600}\\\n$', 'A😀$'))), 'accepted')
  assert.is(refusal(componentOf(tagged('\\unicode', null))), 'accepted')
  for (const raw of ['`', '${', '\\', '\r', 'a'])
    assert.match(refusal(componentOf(tagged(raw, 'A'))), /cooked text/, raw)
  assert.match(refusal(componentOf({ type: 'Template', cooked: ['a'], expressions: [] })), /alternate/)
})

test('decodeComponent() refuses nodes where the language has no place for them', () => {
  const chain = (expression: Node): Node => ({ type: 'Chain', expression })
  const cases: readonly [node: Node, problem: RegExp][] = [
    [arrow([statement({ type: 'Yield', delegate: false, argument: null })]), /yield outside/],
    [arrow([statement({ type: 'Await', argument: number })]), /await outside/],
    [call({ type: 'Super' }), /super where/],
    [{ type: 'Super' }, /Super where it cannot stand/],
    [{ type: 'Spread', argument: number }, /Spread where it cannot stand/],
    [{ type: 'NewTarget' }, /new\.target/],
    [{ type: 'Member', optional: true, object: number, property: text('x') }, /outside of a chain/],
    [chain(call(number)), /without an optional link/],
    [
      { type: 'Unary', operator: 'delete', argument: { type: 'Intrinsic', name: 'Map' } },
      /delete of a variable/,
    ],
    [{ type: 'Sequence', expressions: [number] }, /sequence/],
    [arrow([], [{ type: 'Rest', target: local(0) }, local(1)]), /rest that is not last/],
    [
      arrow([
        {
          type: 'Declare',
          kind: 'const',
          declarators: [{ type: 'Declarator', target: local(0), init: null }],
        },
      ]),
      /initialiser/,
    ],
    [arrow([{ type: 'Try', block: [], handler: null, finalizer: null }]), /try without/],
    [arrow([statement({ type: 'Ability', name: 'A', operations: [] })]), /Ability where/],
    [{ type: 'Ability', name: 'A', operations: ['b', 'a'] }, /operations/],
  ]
  for (const [node, problem] of cases) assert.match(refusal(componentOf(node)), problem)
  assert.match(refusal(componentOf(number, [{ type: 'Return', argument: null }])), /return outside/)
})

test('decodeComponent() refuses members that are not one cycle in canonical order', () => {
  const { hashed } = terms(
    'const even = (n) => n === 0 || odd(n - 1)\nconst odd = (n) => n !== 0 && even(n - 1)',
  )
  const [component] = hashed.components.values()
  const swapped = component!.members
    .toReversed()
    .map((member) => JSON.parse(JSON.stringify(member, (key, value) => (key === 'slot' ? 1 - value : value))))
  assert.is(refusal(component!), 'accepted')
  assert.match(refusal({ members: swapped }), /canonical order/)
  assert.match(refusal({ members: [component!.members[0]!, component!.members[0]!] }), /canonical order/)
  const apart = { nominal: null, completions: [] }
  assert.match(
    refusal({
      members: [
        { ...apart, value: number },
        { ...apart, value: { type: 'Number', value: 2 } },
      ],
    }),
    /canonical order/,
  )
})

test('encodeComponent() and decodeComponent() refuse terms that are too deep, without exhausting the stack', () => {
  let deep: Node = number
  for (let depth = 0; depth < 5_000; depth++) deep = { type: 'Unary', operator: '!', argument: deep }
  assert.throws(() => encodeComponent(componentOf(deep)), /nested more than/)
  let permitted: Node = number
  for (let depth = 0; depth < 990; depth++) permitted = { type: 'Array', elements: [permitted] }
  assert.is(refusal(componentOf(permitted)), 'accepted')
})

test('decodeComponent() keeps lone surrogates, and refuses text spelt as UTF-16 without need', () => {
  const component = componentOf(text('a\ud800b'))
  assert.equal(decodeComponent(encodeComponent(component)), component)
  const needless = encodeObject(OBJECT_KINDS.component, [[[null, [4, [0, Uint8Array.of(0, 97)]], []]]])
  assert.throws(() => decodeComponent(needless), /UTF-8 can carry/)
})

test('decodeComponent() reads references to other components', () => {
  const hash = [...terms('const x = 1').hashed.objects.keys()][0] as Hash
  const component = componentOf({ type: 'Reference', hash, index: 2 })
  assert.equal(decodeComponent(encodeComponent(component)), component)
})

test.run()
