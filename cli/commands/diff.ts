// `ucm diff A [B]`: what changed between two commits, branches, namespaces or definitions.

import type { Command } from 'commander'
import type { DiffResult } from '#codebase'
import type { Context } from '../context.ts'
import { definitionCells, shortHash } from '../definitions.ts'
import { examples } from '../help.ts'
import { lineDiff } from '../line-diff.ts'
import { type Paint, printable, type Report } from '../output.ts'
import { table } from '../table.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Show what changed from A to B.')
    .argument('<a>', 'a commit, branch, namespace or definition')
    .argument('[b]', 'another one; the head of the current branch unless given')
    .addHelpText('after', examples('ucm diff k3f9ac42xy', 'ucm diff mean "#k3f9ac42xy"'))
    .action((a: string, b?: string) => context.report('comparing', () => diff(a, { b, context })))
}

function diff(a: string, { b, context }: { b: string | undefined; context: Context }): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const document = await codebase.diff(a, b)
    const [first] = document.updated
    return {
      document,
      text: describe(document, context.output.paint) || 'no difference',
      next: first ? `ucm dependents ${first.name}` : 'ucm history',
    }
  })
}

function describe({ added, updated, removed, renamed }: DiffResult, paint: Paint): string {
  const rows = [
    ...added.map((definition) => [paint.green('added'), ...definitionCells(definition, paint)]),
    ...removed.map((definition) => [paint.red('removed'), ...definitionCells(definition, paint)]),
    ...renamed.map(({ from, to, hash }) => [
      paint.cyan('renamed'),
      `${printable(from)} → ${paint.bold(printable(to))}`,
      paint.yellow(shortHash(hash)),
    ]),
    ...updated.map(({ name, from, to }) => [
      paint.cyan('updated'),
      paint.bold(printable(name)),
      `${paint.yellow(shortHash(from))} → ${paint.yellow(shortHash(to))}`,
    ]),
  ]
  const texts = updated.flatMap(({ name, source }) =>
    source ? [`\n${paint.bold(printable(name))}\n${lineDiff(source.from, source.to, paint)}`] : [],
  )
  return [table(rows), ...texts].join('\n')
}
