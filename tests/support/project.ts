// A folder with sources and a codebase, and the command line run in it.

import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { temporaryFolder } from './temporary.ts'
import { type UcmOptions, type UcmResult, ucm, ucmJson } from './ucm.ts'

export interface Project {
  readonly folder: string
  /** Writes a file below the folder. */
  write(file: string, text: string): void
  /** Runs a command with --json, whatever comes of it. */
  ucm(args: readonly string[], options?: UcmOptions): Promise<UcmResult>
  /** Runs a command without --json. */
  text(args: readonly string[], options?: UcmOptions): Promise<UcmResult>
  /** Runs a command with --json and returns its document. @throws Error when it fails */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into documents of every shape
  json(args: readonly string[], options?: UcmOptions): Promise<any>
}

/** A folder with `files` and, unless `bare`, a codebase to which all of them were added. */
export async function makeProject(
  files: Readonly<Record<string, string>> = {},
  bare = false,
): Promise<Project> {
  const folder = temporaryFolder()
  const project: Project = {
    folder,
    write(file, text) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
      writeFileSync(path.join(folder, file), text)
    },
    ucm: (args, options) => ucm([...args, '--json'], { cwd: folder, ...options }),
    text: (args, options) => ucm(args, { cwd: folder, ...options }),
    json: (args, options) => ucmJson(args, { cwd: folder, ...options }),
  }
  for (const [file, text] of Object.entries(files)) project.write(file, text)
  if (bare) return project
  await project.json(['init'])
  if (Object.keys(files).length > 0) await project.json(['add', ...Object.keys(files)])
  return project
}

/** Small statistics: `variance` depends on `mean`, `mean` on `sum`. */
export const STATISTICS = `/** Adds up. */
export function sum(xs: number[]): number {
  return xs.reduce((a, b) => a + b, 0)
}

export function mean(xs: number[]): number {
  if (xs.length === 0) throw new RangeError('no numbers')
  return sum(xs) / xs.length
}

export function variance(xs: number[]): number {
  const middle = mean(xs)
  return mean(xs.map((x) => (x - middle) ** 2))
}
`
