// `ucm hash FILE…`: the hashes that definitions would have; nothing is stored.

import type { Command } from 'commander'
import type { DefineResult } from '#codebase'
import type { Context } from '../context.ts'
import { definitionTable } from '../definitions.ts'
import { examples } from '../help.ts'
import type { Failure, Paint, Report } from '../output.ts'
import { refusedList, rejectionError, rejectionOf, warningList } from '../rejections.ts'
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
  try {
    const result = await withSourceEnvironment(context, (environment) =>
      defineFiles(files, { options, powers, environment }),
    )
    return await reportOf(result, files, { isPartial: options.partial ?? false, paint: output.paint })
  } catch (error) {
    const rejection = rejectionOf(error)
    if (!rejection) throw error
    return { document: { definitions: [], rejected: [rejection] }, text: '', error: error as Failure }
  }
}

async function reportOf(
  { definitions: defined, rejected, warnings }: DefineResult,
  files: readonly string[],
  { isPartial, paint }: { isPartial: boolean; paint: Paint },
): Promise<Report> {
  const definitions = await Promise.all(defined.map(viewOfDefined))
  const isRefused = rejected.length > 0 && !isPartial
  const parts = [
    definitionTable(definitions, paint, 'no definitions'),
    warningList(warnings, paint),
    refusedList(rejected, { isFirstShown: isRefused, paint }),
  ]
  return {
    document: { definitions, rejected },
    text: parts.filter(Boolean).join('\n'),
    next: `ucm add ${files.join(' ')}`,
    error: isRefused ? await rejectionError(rejected) : undefined,
  }
}
