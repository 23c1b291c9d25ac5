// `ucm names NAME`: every name that one definition has.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { definitionTable } from '../definitions.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Show every name of the definition that NAME stands for.')
    .argument('<name>', 'a name, an unambiguous end of one, or the beginning of a hash')
    .addHelpText('after', examples('ucm names mean', 'ucm names "#k3f9ac42xy"'))
    .action((name: string) => context.report('looking up', () => names(name, context)))
}

function names(name: string, context: Context): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const { reference } = await codebase.resolve(name)
    const definitions = await codebase.names(reference)
    return {
      document: { definitions },
      text: definitionTable(definitions, context.output.paint, `${name} has no name on this branch`),
      next: `ucm view ${definitions[0]?.name ?? name}`,
    }
  })
}
