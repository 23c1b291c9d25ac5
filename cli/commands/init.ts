// `ucm init [DIR]`: an empty codebase.

import path from 'node:path'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Make a codebase: a folder .ucm in DIR.')
    .argument('[dir]', 'where; the working directory unless given')
    .addHelpText('after', examples('ucm init', 'ucm init ~/functions'))
    .action((folder?: string) => context.report('making a codebase', () => init(folder, context)))
}

async function init(named: string | undefined, { powers, options }: Context): Promise<Report> {
  const { Codebase } = await import('#codebase')
  const folder = path.resolve(powers.directory, named ?? options.codebase ?? '.')
  const codebase = await Codebase.init(folder, powers)
  try {
    const branch = await codebase.branch()
    return {
      document: { codebase: codebase.folder, branch },
      text: `made codebase ${codebase.folder} on branch ${branch}`,
      next: 'ucm add FILE.ts',
    }
  } finally {
    await codebase.close()
  }
}
