// `ucm init [DIR]`: an empty codebase.

import path from 'node:path'
import type { Command } from 'commander'
import type { Context, Files } from '../context.ts'
import { inputError } from '../errors.ts'
import { examples } from '../help.ts'
import type { Report } from '../output.ts'

export function register(command: Command, context: Context): void {
  command
    .description(
      'Make a codebase: a folder .ucm in DIR, and a tsconfig.json for editors where there is none.',
    )
    .argument('[dir]', 'where; the working directory unless given')
    .addHelpText('after', examples('ucm init', 'ucm init ~/functions'))
    .action((folder?: string) => context.report('making a codebase', () => init(folder, context)))
}

async function init(named: string | undefined, { powers, options }: Context): Promise<Report> {
  const { Codebase } = await import('#codebase')
  const { writeTypes } = await import('../types-folder.ts')
  const folder = path.resolve(powers.directory, named ?? options.codebase ?? '.')
  const file = fileAbove(folder, powers.files)
  if (file !== undefined) throw await notFolder(file)
  const codebase = await Codebase.init(folder, powers)
  try {
    const branch = await codebase.branch()
    await writeTypes(codebase, powers)
    const editors = await prepareEditors(path.dirname(codebase.folder), powers.files)
    return {
      document: { codebase: codebase.folder, branch },
      text: [`made codebase ${codebase.folder} on branch ${branch}`, editors].filter(Boolean).join('\n'),
      next: 'ucm add FILE.ts',
    }
  } finally {
    await codebase.close()
  }
}

/** A file that stands where `folder` or one above it would be. */
function fileAbove(folder: string, files: Files): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    if (files.isFile(at)) return at
    if (files.isFolder(at) || at === path.dirname(at)) return undefined
  }
}

function notFolder(file: string): Promise<Error> {
  return inputError('not-folder', `Cannot make a codebase: ${file} is a file, expected a folder`, {
    hint: 'name a folder, which is made where there is none',
    details: { file },
  })
}

/** Makes `ucm/…` resolve in editors by a tsconfig.json of ours, or says what is to be added to the one that is there. */
async function prepareEditors(folder: string, files: Files): Promise<string | undefined> {
  const { codebasePaths, DEFAULT_OPTIONS } = await import('../typescript-configuration.ts')
  const file = path.join(folder, 'tsconfig.json')
  const present = files.read(file)
  const paths = codebasePaths('./.ucm/types')
  if (present === undefined) {
    const configuration = {
      compilerOptions: { ...DEFAULT_OPTIONS, paths },
      files: ['.ucm/types/globals.d.ts'],
      include: ['**/*'],
    }
    files.write(file, `${JSON.stringify(configuration, null, 2)}\n`)
    return `made ${file}, so that editors find \`ucm/…\``
  }
  if (present.includes('.ucm/types/')) return undefined
  const lines = Object.entries(paths).map(([name, [target]]) => `  ${JSON.stringify(name)}: ["${target}"]`)
  return `for editors to find \`ucm/…\`, add to compilerOptions.paths in ${file}:\n${lines.join(',\n')}`
}
