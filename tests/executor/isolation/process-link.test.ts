// Worker processes: the contract, what the process may not do as it finds out itself, and what its
// host makes of answers that are none.

import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  checkProcessIsolation,
  startConfined,
  startProcess,
} from '../../../executor/isolation/process-link.ts'
import type { StintReply, TaskDone } from '../../../executor/stint.ts'
import { start, testWorkerLink } from '../../contracts/worker-link.ts'
import { PERMITS } from '../sandboxes.ts'
import { temporaryFolder } from '../../support/temporary.ts'

testWorkerLink('a process', startProcess)

const PROBE = path.join(import.meta.dirname, 'probe.ts')
const setup = { permits: PERMITS, maximumMemoryBytes: 128 * 1024 * 1024, atHand: [] }

/** What the probe answers to a task whose arguments are `args`; `ended` when it is given up. */
async function probe(args: object): Promise<TaskDone | 'ended'> {
  const { promise, resolve } = Promise.withResolvers<TaskDone | 'ended'>()
  const events = {
    onDone: ([done]: readonly TaskDone[]) => resolve(done as TaskDone),
    onEnd: () => resolve('ended'),
  }
  const link = startConfined(PROBE, { setup, events, files: [PROBE] })
  link.post([{ sequence: 1, stint: start(1, '', { args: JSON.stringify(args) }), timeMs: 60_000 }])
  try {
    return await promise
  } finally {
    await link.terminate()
  }
}

test('a process is denied files, network, processes, threads, addons, and an environment', async () => {
  const folder = temporaryFolder()
  const secret = path.join(folder, 'identity')
  writeFileSync(secret, 'secret')
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  process.env['MYCEL_SECRET'] = 'secret'
  const done = (await probe({ secret, written: path.join(folder, 'written'), port })) as TaskDone
  server.close()
  const found = JSON.parse(((done.result as StintReply).reply as { text: string }).text)
  const denied = Object.entries(found.tried as Record<string, string>).filter(
    ([, result]) => result === 'ERR_ACCESS_DENIED' || result === 'ERR_DLOPEN_DISABLED',
  )
  assert.equal(
    denied.map(([what]) => what),
    [
      'read a file',
      'list a folder',
      'write a file',
      'connect',
      'listen',
      'look up a name',
      'send a datagram',
      'start a process',
      'start a thread',
      'use WASI',
      'load an addon',
      'open the inspector',
    ],
  )
  assert.equal(Object.keys(found.tried).length, denied.length)
  assert.equal(
    found.environment.filter((name: string) => name !== 'PWD'),
    [],
  )
  assert.is(found.folder, '/')
  if (process.platform === 'linux') assert.is(found.hugeBuffer, 'RangeError')
})

for (const [what, answer] of [
  ['text', 'hello'],
  ['null', null],
  ['another task', { sequence: 2, result: 'unknown-image' }],
  ['the lack of a program that came along', { sequence: 1, result: 'unknown-image' }],
  ['no reply', { sequence: 1, result: { used: 1, heapBytes: 1, ms: 1, trace: [] } }],
  [
    'an unknown stop',
    { sequence: 1, result: { reply: { stop: 'x' }, used: 1, heapBytes: 1, ms: 1, trace: [] } },
  ],
  [
    'an amount that is none',
    { sequence: 1, result: { reply: { text: 'v1' }, used: -1, heapBytes: 1, ms: 1, trace: [] } },
  ],
  [
    'a trace of objects',
    { sequence: 1, result: { reply: { text: 'v1' }, used: 1, heapBytes: 1, ms: 1, trace: [{}] } },
  ],
  [
    'a parked state that is none',
    { sequence: 1, result: { reply: { text: 'c' }, used: 1, heapBytes: 1, ms: 1, trace: [], parked: {} } },
  ],
] as const) {
  test(`a process that answers with ${what} is given up`, async () => {
    assert.is(await probe({ answer }), 'ended')
  })
}

test('what a process answers is cut to the bounds of its call', async () => {
  const reply = { text: `v"${'x'.repeat(2e6)}"` }
  const answer = {
    sequence: 1,
    result: { reply, used: 1e300, heapBytes: 1, ms: 1, trace: ['y'.repeat(1e5)], more: 1 },
  }
  const { result } = (await probe({ answer })) as TaskDone
  const { trace, used, ...rest } = result as StintReply
  assert.equal(rest, { reply: { stop: 'output' }, heapBytes: 1, ms: 1 })
  assert.is(trace[0]?.length, 10_000)
  assert.is(used, 50_000_000)
})

test('checkProcessIsolation() finds this Node able to confine', () => {
  checkProcessIsolation()
})

test.run()
