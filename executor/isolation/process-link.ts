// A worker process as its host reaches it: over IPC alone, one task at a time. The process may read
// the program that it runs and nothing else: no other file, no network, no process, no thread, no
// addon, an empty environment, bounded memory. What it sends is checked before it is believed.

import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { KnownError } from '#codebase'
import { EXECUTOR_LIMITS } from '../limits.ts'
import type { Task, WorkerSetup } from '../stint.ts'
import { readTaskDone } from './task-done.ts'
import type { Posted, WorkerEvents, WorkerLink } from './worker-link.ts'

const isSource = import.meta.url.endsWith('.ts')
const FOLDER = path.join(import.meta.dirname, '..')
const ENTRY = path.join(import.meta.dirname, isSource ? 'process-worker.ts' : 'process-worker.js')

/** The folder of a package that the worker loads, found by a module of it. */
function packageFolder(name: string, specifier = name): string {
  const file = fileURLToPath(import.meta.resolve(specifier))
  const folder = path.join('node_modules', ...name.split('/'))
  return file.slice(0, file.lastIndexOf(folder) + folder.length)
}

/** All that the worker may read: this folder, two packages, and the manifest that says what this folder's files are. */
function readable(): string[] {
  const engine = '@jitl/quickjs-wasmfile-release-sync'
  return [
    path.join(FOLDER, '/'),
    path.join(FOLDER, '../package.json'),
    path.join(packageFolder('lru-cache'), '/'),
    path.join(packageFolder(engine, `${engine}/wasm`), '/'),
  ]
}

/** Whether worker processes can be confined here. @throws KnownError usage `isolation-unavailable` when not */
export function checkProcessIsolation(): void {
  const isConfined = process.allowedNodeEnvironmentFlags.has('--allow-net') && process.platform !== 'win32'
  if (isConfined) return
  const message = `Cannot isolate by process under Node ${process.versions.node} on ${process.platform}`
  throw new KnownError(
    'usage',
    'isolation-unavailable',
    `${message}, expected Node 25 or later, not on Windows`,
    {
      hint: 'Node 25 is the first that can deny the network to a process; --isolation thread works everywhere',
    },
  )
}

/** What the shell bounds before it becomes the worker: its stack must be had, the rest is as much as the system can. */
function shellBounds(): string {
  const { processStackMb, processDataBytes } = EXECUTOR_LIMITS
  const bounds = [
    `ulimit -s ${(processStackMb + 4) * 1024} || exit 1`,
    'ulimit -c 0',
    'ulimit -f 0',
    'ulimit -n 64',
  ]
  if (process.platform === 'linux') bounds.push(`ulimit -d ${processDataBytes / 1024}`)
  return `${bounds.join('; ')}; exec "$@"`
}

/** The command that runs `entry` with no permission but to read `files`. */
function confined(entry: string, files: readonly string[]): readonly string[] {
  return [
    '-c',
    shellBounds(),
    'sh',
    process.execPath,
    '--permission',
    ...files.map((file) => `--allow-fs-read=${file}`),
    `--stack-size=${EXECUTOR_LIMITS.processStackMb * 1024}`,
    `--max-old-space-size=${EXECUTOR_LIMITS.processHeapMb}`,
    '--disallow-code-generation-from-strings',
    '--no-warnings',
    entry,
  ]
}

/** Starts a worker process. */
export function startProcess(setup: WorkerSetup, events: WorkerEvents): WorkerLink {
  return startConfined(ENTRY, { setup, events, files: readable() })
}

export interface Confined {
  readonly setup: WorkerSetup
  readonly events: WorkerEvents
  /** Files, and folders with a slash at their end, that may be read. */
  readonly files: readonly string[]
}

/** Starts the program in the file `entry` as a worker process. */
export function startConfined(entry: string, { setup, events, files }: Confined): WorkerLink {
  const child = spawn('/bin/sh', confined(entry, files), {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const queue: Posted[] = []
  let isOver = false
  let underWay: Task | undefined
  const keepAlive = (isAwaited: boolean): void => {
    child[isAwaited ? 'ref' : 'unref']()
    child.channel?.[isAwaited ? 'ref' : 'unref']()
  }
  const send = (message: object): void => void child.send(message, () => {}) // a broken channel ends the child
  const end = (): void => {
    if (isOver) return
    isOver = true
    child.kill('SIGKILL')
    events.onEnd()
  }
  const next = (): void => {
    while (!underWay && queue.length > 0) {
      const item = queue.shift() as Posted
      if (!('kind' in item)) underWay = item
      send([item])
    }
  }
  child.on('message', (message) => {
    if (isOver) return
    const done = underWay && readTaskDone(message, underWay)
    if (!done) return end()
    underWay = undefined
    next()
    events.onDone([done])
  })
  child.on('error', end)
  child.on('close', end)
  send(setup)
  return {
    get current() {
      return underWay?.sequence ?? 0
    },
    post(items) {
      queue.push(...items)
      next()
    },
    interrupt() {},
    retract(after, upTo) {
      const isWithdrawn = (item: Posted): boolean =>
        !('kind' in item) && item.sequence > after && item.sequence <= upTo
      queue.splice(0, queue.length, ...queue.filter((item) => !isWithdrawn(item)))
    },
    keepAlive,
    async terminate() {
      isOver = true
      keepAlive(true)
      child.kill('SIGKILL')
      await ended
    },
  }
}
