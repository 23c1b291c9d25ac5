// A process of TypeScript's: how it is started and ended, and what it reads, which it does
// by way of a file system of ours. It may die at any time; whoever used it goes on without it.

import type { CheckedDisk, Unchecked } from '#codebase'
import type { API, APIOptions, Project, Snapshot } from 'typescript/unstable/sync'
import { configure, type TypeScriptOptions } from './typescript-configuration.ts'

/** A process, and the files that only it sees. */
export interface Session {
  readonly api: API
  readonly texts: Map<string, string>
  /** Whether it looks for declarations; before that, it lists what a tsconfig.json includes, which nobody needs. */
  isOpening: boolean
  readonly close: () => void
}

/** What it reads with; `shown` gives what another text stands for. */
export interface Reading {
  readonly disk: CheckedDisk
  readonly shown?: (file: string) => string | undefined
}

/** Starts the process for `use`, which closes it. */
export async function attempt<Result>(
  { directory }: TypeScriptOptions,
  reading: Reading,
  use: (session: Session) => Result,
): Promise<Result | Unchecked> {
  const { API } = await import('typescript/unstable/sync')
  let session: Session | undefined
  try {
    const texts = new Map<string, string>()
    const fs = watched(texts, reading, () => session?.isOpening === true)
    const opened: Session = {
      api: new API({ cwd: directory, fs }),
      texts,
      isOpening: false,
      close: () => end(opened),
    }
    session = opened
    return use(opened)
  } catch (error) {
    session?.close()
    // TypeScript says by an Error what it lacks: its package for this platform. So does a process that died.
    return { unchecked: `TypeScript cannot run: ${(error as Error).message}` }
  }
}

/** TypeScript's own declarations, which its version stands for. */
const LIBRARY = /\/@typescript\/typescript-[^/]+\/lib\/lib\.[^/]*\.d\.ts$/

/**
 * The disk, of which everything that is asked for is asked of `disk` too, so that it knows. TypeScript reads
 * it for itself afterwards: what changes in between is not what `disk` has seen, and will be noticed.
 */
function watched(
  texts: ReadonlyMap<string, string>,
  { disk, shown }: Reading,
  isOpening: () => boolean,
): NonNullable<APIOptions['fs']> {
  const noted = (path: string, note: (path: string) => unknown): undefined => {
    if (texts.has(path) || LIBRARY.test(path)) return
    try {
      note(path)
    } catch {
      // What may not be read is TypeScript's to report.
    }
  }
  return {
    readFile: (path) => texts.get(path) ?? shown?.(path) ?? noted(path, (each) => disk.read(each)),
    fileExists: (path) =>
      texts.has(path) || shown?.(path) !== undefined || noted(path, (each) => disk.isFile(each)),
    directoryExists: (path) => noted(path, (each) => disk.isFolder?.(each)),
    getAccessibleEntries: (path) => noted(path, (each) => isOpening() && disk.filesBelow(each)),
  }
}

interface Channel {
  readonly child?: {
    readonly exitCode: number | null
    readonly signalCode: string | null
    kill(signal: string): void
  }
  close(): void
}

function channelOf({ api }: Session): Channel | undefined {
  return (api as unknown as { client?: { channel?: Channel } }).client?.channel
}

/** Whether the process is there. The pipes of one that is gone are closed, and their numbers may be those of other files. */
export function isAlive(session: Session): boolean {
  const child = channelOf(session)?.child
  return !child || (child.exitCode === null && child.signalCode === null)
}

/** Ends the process at once: asked to end, it may tell the terminal that it was interrupted. */
function end(session: Session): void {
  const channel = channelOf(session)
  channel?.child?.kill('SIGKILL')
  try {
    channel?.close()
    session.api.close()
  } catch {
    // It would have the process forget its snapshots, which is gone.
  }
}

/** The project that `files` are checked as. */
export function openProject(session: Session, files: readonly string[], options: TypeScriptOptions): Project {
  const { api, texts } = session
  const { file, content } = configure((each) => api.parseConfigFile(each).options, files, options)
  texts.set(file, JSON.stringify(content))
  session.isOpening = true
  return projectOf(api.updateSnapshot({ openProjects: [file] }))
}

export function projectOf(snapshot: Snapshot): Project {
  const project = snapshot.getProjects()[0]
  if (!project) throw new Error('it opened no project')
  return project
}
