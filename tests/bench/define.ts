// Definitions per second over the whole corpus, from text to a commit on disk, beside the parser
// alone and `git add` on the same files. Each round is a process of its own.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { CORPUS } from './corpus.ts'
import type { Measured, Timed } from './define-process.ts'
import { median, type Row, timeMs } from './measure.ts'

const ROUNDS = 3

function inProcess(...words: readonly string[]): Measured {
  const program = path.join(import.meta.dirname, 'define-process.ts')
  return JSON.parse(execFileSync(process.execPath, [program, ...words], { encoding: 'utf8' })) as Measured
}

/** Milliseconds that `git add` takes for the files in a new repository, and again when nothing has changed. */
async function gitAdd(files: readonly string[], folder: string): Promise<{ cold: number; again: number }> {
  for (const file of files) cpSync(file, path.join(folder, path.relative(CORPUS, file)))
  const git = (...words: readonly string[]) => execFileSync('git', [...words], { cwd: folder })
  git('init', '--quiet')
  const add = (): Promise<number> => timeMs(() => git('add', '--all'))
  return { cold: await add(), again: await add() }
}

interface Round {
  readonly cold: Measured
  readonly again: Measured
  readonly parser: Measured
  readonly git: { readonly cold: number; readonly again: number }
}

async function measureRound(): Promise<Round> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mycel-bench-'))
  try {
    const [codebase, list] = [path.join(folder, 'codebase'), path.join(folder, 'files.json')]
    const cold = inProcess('add', codebase, list)
    const parser = inProcess('parse', list)
    const again = inProcess('again', codebase)
    const files = JSON.parse(readFileSync(list, 'utf8')) as string[]
    return { cold, again, parser, git: await gitAdd(files, path.join(folder, 'git')) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export async function benchDefine(): Promise<Row[]> {
  const rounds: Round[] = []
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measureRound())
  const { definitions } = rounds[0]!.cold
  const of = (read: (round: Round) => number): number => median(rounds.map(read))
  const cold = (which: number): Row => {
    const [own, peer] = [
      of(({ cold: { rounds: each } }) => timedAt(each, which).cpuMs),
      of(({ parser: { rounds: each } }) => timedAt(each, which).cpuMs),
    ]
    const when = which === 0 ? 'first in its process' : 'second in its process'
    return {
      what: `text to commit, the whole corpus (${definitions} definitions), ${when}`,
      figure: `${rate(definitions, own)} (${own.toFixed(0)} ms of CPU)`,
      peer: `oxc-parser on the same files, ${when}: ${peer.toFixed(0)} ms of CPU`,
      ratio: times(own, peer),
    }
  }
  const wallMs = of((round) => timedAt(round.cold.rounds, 0).wallMs)
  const againMs = of((round) => timedAt(round.again.rounds, 0).wallMs)
  const againCpuMs = of((round) => timedAt(round.again.rounds, 0).cpuMs)
  const gitMs = of(({ git }) => git.cold)
  const gitAgainMs = of(({ git }) => git.again)
  return [
    cold(0),
    cold(1),
    {
      what: 'the same by the clock, first in its process',
      figure: `${wallMs.toFixed(0)} ms`,
      peer: `\`git add\` of the same files, new repository: ${gitMs.toFixed(0)} ms`,
      ratio: times(wallMs, gitMs),
    },
    {
      what: 'the corpus unchanged, first in its process, codebase opened before',
      figure: `${rate(definitions, againCpuMs)} (${againCpuMs.toFixed(0)} ms of CPU, ${againMs.toFixed(0)} ms by the clock)`,
      peer: `\`git add\` again: ${gitAgainMs.toFixed(0)} ms`,
      ratio: times(againMs, gitAgainMs),
    },
    {
      what: 'peak memory of adding the corpus at once',
      figure: `${(of((round) => round.cold.peakBytes) / 1e6).toFixed(0)} MB`,
      peer: `oxc-parser alone: ${(of((round) => round.parser.peakBytes) / 1e6).toFixed(0)} MB`,
      ratio: times(
        of((round) => round.cold.peakBytes),
        of((round) => round.parser.peakBytes),
      ),
    },
  ]
}

function timedAt(rounds: readonly Timed[], index: number): Timed {
  const found = rounds[index]
  if (!found) throw new RangeError(`Cannot read round ${index}: ${rounds.length} were measured`)
  return found
}

function rate(definitions: number, ms: number): string {
  return `${((definitions / ms) * 1000).toFixed(0)}/s`
}

function times(own: number, peer: number): string {
  return `${(own / peer).toFixed(1)} ×`
}
