// `ucm run NAME [ARG…]`: runs a definition here, in the same sandbox and by the same rules as on a node.

import type { Command } from 'commander'
import type { Codebase, Reference, Resolved, Value } from '#codebase'
import type { Executor } from '#executor'
import { quoteForShell, readArguments } from '../arguments.ts'
import type { Context } from '../context.ts'
import { argumentsTwice, runEach } from '../each.ts'
import { inputError } from '../errors.ts'
import { withExecutor } from '../executing.ts'
import { examples } from '../help.ts'
import { logWriter, outcomeReport, runNote } from '../outcomes.ts'
import { printable, type Report } from '../output.ts'
import {
  addIsolationOption,
  addRunOptions,
  chooseAllowances,
  type IsolationOptions,
  readLimits,
  type RunOptions,
} from '../run-options.ts'

export function register(command: Command, context: Context): void {
  addIsolationOption(
    addRunOptions(
      command.description(
        'Run a function in the sandbox, with nothing allowed but what --allow says. Pure results are kept and not computed twice.',
      ),
      'nothing',
    ),
  )
    .addHelpText(
      'after',
      examples(
        "ucm run mean '[1,2,3]'",
        'ucm run fetchTitle \'"https://example.com"\' --allow Http=example.com',
        'ucm run mean --each lists.jsonl',
      ),
    )
    .action((name: string, args: string[], options: RunOptions & IsolationOptions) =>
      run(name, { args, options, context }),
    )
}

interface RunCommand {
  readonly args: readonly string[]
  readonly options: RunOptions & IsolationOptions
  readonly context: Context
}

async function run(name: string, command: RunCommand): Promise<void> {
  const { args, options, context } = command
  const { each } = options
  if (each !== undefined) {
    if (args.length > 0) throw await argumentsTwice()
    return withCall(name, command, (call) => runEach(each, context, call))
  }
  await context.report('running', async () => {
    const values = await readArguments(args, context.powers)
    const report = await withCall(name, command, (call) => call(values))
    const words = [name, ...args].map(quoteForShell).join(' ')
    return { ...report, next: `ucm remote-run ${words} --node MULTIADDR` }
  })
}

type Call = (args: readonly Value[]) => Promise<Report>

/** Opens what a run needs, and calls `use` with how one call is made. */
function withCall<Result>(
  name: string,
  { options, context }: RunCommand,
  use: (call: Call) => Promise<Result>,
): Promise<Result> {
  return context.withCodebase(async (codebase) => {
    const { reference, name: resolved } = await resolveRunnable(name, codebase)
    const settings = {
      allow: await chooseAllowances(options, []),
      limits: await readLimits(options),
      memo: options.memo,
    }
    return withExecutor({ context, codebase, isolation: options.isolation }, (executor) =>
      use(makeCall({ executor, codebase, reference, name: resolved, settings, context })),
    )
  })
}

/** @throws KnownError input `not-runnable` for a type or an ability */
async function resolveRunnable(name: string, codebase: Codebase): Promise<Resolved> {
  const resolved = await codebase.resolve(name)
  const { kind } = await codebase.describe(resolved.reference, resolved.name)
  if (kind !== 'type' && kind !== 'ability') return resolved
  const what = kind === 'type' ? 'a type' : 'an ability'
  throw await inputError(
    'not-runnable',
    `Cannot run ${name}: it is ${what}, expected a function or a constant`,
    {
      hint: `\`ucm view ${name}\` shows it`,
      details: { name, kind },
    },
  )
}

interface CallParts {
  readonly executor: Executor
  readonly codebase: Codebase
  readonly reference: Reference
  readonly name: string | undefined
  readonly settings: Omit<Parameters<Executor['run']>[0], 'reference' | 'args'>
  readonly context: Context
}

function makeCall({ executor, codebase, reference, name, settings, context }: CallParts): Call {
  const { output } = context
  return async (args) => {
    const { formatReference, referenceText } = await import('#codebase')
    const { encodeRunRecord } = await import('#executor')
    const onLog = await logWriter(output.note)
    const result = await executor.run({ reference, args, ...settings }, { onLog })
    for (const line of result.trace) output.note(printable(line))
    const { record } = result
    if (record) await codebase.putRun(result.receiptObject, encodeRunRecord(record))
    const report = await outcomeReport(result, {
      hash: referenceText(reference),
      name,
      codebase,
      paint: output.paint,
    })
    return { ...report, note: runNote(result, formatReference(reference)) }
  }
}
