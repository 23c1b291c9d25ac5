// What every command receives: the powers of the process, the global options, the
// output, and resources that are opened for one command and closed whatever happens.

import path from 'node:path'
import type { HttpPowers } from '#abilities'
import type { Codebase, FileStamp } from '#codebase'
import { inputError } from './errors.ts'
import type { Output, OutputPowers, Report } from './output.ts'

/** Reading and writing the disk, synchronously; paths are absolute. */
export interface Files {
  /** The text of a file; undefined when there is none. */
  read(file: string): string | undefined
  isFile(file: string): boolean
  isFolder(file: string): boolean
  /** Paths of all files below a folder, relative to it. */
  filesBelow(folder: string): readonly string[]
  /** What differs once a plain file has changed. */
  stamp(file: string): FileStamp | undefined
  /** Bytes; undefined when there is no such file. */
  size(file: string): number | undefined
  realpath(file: string): string
  /** Makes the folders that are missing. */
  write(file: string, text: string): void
  /** The same, and whoever reads the file sees all of it or what was there before. */
  writeWhole(file: string, text: string): void
  /** With all that is in it; nothing when it is not there. */
  remove(file: string): void
}

export interface Powers extends OutputPowers {
  /** Of the package. */
  readonly version: string
  /** What tells this program from others: its version, and in a checkout when its sources changed last. */
  readonly build: string
  /** The working directory. */
  readonly directory: string
  /** Where a person's settings are kept: `mycel/identity` below it. */
  readonly configFolder: string
  /** Who commits. */
  readonly author: string
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number
  readonly files: Files
  /** `count` bytes fit for secrets. */
  readonly randomBytes: (count: number) => Uint8Array
  /** Calls `callback` once after `ms` milliseconds unless the result is called first. */
  readonly startTimer: (callback: () => void, ms: number) => () => void
  readonly network: HttpPowers
  readonly stdin: NodeJS.ReadStream
  /** Calls `stop` on SIGINT and SIGTERM instead of ending the process; the result undoes it. */
  readonly onStop: (stop: () => void) => () => void
  /** Ends the process with the code that `report` returns when something is thrown that nothing catches. */
  readonly onFault: (report: (error: unknown) => number) => void
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean
  readonly debug?: boolean
  readonly codebase?: string
  readonly identity?: string
}

export interface Context {
  readonly powers: Powers
  readonly output: Output
  readonly options: GlobalOptions
  /** Runs a command and prints what it reports; `label` says what is going on when it takes long. */
  report(label: string, command: () => Promise<Report>): Promise<void>
  /** Sets the exit code of a command that prints for itself. */
  exit(code: number): void
  /** Replaces the label that is shown while a command runs. */
  progress(label: string): void
  /** Opens the codebase if there is one; whoever calls it closes it. */
  openCodebase(): Promise<Codebase | undefined>
  /** Opens the codebase, and closes it after `use`, whatever happens. */
  withCodebase<Result>(use: (codebase: Codebase) => Promise<Result>): Promise<Result>
}

/** A context whose exit code is read from `exitCode()` once the command has ended. */
export function makeContext(
  powers: Powers,
  output: Output,
  options: GlobalOptions,
): Context & { exitCode(): number } {
  let exitCode = 0
  let label = ''
  const openCodebase = async (): Promise<Codebase | undefined> => {
    const folder = locateCodebase(powers, options)
    if (folder === undefined) return undefined
    const { Codebase } = await import('#codebase')
    return Codebase.open(folder, powers)
  }
  return {
    powers,
    output,
    options,
    openCodebase,
    exitCode: () => exitCode,
    exit: (code) => {
      exitCode = code
    },
    progress: (next) => {
      label = next
    },
    async report(first, command) {
      label = first
      const stop = output.busy(() => label)
      const report = await command().finally(stop)
      exitCode = output.report(report)
    },
    async withCodebase(use) {
      const codebase = await openCodebase()
      if (codebase) return closeAfter(codebase, () => useAndDeclare(codebase, { use, powers }))
      throw await noCodebase(powers.directory)
    },
  }
}

/** Whatever moved the branch, its declarations follow. They are derived, so that what was done is done without them. */
async function useAndDeclare<Result>(
  codebase: Codebase,
  { use, powers }: { use: (codebase: Codebase) => Promise<Result>; powers: Powers },
): Promise<Result> {
  const result = await use(codebase)
  if (!codebase.mayHaveMoved) return result
  const { writeTypes } = await import('./types-folder.ts')
  try {
    await writeTypes(codebase, powers)
  } catch (error) {
    powers.stderr.write(`warning: the declarations for editors could not be written: ${String(error)}\n`)
  }
  return result
}

/** Closes `resource` after `use`, whatever happens. */
export async function closeAfter<Resource extends { close(): Promise<void> }, Result>(
  resource: Resource,
  use: (resource: Resource) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(resource)
  } finally {
    await resource.close()
  }
}

/** The folder that `--codebase` or UCM_CODEBASE names, else the nearest one upward that holds a `.ucm`. */
function locateCodebase(powers: Powers, options: GlobalOptions): string | undefined {
  const named = options.codebase ?? powers.environment['UCM_CODEBASE']
  if (named) return path.resolve(powers.directory, named)
  for (let folder = powers.directory; ; folder = path.dirname(folder)) {
    if (powers.files.isFolder(path.join(folder, '.ucm'))) return folder
    if (folder === path.dirname(folder)) return undefined
  }
}

function noCodebase(directory: string): Promise<Error> {
  return inputError('no-codebase', `Cannot open codebase: there is no .ucm in ${directory} or above it`, {
    hint: '`ucm init` makes one here; --codebase DIR names another',
    details: { folder: directory },
  })
}

/** Where the person's identity is kept, unless --identity names a file. */
export function personalIdentityFile(context: Context): string {
  const { options, powers } = context
  if (options.identity) return path.resolve(powers.directory, options.identity)
  return path.join(powers.configFolder, 'mycel', 'identity')
}

/** Where the identity of the node of the codebase is kept, unless --identity names a file. */
export async function nodeIdentityFile(context: Context): Promise<string> {
  const { options, powers } = context
  if (options.identity) return path.resolve(powers.directory, options.identity)
  const folder = locateCodebase(powers, options)
  if (folder === undefined) throw await noCodebase(powers.directory)
  return path.join(path.basename(folder) === '.ucm' ? folder : path.join(folder, '.ucm'), 'identity')
}
