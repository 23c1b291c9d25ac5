// `ucm hash FILE…`: the hashes that definitions would have; nothing is stored.

import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { definitionTable } from '../definitions.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'
import { rejectionError, rejectionList } from '../rejections.ts'
import { defineFiles, viewOfDefined, withSourceEnvironment } from '../sources.ts'

interface HashOptions {
  readonly partial?: boolean
}

export function register(command: Command, context: Context): void {
  command
    .description(
      'Show the hashes that the definitions of files have. Stores nothing, needs no codebase, checks no types.',
    )
    .argument('<files...>', 'TypeScript or JavaScript files, or npm:PACKAGE')
    .option('--partial', 'show what can be hashed although something is refused')
    .addHelpText('after', examples('ucm hash stats.ts', 'ucm hash npm:just-compare --json'))
    .action((files: string[], options: HashOptions) =>
      context.report('hashing', () => hash(files, { options, context })),
    )
}

async function hash(
  files: readonly string[],
  { options, context }: { options: HashOptions; context: Context },
): Promise<Report> {
  const { powers, output } = context
  const result = await withSourceEnvironment(context, (environment) =>
    defineFiles(files, { options, powers, environment }),
  )
  const { rejected, warnings } = result
  const definitions = await Promise.all(result.definitions.map(viewOfDefined))
  const parts = [definitionTable(definitions, output.paint, 'no definitions')]
  parts.push(rejectionList(output.paint.yellow('warning'), warnings, output.paint))
  const isRefused = rejected.length > 0 && !options.partial
  const others = rejected.slice(isRefused ? 1 : 0)
  parts.push(rejectionList(output.paint.red('refused'), others, output.paint))
  return {
    document: { definitions, rejected },
    text: parts.filter(Boolean).join('\n'),
    next: `ucm add ${files.join(' ')}`,
    error: isRefused ? await rejectionError(rejected) : undefined,
  }
}
