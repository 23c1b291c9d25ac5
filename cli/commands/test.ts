// `ucm test [NAME…]`: runs tests in the sandbox; what is known from before is not run again.

import type { Command } from 'commander'
import type { Codebase } from '#codebase'
import type { Isolation } from '#executor'
import type { Context } from '../context.ts'
import { shortHash } from '../definitions.ts'
import { withExecutor } from '../executing.ts'
import { examples } from '../help.ts'
import { describeFailure, type Paint, printable, type Report } from '../output.ts'
import { addIsolationOption, type IsolationOptions } from '../run-options.ts'
import { table } from '../table.ts'
import { findTests, runTest, type TestRun } from '../testing.ts'

interface TestCommand {
  readonly isMemoised: boolean
  readonly isolation: Isolation
  readonly context: Context
}

export function register(command: Command, context: Context): void {
  addIsolationOption(command)
    .description(
      'Run tests: exported functions named test… or below a segment test, which return true or nothing, or throw. ' +
        'A result is kept by hash: as long as nothing that a test depends on changes, it is not run again.',
    )
    .argument('[names...]', 'namespaces or definitions; everything but libraries unless given')
    .option('--no-memo', 'run them even when their results are known')
    .addHelpText('after', examples('ucm test', 'ucm test math.stats --no-memo'))
    .action((names: string[], { memo: isMemoised, isolation }: { memo: boolean } & IsolationOptions) =>
      context.report('testing', () => test(names, { isMemoised, isolation, context })),
    )
}

function test(names: readonly string[], command: TestCommand): Promise<Report> {
  return command.context.withCodebase(async (codebase) => {
    const runs = await runTests(codebase, names, command)
    const results = runs.map(({ result }) => result)
    const failed = results.filter(({ status }) => status === 'failed')
    const cached = results.filter((result) => result.cached).length
    const passed = results.length - failed.length
    return {
      document: { passed, failed: failed.length, cached, results },
      text: describe(runs, command.context.output.paint),
      next: 'ucm history',
      error: await testError(failed.map(({ name }) => name)),
    }
  })
}

async function runTests(
  codebase: Codebase,
  names: readonly string[],
  command: TestCommand,
): Promise<TestRun[]> {
  const { isMemoised, isolation, context } = command
  const definitions = await findTests(codebase, names)
  if (definitions.length === 0) return []
  return withExecutor({ context, codebase, isolation }, async (executor) => {
    const runs: TestRun[] = []
    for (const definition of definitions) {
      context.progress(`testing ${definition.name} (${runs.length + 1} of ${definitions.length})`)
      const outcome = { hash: definition.hash, codebase, paint: context.output.paint }
      runs.push(await runTest(definition, { executor, isMemoised, context: outcome }))
    }
    return runs
  })
}

async function testError(failed: readonly string[]): Promise<Report['error']> {
  if (failed.length === 0) return undefined
  const { KnownError } = await import('#codebase')
  return new KnownError(
    'function',
    'tests-failed',
    `${failed.length} of the tests failed: ${failed.join(', ')}`,
    {
      hint: `\`ucm view ${failed[0]}\` shows the first one`,
      details: { failed },
    },
  )
}

function describe(runs: readonly TestRun[], paint: Paint): string {
  if (runs.length === 0) return 'no tests: an exported function named test… is one'
  const rows = runs.map(({ result }) => [
    result.status === 'passed' ? paint.green('passed') : paint.red('failed'),
    paint.bold(printable(result.name)),
    paint.yellow(shortHash(result.hash)),
    result.cached ? paint.dim('known') : '',
  ])
  const failures = runs.flatMap(({ result, report }) =>
    report.error
      ? [
          `\n${paint.bold(printable(result.name))}\n${describeFailure(report.error, { paint, where: report.where })}`,
        ]
      : [],
  )
  const passed = runs.filter(({ result }) => result.status === 'passed').length
  const cached = runs.filter(({ result }) => result.cached).length
  return [
    table(rows),
    ...failures,
    `\n${passed} passed, ${runs.length - passed} failed, ${cached} known from before`,
  ].join('\n')
}
