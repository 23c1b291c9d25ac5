// `ucm ls [NS]`: all names below a namespace.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { definitionTable } from '../definitions.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description('List the definitions below a namespace: name, hash and signature.')
    .argument('[namespace]', 'a dotted path such as math.stats; everything unless given')
    .addHelpText('after', examples('ucm ls', 'ucm ls math.stats --json'))
    .action((namespace?: string) => context.report('listing', () => list(namespace, context)))
}

function list(namespace: string | undefined, context: Context): Promise<Report> {
  const nothing = namespace === undefined ? 'the codebase is empty' : `nothing below ${namespace}`
  return context.withCodebase(async (codebase) => {
    const definitions = await codebase.list(namespace)
    return {
      document: { definitions },
      text: definitionTable(definitions, context.output.paint, nothing),
      next: definitions[0] ? `ucm view ${definitions[0].name}` : 'ucm add FILE.ts',
    }
  })
}
