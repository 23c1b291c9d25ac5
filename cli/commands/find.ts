// `ucm find QUERY`: definitions by a part of their name, or by their type.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { definitionTable } from '../definitions.ts'
import { examples } from '../help.ts'
import { typeCheckerOf } from '../types-folder.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description(
      'Search names for a text; with a colon before it, types: what has that very type, what can stand for it, what shows the text.',
    )
    .argument('<query...>', 'part of a name, or : and a type')
    .addHelpText('after', examples('ucm find mean', "ucm find ': (xs: number[]) => number'"))
    .action((words: string[]) => context.report('searching', () => find(words.join(' '), context)))
}

function find(query: string, context: Context): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const types = query.trimStart().startsWith(':')
      ? await typeCheckerOf(codebase, context.powers)
      : undefined
    const definitions = await codebase.find(query, types)
    return {
      document: { definitions },
      text: definitionTable(definitions, context.output.paint, `nothing matches ${query}`),
      next: definitions[0] ? `ucm view ${definitions[0].name}` : 'ucm ls',
    }
  })
}
