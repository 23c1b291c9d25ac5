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
  ['export class f<T> { constructor(private a: T, b = 1) {} }', 'new <T>(a: T, b?: number) => f'],
  ['export class f {}', 'new () => f'],
  ['export class f extends Error {}', undefined],
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

test.run()
