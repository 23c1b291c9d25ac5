// `ucm view NAME…`: definitions as they were written, or as they are hashed.

import type { Command } from 'commander'
import type { FullDefinitionView } from '#codebase'
import type { Context } from '../context.ts'
import { shortHash } from '../definitions.ts'
import { examples } from '../help.ts'
import { type Paint, placeText, printable, printableSource, type Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description('Show definitions as their authors wrote them.')
    .argument('<names...>', 'a name, an unambiguous end of one, or the beginning of a hash')
    .option('--normalised', 'show what is hashed: without local names, types and layout')
    .addHelpText('after', examples('ucm view mean', 'ucm view stats.mean --normalised'))
    .action((names: string[], options: { normalised?: boolean }) =>
      context.report('reading', () => view(names, { isNormalised: options.normalised ?? false, context })),
    )
}

function view(
  names: readonly string[],
  { isNormalised, context }: { isNormalised: boolean; context: Context },
): Promise<Report> {
  return context.withCodebase(async (codebase) => {
    const definitions = await codebase.view(names)
    const { paint } = context.output
    return {
      document: { definitions },
      text: definitions.map((definition) => describe(definition, { isNormalised, paint })).join('\n\n'),
      next: `ucm dependencies ${names[0]}`,
    }
  })
}

function describe(
  definition: FullDefinitionView,
  { isNormalised, paint }: { isNormalised: boolean; paint: Paint },
): string {
  const { name, hash, kind, row, signature, source, normalised, place } = definition
  const title = [paint.bold(printable(name)), paint.yellow(shortHash(hash)), kind]
  if (row.length > 0) title.push(printable(`->{${row.join(', ')}}`))
  if (place) title.push(paint.dim(placeText({ ...place })))
  const lines = [title.join('  ')]
  if (signature !== undefined) lines.push(paint.dim(printable(`${name} : ${signature}`)))
  lines.push('', printableSource(isNormalised ? normalised : (source ?? normalised)))
  return lines.join('\n').trimEnd()
}
