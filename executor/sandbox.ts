// One instance of the engine: boots the guest runtime, loads programs, calls into it within fuel
// and memory, and is put back to an image before every call. Values cross as text, or as their canonical
// bytes where they are plain data. What crosses is freed once it has, so that a run's heap is its own; the
// rest an image reclaims at once.

import {
  type EngineHost,
  type EngineInstance,
  instantiateEngine,
  LAYOUT,
  type Pointer,
  readText,
} from './engine.ts'
import { EngineContext, GuestError } from './engine-context.ts'
import { type Image, type Parked, restoreImage, restoreParked, takeImage, takeParked } from './image.ts'
import { EXECUTOR_LIMITS } from './limits.ts'
import { readValue } from './read-value.ts'
import { Transfer } from './transfer.ts'
import { buildValue } from './write-value.ts'

/**
 * What stopped a guest that did not end by itself. `interrupted`: whoever supervises it wanted
 * that; `trap`: a fault of the engine, after which the sandbox is dropped.
 */
export type Stop = 'fuel' | 'memory' | 'output' | 'interrupted' | 'trap'

/** A value on its way into a sandbox: as JSON with `$` forms, or plain data as its canonical bytes. */
export type Crossing = string | Uint8Array

/** What a call came to: the reply of the guest's runtime, or what stopped it, or a fault of ours in that runtime. */
export type Reply =
  | {
      readonly text: string
      /** Of the reply `v`: the value, encoded, unless it stands in the text as JSON. */
      readonly value?: Uint8Array
    }
  | { readonly stop: Stop }
  | { readonly fault: string }

/** Bounds on a call into the sandbox. */
export interface CallBounds {
  /** Steps left. */
  readonly fuel: number
  readonly memoryBytes: number
  readonly outputBytes: number
}

/** What a sandbox needs of the thread that it runs on. */
export interface SandboxPowers {
  readonly engine: WebAssembly.Module
  readonly maximumMemoryBytes: number
  /** Text of a module of the guest's runtime. */
  guestModule(name: string): string
  /** Permits as JSON: `{ permitted: [global…], denied: { holder: [member…] } }`. */
  readonly permits: string
  /** True when whoever supervises the run wants it ended; asked every million steps. */
  isInterrupted(): boolean
  /** Takes a line that the guest's console wrote. */
  trace(line: string): void
}

/** Functions of the guest's runtime (guest/main.js) that the host calls. */
const ENTRIES = ['load', 'start', 'answer', 'fail', 'settle', 'stopAt', 'go', 'fork'] as const
/** What else the host takes of it: values to know plain data by, and a function that makes what the host does not. */
const PARTS = ['samples', 'make'] as const
export type Entry = (typeof ENTRIES)[number]
/** Entries whose texts are values, so that what is large in them can go another way. */
const PACKED_ENTRIES: ReadonlySet<Entry> = new Set(['start', 'answer', 'go'])

/** What the guest's runtime is given at its start, in this order (guest/main.js, `install`). */
const HOST_FUNCTIONS = { trace: 1, scan: 2, bytes: 3, fill: 4, read: 5 } as const
/** What the engine calls a program in stack texts. */
export const PROGRAM_FILE = 'program'
/** Steps between two looks at what the supervisor wants: some 5 ms. */
const STEPS_PER_LOOK = 1_000_000
const ALL_JOBS = -1
const EVALUATE_MODULE = 1
const EVALUATE_STRICT = 1 << 3

export class Sandbox {
  readonly #powers: SandboxPowers
  readonly #instance: EngineInstance
  readonly #transfer: Transfer
  #runtime: Pointer = 0
  #engine: EngineContext
  #entries: Readonly<Record<string, Pointer>> = {}
  #bounds: CallBounds = {
    fuel: Number.MAX_SAFE_INTEGER,
    memoryBytes: Number.MAX_SAFE_INTEGER,
    outputBytes: 0,
  }
  /** Steps that are not in the engine's counter yet. */
  #reserve = Number.MAX_SAFE_INTEGER
  #stop: Stop | undefined
  /** The value that the guest gave, encoded. */
  #value: Uint8Array | undefined

  constructor(powers: SandboxPowers) {
    this.#powers = powers
    const host: EngineHost = {
      refuel: () => this.#refuel(),
      grow: (bytes) => this.#grow(bytes),
      callHost: (id, count, args) => this.#callHost(id, count, args),
      moduleText: (name) => powers.guestModule(name),
    }
    this.#instance = instantiateEngine(powers.engine, { maximumBytes: powers.maximumMemoryBytes, host })
    this.#engine = new EngineContext(this.#instance, 0)
    this.#transfer = new Transfer(this.#instance)
  }

  /** True while its memory is as large as a new sandbox's: only then does a call in it end like one in any other. */
  get isReusable(): boolean {
    return this.#stop !== 'trap' && this.#instance.memory.buffer.byteLength === LAYOUT.initialPages * 65536
  }

  /** Steps taken since the last call began; all that it was given when it ran out of them. */
  get used(): number {
    return this.#bounds.fuel - Math.max(0, this.#reserve + this.#instance.counter.value)
  }

  /** Bytes that the guest's heap spans. */
  get heapBytes(): number {
    return this.#view().getUint32(LAYOUT.heapTopAddress, true) - this.#instance.heapBase
  }

  /** All of its memory as it is now. */
  get memory(): ArrayBuffer {
    return this.#instance.memory.buffer
  }

  /** Starts the engine and the guest's runtime: what every program's image begins with. */
  boot(): Image {
    const { functions } = this.#instance
    this.#runtime = functions.newRuntime()
    this.#engine = new EngineContext(this.#instance, functions.newContext(this.#runtime, 0))
    functions.setMaxStackSize(this.#runtime, EXECUTOR_LIMITS.stackBytes)
    functions.enableModuleLoader(this.#runtime, 0)
    const runtime = this.#engine.evaluate(this.#powers.guestModule('main.js'), 'main.js', EVALUATE_MODULE)
    functions.disableModuleLoader(this.#runtime)
    this.#entries = Object.fromEntries(
      [...ENTRIES, ...PARTS].map((name) => [name, this.#engine.property(runtime, name)]),
    )
    const hostFunctions = Object.entries(HOST_FUNCTIONS).map(([name, id]) =>
      functions.newFunction(this.#engine.context, this.#engine.text(name), 1, 0, id),
    )
    const install = this.#engine.property(runtime, 'install')
    this.#engine.check(
      this.#engine.call(install, [this.#engine.string(this.#powers.permits), ...hostFunctions]),
    )
    return this.snapshot()
  }

  /** Evaluates a program (the text of a function that takes the runtime) into the booted runtime. */
  load(program: string, bounds: CallBounds): Reply {
    return this.#guarded(bounds, () => {
      const factory = this.#engine.evaluate(program, PROGRAM_FILE, EVALUATE_STRICT)
      return this.#reply(this.#engine.call(this.#entries['load'] as Pointer, [factory]))
    })
  }

  /** Calls an entry of the guest's runtime, and runs the jobs of promises if it asks for that. */
  call(entry: Entry, args: readonly Crossing[], bounds: CallBounds): Reply {
    return this.#guarded(bounds, () => {
      this.#transfer.begin(bounds.outputBytes)
      const isPacked = PACKED_ENTRIES.has(entry)
      const values = args.map((each) =>
        typeof each === 'string'
          ? this.#engine.string(isPacked ? this.#transfer.pack(each) : each)
          : this.#build(each),
      )
      const reply = this.#reply(this.#engine.call(this.#entries[entry] as Pointer, values))
      if (reply !== 'w') return reply
      this.#runJobs()
      return this.#reply(this.#engine.call(this.#entries['settle'] as Pointer, []))
    })
  }

  snapshot(): Image {
    const roots = { runtime: this.#runtime, context: this.#engine.context, entries: this.#entries }
    return takeImage(this.#instance, roots)
  }

  /** Puts every byte back to the image: nothing of what ran before is left. */
  restore(image: Image): void {
    restoreImage(this.#instance, image)
    this.#runtime = image.roots.runtime
    if (this.#engine.context !== image.roots.context)
      this.#engine = new EngineContext(this.#instance, image.roots.context)
    this.#entries = image.roots.entries
    this.#stop = undefined
  }

  /** What this sandbox, in which nothing is running, differs by from the image that it began with. */
  park(image: Image): Parked {
    return takeParked(this.#instance, image)
  }

  /** Goes on where another sandbox was parked. */
  unpark(image: Image, parked: Parked): void {
    this.restore(image)
    restoreParked(this.#instance, image, parked)
  }

  #guarded(bounds: CallBounds, run: () => string): Reply {
    this.#bounds = bounds
    this.#stop = undefined
    this.#value = undefined
    this.#reserve = bounds.fuel
    this.#fillCounter()
    try {
      const text = run()
      this.#checkHeap()
      return this.#value && text === 'v' ? { text, value: this.#value } : { text }
    } catch (error) {
      if (error instanceof GuestError) return { fault: error.message }
      this.#stop = error instanceof Stopped ? error.stop : 'trap'
      return { stop: this.#stop }
    }
  }

  /** Goes on with the steps that are left, unless there are none or other bounds are passed. */
  #refuel(): void {
    this.#reserve += this.#instance.counter.value
    if (this.#reserve < 0) throw new Stopped('fuel')
    this.#fillCounter()
    this.#checkHeap()
    if (this.#powers.isInterrupted()) throw new Stopped('interrupted')
  }

  #fillCounter(): void {
    this.#instance.counter.value = Math.min(this.#reserve, STEPS_PER_LOOK)
    this.#reserve -= this.#instance.counter.value
  }

  #grow(bytes: number): void {
    if (bytes - this.#instance.heapBase > this.#bounds.memoryBytes) throw new Stopped('memory')
  }

  #checkHeap(): void {
    if (this.heapBytes > this.#bounds.memoryBytes) throw new Stopped('memory')
  }

  /** Runs the jobs of promises, in order, until none is left. */
  #runJobs(): void {
    const { functions } = this.#instance
    const lastContext = functions.malloc(4)
    while (functions.isJobPending(this.#runtime) !== 0) {
      functions.executePendingJob(this.#runtime, ALL_JOBS, lastContext)
    }
  }

  #callHost(id: number, count: number, args: Pointer): Pointer {
    if (count < 1) return 0
    const { functions } = this.#instance
    const argument = (index: number): Pointer => functions.argumentAt(args, index)
    const number = (index: number): number => functions.getFloat64(this.#engine.context, argument(index))
    const { trace, scan, bytes, fill, read } = HOST_FUNCTIONS
    const place = (came: number | 'too-large'): Pointer => {
      if (came === 'too-large') throw new Stopped('output')
      return functions.newFloat64(this.#engine.context, came)
    }
    if (id === scan) return place(this.#transfer.scan(argument(0)))
    if (id === bytes) return place(this.#transfer.bytes(argument(0), number(1)))
    if (id === fill) this.#transfer.fill(number(1), argument(0))
    if (id === read) return functions.newFloat64(this.#engine.context, this.#read(argument(0)) ? 1 : 0)
    return id === trace ? this.#trace(argument(0)) : 0
  }

  /** Takes the value that the guest gives, when it is plain data. */
  #read(value: Pointer): boolean {
    const samples = this.#entries['samples'] as Pointer
    const { outputBytes } = this.#bounds
    const { bytes, steps } = readValue(this.#instance, {
      runtime: this.#runtime,
      samples,
      value,
      outputBytes,
    })
    this.#instance.counter.value -= steps
    if (bytes === 'too-large') throw new Stopped('output')
    this.#value = bytes
    return bytes !== undefined
  }

  /** A value that the guest is given. */
  #build(bytes: Uint8Array): Pointer {
    const make = (what: string | number): Pointer => {
      const { functions } = this.#instance
      const given =
        typeof what === 'string'
          ? this.#engine.string(what)
          : functions.newFloat64(this.#engine.context, what)
      return this.#engine.check(this.#engine.call(this.#entries['make'] as Pointer, [given]))
    }
    const samples = this.#entries['samples'] as Pointer
    const { handle, steps } = buildValue(this.#instance, { runtime: this.#runtime, samples, bytes, make })
    this.#instance.counter.value -= steps
    return handle
  }

  #trace(value: Pointer): 0 {
    const { functions } = this.#instance
    const at = functions.getString(this.#engine.context, value)
    const line = at === 0 ? undefined : readText(this.#instance, at, EXECUTOR_LIMITS.traceLineLength * 4)
    if (at !== 0) functions.freeText(this.#engine.context, at)
    this.#powers.trace(line ?? '…')
    return 0
  }

  /** The text of a reply. */
  #reply(value: Pointer): string {
    const { functions } = this.#instance
    const at = functions.getString(this.#engine.context, this.#engine.check(value))
    if (at === 0) throw new Stopped('memory')
    const text = readText(this.#instance, at, this.#bounds.outputBytes)
    if (text === undefined) throw new Stopped('output')
    functions.freeText(this.#engine.context, at)
    functions.freeValue(this.#engine.context, value)
    const whole = this.#transfer.unpack(text)
    if (whole !== text && Buffer.byteLength(whole) > this.#bounds.outputBytes) throw new Stopped('output')
    return whole
  }

  #view(): DataView {
    return new DataView(this.#instance.memory.buffer)
  }
}

/** Thrown through the engine to end a guest at once: whatever state that leaves, the next restore replaces. */
class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly stop: Stop

  constructor(stop: Stop) {
    super(stop)
    this.stop = stop
  }
}
