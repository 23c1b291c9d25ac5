// Which definitions are tests, and what one run of them comes to. Tests are pure, so the
// memo of the executor is their cache: what passed or failed once does so for ever.

import type { Codebase, DefinitionView } from '#codebase'
import type { Executor } from '#executor'
import { inputError } from './errors.ts'
import { failureDocument, type Report } from './output.ts'
import { outcomeReport } from './outcomes.ts'
import type { OutcomeContext } from './outcomes.ts'

export interface TestResult {
  readonly name: string
  readonly hash: string
  readonly status: 'passed' | 'failed'
  /** Whether the result was known from before. */
  readonly cached: boolean
  readonly fuel: number
  readonly ms: number
  /** Why it failed: `{code, message, hint, details}`. */
  readonly error?: object
}

export interface TestRun {
  readonly result: TestResult
  /** As `ucm run` would report it, with what is wrong with a value that a test may not return. */
  readonly report: Report
}

/** Exported functions named `test…` or under a segment `test`. */
export function isTest({ name, kind, exported }: DefinitionView): boolean {
  const segments = name.split('.')
  const isNamedSo = segments.at(-1)?.startsWith('test') || segments.slice(0, -1).includes('test')
  return exported && Boolean(isNamedSo) && (kind === 'function' || kind === 'generator')
}

/** The tests that `names` mean: those below a namespace, or a definition itself; without names all but those of libraries. */
export async function findTests(codebase: Codebase, names: readonly string[]): Promise<DefinitionView[]> {
  if (names.length === 0) {
    return (await codebase.list()).filter(
      (definition) => isTest(definition) && !definition.name.startsWith('lib.'),
    )
  }
  const found = new Map<string, DefinitionView>()
  for (const name of names) {
    const all = await codebase.list(name)
    const below = all.filter(isTest)
    for (const definition of below) found.set(definition.name, definition)
    if (below.length > 0) continue
    if (all.length > 0) throw await noTest(name, `none of the ${all.length} names below it is a test`)
    const { reference, name: known } = await codebase.resolve(name)
    const definition = await codebase.describe(reference, known)
    if (!isTest(definition)) throw await noTest(name, 'it is no test')
    found.set(definition.name, definition)
  }
  return [...found.values()]
}

function noTest(name: string, why: string): Promise<Error> {
  return inputError('no-test', `Cannot test ${name}: ${why}`, {
    hint: `an exported function named test…, or below a segment test, is one; \`ucm run ${name}\` runs a function`,
    details: { name },
  })
}

/** Runs one test: it passes when it returns `true` or nothing. */
export async function runTest(
  definition: DefinitionView,
  { executor, isMemoised, context }: { executor: Executor; isMemoised: boolean; context: OutcomeContext },
): Promise<TestRun> {
  const { parseReference } = await import('#codebase')
  const request = { reference: parseReference(definition.hash), args: [], allow: [], memo: isMemoised }
  const { name, hash } = definition
  try {
    const outcome = await executor.run(request)
    const ran = await outcomeReport(outcome, { ...context, hash, name })
    const report = ran.error ? ran : { ...ran, error: await wrongValue(outcome.outcome, ran) }
    return finish({ name, hash, cached: outcome.memoised, fuel: outcome.fuel, ms: outcome.ms }, report)
  } catch (error) {
    // A test that takes arguments, or whose code is not there, has failed; the others go on.
    return finish(
      { name, hash, cached: false, fuel: 0, ms: 0 },
      { document: {}, text: '', error: error as Report['error'] },
    )
  }
}

function finish(base: Omit<TestResult, 'status' | 'error'>, report: Report): TestRun {
  const { error } = report
  if (!error) return { result: { ...base, status: 'passed' }, report }
  return { result: { ...base, status: 'failed', error: failureDocument(error) }, report }
}

type Outcome = Awaited<ReturnType<Executor['run']>>['outcome']

async function wrongValue(outcome: Outcome, { text }: Report): Promise<Report['error']> {
  if (outcome.kind !== 'value' || outcome.value === true || outcome.value === undefined) return undefined
  const { KnownError } = await import('#codebase')
  return new KnownError('function', 'test-value', `it returned ${text}, expected true or nothing`)
}
