// From files on the disk to definitions: the adapter between the command line and `define`.

import path from 'node:path'
import type { Codebase, Defined, DefinitionView, DefineRequest, DefineResult, Environment } from '#codebase'
import type { Context, Powers } from './context.ts'
import { inputError, usageError } from './errors.ts'

export interface SourceOptions {
  /** Namespace that the names go below. */
  readonly at?: string
  /** `OWN=NAME` for own definitions that are filed under another name. */
  readonly as?: readonly string[]
  /** Define what can be, and report the rest, instead of ending at the first refusal. */
  readonly partial?: boolean
}

/** Defines what `files` hold: paths relative to the working directory, or `npm:PACKAGE`. */
export async function defineFiles(
  files: readonly string[],
  { options, powers, environment }: { options: SourceOptions; powers: Powers; environment: Environment },
): Promise<DefineResult> {
  const { define } = await import('#codebase')
  return define(await requestFor(files, { options, powers }), environment)
}

/** What is asked of `define` for `files`: paths relative to the working directory, or `npm:PACKAGE`. */
export async function requestFor(
  files: readonly string[],
  { options, powers }: { options: SourceOptions; powers: Powers },
): Promise<DefineRequest> {
  const { directory } = powers
  const sources: string[] = []
  for (const file of files) sources.push(file.startsWith('npm:') ? file : await existingFile(file, powers))
  const { at, partial = false } = options
  const as = await readNames(options.as ?? [])
  return { files: sources, directory, partial, as, ...(at !== undefined && { at }) }
}

/** @throws KnownError usage 'option' */
async function readNames(texts: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const pairs: [string, string][] = []
  for (const text of texts) {
    const [, own, name] = /^([^=]+)=(.+)$/.exec(text) ?? []
    if (own === undefined || name === undefined)
      throw await usageError('option', `Cannot read --as ${text}: expected OWN=NAME, as in --as f=stats.mean`)
    if (pairs.some(([before]) => before === own))
      throw await usageError('option', `Cannot read --as ${text}: ${own} has a name already, expected one`)
    pairs.push([own, name])
  }
  return Object.fromEntries(pairs)
}

/** A definition that is not stored, as lists show it. */
export async function viewOfDefined(defined: Defined): Promise<DefinitionView> {
  const { referenceText } = await import('#codebase')
  const { name, reference, kind, row, signature, exported } = defined
  return {
    name,
    hash: referenceText(reference),
    kind,
    row,
    ...(signature !== undefined && { signature }),
    exported,
  }
}

/** Files that definitions are read from. */
const SOURCE_FILE = /\.([cm]?[jt]sx?|json)$/

function noSource(name: string): Promise<Error> {
  return inputError(
    'not-source',
    `Cannot read ${name}: it is no source file, expected TypeScript, JavaScript or JSON`,
    {
      hint: 'write what it holds as a constant of a .ts file',
      details: { file: name },
    },
  )
}

async function existingFile(name: string, { directory, files }: Powers): Promise<string> {
  const file = path.resolve(directory, name)
  if (files.isFile(file) && SOURCE_FILE.test(name)) return file
  if (files.isFile(file)) throw await noSource(name)
  const isFolder = files.isFolder(file)
  throw await inputError(
    'file-missing',
    `Cannot read ${name}: ${isFolder ? 'it is a folder' : 'there is no such file'}`,
    {
      hint: isFolder
        ? `name its files: ${path.join(name, '*.ts')}`
        : 'paths are relative to the working directory; a package is npm:NAME',
      details: { file: name },
    },
  )
}

/**
 * Calls `use` with an environment that opens the codebase when a source first imports from it, so that
 * sources which do not need none and are not held up by a node that serves it. What was filed under a name
 * before has no say: these hashes follow from the text alone.
 */
export async function withSourceEnvironment<Result>(
  context: Context,
  use: (environment: Environment) => Promise<Result>,
): Promise<Result> {
  const { knownAbilities } = await import('#abilities')
  const abilities = knownAbilities()
  const fileSystem = context.powers.files
  let opened: Promise<Codebase | undefined> | undefined
  const imported = async (): Promise<Environment | undefined> => {
    opened ??= context.openCodebase()
    return (await opened)?.environment(fileSystem, abilities)
  }
  try {
    return await use({
      fileSystem,
      abilities,
      lookup: async (name) => (await imported())?.lookup(name),
      effectsOf: async (reference) => {
        const environment = await imported()
        if (!environment)
          throw new RangeError(`Cannot tell the effects of ${reference.hash}: there is no codebase`)
        return environment.effectsOf(reference)
      },
      memberOf: async (reference) => (await imported())?.memberOf?.(reference),
    })
  } finally {
    await (await opened)?.close()
  }
}
