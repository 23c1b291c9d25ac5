// A worker thread as its host reaches it: messages, and words of shared memory for what must be
// heard while a guest runs.

import { Worker } from 'node:worker_threads'
import { EXECUTOR_LIMITS } from '../limits.ts'
import type { WorkerSetup } from '../stint.ts'
import { packPosted, type Packed, unpackDone } from './packing.ts'
import { type CompiledEngine, type ThreadSetup, WORDS } from './thread-words.ts'
import type { WorkerEvents, WorkerLink } from './worker-link.ts'

/** The worker beside this file: a source in a checkout, built in the published package. */
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './thread-worker.ts' : './thread-worker.js',
  import.meta.url,
)

/** The engine, once a thread has compiled it: later ones start faster by it, and share what is made of it while it runs. */
let engine: WebAssembly.Module | undefined

/** The engine that threads share; undefined until one has compiled it. */
export function sharedEngine(): WebAssembly.Module | undefined {
  return engine
}

/** Starts a worker thread. */
export function startThread(setup: WorkerSetup, events: WorkerEvents): WorkerLink {
  const words = new Int32Array(new SharedArrayBuffer(4 * WORDS.count))
  const workerData: ThreadSetup = { ...setup, words: words.buffer as SharedArrayBuffer, engine }
  const worker = new Worker(ENTRY, {
    name: 'mycel sandbox',
    workerData,
    env: {},
    resourceLimits: { stackSizeMb: EXECUTOR_LIMITS.threadStackMb },
  })
  worker.on('message', (message: Packed | CompiledEngine) => {
    if ('engine' in message) engine = message.engine
    else events.onDone(unpackDone(message))
  })
  worker.on('error', () => events.onEnd())
  let isKept = true
  return {
    get current() {
      return Atomics.load(words, WORDS.current)
    },
    post(items) {
      worker.postMessage(packPosted(items))
      Atomics.add(words, WORDS.posts, 1)
      Atomics.notify(words, WORDS.posts)
    },
    interrupt: (sequence) => void Atomics.store(words, WORDS.interrupted, sequence),
    retract(after, upTo) {
      Atomics.store(words, WORDS.retractedUpTo, upTo)
      Atomics.store(words, WORDS.retractedAfter, after)
    },
    keepAlive(isAwaited) {
      if (isAwaited === isKept) return
      isKept = isAwaited
      worker[isAwaited ? 'ref' : 'unref']()
    },
    async terminate() {
      worker.removeAllListeners()
      await worker.terminate()
    },
  }
}
