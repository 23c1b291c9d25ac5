// Code that is edited and added again unchanged is checked against the declarations of what it uses, which its author
// never saw: they must not ask for more than the package's own did.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, type Project } from '../support/project.ts'

const PACKAGE = {
  'node_modules/pk/package.json':
    '{"name":"pk","version":"1.0.0","type":"module","exports":{".":{"types":"./i.d.ts","default":"./i.js"}}}',
  'node_modules/pk/i.d.ts': `export declare function sum(...xs: number[]): number
export declare function each<T, R = T>(xs: T[], f: (x: T) => R, o?: { by?: (x: T) => R }): R[]
export declare class Box<T = string> { constructor(x?: T); get(): T; x: T; static of<T>(x: T): Box<T> }
`,
  'node_modules/pk/i.js': `export function sum() { let n = 0; for (const x of arguments) n += x; return n }
export function each(xs, f, o) { return xs.map((x) => o?.by ? o.by(x) : f(x)) }
export class Box { constructor(x) { this.x = x } get() { return this.x } static of(x) { return new Box(x) } }
`,
}

const USES = `import { Box, each, sum } from 'pk'
export const three = (): number => sum(1, 2, 3)
export const doubles = (xs: number[]): number[] => each<number>(xs, (x) => x * 2)
export const named = (xs: number[]): number[] => each(xs, (x) => x * 2, { by: (x) => x })
export const boxed = (s: string): string => new Box<string>(s).x + Box.of(s).get()
export const held = (box: Box<string>): string => box.get()
export class Big extends Box<string> { shout(): string { return this.get() + '!' } }
`

const NAMESPACE = `export namespace Fmt {
  export interface Options { width: number }
  export const pad = (s: string, o: Options = { width: 3 }): string => s.padStart(o.width)
  export namespace Deep { export const n = 1 }
  export function f(x: number) { return x }
  export class C { constructor(readonly a: number) {} }
}
export namespace A.B { export const c = 'c' }
export const use = (s: string, o: Fmt.Options): string => Fmt.pad(s, o) + Fmt.f(1) + Fmt.Deep.n + new Fmt.C(1).a + A.B.c
`

/** Edits `names` and adds what was written. */
async function again(project: Project, names: readonly string[]): Promise<unknown> {
  await project.json(['edit', ...names, '-o', 'again.ts', '--force'])
  return (await project.ucm(['add', 'again.ts'])).json
}

test('edit and add leave callers of JavaScript as they were, whatever arguments they leave out', async () => {
  const project = await makeProject({ ...PACKAGE, 'uses.ts': USES }, true)
  await project.json(['init'])
  await project.json(['add', 'uses.ts'])
  const names = ['Big', 'boxed', 'doubles', 'held', 'named', 'three']
  const { unchanged, rejected } = (await again(project, names)) as Record<string, unknown>
  assert.equal([rejected, unchanged], [[], names])
})

test('a namespace shows its members, and what uses them is added again unchanged', async () => {
  const project = await makeProject({ 'names.ts': NAMESPACE })
  const { unchanged, rejected } = (await again(project, ['use'])) as Record<string, unknown>
  assert.equal([rejected, unchanged], [[], ['use']])
  const { definitions } = await project.json(['view', 'Fmt'])
  assert.is(
    definitions[0].signature,
    'namespace { interface Options { width: number } const pad: (s: string, o?: Fmt.Options) => string; namespace Deep { const n: 1 } function f(x: number): number; class C { readonly a: number; constructor(a: number) } }',
  )
  await project.json(['rename', 'Fmt', 'Text'])
  assert.equal(((await again(project, ['use'])) as Record<string, unknown>)['rejected'], [])
})

test('a function that a namespace is merged with is no unique symbol', async () => {
  const project = await makeProject({
    'merged.ts':
      'export function f(x: number) { return x }\nexport namespace f { export const extra = 1 }\nexport const KEY = Symbol("key")\n',
  })
  const { definitions } = await project.json(['ls'])
  const shown = definitions.map(({ name, signature }: Record<string, string>) => [name, signature])
  assert.equal(shown, [
    ['KEY', 'unique symbol'],
    ['f', '(x: number)'],
  ])
})

test('what is edited and added again keeps the signature that a package of its own types gave it', async () => {
  const project = await makeProject(
    {
      'node_modules/loud/package.json':
        '{"name":"loud","version":"1.0.0","type":"module","main":"index.js","types":"index.d.ts"}',
      'node_modules/loud/index.js': 'export const up = (s) => s.toUpperCase()',
      'node_modules/loud/index.d.ts': 'export function up(s: string): string',
      'main.ts': "import { up } from 'loud'\nexport const shout = (s: string) => up(s)\n",
    },
    true,
  )
  await project.json(['init'])
  await project.json(['add', 'main.ts'])
  const signature = async (): Promise<string> =>
    (await project.json(['view', 'shout'])).definitions[0].signature
  assert.is(await signature(), '(s: string) => string')
  await project.json(['edit', 'shout', '-o', 'again.ts'])
  const { unchanged } = await project.json(['add', 'again.ts'])
  assert.ok(unchanged.includes('shout'))
  assert.is(await signature(), '(s: string) => string')
  const { definitions } = await project.json(['find', ': (s: string) => string'])
  assert.is(definitions[0].name, 'shout')
})

test.run()
