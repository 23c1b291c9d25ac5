import { runInThisContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Node, type Reference, referenceText, walkMember } from '#codebase'
import { loadClosure } from '../../executor/closure.ts'
import { framesOf } from '../../executor/frames.ts'
import { generate } from '../../executor/generate.ts'
import type { Placed } from '../../executor/member-text.ts'
import { EXECUTOR_LIMITS } from '../../executor/limits.ts'
import { defineText } from '../support/define-text.ts'
import { type Definitions, definitions, outcomeOf, closeExecutors } from './executors.ts'

test.after(closeExecutors)

const programOf = async ({ references, objects }: Definitions) => {
  const source = { get: async (hash: Reference['hash']) => objects.get(hash) }
  return generate(await loadClosure([references['main'] as Reference], source, { bounds: EXECUTOR_LIMITS }))
}

test('generate() puts each definition after what it needs, on a line of its own', async () => {
  const { text } = await programOf(
    definitions('const main = () => two + one; const two = one * 2; const one = 1'),
  )
  assert.equal(
    text
      .split('\n')
      .slice(2, -1)
      .map((line) => line.replace(/"[a-z2-7 ]+"/, '…')),
    [
      '$group(…, [], function () {',
      'const $0 = 1; ',
      'const $1 = $0 * 2; ',
      'const $2 = () => { return $1 + $0; }; ',
      'return [$0, $1, $2] })',
    ],
  )
})

test('generate() completes a definition only when what completes it is there', async () => {
  const { definitions: defined, objects } = await defineText(
    `const methods = { one: () => made.value }
     function make() { return { methods, value: 1 } }
     export const made = methods.maker = make()`,
  )
  const { reference } = defined.find(({ name }) => name === 'made')!
  const closure = await loadClosure(
    [reference],
    { get: async (hash) => objects.get(hash) },
    { bounds: EXECUTOR_LIMITS },
  )
  const { text } = generate(closure)
  type Made = { maker?: object; value?: number }
  const values = new Map<string, Made>()
  const run = runInThisContext(text) as (runtime: object) => void
  run({
    group(references: string, _: readonly number[], make: () => Made[]) {
      const made = make()
      references.split(' ').forEach((name, index) => values.set(name, made[index] as Made))
    },
  })
  const made = values.get(referenceText(reference))
  assert.ok([...values.values()].some((value) => value.maker !== undefined && value.maker === made))
})

test('generate() places every node that has text of its own', async () => {
  const defined = definitions('const main = (a) => { try { return a.b(1)[a] } catch { return `x${a}` } }')
  const { text, placed, marksOf } = await programOf(defined)
  const { offsets, ordinals } = marksOf(placed[0] as Placed)
  const nodes: Node[] = []
  walkMember(defined.members['main'] as never, (node) => nodes.push(node))
  const textOf = (type: string): string =>
    text.slice(offsets[ordinals.findIndex((ordinal) => nodes[ordinal]?.type === type)])
  assert.match(textOf('Try'), /^try/)
  assert.match(textOf('Call'), /^_0\.b\(1\)/)
  assert.match(textOf('Template'), /^`/)
})

test('generate() places what completes a definition behind it on its line', async () => {
  const defined = definitions('const main = () => 1; main.twice = (a) => [a, a]')
  const { text, placed, marksOf } = await programOf(defined)
  assert.is(placed.length, 1)
  const { offsets, ordinals } = marksOf(placed[0] as Placed)
  assert.equal(
    offsets,
    offsets.toSorted((a, b) => a - b),
  )
  const nodes: Node[] = []
  walkMember(defined.members['main'] as never, (node) => nodes.push(node))
  const at = ordinals.findIndex((ordinal) => nodes[ordinal]?.type === 'Array')
  assert.match(text.slice(offsets[at]), /^\[_\d+, _\d+\]/)
})

/** Definitions enough for three groups, each but the first in need of the one before it; `main` calls the last. */
const chain = (more: string): string =>
  [
    'const c0 = 0',
    ...Array.from({ length: 149 }, (_, index) => `const c${index + 1} = c${index} + 1`),
    'const early = (x) => x.a.b',
    more,
  ].join('; ')

test('generate() gives each group what it needs of those before it', async () => {
  const text = chain('const main = () => [c0, c149, c77, early({ a: { b: 1 } })]')
  const { text: program } = await programOf(definitions(text))
  assert.is(program.match(/^\$group\(/gm)?.length, 3)
  assert.equal(await outcomeOf(text), { kind: 'value', value: [0, 149, 77, 1] })
})

test('generate() leaves types without a number', async () => {
  const { definitions: defined, objects } = await defineText(
    'export interface Wide { w: number }; const one = 1; export const made = (x: Wide): number => x.w + one',
  )
  const roots = ['Wide', 'made'].map((wanted) => defined.find(({ name }) => name === wanted)!.reference)
  const source = { get: async (hash: Reference['hash']) => objects.get(hash) }
  const closure = await loadClosure(roots, source, { bounds: EXECUTOR_LIMITS })
  assert.is(closure.components.size, 3)
  assert.match(generate(closure).text, /\nconst \$0 = 1; \nconst \$1 = .*\nreturn \[\$0, \$1\] \}\)\n/)
})

test('frames of a failure lie in definitions, whichever groups these are in', async () => {
  const framesIn = async (text: string): Promise<string[]> => {
    const { references } = definitions(text)
    const outcome = await outcomeOf(text)
    if (outcome.kind !== 'failure') throw new Error('it does not fail')
    const names = new Map(Object.entries(references).map(([name, each]) => [referenceText(each), name]))
    return outcome.error.frames.map(({ reference }) => names.get(referenceText(reference)) ?? 'elsewhere')
  }
  const called = chain('const late = () => [early({}), c149]; const main = () => [late(), c70]')
  assert.equal(await framesIn(called), ['early', 'late', 'main'])
  assert.equal(await framesIn(chain('const bad = early({ a: c149 }.c); const main = () => [bad]')), [
    'early',
    'bad',
  ])
})

/** The source text of the node where `expression` fails when it runs in a definition's body. */
async function placeOf(body: string): Promise<string> {
  const text = `const main = (o) => { ${body} }`
  const defined = definitions(text)
  const outcome = await outcomeOf(text, [{ a: {} }])
  if (outcome.kind !== 'failure') throw new Error(`${body} does not fail`)
  const starts: (number | undefined)[] = []
  walkMember(defined.members['main'] as never, (node) => starts.push(node.start))
  const start = starts[outcome.error.frames[0]?.node as number]
  return start === undefined ? 'unknown' : text.slice(start, -2)
}

test('a frame leads to the call, access or throw that failed', async () => {
  for (const [body, place] of [
    ['let x = 1; throw new Error("x")', 'new Error("x")'],
    ['return 1 + o.a.b.c', 'c'],
    ['return o.a.f(1)', 'f(1)'],
    ['return [o, o.nothing()]', 'nothing()]'],
    ['const é = "é😀"; return o.missing.length', 'length'],
    ['for (const x of [1]) null.x', 'x'],
    ['return 1n + o.n', '1n + o.n'],
  ] as const) {
    assert.ok((await placeOf(body)).includes(place), `${body}: ${await placeOf(body)}`)
  }
})

test('framesOf() ignores what is no place in the program, whoever wrote it', async () => {
  const program = await programOf(definitions('const main = () => 1'))
  const stack = [
    '    at f (program:99999:1)',
    '    at g (main.js:3:1)',
    'at program:3:x',
    '    at h (native)',
    '    at <a> (program:1:1)',
    '    at i (program:3:900)',
  ]
  const frames = framesOf(stack.join('\n'), program)
  assert.ok(frames.length <= 1)
  assert.equal(
    framesOf('    at f (program:4:14)\n    at g (program:3:14)\n    at h (program:5:3)\n', program).map(
      ({ reference }) => referenceText(reference),
    ),
    [referenceText(program.placed[0]?.reference as Reference)],
  )
})

test('framesOf() gives up on a column past the end of its line, at once', async () => {
  const program = await programOf(definitions('const main = () => 1'))
  assert.equal(framesOf('    at f (program:1:999999999)\n'.repeat(1000), program), [])
})

test.run()
