// Types through the real command line and the real checker: what `add` refuses, what it shows,
// and the declarations that it leaves for editors, held against tsc.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, type Project } from '../support/project.ts'

const tsc = path.resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc')

/** What tsc says of the project, line by line. */
function compile({ folder }: Project): string[] {
  const { stdout } = spawnSync(process.execPath, [tsc, '--project', '.', '--skipLibCheck', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return stdout.split('\n').filter(Boolean)
}

const declared = ({ folder }: Project, file: string): string | undefined => {
  const name = path.join(folder, '.ucm/types', `${file}.d.ts`)
  return existsSync(name) ? readFileSync(name, 'utf8') : undefined
}

const WRONG = `export const half = (x: number): number => x / 2
export const bad = (): string => half('é', 1)
export const worse = () => bad()
`

test('add refuses wrong types in the words of TypeScript, with file, line and column, and stores nothing', async () => {
  const project = await makeProject({}, true)
  await project.json(['init'])
  project.write('wrong.ts', WRONG)
  const { code, json } = await project.ucm(['add', 'wrong.ts'])
  assert.is(code, 1)
  const place = { name: 'bad', file: 'wrong.ts', line: 2, column: 34 }
  assert.equal(
    json.rejected.map((each: { code: string }) => each.code),
    ['type-error', 'type-error', 'depends-on-rejected'],
  )
  assert.match(
    json.rejected[0].message,
    /^Cannot define bad: TS2322: Type 'number' is not assignable to type 'string'/,
  )
  assert.equal({ ...place, ...json.error.details, rejected: undefined }, { ...place, rejected: undefined })
  assert.match(
    json.rejected[1].message,
    /TS2554: Expected 1 arguments, but got 2|TS2345: Argument of type 'string'/,
  )
  assert.equal((await project.json(['ls'])).definitions, [])

  const partial = await project.json(['add', 'wrong.ts', '--partial'])
  assert.equal(
    partial.added.map(({ name }: { name: string }) => name),
    ['half'],
  )
  const unchecked = await project.json(['add', 'wrong.ts', '--no-check'])
  assert.is(unchecked.added.length, 2)
})

test('the nearest tsconfig.json says how strictly; without one it is strict', async () => {
  const project = await makeProject(
    { 'loose/tsconfig.json': '{ "compilerOptions": { "strict": false, /* so */ "lib": ["esnext"] } }' },
    true,
  )
  await project.json(['init', 'base'])
  const implicit = 'export function f(x) { console.log(x); return x }'
  project.write('loose/a.ts', implicit)
  project.write('b.ts', implicit)
  const base = ['--codebase', 'base']
  assert.is((await project.ucm(['add', 'b.ts', ...base])).json.error.code, 'type-error')
  assert.is((await project.json(['add', 'loose/a.ts', ...base])).added[0].signature, '(x: any) => any')
})

const SHAPES = `/** A point. */
export interface Point<N = number> { readonly x: N; readonly y: N }
export type Path = readonly Point[]
export class Shape {
  #corners: Path
  constructor(corners: Path) { this.#corners = corners }
  corners() { return this.#corners }
  static square(size: number) { return new Square(size) }
}
export class Square extends Shape {
  readonly size: number
  constructor(size: number) { super([{ x: 0, y: 0 }, { x: size, y: size }]); this.size = size }
}
export enum Colour { Red, Green = 'green' }
/** The middle. */
export function middle(path: Path, weigh = (p: Point) => p.x) { return path.map((p) => ({ ...p, weight: weigh(p) })) }
export function pick(a: 1): 'one'
export function pick(a: 2): 'two'
export function pick(a: number) { return a === 1 ? 'one' : 'two' }
export const colour = () => Colour.Red
export const unit: Point = { x: 1, y: 1 }
`

const USES = `import { middle, pick, Shape, Square, Colour, type Point, unit } from 'ucm/geo'
import same from 'ucm/geo/middle'
import * as geo from 'ucm/geo'
import { Log } from 'ucm/abilities'
import byHash from 'ucm/#HASH'
const square: Square = Shape.square(2)
const corners: readonly Point[] = square.corners()
const weights: number[] = middle(corners).map((p) => p.weight)
export const all = [pick(1) satisfies 'one', pick(2) satisfies 'two', same, geo.colour() === Colour.Red, unit.x + square.size, weights]
export function* log() { yield* Log.info(String(byHash(corners).length)) }
export const wrong: string = middle(corners)
export const gone = geo.nothing
`

test('declarations make imports from the codebase resolve in tsc, generics and classes included', async () => {
  const project = await makeProject({}, true)
  await project.json(['init'])
  project.write('shapes.ts', SHAPES)
  const { added } = await project.json(['add', 'shapes.ts', '--at', 'geo'])
  const middle = added.find(({ name }: { name: string }) => name === 'geo.middle')
  assert.is(
    middle.signature,
    '(path: Path, weigh?: (p: Point<number>) => number) => { x: number; y: number; weight: number }[]',
  )
  rmSync(path.join(project.folder, 'shapes.ts'))
  for (const hash of [middle.hash, middle.hash.slice(0, 10)]) {
    project.write('uses.ts', USES.replace('HASH', hash))
    const errors = compile(project)
    assert.is(errors.length, 2, errors.join('\n'))
    assert.match(errors[0] ?? '', /^uses\.ts\(11,14\): error TS2322: Type '\{/)
    assert.match(errors[1] ?? '', /^uses\.ts\(12,25\): error TS2339/)
  }
  const { json } = await project.ucm(['add', 'uses.ts'])
  assert.equal(
    json.rejected.map(({ name, line }: { name: string; line: number }) => [name, line]),
    [
      ['wrong', 11],
      ['gone', 3],
    ],
  )
})

test('declarations follow the branch: rename, alias, delete', async () => {
  const project = await makeProject({
    'tree.ts':
      'export type Tree = { left?: Tree }\nexport const size = (t: Tree): number => t.left ? 1 : 0\n',
  })
  assert.match(declared(project, '#/size') ?? '', /\(t: import\("\.\.\/#\/\^tree\.js"\)\.Tree\) => number/)
  await project.json(['rename', 'Tree', 'shapes.Oak'])
  await project.json(['rename', 'size', 'deep.down.size'])
  assert.is(declared(project, '#/size'), undefined)
  assert.match(declared(project, '#/shapes,^oak') ?? '', /declare type Oak = \{ left\?: Oak \}/)
  assert.match(declared(project, 'deep/down') ?? '', /export \{ size \} from "\.\.\/#\/deep,down,size\.js"/)
  assert.match(declared(project, '#/deep,down,size') ?? '', /import\("\.\.\/#\/shapes,\^oak\.js"\)\.Oak/)
  await project.json(['alias', 'deep.down.size', 'again'])
  assert.match(declared(project, '#') ?? '', /export \{ again \}/)
  await project.json(['delete', 'again'])
  assert.not.match(declared(project, '#') ?? '', /again/)
  rmSync(path.join(project.folder, '.ucm/types'), { recursive: true })
  await project.json(['add', 'tree.ts', '--at', 'fresh'])
  assert.ok(declared(project, 'deep/down/size'), 'a tree that is missing is made anew')
})

test('find looks for a type: the same first, then what can stand for it', async () => {
  const project = await makeProject({
    'a.ts': `export type Tree = { left?: Tree }
export const size = (t: Tree): number => t.left ? 1 : 0
export const total = (xs: readonly number[]): number => xs.length
export const mean = (numbers: number[]) => numbers.length / 2
export const first = <T>(xs: T[]): T | undefined => xs[0]
export const constant = (): number => 1
export const text = (xs: number[]): string => String(xs)
`,
    'b.js': 'export const anything = (a, b) => a\n',
  })
  const names = async (query: string): Promise<string[]> =>
    (await project.json(['find', query])).definitions.map(({ name }: { name: string }) => name)
  assert.equal(await names(': (xs: number[]) => number'), ['mean', 'constant', 'total'])
  assert.equal(await names(': (tree: Tree) => number'), ['size', 'constant'])
  assert.equal(await names(': <A>(list: A[]) => A | undefined'), ['first'])
  const { code, json } = await project.ucm(['find', ': (xs: numbr[]) => number'])
  assert.equal([code, json.error.code, json.error.details.column], [2, 'type-malformed', 7])
  assert.match(json.error.message, /column 7: TS2552: Cannot find name 'numbr'/)
})

test('init makes a tsconfig.json where there is none, and never touches one', async () => {
  const project = await makeProject({ 'has/tsconfig.json': '{}' }, true)
  await project.json(['init', 'new'])
  assert.match(
    readFileSync(path.join(project.folder, 'new/tsconfig.json'), 'utf8'),
    /"ucm\/\*": \[\s*"\.\/\.ucm\/types\/\*\.d\.ts"/,
  )
  const { stdout } = await project.text(['init', 'has'])
  assert.match(
    stdout,
    /add to compilerOptions\.paths in .*has\/tsconfig\.json:\n {2}"ucm": \["\.\/\.ucm\/types\/#\.d\.ts"\],\n {2}"ucm\/\*"/,
  )
  assert.is(readFileSync(path.join(project.folder, 'has/tsconfig.json'), 'utf8'), '{}')
})

test('what is refused anyway is refused for that, and not for its types as well', async () => {
  const project = await makeProject({}, true)
  await project.json(['init'])
  project.write('host.ts', "export const home = () => process.env['HOME']\n")
  project.write('page.tsx', 'export const page = () => <div>{1}</div>\n')
  const { json } = await project.ucm(['add', 'host.ts', 'page.tsx'])
  const said = json.rejected.map(({ name, code }: { name: string; code: string }) => `${name} ${code}`)
  assert.equal(said, ['home effect-refused', 'page syntax-refused'])
})

test.run()
