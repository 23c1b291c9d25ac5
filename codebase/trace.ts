// What a result of `define` came of: every answer that files and the names of the codebase
// gave. While all of them are the same, so is the result, and nothing has to be parsed.
// A cache: it says what was, and is held against files, branch and store before it counts.

import type { DefineRequest, Environment, KnownAbility } from './defined.ts'
import { FORMAT_VERSION } from './encode.ts'
import { type FileSystem, folderOf } from './file-system.ts'
import { digestText, type Reference, referenceText } from './hash.ts'
import type { Rejection } from './refusals.ts'
import { lookup } from './resolve-text.ts'
import type { BranchState, Workspace } from './workspace.ts'

/** Raised with the shape of a trace, and with whatever else would make an old one wrong. */
const TRACE_VERSION = 2

/** A file that changed so recently may change again without a new stamp: clocks of disks are coarse. */
const UNSETTLED_MS = 2_000

type Answers<T> = readonly (readonly [asked: string, answer: T])[]

/** The questions that were asked, with their answers. */
export interface Trace {
  /** Digests of the texts of files by their paths, null where there was none; and stamps, null where one proves nothing. */
  readonly texts: Answers<readonly [digest: string | null, stamp: string | null]>
  /** Whether there is a file at a path; those that were read are left out. */
  readonly files: Answers<boolean>
  /** Whether there is a folder at a path. */
  readonly places: Answers<boolean>
  /** Paths with symbolic links followed. */
  readonly paths: Answers<string>
  /** Digests of the lists of files below folders. */
  readonly folders: Answers<string>
  /** What names of the codebase stood for. */
  readonly names: Answers<string | null>
}

/** A trace and what came of it. */
export interface TracedAddition extends Trace {
  readonly definitions: readonly TracedDefinition[]
  readonly rejected: readonly Rejection[]
  readonly warnings: readonly Rejection[]
}

/** References as text; `filed` is the source that the branch shows, `source` the one that was added last. */
export type TracedDefinition = readonly [
  name: string,
  reference: string,
  filed: string | null,
  source: string,
]

/** What a trace is kept under: all that is given to `define` besides the answers, `flags` of the caller included. */
export function traceKey(
  build: string,
  {
    request,
    abilities,
    flags,
  }: { request: DefineRequest; abilities: readonly KnownAbility[]; flags: unknown },
): string {
  const known = abilities.map(({ name, reference }) => [name, referenceText(reference)])
  return digestText(JSON.stringify([TRACE_VERSION, FORMAT_VERSION, build, request, known, flags]))
}

/** `environment` that writes down what it answers. */
export function recording(
  environment: Environment,
  workspace: Workspace,
): { readonly environment: Environment; readonly trace: () => Trace } {
  const { fileSystem } = environment
  const settledMs = workspace.powers.clock() - UNSETTLED_MS
  const texts = new Map<string, readonly [string | null, string | null]>()
  const files = new Map<string, boolean>()
  const places = new Map<string, boolean>()
  const paths = new Map<string, string>()
  const folders = new Map<string, string>()
  const names = new Map<string, string | null>()
  const recorded: FileSystem = {
    read(path) {
      // The stamp comes first: what is written between the two has another one.
      const stamp = fileSystem.stamp?.(path)
      const isSettled = stamp !== undefined && stamp.changedMs < settledMs
      const text = fileSystem.read(path)
      if (!texts.has(path)) texts.set(path, [digestOrNull(text), isSettled ? stamp.text : null])
      return text
    },
    isFile: (path) => kept(files, path, fileSystem.isFile(path)),
    isFolder: (path) => kept(places, path, isFolderOf(fileSystem, path)),
    realpath: (path) => kept(paths, path, fileSystem.realpath(path)),
    filesBelow: (folder) => kept(folders, folder, fileSystem.filesBelow(folder), digestList),
  }
  return {
    environment: {
      ...environment,
      fileSystem: recorded,
      lookup: async (name) => {
        const reference = await environment.lookup(name)
        names.set(name, await meaning(workspace, reference))
        return reference
      },
    },
    trace: () => ({
      texts: [...texts],
      files: [...files].filter(([path, isFile]) => !isFile || !texts.get(path)?.[0]),
      places: [...places],
      paths: [...paths],
      folders: [...folders],
      names: [...names],
    }),
  }
}

function isFolderOf({ isFolder }: FileSystem, path: string): boolean {
  return isFolder?.(path) ?? false
}

/** `answer`, of which `note` is written down. */
function kept<T, N = T>(
  notes: Map<string, N>,
  asked: string,
  answer: T,
  note: (answer: T) => N = (same) => same as unknown as N,
): T {
  if (!notes.has(asked)) notes.set(asked, note(answer))
  return answer
}

function digestOrNull(text: string | undefined): string | null {
  return text === undefined ? null : digestText(text)
}

function digestList(paths: readonly string[]): string {
  return digestText(paths.join('\n'))
}

/** A reference with the source that was added last, whose types may matter to who uses it. */
async function meaning(workspace: Workspace, reference: Reference | undefined): Promise<string | null> {
  if (!reference) return null
  const text = referenceText(reference)
  return `${text} ${await workspace.database.sources.get(text)}`
}

/** Whether every question is answered as it was. */
export async function holds(
  trace: Trace,
  fileSystem: FileSystem,
  { workspace, state }: { readonly workspace: Workspace; readonly state: BranchState },
): Promise<boolean> {
  for (const [name, answer] of trace.names) {
    const reference = await lookup(workspace, state.names, name)
    if ((await meaning(workspace, reference)) !== answer) return false
  }
  return (
    trace.files.every(([path, isFile]) => fileSystem.isFile(path) === isFile) &&
    trace.places.every(([path, isFolder]) => isFolderOf(fileSystem, path) === isFolder) &&
    trace.folders.every(([folder, digest]) => digestList(fileSystem.filesBelow(folder)) === digest) &&
    haveSameTexts(trace, fileSystem)
  )
}

/** Whether files are what and where they were. One whose stamp is the same is not read. */
function haveSameTexts({ texts, paths }: Trace, fileSystem: FileSystem): boolean {
  const untouched = new Set<string>()
  for (const [path, [digest, stamp]] of texts) {
    if (stamp !== null && fileSystem.stamp?.(path)?.text === stamp) untouched.add(path)
    else if (digestOrNull(fileSystem.read(path)) !== digest) return false
  }
  const folders = new Map<string, boolean>()
  const isAtItsPlace = (folder: string): boolean => {
    const known = folders.get(folder) ?? fileSystem.realpath(folder) === folder
    folders.set(folder, known)
    return known
  }
  // A plain file is where its folder is; of all others it is asked.
  return paths.every(
    ([path, real]) =>
      (path === real && untouched.has(path) && isAtItsPlace(folderOf(path))) ||
      fileSystem.realpath(path) === real,
  )
}
