// `ucm dependents NAME`: what on this branch refers to a definition directly.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { definitionTable } from '../definitions.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Show the definitions that refer to NAME directly: a change of NAME changes their hashes.')
    .argument('<name>', 'a name, an unambiguous end of one, or the beginning of a hash')
    .addHelpText('after', examples('ucm dependents mean'))
    .action((name: string) => context.report('looking up', () => dependents(name, context)))
}

function dependents(name: string, context: Context): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const definitions = await codebase.dependents(name)
    return {
      document: { definitions },
      text: definitionTable(definitions, context.output.paint, `nothing depends on ${name}`),
      next: `ucm view ${definitions[0]?.name ?? name}`,
    }
  })
}
