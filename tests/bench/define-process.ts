// One process of the benchmark of definitions, so that each measurement meets a compiler that has
// seen nothing yet. `add CODEBASE LIST` adds the whole corpus to a new codebase twice, each time another,
// and lists the files that were parsed; `again CODEBASE` adds it to one that has it; `parse LIST` only parses.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseSync } from 'oxc-parser'
import { knownAbilities } from '#abilities'
import { type AddResult, Codebase, type FileSystem } from '#codebase'
import { diskFiles } from '../support/environment.ts'
import { CORPUS, corpusFiles } from './corpus.ts'

const POWERS = { clock: Date.now, author: 'bench', build: 'bench' }

export interface Timed {
  /** Of all threads: what one core has to do. */
  readonly cpuMs: number
  readonly wallMs: number
}

/** What a process prints. */
export interface Measured {
  /** The first time in this process, then the second. */
  readonly rounds: readonly Timed[]
  readonly definitions: number
  /** Peak resident memory of the process after the first round. */
  readonly peakBytes: number
}

async function timed(work: () => unknown): Promise<Timed> {
  const cpu = process.cpuUsage()
  const before = performance.now()
  await work()
  const wallMs = performance.now() - before
  const { user, system } = process.cpuUsage(cpu)
  return { cpuMs: (user + system) / 1000, wallMs }
}

function addCorpus(codebase: Codebase, fileSystem: FileSystem): Promise<AddResult> {
  return codebase.addFiles(
    { files: corpusFiles(), directory: CORPUS, partial: true },
    { fileSystem, abilities: knownAbilities() },
    { command: 'add', partial: true },
  )
}

async function addTwice(folder: string, list: string): Promise<Measured> {
  const parsed = new Set<string>()
  const listing: FileSystem = {
    ...diskFiles,
    read(file) {
      if (!file.endsWith('.json')) parsed.add(file)
      return diskFiles.read(file)
    },
  }
  const rounds: Timed[] = []
  let definitions = 0
  let peakBytes = 0
  const other = mkdtempSync(path.join(os.tmpdir(), 'mycel-bench-'))
  for (const where of [folder, other]) {
    const codebase = await Codebase.init(where, POWERS)
    rounds.push(
      await timed(async () => {
        const { added, aliases } = await addCorpus(codebase, listing)
        definitions = added.length + aliases.length
      }),
    )
    peakBytes ||= process.resourceUsage().maxRSS * 1024
    await codebase.close()
  }
  rmSync(other, { recursive: true })
  writeFileSync(list, JSON.stringify([...parsed]))
  return { rounds, definitions, peakBytes }
}

async function addAgain(folder: string): Promise<Measured> {
  const codebase = await Codebase.open(folder, POWERS)
  const rounds: Timed[] = []
  let definitions = 0
  for (const _ of [1, 2]) {
    rounds.push(
      await timed(async () => {
        definitions = (await addCorpus(codebase, diskFiles)).unchanged.length
      }),
    )
  }
  await codebase.close()
  return { rounds, definitions, peakBytes: process.resourceUsage().maxRSS * 1024 }
}

async function parseOnly(list: string): Promise<Measured> {
  const files = JSON.parse(readFileSync(list, 'utf8')) as string[]
  const texts = files.map((file) => [file, readFileSync(file, 'utf8')] as const)
  const rounds: Timed[] = []
  for (const _ of [1, 2]) {
    rounds.push(
      await timed(() => {
        for (const [file, text] of texts) void parseSync(file, text, { sourceType: 'module' }).program
      }),
    )
  }
  return { rounds, definitions: 0, peakBytes: process.resourceUsage().maxRSS * 1024 }
}

const [mode, first = '', second = ''] = process.argv.slice(2)
const measured =
  mode === 'add'
    ? await addTwice(first, second)
    : mode === 'again'
      ? await addAgain(first)
      : await parseOnly(first)
console.log(JSON.stringify(measured))
