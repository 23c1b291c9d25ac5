// A Node of its own, for flags of V8: runs a kernel whenever it reads the name of one, and writes
// its milliseconds and result.

import { createInterface } from 'node:readline'
import { KERNELS } from './kernel-texts.js'

createInterface({ input: process.stdin }).on('line', (name) => {
  const before = performance.now()
  const result = KERNELS[name]()
  console.log(JSON.stringify({ ms: performance.now() - before, result }))
})
