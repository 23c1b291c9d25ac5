// `ucm rename A B`: the name moves, the hash stays.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { commitLine } from '../definitions.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Give a definition another name. No hash changes; dependents show the new name.')
    .argument('<from>', 'the name that it has')
    .argument('<to>', 'the full name that it gets')
    .addHelpText('after', examples('ucm rename mean stats.mean'))
    .action((from: string, to: string) => context.report('renaming', () => rename({ from, to }, context)))
}

function rename({ from, to }: { from: string; to: string }, context: Context): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const document = await codebase.rename(from, to)
    return {
      document,
      text: `renamed ${from} to ${to}\n${commitLine(document.commit)}`,
      next: `ucm view ${to}`,
    }
  })
}
