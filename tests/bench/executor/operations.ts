// An operation that a provider answers at once, per yield, beside a message to a thread and back.

import { Worker } from 'node:worker_threads'
import { CLOCK_AT_HAND } from '#abilities'
import { EVERYTHING, type Executor } from '#executor'
import { closeExecutors, definitions, makeExecutor, provider } from '../../executor/executors.ts'
import type { Row } from '../measure.ts'
import { digits, inTurns, time, verdict } from './turns.ts'

const MANY = 2000
const SOURCE = `function* main(count) {
  let sum = 0
  for (let turn = 0; turn < count; turn++) sum += yield* Clock.now()
  return sum
}`

export async function benchOperations(): Promise<Row[]> {
  const { references, objects } = definitions(SOURCE)
  const clock = { ...provider('Clock', {}), atHand: CLOCK_AT_HAND }
  const executor = makeExecutor(objects, { providers: [clock] })
  const run = (count: number): Promise<void> => performMany(executor, references['main'] as never, count)
  const echo = new Worker(
    `require('worker_threads').parentPort.on('message', function (x) { this.postMessage(x) })`,
    {
      eval: true,
    },
  )
  const us = await inTurns(
    {
      many: { calls: 1, run: () => run(MANY) },
      none: { calls: 5, run: () => run(0) },
      echo: { calls: 500, run: () => roundTrip(echo) },
    },
    9,
  )
  await echo.terminate()
  await closeExecutors()
  const each = (us.many - us.none) / MANY
  return [
    {
      what: 'an operation answered at once by a provider, per yield',
      figure: time(each),
      peer: `a message to a thread and back: ${time(us.echo)}`,
      ratio: `${digits(each / us.echo)} ×; ${digits(each)} µs${verdict(each, { most: 10 })}`,
    },
  ]
}

async function performMany(executor: Executor, reference: never, count: number): Promise<void> {
  const { outcome } = await executor.run({ reference, args: [count], allow: EVERYTHING })
  if (outcome.kind !== 'value') throw new Error(`the benchmark's function fails: ${JSON.stringify(outcome)}`)
}

function roundTrip(worker: Worker): Promise<unknown> {
  const answered = new Promise((resolve) => worker.once('message', resolve))
  worker.postMessage(1)
  return answered
}
