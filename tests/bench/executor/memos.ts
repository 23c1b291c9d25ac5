// Outcomes that are known: from memory beside a fresh call, from disk beside LevelDB alone.

import path from 'node:path'
import { Level } from 'level'
import { Codebase, type Reference } from '#codebase'
import { EVERYTHING, type Executor } from '#executor'
import { closeExecutors, definitions, makeExecutor } from '../../executor/executors.ts'
import { inNewFolder, type Row } from '../measure.ts'
import { TRIVIAL } from './programs.ts'
import { compared, inTurns } from './turns.ts'

const ENTRIES = 3000
/** More than memory keeps: each of these is read from disk. */
const PADDING = 'x'.repeat(20_000)

export async function benchMemos(): Promise<Row[]> {
  return inNewFolder(measureIn)
}

async function measureIn(folder: string): Promise<Row[]> {
  const codebase = await Codebase.init(folder, { clock: Date.now, author: 'bench' })
  const level = new Level<string, Uint8Array>(path.join(folder, 'raw'), { valueEncoding: 'view' })
  const { references, objects } = definitions(TRIVIAL)
  const padding = definitions(`const main = (index) => '${PADDING}' + index`)
  const all = new Map([...objects, ...padding.objects])
  const executor = makeExecutor(all, { memo: codebase.memo })
  const call = (reference: Reference, args: readonly never[], memo: boolean, on: Executor = executor) =>
    on.run({ reference, args, allow: EVERYTHING, memo })
  const main = references['main'] as Reference
  const large = padding.references['main'] as Reference
  const order = [{ id: 'a-1701', prices: [3, 14, 15, 92] }] as never[]
  await call(main, order, true)
  for (let index = 0; index < ENTRIES; index++) {
    const { record } = await call(large, [index as never], true)
    await level.put(`${index}`, new TextEncoder().encode(PADDING + (record?.args.length ?? 0)))
  }
  let next = 0
  const us = await inTurns(
    {
      memory: { calls: 50, run: () => call(main, order, true) },
      fresh: { calls: 50, run: () => call(main, order, false) },
      disk: { calls: 50, run: () => call(large, [(next++ % ENTRIES) as never], true) },
      level: { calls: 50, run: () => level.get(`${next++ % ENTRIES}`) },
    },
    25,
  )
  await closeExecutors()
  await codebase.close()
  await level.close()
  return [
    compared(
      'a known outcome, from memory',
      { us: us.memory },
      { name: 'the fresh call', us: us.fresh, goal: { most: 0.5 } },
    ),
    compared(
      'a known outcome of 20 KB, from disk',
      { us: us.disk },
      { name: '`level`, a get of as much', us: us.level, goal: { most: 3 } },
    ),
  ]
}
