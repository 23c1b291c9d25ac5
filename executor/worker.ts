// The worker thread: keeps images and sandboxes and does one stint after the other. It decides
// nothing: bounds come with each stint, and whoever supervises it can end it at any time.

import { parentPort, workerData } from 'node:worker_threads'
import { LRUCache } from 'lru-cache'
import { compileEngine, readGuestModule } from './engine.ts'
import { type Image, imageBytes } from './image.ts'
import { EXECUTOR_LIMITS } from './limits.ts'
import { type CallBounds, type Reply, Sandbox, type SandboxPowers } from './sandbox.ts'
import type { DropStint, StartStint, Stint, StintReply, WorkerSetup } from './stint.ts'

/** An image of a program and what making it took. */
interface ProgramImage {
  readonly image: Image
  readonly fuel: number
}

const setup = workerData as WorkerSetup
const interrupt = new Int32Array(setup.interrupt)
let trace: string[] = []

const powers: SandboxPowers = {
  engine: compileEngine(),
  maximumMemoryBytes: setup.maximumMemoryBytes,
  guestModule: readGuestModule,
  permits: setup.permits,
  isInterrupted: () => Atomics.load(interrupt, 0) !== 0,
  trace: (line) => {
    if (trace.length < EXECUTOR_LIMITS.traceLines) trace.push(line)
  },
}
const runtimeImage = new Sandbox(powers).boot()
const images = new LRUCache<string, ProgramImage>({
  maxSize: EXECUTOR_LIMITS.imageCacheBytes,
  sizeCalculation: ({ image }) => imageBytes(image),
})
const idle: Sandbox[] = []
/** Runs that wait for an answer. */
const waiting = new Map<number, Sandbox>()

function acquire(image: Image): Sandbox {
  const sandbox = idle.pop() ?? new Sandbox(powers)
  sandbox.restore(image)
  return sandbox
}

function release(sandbox: Sandbox): void {
  if (sandbox.isReusable && idle.length < EXECUTOR_LIMITS.idleSandboxes) idle.push(sandbox)
}

/** What came of a call in `sandbox`, which `before` steps went into before. */
function report(sandbox: Sandbox, reply: Reply, before = 0): StintReply {
  return { reply, used: before + sandbox.used, heapBytes: sandbox.heapBytes, trace }
}

/**
 * The program's image. A kept one serves only when making it anew would go through under these
 * bounds too, so that a call ends the same way whether or not its image is kept.
 */
function imageOf(stint: StartStint): ProgramImage | StintReply {
  const { program, bounds } = stint
  const kept = images.get(stint.image)
  if (kept && kept.fuel < bounds.fuel && kept.image.heap.length <= bounds.memoryBytes) return kept
  if (program === undefined) return { reply: 'unknown-image', used: 0, heapBytes: 0, trace }
  const sandbox = acquire(runtimeImage)
  const reply = sandbox.load(program, bounds)
  const isLoaded = 'text' in reply && reply.text === 'v'
  const made = { image: sandbox.snapshot(), fuel: sandbox.used }
  const failed = report(sandbox, reply)
  release(sandbox)
  if (!isLoaded) return failed
  if (made.fuel >= bounds.fuel) return { ...failed, reply: { stop: 'fuel' } }
  images.set(stint.image, made)
  return made
}

function start(stint: StartStint): StintReply {
  const made = imageOf(stint)
  if ('reply' in made) return made
  const bounds: CallBounds = { ...stint.bounds, fuel: stint.bounds.fuel - made.fuel }
  const sandbox = acquire(made.image)
  return proceed(stint.run, sandbox, sandbox.call('start', [stint.reference, stint.args], bounds), made.fuel)
}

/** Keeps the sandbox of a run that waits for an answer; gives up that of any other. */
function proceed(run: number, sandbox: Sandbox, reply: Reply, before = 0): StintReply {
  const reported = report(sandbox, reply, before)
  if ('text' in reply && reply.text.startsWith('o')) waiting.set(run, sandbox)
  else release(sandbox)
  return reported
}

function perform(stint: Stint): StintReply {
  if (stint.kind === 'start') return start(stint)
  const sandbox = waiting.get(stint.run)
  if (!sandbox) throw new RangeError(`Cannot answer run ${stint.run}: it waits for nothing`)
  waiting.delete(stint.run)
  return proceed(stint.run, sandbox, sandbox.call(stint.kind, [stint.json], stint.bounds))
}

parentPort?.on('message', (stint: Stint | DropStint) => {
  if (stint.kind === 'drop') {
    const sandbox = waiting.get(stint.run)
    waiting.delete(stint.run)
    if (sandbox) release(sandbox)
    return
  }
  trace = []
  parentPort?.postMessage(perform(stint))
})
