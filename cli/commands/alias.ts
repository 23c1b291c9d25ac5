// `ucm alias A B`: one more name for a definition.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { commitLine } from '../definitions.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Give a definition one more name; a hash may stand for the definition.')
    .argument('<name>', 'a name, an unambiguous end of one, or the beginning of a hash')
    .argument('<alias>', 'the full name that it gets as well')
    .addHelpText('after', examples('ucm alias mean average', 'ucm alias "#k3f9ac42xy" mean.before'))
    .action((name: string, to: string) => context.report('naming', () => alias({ name, to }, context)))
}

function alias({ name, to }: { name: string; to: string }, context: Context): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const document = await codebase.alias(name, to)
    return {
      document,
      text: `${to} is now a name of ${name}\n${commitLine(document.commit)}`,
      next: `ucm names ${to}`,
    }
  })
}
