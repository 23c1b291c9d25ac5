// The type check of one changed file against a codebase of 2,000 definitions, in a process of its
// own (`ucm add`) and in one that stays (a watcher), beside tsc on the same file and on the sources.

import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { knownAbilities } from '#abilities'
import { Codebase, type TypeChecker } from '#codebase'
import type { Files } from '../../cli/context.ts'
import { DEFAULT_OPTIONS, codebasePaths } from '../../cli/typescript-configuration.ts'
import { makeTypeChecker } from '../../cli/typescript.ts'
import { writeTypes } from '../../cli/types-folder.ts'
import { diskFiles } from '../support/environment.ts'
import { residentTypeChecker } from './resident-checker.ts'
import { median, type Row, timeMs, timeProcesses } from './measure.ts'

const DEFINITIONS = 2_000
const PER_FILE = 100
const COLD = 9
const WARM = 30
const tsc = path.resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc')

/** Some hundred generic functions, each of which uses one before it; every fifth comes with a type. */
function sourceFile(file: number): string {
  return Array.from({ length: PER_FILE }, (_, at) => {
    const index = file * PER_FILE + at
    const type =
      at % 5 === 0
        ? `export type T${index} = { id: number; tags: readonly string[]; next?: T${index} }\n`
        : ''
    const before = at > 0 ? ` + f${index - 1}(xs, k)` : ''
    return `${type}export function f${index}<A extends { n: number }>(xs: readonly A[], k: (a: A) => number = (a) => a.n, t?: T${index - (at % 5)}): number {
  const groups = new Map<number, A[]>()
  for (const x of xs) groups.set(k(x), [...(groups.get(k(x)) ?? []), x])
  return [...groups.values()].reduce((sum, group) => sum + group.length, t?.id ?? 0)${before}
}\n`
  }).join('\n')
}

const uses = (from: string, round: number): string =>
  `import { f1999, f3, f1007, type T1005 } from '${from}'
export const t: T1005 = { id: ${round}, tags: [] }
export const use = (xs: { n: number; q: string }[]) => f1999(xs, (x) => x.n * ${round}) + f3(xs) + f1007(xs, undefined, t)\n`

const files: Files = {
  ...diskFiles,
  isFolder: (file) => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false,
  filesBelow: () => [],
  stamp: () => undefined,
  size: () => undefined,
  write(file, text) {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  },
  writeWhole: (file, text) => files.write(file, text),
  remove: (file) => rmSync(file, { recursive: true, force: true }),
}

async function checkOnce(checker: Pick<TypeChecker, 'check'>, file: string): Promise<void> {
  const checked = await checker.check([file])
  if ('unchecked' in checked) throw new Error(checked.unchecked)
  if (checked.diagnostics.length > 0) throw new Error(checked.diagnostics[0]?.text)
  checked.close()
}

/** Writes the sources, adds them, and declares them. */
async function prepare(folder: string): Promise<void> {
  const names = Array.from({ length: DEFINITIONS / PER_FILE }, (_, file) => `d${file}.ts`)
  for (const [file, name] of names.entries()) files.write(path.join(folder, 'all', name), sourceFile(file))
  files.write(path.join(folder, 'all/index.ts'), names.map((name) => `export * from './${name}'`).join('\n'))
  const configuration = { compilerOptions: { ...DEFAULT_OPTIONS, paths: codebasePaths('./.ucm/types') } }
  const only = (file: string): string => JSON.stringify({ ...configuration, files: [file] })
  files.write(path.join(folder, 'tsconfig.json'), only('use.ts'))
  files.write(path.join(folder, 'all/tsconfig.json'), only('use.ts'))
  files.write(path.join(folder, 'all/use.ts'), uses('./index.ts', 1))
  const codebase = await Codebase.init(folder, { clock: Date.now, author: 'bench' })
  try {
    const given = names.map((name) => path.join(folder, 'all', name))
    await codebase.addFiles(
      { files: given, directory: folder },
      { fileSystem: diskFiles, abilities: knownAbilities() },
      { command: 'add' },
    )
    await writeTypes(codebase, { files, build: 'bench' })
  } finally {
    await codebase.close()
  }
}

export async function benchTypes(): Promise<Row[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mycel-bench-'))
  const file = path.join(folder, 'use.ts')
  const options = { files, directory: folder, types: path.join(folder, '.ucm/types') }
  const resident = residentTypeChecker(options)
  try {
    await prepare(folder)
    const cold: number[] = []
    const warm: number[] = []
    for (let round = 0; round < COLD; round++) {
      files.write(file, uses('ucm', round))
      cold.push(await timeMs(() => checkOnce(makeTypeChecker(options), file)))
    }
    for (let round = -1; round < WARM; round++) {
      files.write(file, uses('ucm', round))
      const ms = await timeMs(() => checkOnce(resident, file))
      if (round >= 0) warm.push(ms)
    }
    const command = (project: string): string[] => [process.execPath, tsc, '--noEmit', '--project', project]
    const peers = timeProcesses({ file: command('.'), sources: command('all') }, COLD, {
      cwd: folder,
      env: process.env,
    })
    const row = (what: string, times: readonly number[], peer: string, against: readonly number[]): Row => ({
      what: `type check of one changed file against ${DEFINITIONS} definitions, ${what}`,
      figure: `${median(times).toFixed(median(times) < 10 ? 1 : 0)} ms`,
      peer: `\`tsc --noEmit\` on ${peer}: ${median(against).toFixed(0)} ms`,
      ratio: `${(median(times) / median(against)).toFixed(2)} ×`,
    })
    return [
      row('cold', cold, 'it and the declarations', peers['file'] ?? []),
      row('warm', warm, 'it and all sources', peers['sources'] ?? []),
    ]
  } finally {
    resident.close()
    rmSync(folder, { recursive: true })
  }
}
