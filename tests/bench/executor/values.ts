// Values across the boundary: arrays of 1 MB to a function that gives them back.

import { type Value, valueToJson } from '#codebase'
import { EVERYTHING } from '#executor'
import { callArguments } from '../../../executor/arguments.ts'
import { closeExecutors, definitions, makeExecutor } from '../../executor/executors.ts'
import type { Row } from '../measure.ts'
import { call, makeStints, programOf } from './programs.ts'
import { inTurns, time, verdict, digits } from './turns.ts'

const IDENTITY = 'const main = (x) => x'

/** Each takes about 1 MB of JSON. */
const SUBJECTS: Readonly<Record<string, Value>> = {
  'whole numbers': Array.from({ length: 150_000 }, (_, index) => (index * 7919) % 1_000_000),
  floats: Array.from({ length: 55_000 }, (_, index) => Math.sqrt(index + 1)),
  objects: Array.from({ length: 17_000 }, (_, index) => ({
    id: index,
    name: `item ${index % 97}`,
    isNew: index % 2 === 0,
    x: index / 4,
  })),
  strings: Array.from({ length: 80_000 }, (_, index) => `text ${index}`),
  bytes: Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251),
}

export async function benchValues(): Promise<Row[]> {
  const { references, objects } = definitions(IDENTITY)
  const executor = makeExecutor(objects)
  const program = await programOf(IDENTITY)
  const stints = makeStints()
  const rows: Row[] = []
  for (const [title, value] of Object.entries(SUBJECTS)) {
    const json = JSON.stringify(valueToJson([value]))
    const { crossing } = callArguments([value])
    const request = {
      reference: references['main'] as never,
      args: [value],
      allow: EVERYTHING,
      memo: false,
    } as const
    const us = await inTurns(
      {
        run: { calls: 1, run: () => executor.run(request) },
        guest: { calls: 1, run: () => call(stints, program, crossing) },
        clone: { calls: 1, run: () => structuredClone(structuredClone(value)) },
        json: { calls: 1, run: () => JSON.stringify(JSON.parse(json)) },
      },
      7,
    )
    rows.push({
      what: `1 MB of ${title} (${(json.length / 1e6).toFixed(2)} MB of JSON), there and back`,
      figure: `${time(us.run)}, of that in the sandbox ${time(us.guest)}`,
      peer: `JSON.parse and stringify in Node: ${time(us.json)}; structuredClone twice: ${time(us.clone)}`,
      ratio: `${digits(us.run / us.json)} ×; ${digits(us.run / 1000)} ms${verdict(us.run / 1000, { most: 20 })}`,
    })
  }
  await closeExecutors()
  return rows
}
