// The worker as a process of its own: does one task after the other and answers each. The first
// message is its setup. Its host has taken every permission from it but to read this program.

import { compileEngine } from '../engine.ts'
import type { WorkerSetup } from '../stint.ts'
import { Tasks } from './tasks.ts'
import type { Posted } from './worker-link.ts'

const parent = process.ppid
let tasks: Tasks | undefined

process.on('message', (message) => {
  if (tasks) return perform(message as readonly Posted[])
  tasks = new Tasks({
    engine: compileEngine(),
    setup: message as WorkerSetup,
    atHand: new Map(), // a process that may be taken over answers nothing
    cpuUsage: () => process.cpuUsage(),
    isUnwanted: () => process.ppid !== parent, // the host is gone
  })
})

function perform(items: readonly Posted[]): void {
  for (const item of items) {
    if ('kind' in item) tasks?.drop(item.run)
    else process.send?.(tasks?.perform(item))
  }
  tasks?.prepare()
}
