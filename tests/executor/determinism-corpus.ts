// Over a thousand calls, and what each comes to: functions of packages, mathematics over many inputs, errors,
// depth, jobs, operations, and hostile programs that end at their limits.

import { createHash } from 'node:crypto'
import path from 'node:path'
import { define, encodePlain, type Hash, type Reference, referenceText, type Value } from '#codebase'
import { EVERYTHING, type Executor } from '#executor'
import { plainOfOutcome } from '../../executor/outcome.ts'
import { emptyEnvironment } from '../support/environment.ts'
import { definitions } from './executors.ts'
import { HOSTILE } from './hostile-programs.ts'

export interface Call {
  readonly reference: Reference
  readonly args: readonly Value[]
}

export interface Corpus {
  readonly objects: ReadonlyMap<Hash, Uint8Array>
  readonly calls: readonly Call[]
}

const ODD_NUMBERS = [0, -0, 1, -1, 0.1, 1 / 3, 2.5, -7.25, 1e-7, 1e21, 1e308, 5e-324, Math.PI, 123456.789]
const RANGE = Array.from({ length: 40 }, (_, index) => index)

const OWN = `
  const math = (f, x) => [Math[f](x), Math[f](x * 1.000001), Math[f](-x / 3), \`\${Math[f](x + 0.1)}\`]
  const math2 = (f, x) => [0.3, 2, -1.7, 1e9].map((y) => Math[f](x, y))
  const spelled = (x) => [x.toString(7), x.toFixed(3), x.toExponential(5), x.toPrecision(9), \`\${x}\`, JSON.stringify([x]), Number.parseFloat(\`\${x}x\`), x % 0.7, x ** 0.3, x | 0]
  const dates = (x) => { const d = new Date(1.7e12 + x * 86400000); return [d.toISOString(), d.getHours(), d.getTimezoneOffset(), \`\${d}\`, Date.parse('2024-03-10T02:30'), d.getDay()] }
  const order = (n) => { const o = {}; for (let i = n; i > -n; i--) o[i % 3 ? i : 'k' + i] = i; return [Object.keys(o), [...new Map(Object.entries(o))].length, JSON.stringify(o)] }
  const stable = (n) => Array.from({ length: 50 }, (_, i) => [(i * 7919) % (n + 2), i]).sort((a, b) => a[0] - b[0])
  const texts = (n) => { const s = 'Äpfel ß ﬁ İ ' + String.fromCodePoint(0x1f600 + n); return [s.toUpperCase(), s.toLowerCase(), s.normalize('NFKD'), [...s].sort().join(''), s.localeCompare === undefined, s.replace(/\\p{L}+/gu, (m) => m.length)] }
  const deep = (n) => { let d = 0; const f = (...a) => { d++; f(...a, ...a.slice(0, 1)) }; try { f(...new Array(n).fill(0)) } catch (e) { return [d, e.name, e.message] } }
  const deepest = (n) => { const f = (k) => 1 + f(k + 1); return f(n) }
  const matches = (n) => 'ab12 cd345 '.repeat(n).match(/[a-z]+(\\d+)/g)?.length
  const waits = async (n) => { let s = 0; for (let i = 0; i < n; i++) s += await i; if (n % 3 === 0) throw new AggregateError([new Error('a'), n], 'waited'); return s }
  const digits = (n) => { let a = 1n; for (let i = 1n; i <= BigInt(n) * 9n; i++) a *= i; return a }
  function* asks(n) { const seen = []; for (let i = 0; i < n; i++) seen.push(yield* Clock.now()); return [seen, yield* all([Clock.now(), Clock.now()])] }
  const errors = [
    () => null.x, () => undefined(), () => [].reduce((a) => a), () => new Array(-1), () => 1n + 1, () => JSON.parse('{"a":'),
    () => BigInt(1.5), () => new RegExp('('), () => 'x'.repeat(-1), () => Symbol() + '', () => ({}).a.b.c, () => new (class { #p; static f(o) { return o.#p } }).constructor.f({}),
    () => { throw new RangeError('own', { cause: new TypeError('deeper') }) }, () => { throw { odd: 1 } }, () => { throw undefined }, () => Reflect.construct(1),
    () => decodeURIComponent('%'), () => (1).toFixed(101), () => new Date(NaN).toISOString(), () => structuredClone(() => 1),
  ]
  const fails = (n) => errors[n % 20]() ?? n
  const large = (n) => 'x'.repeat(n * 8000)
`

const UNARY = [
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'asinh',
  'acosh',
  'atanh',
  'exp',
  'expm1',
  'log',
  'log2',
  'log10',
  'log1p',
  'cbrt',
  'sqrt',
  'fround',
  'round',
]
const BINARY = ['pow', 'atan2', 'hypot', 'imul', 'max']

/** Arguments that most functions of a package do something with; what they fail at counts too. */
const TO_PACKAGES: readonly (readonly Value[])[] = [
  [[3, 1, 2, 1], 2],
  ['Hello wörld', 3],
  [{ a: 1, b: [1, 2] }, 'a'],
]

/** The package's exported functions, in the order of their names. */
async function packageCalls(name: string): Promise<Corpus> {
  const directory = path.resolve(import.meta.dirname, '../../fixtures/packages')
  const { definitions: all, objects } = await define(
    { files: [`npm:${name}`], directory, partial: true },
    emptyEnvironment(),
  )
  const calls = all
    .map(({ name: text, reference }) => ({ text, reference }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .flatMap(({ reference }) => TO_PACKAGES.map((args): Call => ({ reference, args })))
  return { objects, calls }
}

/** The calls, a prime number of them, so that any step leads through all. */
export async function determinismCorpus(): Promise<Corpus> {
  const own = definitions(OWN)
  const call = (name: string, ...args: Value[]): Call => ({
    reference: own.references[name] as Reference,
    args,
  })
  const calls = [
    ...UNARY.flatMap((f) => ODD_NUMBERS.map((x) => call('math', f, x))),
    ...BINARY.flatMap((f) => ODD_NUMBERS.map((x) => call('math2', f, x))),
    ...ODD_NUMBERS.map((x) => call('spelled', x)),
    ...[
      'dates',
      'order',
      'stable',
      'texts',
      'deep',
      'deepest',
      'matches',
      'waits',
      'digits',
      'asks',
      'fails',
      'large',
    ].flatMap((name) => RANGE.map((n) => call(name, n))),
  ]
  const hostile = hostileCalls()
  const packages = await Promise.all(['radash', 'just-compare'].map(packageCalls))
  const all = [...calls, ...hostile.calls, ...packages.flatMap((each) => each.calls)]
  const objects = new Map([own, hostile, ...packages].flatMap((each) => [...each.objects]))
  return { objects, calls: all.slice(0, 1151) }
}

/** Hostile programs whose text stands on its own. */
function hostileCalls(): Corpus {
  const mains = HOSTILE.filter(([, main]) => !/Log|handle|\bp = new Proxy\(\{\}, \{ get/.test(main))
  const text = mains.map(([, main], index) => `const hostile${index} = ${main}`).join('\n')
  const { references, objects } = definitions(text)
  return { objects, calls: Object.values(references).map((reference) => ({ reference, args: [] })) }
}

const LIMITS = { fuel: 1_500_000, memoryBytes: 8 * 1024 * 1024, outputBytes: 256 * 1024, timeMs: 3_600_000 }
const UNDER_WAY = 8

/** What each call came to, made in this order, several at a time: digests of outcome, fuel and receipt. */
export async function resultsOf(calls: readonly Call[], executor: Executor): Promise<Record<string, string>> {
  const results: Record<string, string> = {}
  const rest = [...calls]
  const caller = async (): Promise<void> => {
    for (let next = rest.shift(); next; next = rest.shift())
      results[nameOf(next)] = await resultOf(next, executor)
  }
  await Promise.all(Array.from({ length: UNDER_WAY }, caller))
  return results
}

const nameOf = ({ reference, args }: Call): string =>
  `${referenceText(reference)} ${args.map((arg) => (Object.is(arg, -0) ? '-0' : JSON.stringify(arg))).join(' ')}`

async function resultOf({ reference, args }: Call, executor: Executor): Promise<string> {
  try {
    const { outcome, fuel, receipt } = await executor.run({
      reference,
      args,
      allow: EVERYTHING,
      limits: LIMITS,
    })
    const bytes = encodePlain(plainOfOutcome(outcome, 'whole'))
    const word = outcome.kind === 'limit' ? `limit ${outcome.limit}` : outcome.kind
    return `${word} ${createHash('sha256').update(bytes).digest('hex')} ${fuel} ${receipt}`
  } catch (error) {
    return `refused: ${(error as { code: string }).code}` // arguments that the function does not take
  }
}
