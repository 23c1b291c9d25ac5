// A thread that calls the trivial function for as long as it is told, and says how often it did.

import { parentPort } from 'node:worker_threads'
import { call, makeStints, programOf, TRIVIAL, TRIVIAL_ARGS } from './programs.ts'

const program = await programOf(TRIVIAL)
const stints = makeStints()
parentPort?.on('message', (ms: number) => {
  const started = performance.now()
  let count = 0
  while (performance.now() - started < ms) {
    call(stints, program, TRIVIAL_ARGS)
    count++
  }
  parentPort?.postMessage(count)
})
parentPort?.postMessage(0)
