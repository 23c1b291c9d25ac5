// `ucm verify`: every stored object is hashed again.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { shortHash } from '../definitions.ts'
import { inputError } from '../errors.ts'
import { examples } from '../help.ts'
import { printable, type Report } from '../output.ts'
import { count, table } from '../table.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Hash every stored object again and check that all that it refers to is there.')
    .addHelpText('after', examples('ucm verify'))
    .action(() => context.report('verifying', () => verify(context)))
}

function verify(context: Context): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const document = await codebase.verify()
    const { objects, bytes, problems } = document
    if (problems.length === 0) {
      return {
        document,
        text: `${count(objects, 'object')} verified, ${count(bytes, 'byte')}: all as their hashes say`,
        next: 'ucm ls',
      }
    }
    const rows = problems.map(({ hash, problem }) => [shortHash(hash), printable(problem)])
    return {
      document,
      text: table(rows),
      error: await inputError(
        'damaged',
        `Cannot vouch for the store: ${count(problems.length, 'problem')} in ${count(objects, 'object')}`,
        {
          hint: 'add the definitions again from their source, or restore .ucm from a copy',
          details: { problems },
        },
      ),
    }
  })
}
