// define() over files that exist only in the test.

import { knownAbilities } from '#abilities'
import {
  type Defined,
  define,
  type DefineRequest,
  type DefineResult,
  type Environment,
  type FileSystem,
} from '#codebase'

/** Files by absolute path. */
export type Files = Readonly<Record<string, string>>

export function memoryFiles(files: Files): FileSystem {
  return {
    read: (file) => (Object.hasOwn(files, file) ? files[file] : undefined),
    isFile: (file) => Object.hasOwn(files, file),
    filesBelow: (folder) =>
      Object.keys(files).flatMap((file) =>
        file.startsWith(`${folder}/`) ? [file.slice(folder.length + 1)] : [],
      ),
    realpath: (file) => file,
  }
}

interface TextOptions {
  /** Given files; by default the first one. */
  readonly given?: readonly string[]
  readonly request?: Partial<DefineRequest>
  readonly environment?: Partial<Environment>
}

/** Defines files of the folder `/src`; one text alone is `/src/main.ts`. */
export async function defineText(source: string | Files, options: TextOptions = {}): Promise<DefineResult> {
  const files = typeof source === 'string' ? { '/src/main.ts': source } : source
  const given = options.given ?? Object.keys(files).slice(0, 1)
  const environment: Environment = {
    fileSystem: memoryFiles(files),
    abilities: knownAbilities(),
    lookup: async () => undefined,
    effectsOf: async () => ({ performs: [], handles: [], masks: [] }),
    ...options.environment,
  }
  return define({ files: given, directory: '/src', partial: true, ...options.request }, environment)
}

/** The definition called `name`; the test fails when it is refused or missing. */
export function defined({ definitions, rejected }: DefineResult, name: string): Defined {
  const found = definitions.find((definition) => definition.name === name)
  if (found) return found
  const reasons = rejected.map(({ message }) => message).join('; ')
  throw new Error(
    `${name} is not among ${definitions.map((d) => d.name).join(', ') || 'nothing'}: ${reasons}`,
  )
}

/** `code line:column` of each rejection, sorted. */
export function refusals({ rejected }: DefineResult): string[] {
  return rejected.map(({ code, line, column }) => `${code} ${line}:${column}`).sort()
}

/** The names of what the given files define, of which nothing may be refused. */
export async function namesDefined(files: Files, given?: readonly string[], at?: string): Promise<string[]> {
  const result = await defineText(files, {
    ...(given && { given }),
    ...(at !== undefined && { request: { at } }),
  })
  const refused = refusals(result)
  if (refused.length > 0) throw new Error(`refused: ${refused.join(', ')}`)
  return result.definitions.map(({ name }) => name)
}
