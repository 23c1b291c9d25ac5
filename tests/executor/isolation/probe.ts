// In the place of the worker process's program, with the same permissions: tries what is denied and
// tells what came of it, or answers as its task's arguments say.

import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { open } from 'node:inspector'
import { connect, createServer } from 'node:net'
import { WASI } from 'node:wasi'
import { Worker } from 'node:worker_threads'

interface Probing {
  readonly answer?: unknown
  readonly secret: string
  readonly written: string
  readonly port: number
}

type Try = () => unknown

/** Settles when what `begin` starts has failed or `event` has come. */
const outcome = (begin: (done: () => void, fail: (error: unknown) => void) => void): Promise<void> =>
  new Promise<void>((resolve, reject) => begin(resolve, reject))

const attempts = ({ secret, written, port }: Probing): Readonly<Record<string, Try>> => ({
  'read a file': () => readFileSync(secret),
  'list a folder': () => readdirSync('/'),
  'write a file': () => writeFileSync(written, 'x'),
  connect: () => outcome((done, fail) => connect(port, '127.0.0.1', done).on('error', fail)),
  listen: () => outcome((done, fail) => createServer().on('error', fail).listen(0, done)),
  'look up a name': () => lookup('localhost'),
  'send a datagram': () =>
    outcome((done, fail) => {
      const socket = createSocket('udp4').on('error', fail)
      socket.send('x', port, '127.0.0.1', (error) => (error ? fail(error) : done()))
    }),
  'start a process': () => execFileSync(process.execPath, ['--version']),
  'start a thread': () => new Worker('', { eval: true }),
  'use WASI': () => new WASI({ version: 'preview1' }),
  'load an addon': () => process.dlopen({ exports: {} } as never, written),
  'open the inspector': () => open(0),
})

async function tryAll(probing: Probing): Promise<object> {
  const tried: Record<string, string> = {}
  for (const [what, act] of Object.entries(attempts(probing))) {
    try {
      await act()
      tried[what] = 'allowed'
    } catch (error) {
      tried[what] = (error as { code?: string }).code ?? String(error)
    }
  }
  return { tried, environment: Object.keys(process.env), folder: process.cwd(), hugeBuffer: tryHugeBuffer() }
}

function tryHugeBuffer(): string {
  try {
    return `${new ArrayBuffer(3_500_000_000).byteLength}`
  } catch (error) {
    return (error as Error).name
  }
}

async function answer(message: unknown): Promise<void> {
  if (!Array.isArray(message)) return // the setup
  const probing = JSON.parse(message[0].stint.args) as Probing
  if ('answer' in probing) {
    process.send?.(probing.answer)
    return
  }
  const text = JSON.stringify(await tryAll(probing))
  const result = { reply: { text }, used: 1, heapBytes: 1, trace: [], ms: 1 }
  process.send?.({ sequence: 1, result })
}

process.on('message', (message) => void answer(message))
