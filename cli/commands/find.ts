// `ucm find QUERY`: names and signatures that contain all words of the query.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { definitionTable } from '../definitions.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Search names for a text; with a colon before it, signatures.')
    .argument('<query...>', 'part of a name, or : and part of a signature')
    .addHelpText('after', examples('ucm find mean', "ucm find ': number[]'"))
    .action((words: string[]) => context.report('searching', () => find(words.join(' '), context)))
}

function find(query: string, context: Context): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const definitions = await codebase.find(query)
    return {
      document: { definitions },
      text: definitionTable(definitions, context.output.paint, `nothing matches ${query}`),
      next: definitions[0] ? `ucm view ${definitions[0].name}` : 'ucm ls',
    }
  })
}
