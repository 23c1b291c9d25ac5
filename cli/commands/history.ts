// `ucm history [NAME]`: the commits of the branch, newest first.

import type { Command } from 'commander'
import type { CommitView } from '#codebase'
import type { Context } from '../context.ts'
import { shortHash } from '../definitions.ts'
import { examples } from '../help.ts'
import { type Paint, printable, type Report } from '../output.ts'
import { someOf } from '../table.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Show the commits of the current branch, newest first.')
    .argument('[name]', 'only those that changed what this name stands for')
    .addHelpText('after', examples('ucm history', 'ucm history mean'))
    .action((name?: string) => context.report('reading history', () => history(name, context)))
}

function history(name: string | undefined, context: Context): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const commits = await codebase.history(name)
    const { paint } = context.output
    const parent = commits[0]?.parents[0]
    return {
      document: { commits },
      text: commits.map((commit) => describe(commit, paint)).join('\n\n') || 'no commits yet',
      next: parent === undefined ? 'ucm ls' : `ucm diff ${shortHash(parent).slice(1)}`,
    }
  })
}

function describe({ commit, author, time, message, changes }: CommitView, paint: Paint): string {
  const lines = [
    `${paint.yellow(shortHash(commit))}  ${paint.dim(time)}  ${printable(author)}`,
    `  ${paint.bold(printable(message))}`,
  ]
  const renamed = changes.renamed.map(({ from, to }) => `${from} → ${to}`)
  const kinds = { added: changes.added, updated: changes.updated, removed: changes.removed, renamed }
  for (const [kind, names] of Object.entries(kinds)) {
    if (names.length > 0) lines.push(`  ${kind.padEnd(8)} ${someOf(names)}`)
  }
  return lines.join('\n')
}
