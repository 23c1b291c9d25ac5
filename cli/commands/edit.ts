// `ucm edit NAME…`: writes definitions as a source file that can be added again.

import path from 'node:path'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { inputError } from '../errors.ts'
import { examples } from '../help.ts'
import { printableSource, type Report } from '../output.ts'
import { someOf } from '../table.ts'

interface EditOptions {
  readonly output?: string
  readonly force?: boolean
}

export function register(command: Command, context: Context): void {
  command
    .description(
      'Write definitions to a source file, as their authors wrote them, with the imports that they need. ' +
        'Added again unchanged, it changes nothing.',
    )
    .argument('<names...>', 'a name, an unambiguous end of one, or the beginning of a hash')
    .option('-o, --output <file>', 'the file to write, - for standard output (default: NAME.ts here)')
    .option('--force', 'write over a file that says something else')
    .addHelpText('after', examples('ucm edit mean', 'ucm edit stats.mean stats.sum -o stats.ts'))
    .action((names: string[], options: EditOptions) =>
      context.report('reading', () => edit(names, { options, context })),
    )
}

function edit(
  names: readonly string[],
  { options, context }: { options: EditOptions; context: Context },
): Promise<Report> {
  const { powers, output } = context
  const { directory, files } = powers
  return context.withCodebase(async (codebase) => {
    const { knownAbilities } = await import('#abilities')
    const environment = codebase.environment(files, knownAbilities())
    const isPiped = options.output === '-'
    const asked =
      isPiped || options.output === undefined ? undefined : path.resolve(directory, options.output)
    if (asked !== undefined && files.isFolder(asked)) throw await isFolder(options.output ?? '')
    const written = await codebase.edit(
      { texts: names, directory, ...(asked && { file: asked }) },
      environment,
    )
    const file = path.relative(directory, written.file)
    const { text: source, names: defined } = written
    const document = { file: isPiped ? null : file, names: defined, source }
    if (isPiped) return { document, text: printableSource(source.trimEnd()) }
    const before = files.read(written.file)
    if (before !== undefined && before !== source && !options.force) throw await isThere(file)
    if (before !== source) files.write(written.file, source)
    return {
      document,
      text: `${before === source ? 'has it already' : 'wrote'}  ${output.paint.bold(file)}  ${someOf(defined)}`,
      next: `ucm add ${file}`,
    }
  })
}

function isFolder(file: string): Promise<Error> {
  return inputError('is-folder', `Cannot write ${file}: it is a folder, expected a file`, {
    hint: `-o ${path.join(file, 'NAME.ts')} writes a file in it`,
    details: { file },
  })
}

function isThere(file: string): Promise<Error> {
  return inputError('exists', `Cannot write ${file}: there is a file that says something else`, {
    hint: '-o FILE writes another one, --force writes over it',
    details: { file },
  })
}
