// What waits: images in memory beside isolates that are held, and parked runs.

import { BOUNDS, load, makeSandbox } from '../../executor/sandboxes.ts'
import type { Row } from '../measure.ts'
import { loadIsolatedVm } from './peers.ts'
import { call, makeStints, programOf, TRIVIAL_ARGS } from './programs.ts'
import { digits, inTurns, time, verdict } from './turns.ts'

const IMAGES = 100
const ISOLATES = 40
const PARKED = 10_000

const WAITING = `define('main', function* (order) {
  const seen = []
  for (const id of order.ids) seen.push(yield* Store.get(id))
  return { id: order.id, seen }
})`

/** Megabytes by which the process grows while `act` runs, for what it returns; memory that was free in it before counts too. */
async function growthMb<T>(act: () => Promise<T>): Promise<{ mb: number; kept: T }> {
  const before = process.memoryUsage()
  const kept = await act()
  const after = process.memoryUsage()
  const held = after.heapUsed + after.external - before.heapUsed - before.external
  return { mb: Math.max(after.rss - before.rss, held) / 1e6, kept }
}

export async function benchResting(): Promise<Row[]> {
  const parked = await parkedRows() // first: what others let go is no memory that these take
  return [await imageRow(), ...parked]
}

async function imageRow(): Promise<Row> {
  const stints = makeStints()
  const program = (index: number) =>
    programOf(
      `const main = (order) => ({ id: order.id, total: order.prices.reduce((sum, x) => sum + x, ${index}) })`,
    )
  for (let index = 0; index < 4; index++) call(stints, await program(-index), TRIVIAL_ARGS)
  const { mb } = await growthMb(async () => {
    for (let index = 1; index <= IMAGES; index++) call(stints, await program(index), TRIVIAL_ARGS)
  })
  const each = mb / IMAGES
  const ivm = await loadIsolatedVm()
  const isolates = await growthMb(async () => {
    const held = Array.from({ length: ivm ? ISOLATES : 0 }, () => ivm && new ivm.Isolate({ memoryLimit: 64 }))
    for (const isolate of held) isolate?.createContextSync().evalSync('globalThis.main = (x) => x')
    return held
  })
  const peer = isolates.mb / ISOLATES
  return {
    what: `memory of a warm image of a small function, of ${IMAGES}`,
    figure: `${digits(each)} MB each`,
    peer: ivm ? `isolated-vm, a held isolate: ${digits(peer)} MB` : 'isolated-vm: not installed, skipped',
    ratio: `${ivm ? `${digits(each / peer)} ×; ` : ''}${digits(each)} MB${verdict(each, { most: 1 })}`,
  }
}

async function parkedRows(): Promise<Row[]> {
  const { sandbox, image } = load(WAITING)
  const other = makeSandbox()
  const start = (id: number): void => {
    sandbox.restore(image)
    sandbox.call('start', ['main', JSON.stringify([{ id: `r${id}`, ids: ['a', 'b'] }])], BOUNDS)
  }
  start(0)
  const sample = sandbox.park(image)
  const kilobytes = (sample.runs.byteLength + sample.words.byteLength) / 1024
  const us = await inTurns(
    {
      park: { calls: 20, run: () => sandbox.park(image) },
      both: { calls: 20, run: () => other.unpark(image, sandbox.park(image)) },
    },
    25,
  )
  const { mb, kept } = await growthMb(async () =>
    Array.from({ length: PARKED }, (_, id) => {
      start(id)
      return sandbox.park(image)
    }),
  )
  if (kept.length !== PARKED) throw new RangeError('Cannot count parked runs')
  const ms = us.both / 1000
  return [
    {
      what: 'a parked run of a small function',
      figure: `${digits(kilobytes)} KB`,
      peer: '–',
      ratio: `${digits(kilobytes)} KB${verdict(kilobytes, { most: 50 })}`,
    },
    {
      what: 'park and resume',
      figure: `${time(us.both)} (park ${time(us.park)})`,
      peer: '–',
      ratio: `${digits(ms)} ms${verdict(ms, { most: 2 })}`,
    },
    {
      what: `${PARKED} parked runs in memory`,
      figure: `${mb.toFixed(0)} MB`,
      peer: '–',
      ratio: `${mb.toFixed(0)} MB${verdict(mb, { most: 600 })}`,
    },
  ]
}
