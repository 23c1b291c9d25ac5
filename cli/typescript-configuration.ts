// How files are checked: as the nearest tsconfig.json says, with the declarations of the codebase
// in reach.

import path from 'node:path'
import { type CheckedDisk, definitionPath } from '#codebase'

export interface TypeScriptOptions {
  readonly files: CheckedDisk
  /** The working directory. */
  readonly directory: string
  /** The declarations of the codebase, `.ucm/types`. */
  readonly types: string
}

/** Strict, and only what the sandbox has: how files are checked that no tsconfig.json speaks of. */
export const DEFAULT_OPTIONS = {
  strict: true,
  target: 'esnext',
  module: 'preserve',
  moduleResolution: 'bundler',
  lib: ['esnext'],
  types: [],
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
} as const

/** What makes `ucm/…` resolve, with the folder of the declarations as the configuration names it. */
export function codebasePaths(types: string): Record<string, string[]> {
  return { ucm: [`${types}/#.d.ts`], 'ucm/*': [`${types}/*.d.ts`] }
}

export interface Configuration {
  readonly file: string
  readonly content: Readonly<Record<string, unknown>>
}

/** A configuration of our own beside the nearest tsconfig.json, which it extends: the same rules, for these files. */
export function configure(
  readOptions: (file: string) => Readonly<Record<string, unknown>>,
  files: readonly string[],
  { types, directory, files: disk }: TypeScriptOptions,
): Configuration {
  const nearest = nearestConfiguration(path.dirname(files[0] ?? directory), disk)
  const folder = nearest === undefined ? directory : path.dirname(nearest)
  const own = nearest === undefined ? undefined : readOptions(nearest)
  const needsGlobals = !own || lacksGlobals(own)
  return {
    file: path.join(folder, 'tsconfig.ucm-add.json'),
    content: {
      ...(nearest !== undefined && { extends: nearest }),
      compilerOptions: {
        ...(own ? OVERRIDES : { ...DEFAULT_OPTIONS, ...OVERRIDES }),
        paths: { ...ownPaths(own, folder), ...codebasePaths(types) },
      },
      files: [...files, ...(needsGlobals ? [path.join(types, 'globals.d.ts')] : [])],
      include: [],
      references: [],
    },
  }
}

/** What is about building or taste, not about types. */
const OVERRIDES = {
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  skipLibCheck: true,
  allowJs: true,
  allowImportingTsExtensions: true,
  rewriteRelativeImportExtensions: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
}

export function nearestConfiguration(folder: string, files: TypeScriptOptions['files']): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const file = path.join(at, 'tsconfig.json')
    if (files.isFile(file)) return file
    if (at === path.dirname(at)) return undefined
  }
}

/** Whether neither a browser's types nor Node's are there, which have these globals. */
function lacksGlobals({ lib, types }: Readonly<Record<string, unknown>>): boolean {
  const has = (list: unknown, pattern: RegExp): boolean =>
    Array.isArray(list) && list.some((entry) => pattern.test(String(entry)))
  return lib !== undefined && !has(lib, /dom|webworker/) && !has(types, /^(\*|node|bun|deno)/)
}

function ownPaths(
  own: Readonly<Record<string, unknown>> | undefined,
  folder: string,
): Record<string, string[]> {
  const base = typeof own?.['pathsBasePath'] === 'string' ? own['pathsBasePath'] : folder
  const paths = Object.entries((own?.['paths'] ?? {}) as Record<string, string[]>)
  return Object.fromEntries(
    paths.map(([name, targets]) => [name, targets.map((each) => path.resolve(base, each))]),
  )
}

/**
 * Reads the modules of namespaces as what `files` may mean of them: a namespace of thousands would have as many
 * declarations loaded for the sake of a few. A name that does not occur in the files is asked for by none.
 */
export function namespaceReader(
  files: readonly string[],
  { files: disk, types }: TypeScriptOptions,
): (file: string) => string | undefined {
  const words = new Set(
    files.flatMap((file) => disk.read(file)?.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []),
  )
  return (file) => {
    const name = file.startsWith(`${types}/`) ? file.slice(types.length + 1) : undefined
    if (name?.startsWith('?')) return listedModule(name)
    const isNamespace =
      name === '#.d.ts' || (name?.endsWith('.d.ts') && !/^(#|abilities\.|globals\.)/.test(name))
    if (!isNamespace) return undefined
    const isMeant = (line: string): boolean => {
      const exported = /^export \{ (\S+) \} from/.exec(line)?.[1]
      return exported === undefined || exported === 'default' || words.has(exported)
    }
    return disk.read(file)?.split('\n').filter(isMeant).join('\n')
  }
}

/** The module of a list of members, as sources that are edited import what has the same name twice: `ucm/?a=x.a&b=y.a`. */
function listedModule(name: string): string {
  const members = [...new URLSearchParams(name.slice(1).replace(/\.d\.ts$/, ''))]
  return members
    .map(
      ([member, full]) =>
        `export { default as ${member} } from ${JSON.stringify(`./${definitionPath(full)}.js`)}`,
    )
    .join('\n')
}
