// The packages that the laws are tried on, whole, and what define() makes of them when
// their files read otherwise.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { define, type DefineResult, type Environment, referenceText } from '#codebase'
import { diskFiles, emptyEnvironment } from '../support/environment.ts'

export const FOLDER = path.resolve(import.meta.dirname, '../../fixtures/packages')

/** What to give define() for each package. */
export function corpus(): ReadonlyMap<string, readonly string[]> {
  const { dependencies } = JSON.parse(readFileSync(path.join(FOLDER, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>
  }
  const names = Object.keys(dependencies).sort()
  return new Map(names.map((name) => [name, [`npm:${name}`]]))
}

/** What a file is read as. */
export type Respelling = (text: string, file: string) => string

export interface Reading {
  readonly respell?: Respelling
  readonly parse?: Environment['parse']
  /** Files that are not on the disk, which may have been made on the way. */
  readonly more?: ReadonlyMap<string, string>
}

/** define() of a package whose files read as `respell` says. */
export async function defineRoots(
  roots: readonly string[],
  { respell, parse, more }: Reading = {},
): Promise<DefineResult> {
  const read = (file: string): string | undefined => {
    const text = more?.get(file) ?? diskFiles.read(file)
    return text !== undefined && respell && /\.[cm]?js$/.test(file) ? respell(text, file) : text
  }
  const isFile = (file: string): boolean => more?.has(file) === true || diskFiles.isFile(file)
  const realpath = (file: string): string => (more?.has(file) ? file : diskFiles.realpath(file))
  const fileSystem = { ...diskFiles, read, isFile, realpath }
  const environment = { ...emptyEnvironment(), fileSystem, ...(parse && { parse }) }
  return define({ files: roots, directory: FOLDER, partial: true }, environment)
}

/** Every definition with its hash, every refusal with its code, one a line, sorted. */
export function outcomeOf(
  { definitions, rejected }: DefineResult,
  nameOf: (name: string) => string = (name) => name,
): string[] {
  return [
    ...definitions.map(({ name, reference }) => `${nameOf(name)} ${referenceText(reference)}`),
    ...new Set(rejected.map(({ name, code }) => `${nameOf(name)} ${code}`)),
  ].sort()
}

/** Lines of either list that the other lacks: `-` what was, `+` what is. */
export function differences(before: readonly string[], after: readonly string[]): string[] {
  const count = (lines: readonly string[]): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
    return counts
  }
  const [was, is] = [count(before), count(after)]
  const lines = new Set([...before, ...after])
  return [...lines]
    .filter((line) => was.get(line) !== is.get(line))
    .map((line) => `${(was.get(line) ?? 0) > (is.get(line) ?? 0) ? '-' : '+'} ${line}`)
    .sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1))
}
