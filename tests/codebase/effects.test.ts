import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Effects, type Hash, inferEffects, NO_EFFECTS, type Reference, referenceText } from '#codebase'
import { importedReference, terms } from '../support/terms.ts'

const ABILITIES = ['A', 'B', 'C']
const HEAD = "import { A, B, C } from 'elsewhere'\n"

/** Effects of every definition of a text, dependencies first, by name. */
function effectsOf(text: string): (name: string) => Effects {
  const { names, hashed } = terms(HEAD + text)
  const known = new Map<string, Effects>()
  for (const name of ABILITIES) {
    const reference = importedReference(name)
    known.set(referenceText(reference), { ...NO_EFFECTS, performs: [reference] })
  }
  // Components stand in the order in which they were hashed: dependencies first.
  for (const [hash, component] of hashed.components) {
    inferEffects(component, hash, (reference) => known.get(referenceText(reference)) ?? NO_EFFECTS).forEach(
      (effects, index) => known.set(referenceText({ hash, index }), effects),
    )
  }
  return (name) => known.get(referenceText(hashed.references[names.indexOf(name)]!))!
}

function spell(references: readonly Reference[] = []): string {
  return ABILITIES.filter((name) =>
    references.some((reference) => referenceText(reference) === referenceText(importedReference(name))),
  ).join('')
}

/** What the last definition of a text performs. */
function row(text: string, name = 'f'): string {
  return spell(effectsOf(text)(name).performs)
}

test('inferEffects() finds an operation that is performed', () => {
  assert.is(row('function* f() { return yield* A.get(1) }'), 'A')
  assert.is(row('const f = (n) => n + 1'), '')
})

test('inferEffects() finds what is performed through dependencies, cycles and values', () => {
  assert.is(row('function* g() { yield* A.get() }\nfunction* f() { yield* g() }'), 'A')
  assert.is(
    row('function* g(n) { yield* A.get(); yield* f(n) }\nfunction* f(n) { yield* B.put(); yield* g(n) }'),
    'AB',
  )
  assert.is(row('function* g() { yield* A.get() }\nconst table = { g }\nconst f = (k) => table[k]'), 'A')
  assert.is(row('const f = (ability = B) => ability'), 'B')
  assert.is(row('const f = () => 1\nf.later = function* () { yield* C.x() }'), 'C')
  assert.is(row('class f { *m() { yield* A.get() } static x = B }'), 'AB')
})

test('inferEffects() takes away what a handler in place handles, and adds what its clauses perform', () => {
  const program = 'function* p() { yield* A.get(); return yield* B.get() }\n'
  assert.is(
    row(`${program}function* f() { return yield* handle(A, { get: (resume) => resume(1) })(p()) }`),
    'B',
  )
  assert.is(row(`${program}function* f() { return yield* handle(B, {})(handle(A, {})(p())) }`), '')
  assert.is(
    row(
      `${program}function* f() { return yield* handle(A, { *get(resume) { return yield* resume(yield* C.x()) } })(p()) }`,
    ),
    'BC',
  )
  assert.is(
    row(
      `${program}function* f() { return yield* handle(A, { *get(resume) { return yield* resume(yield* A.get()) } })(p()) }`,
    ),
    'AB',
  )
})

test('inferEffects() takes handlers from constants, locals, and functions that make them', () => {
  const program = 'function* p() { return yield* A.get() }\n'
  assert.is(row(`${program}const h = handle(A, {})\nfunction* f() { return yield* h(p()) }`), '')
  assert.is(
    row(`${program}const h = handle(A, {})\nconst again = h\nfunction* f() { return yield* again(p()) }`),
    '',
  )
  assert.is(row(`${program}function* f() { const h = handle(A, {}); return yield* h(p()) }`), '')
  assert.is(
    row(
      `${program}const h = (state) => handle(A, { get: () => state })\nfunction* f() { return yield* h({})(p()) }`,
    ),
    '',
  )
  assert.is(
    row(
      `${program}const h = (x) => { if (x) return handle(A, {}); return handle(B, {}) }\nfunction* f() { return yield* h(1)(p()) }`,
    ),
    'A',
  )
  assert.is(row(`${program}function* f() { let h = handle(A, {}); h = 1; return yield* h(p()) }`), 'A')
})

test('inferEffects() says of a handler what it handles', () => {
  assert.is(spell(effectsOf('const h = handle(A, {})')('h').handles), 'A')
  assert.is(spell(effectsOf('const h = () => handle(A, {})')('h').makes), 'A')
  assert.is(row('const h = handle(A, { *get() { yield* B.x() } })', 'h'), 'B')
})

test('inferEffects() masks arguments of functions that run them under a handler', () => {
  const program = 'function* p() { yield* A.get(); yield* B.get() }\n'
  const under = 'const under = (x, q) => handle(A, {})(q())\n'
  const masks = effectsOf(`${under}const f = 1`)('under').masks.map(spell)
  assert.equal(masks, ['', 'A'])
  assert.is(row(`${program}${under}function* f() { yield* under(0, p) }`), 'B')
  assert.is(row(`${program}${under}function* f() { yield* under(p, p) }`), 'AB')
  assert.is(row(`${program}${under}function* f() { yield* under(...[0, p]) }`), 'AB')
  assert.is(
    row(`${program}const both = (q) => handle(B, {})(handle(A, {})(q()))\nfunction* f() { yield* both(p) }`),
    '',
  )
  assert.is(
    row(
      `${program}function* once(q) { yield* q(); yield* handle(A, {})(q()) }\nfunction* f() { yield* once(p) }`,
    ),
    'AB',
  )
  assert.is(
    row(
      `${program}function* inner(q) { function* run() { yield* q() } yield* handle(A, {})(run()) }\nfunction* f() { yield* inner(p) }`,
    ),
    'B',
  )
})

test('inferEffects() does not take away what is performed while the argument is evaluated', () => {
  const program = 'function* p() { yield* B.get() }\n'
  assert.is(row(`${program}function* f() { return yield* handle(A, {})((yield* A.get(), p())) }`), 'AB')
  assert.is(row(`${program}function* f() { return yield* handle(B, {})((yield* p(), p())) }`), 'B')
})

test('inferEffects() does not take away what leaves the argument by an assignment', () => {
  const program = 'function* p() { yield* A.get() }\n'
  assert.is(row(`${program}function* f() { let x; yield* handle(A, {})((x = p, 0)); yield* x() }`), 'A')
  assert.is(
    row(`${program}function* f(o) { yield* handle(A, {})((function* () { o.x = p })()); yield* o.x() }`),
    'A',
  )
})

test('inferEffects() counts a local function where it is mentioned, not where it stands', () => {
  assert.is(row('function* f() { function* p() { yield* A.get() } return yield* handle(A, {})(p()) }'), '')
  assert.is(
    row('function* f() { const p = function* () { yield* A.get() }; return yield* handle(A, {})(p()) }'),
    '',
  )
  assert.is(
    row('function* f() { function* p() { yield* A.get() } yield* handle(A, {})(p()); yield* p() }'),
    'A',
  )
  assert.is(
    row(
      'function* f(n) { function* a() { yield* A.get(); yield* b() } function* b() { yield* B.x(); yield* a() } yield* a() }',
    ),
    'AB',
  )
})

test('inferEffects() does not handle with what is not known to be an ability', () => {
  assert.is(
    row('function* p() { yield* A.get() }\nfunction* f(which) { yield* handle(which, {})(p()) }'),
    'A',
  )
  assert.is(
    row('function* p() { yield* A.get() }\nfunction* f(which) { yield* handle(which ? A : B, {})(p()) }'),
    'AB',
  )
})

test('inferEffects() makes an ability perform itself', () => {
  const hash = terms('const x = 1').hashed.references[0]!.hash as Hash
  const ability = {
    nominal: null,
    value: { type: 'Ability', name: 'Own', operations: ['go'] },
    completions: [],
  } as const
  assert.equal(
    inferEffects({ members: [ability] }, hash, () => NO_EFFECTS),
    [{ performs: [{ hash, index: 0 }], handles: [], masks: [] }],
  )
})

test.run()
