// `ucm replay RECEIPT`: runs again what a receipt is about, with no provider: every operation is
// answered from the log that was kept with it.

import type { Command } from 'commander'
import type { Replayed } from '#executor'
import type { Context } from '../context.ts'
import { inputError } from '../errors.ts'
import { withExecutor } from '../executing.ts'
import { examples } from '../help.ts'
import { outcomeReport, runNote } from '../outcomes.ts'
import { printable, type Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description(
      'Run again what a receipt is about: the same call, answered from the log of the first time. Nothing is performed.',
    )
    .argument('<receipt>', 'the hash of a receipt, or the beginning of one')
    .addHelpText('after', examples('ucm replay k3f9ac2m7q', 'ucm replay k3f9ac2m7q --json'))
    .action((text: string) => context.report('replaying', () => replay(text, context)))
}

function replay(text: string, context: Context): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const { decodeRunRecord } = await import('#executor')
    const { formatReference, referenceText } = await import('#codebase')
    const { hash, receipt, record } = await codebase.findRun(text)
    if (!record) throw await noRecord(text)
    const replayed = await withExecutor({ context, codebase }, (executor) =>
      executor.replay({ receipt, record: decodeRunRecord(record) }),
    )
    for (const line of replayed.trace) context.output.note(printable(line))
    if (!replayed.isSame) throw await differs(replayed, text)
    const { reference } = replayed.facts
    const result = { ...replayed, receipt: hash, receiptObject: receipt, memoised: false }
    const report = await outcomeReport(result, {
      hash: referenceText(reference),
      codebase,
      paint: context.output.paint,
    })
    return {
      ...report,
      document: { ...report.document, same: true },
      note: `${runNote(result, formatReference(reference))}  the same as the first time`,
    }
  })
}

function noRecord(text: string): Promise<Error> {
  return inputError(
    'no-record',
    `Cannot replay ${text}: the arguments and the effect log of that run are not here`,
    {
      hint: 'they are kept where it ran; a run on another node is replayed there',
      details: { receipt: text },
    },
  )
}

function differs({ facts, outcome, fuel }: Replayed, text: string): Promise<Error> {
  return inputError(
    'replay-differs',
    `Cannot vouch for ${text}: run again it came to another ${fuel === facts.fuel ? 'outcome' : 'number of steps'}`,
    {
      hint: 'the receipt is not to be trusted: a run is the same everywhere',
      details: { outcome: outcome.kind, fuel, receiptFuel: facts.fuel },
    },
  )
}
