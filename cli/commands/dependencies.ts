// `ucm dependencies NAME`: what a definition refers to directly.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { definitionTable } from '../definitions.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Show the definitions that NAME refers to directly.')
    .argument('<name>', 'a name, an unambiguous end of one, or the beginning of a hash')
    .addHelpText('after', examples('ucm dependencies variance'))
    .action((name: string) => context.report('looking up', () => dependencies(name, context)))
}

function dependencies(name: string, context: Context): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const definitions = await codebase.dependencies(name)
    return {
      document: { definitions },
      text: definitionTable(definitions, context.output.paint, `${name} depends on nothing`),
      next: `ucm dependents ${definitions[0]?.name ?? name}`,
    }
  })
}
