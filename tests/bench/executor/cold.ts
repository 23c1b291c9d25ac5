// Calls of closures that no worker and no cache has seen, read from a codebase on disk: loaded, verified,
// generated, parsed and run. Workers are started before; workerd's dynamic isolates are the peer.

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { knownAbilities } from '#abilities'
import { Codebase, type Reference } from '#codebase'
import { EVERYTHING, Executor } from '#executor'
import { diskFiles } from '../../support/environment.ts'
import { inNewFolder, median, type Row, timeMs } from '../measure.ts'
import { compared, digits, time, verdict } from './turns.ts'
import { startWorkerd } from './workerd.ts'

const SIZES = [1, 100, 1000]
const GOALS_MS = [2, 10, 60]
const SAMPLES = 9
const SIGNER = { peerId: 'bench', sign: (bytes: Uint8Array) => Uint8Array.of(bytes.length & 255) }

export async function benchCold(): Promise<Row[]> {
  return inNewFolder(measureIn)
}

/** A tree of `size` functions whose text and hashes belong to this `sample`. */
function tree(size: number, sample: number): string {
  const functions = Array.from({ length: size }, (_, index) => {
    const needs = [2 * index + 1, 2 * index + 2].filter((other) => other < size)
    const sum = needs.map((other) => ` + f${other}(xs.slice(${(other % 3) + 1}))`).join('')
    return `${index === 0 ? 'export ' : ''}function f${index}(xs: readonly number[]): number {
  if (xs.length === 0) return ${index + sample / 100}
  const kept = xs.filter((x) => x > ${index}).map((x) => x * ${sample + 2})
  return kept.reduce((total, x) => total + x, xs.length)${sum}
}`
  })
  return `${functions.join('\n')}\n`
}

async function measureIn(folder: string): Promise<Row[]> {
  const powers = { clock: Date.now, author: 'bench' }
  const codebase = await Codebase.init(folder, powers)
  const roots = new Map<string, Reference>()
  for (const size of SIZES) {
    for (let sample = 0; sample < SAMPLES; sample++)
      roots.set(`${size}/${sample}`, await add(codebase, folder, size, sample))
  }
  const warm = await add(codebase, folder, 1, SAMPLES)
  const workerd = await startWorkerd(folder)
  const samples = new Map<string, number[]>()
  const note = (name: string, ms: number): void => void samples.set(name, [...(samples.get(name) ?? []), ms])
  for (let sample = 0; sample < SAMPLES; sample++) {
    for (const size of SIZES)
      note(`${size}`, await coldMs(codebase, warm, roots.get(`${size}/${sample}`) as Reference))
    for (let turn = 0; workerd && turn < 5; turn++)
      note('workerd', await timeMs(() => workerd.get(`/new${sample}x${turn}`)))
  }
  await workerd?.stop()
  await codebase.close()
  const us = (name: string): number => median(samples.get(name) ?? [Number.NaN]) * 1000
  const rows = SIZES.map((size, index): Row => {
    const ms = us(`${size}`) / 1000
    const goal = { most: GOALS_MS[index] as number }
    return {
      what: `cold call, a closure of ${size} never seen before, on disk`,
      figure: time(us(`${size}`)),
      peer: '–',
      ratio: `${digits(ms)} ms${verdict(ms, goal)}`,
    }
  })
  const peer = {
    name: "workerd, a new dynamic isolate's first answer",
    us: us('workerd'),
    goal: { most: 0.25 },
  }
  return [compared('cold call, a closure of 1', { us: us('1') }, peer), ...rows]
}

async function add(codebase: Codebase, folder: string, size: number, sample: number): Promise<Reference> {
  const file = `s${sample}n${size}.ts`
  writeFileSync(path.join(folder, file), tree(size, sample))
  const { rejected } = await codebase.addFiles(
    { files: [path.join(folder, file)], directory: folder },
    { fileSystem: diskFiles, abilities: knownAbilities() },
    { command: 'add' },
  )
  if (rejected.length > 0)
    throw new Error(`the benchmark's functions are refused: ${JSON.stringify(rejected[0])}`)
  return (await codebase.resolve('f0')).reference
}

/** Milliseconds of the first call in a new executor, whose workers have run something else. */
async function coldMs(codebase: Codebase, warm: Reference, cold: Reference): Promise<number> {
  const executor = new Executor({
    objects: codebase.objects,
    providers: [],
    signer: SIGNER,
    clock: () => performance.now(),
    workers: 1,
  })
  const run = (reference: Reference) =>
    executor.run({ reference, args: [[1, 2000, 3000]], allow: EVERYTHING })
  await run(warm)
  const ms = await timeMs(async () => {
    const { outcome } = await run(cold)
    if (outcome.kind !== 'value')
      throw new Error(`the benchmark's function fails: ${JSON.stringify(outcome)}`)
  })
  await executor.close()
  return ms
}
