// The signatures that definitions show.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defined, defineText } from '../support/define-text.ts'

/** Declaration of `f` → its signature. */
const SIGNATURES: readonly (readonly [source: string, signature: string | undefined])[] = [
  [
    'export function f(a: number, b?: string, ...rest: Date[]): void {}',
    '(a: number, b?: string, ...rest: Date[]) => void',
  ],
  [
    'export const f = async <T>(x: T,\n  // why\n  y: Array<T>): Promise<T> => x',
    '<T>(x: T, y: Array<T>) => Promise<T>',
  ],
  ['export const f = (xs, size = 3, name = `n`) => xs', '(xs, size?: number, name?: string)'],
  ['export const f = ({ a, b: [c] }, [d] = []) => a', '({ a, c }, [d]?)'],
  ['export function f(this: Date, a: 1): a is 1 { return true }', '(a: 1) => a is 1'],
  [
    'export function f(a: 1): 1\nexport function f(a: 2): 2\nexport function f(a: any) { return a }',
    '(a: 1) => 1\n(a: 2) => 2',
  ],
  [
    '/**\n * @param {Array<number>} xs\n * @param {string} [name]\n * @param {...Date} more\n * @returns {?number} or not\n */\nexport function f(xs, name, ...more) {}',
    '(xs: number[], name?: string, ...more: Date[]) => ?number',
  ],
  ['export const f: Map<string, number> = new Map()', 'Map<string, number>'],
  ['export const f = {} as Readonly<{ a: 1 }>', 'Readonly<{ a: 1 }>'],
  ['export const f = 1', 'number'],
  ['export const f = 1n', 'bigint'],
  ['export const f = "a" as const', 'string'],
  ['export const f = /a/', 'RegExp'],
  ['export const f = {}', undefined],
  ['export const g = 1, f = true', 'boolean'],
  [
    'export class f<T> { constructor(private a: T, b = 1) {} }',
    'class <T> { private a; constructor(a: T, b?: number) }',
  ],
  ['export class f {}', 'class {}'],
  [
    'export class f<T> extends Map<string, T> implements Iterable<T> {}',
    'class <T> extends Map<string, T> implements Iterable<T> {}',
  ],
  ['export enum f { A, B = 2, }', 'enum { A, B = 2 }'],
  [
    'export class f {\n  #a = 1\n  static readonly b: string = "" // why\n  private c = 1\n  d = true;\n  ["e"]?: () => 1\n  [k: string]: unknown\n' +
      '  get g(): number { return this.#a }\n  set g(x: number) {}\n  protected h<T>(x: T): x is T { return true }\n  static {}\n  i(a: 1): 1; i(a: 2): 2; i(a: any) { return a } }',
    'class { #private; static readonly b: string; private c; d: boolean; ["e"]?: () => 1; [k: string]: unknown; ' +
      'get g(): number; set g(x: number); protected h<T>(x: T): x is T; i(a: 1): 1; i(a: 2): 2 }',
  ],
  [
    "import { ability, op } from 'ucm/abilities'\nexport const f = ability('F', { get: op<[key: string, n?: number], string | undefined>(), clear: op() })",
    'ability { get: (key: string, n?: number) => string | undefined, clear: () => void }',
  ],
  [
    "import { Clock, Log } from 'ucm/abilities'\nexport function* f(g: (x: number) => string) { yield* Log.info(g(yield* Clock.now())) }",
    '(g: (x: number) => string) ->{Clock, Log}',
  ],
  [
    "import { Log } from 'ucm/abilities'\nexport function* f(): Generator<unknown, Map<string, { a: 1 }>, unknown> { return yield* Log.info('') }",
    '() ->{Log} Map<string, { a: 1 }>',
  ],
  [
    "import { Log, type Computation } from 'ucm/abilities'\nexport const f = (x: number): Computation<'Log', void> => Log.info('')",
    '(x: number) ->{Log} void',
  ],
]

for (const [source, signature] of SIGNATURES) {
  test(`define() shows ${signature ?? 'no signature'} for ${JSON.stringify(source)}`, async () => {
    assert.is(defined(await defineText(source), 'f').signature, signature)
  })
}

test('the signature that is kept has no row, which may change without it', async () => {
  const source =
    "import { Log } from 'ucm/abilities'\nexport function* f(): Generator<unknown, void> { yield* Log.info('') }"
  assert.is(defined(await defineText(source), 'f').source.signature, '() => Generator<unknown, void>')
})

/** `define` with a checker that says of each place in TYPES what it is. */
const inferring = async (source: string, types: Readonly<Record<string, string>>) => {
  const asked: string[] = []
  const typeAt = (_file: string, start: number): string | undefined => {
    const word = /^[\w$]+/.exec(source.slice(start))?.[0] ?? ''
    asked.push(word)
    return types[word]
  }
  const checker = { rules: () => '', check: async () => ({ diagnostics: [], typeAt, close: () => {} }) }
  const { signature, source: kept } = defined(
    await defineText(source, { environment: { types: checker } }),
    'f',
  )
  return { signature, imports: kept.imports, kept: kept.signature, asked }
}

test('what is annotated is shown as written; the checker is asked only where something is not', async () => {
  const written = await inferring('export const f = (xs: readonly number[]): number => xs.length', {})
  assert.equal([written.signature, written.asked], ['(xs: readonly number[]) => number', []])
  const inferred = await inferring('export const f = (xs: readonly number[]) => ({ xs })', {
    f: '(xs: readonly number[]) => { xs: readonly number[]; }',
  })
  assert.equal(
    [inferred.signature, inferred.asked],
    ['(xs: readonly number[]) => { xs: readonly number[] }', ['f']],
  )
})

test('an inferred signature says where the types that it names come from', async () => {
  const source = 'interface A { a: 1 }\nclass B {}\nexport const f = (): unknown => [] as any'
  const { signature, imports } = await inferring(source.replace(': unknown', ''), {
    f: '() => [import("/src/main").A, B, import("/x/.ucm/types/#/geo,point").point, import("/elsewhere").C, "; }"]',
  })
  assert.is(signature, '() => [A, B, point, C, "; }"]')
  assert.equal(imports, [
    ['A', 'A'],
    ['point', 'geo.point'],
    ['B', 'B'],
  ])
})

test('a generator that performs shows its row, and keeps what TypeScript inferred as a computation', async () => {
  const source =
    "import { Log } from 'ucm/abilities'\nexport function* f(x: number) { yield* Log.info(''); return x }"
  const guest = 'import("/x/.ucm/types/abilities")'
  const { signature, kept, imports } = await inferring(source, {
    f: `(x: number) => Generator<${guest}.Performs<"Log"> | ${guest}.Row<Exclude<N, "A">>, 1 | 1, unknown>`,
  })
  assert.is(kept, '(x: number) => Computation<"Log" | Exclude<N, "A">, 1>')
  assert.is(signature, '(x: number) ->{Log} 1')
  assert.equal(imports, [
    ['Log', 'ucm/abilities.Log'],
    ['Computation', 'ucm/abilities.Computation'],
  ])
})

test('members of a class without annotations are asked for one by one', async () => {
  const { signature } = await inferring(
    'export class f { a = new Map(); b(x: number) { return this } get c() { return 1 } }',
    {
      a: 'Map<any, any>',
      b: '(x: number) => this',
      c: 'number',
    },
  )
  assert.is(signature, 'class { a: Map<any, any>; b(x: number): this; get c(): number }')
})

test.run()
