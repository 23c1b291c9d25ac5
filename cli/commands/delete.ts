// `ucm delete NAME [--force]`: a name goes, the object stays in the store for ever.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { commitLine } from '../definitions.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Take a name away. What it named stays in the store and runs by its hash.')
    .argument('<name>', 'the name')
    .option('--force', 'even when named definitions depend on it')
    .addHelpText('after', examples('ucm delete scratch.mean', 'ucm delete mean --force'))
    .action((name: string, options: { force?: boolean }) =>
      context.report('deleting', () => remove(name, { isForced: options.force ?? false, context })),
    )
}

function remove(
  name: string,
  { isForced, context }: { isForced: boolean; context: Context },
): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const document = await codebase.delete(name, { force: isForced })
    return {
      document,
      text: `deleted the name ${name}\n${commitLine(document.commit)}`,
      next: 'ucm history',
    }
  })
}
