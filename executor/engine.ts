// The engine: one build of QuickJS as WebAssembly, pinned by its SHA-256 and given no host but
// this file. No clock, time zone, environment, file or console of the machine reaches a guest, so
// that one call has one outcome everywhere. The import and export names belong to this build.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { COUNTER, meterModule } from './meter.ts'

/** SHA-256 in hex of the engine as its package has it. */
const PACKAGE_SHA256 = '105c3bed22d457e43e3d1c3c1c6959fda62a8fe06f0fc8a985303c3a2be72232'

/** SHA-256 in hex of the engine as it runs, metered: what floats, fuel and error texts mean. */
export const ENGINE_SHA256 = '8000cb6316734a3529609bdcf03074cf5163287b7df98cc4636663a21d087d42'

/** Facts about the memory of this build; tests/executor/engine.test.ts finds each of them anew. */
export const LAYOUT = Object.freeze({
  /** Memory at the start, in pages of 64 KiB; also the least that a sandbox takes. */
  initialPages: 256,
  /** Bytes of the C stack, which ends where the heap begins. */
  cStackBytes: 5 * 1024 * 1024,
  /** Address of libc's `sbrk` word: the top of the heap, below which everything live stands. */
  heapTopAddress: 86864,
})

/** How this build holds arrays and numbers in memory; the same test finds that it does. Offsets are in bytes. */
export const ARRAY_LAYOUT = Object.freeze({
  /** Of an object: a byte of flags, the class as 16 bits, its shape, its first property's value. */
  flags: 5,
  /** Set when the items stand in a row of values, none of them an accessor or missing. */
  fastFlag: 8,
  class: 6,
  arrayClass: 2,
  bytesClass: 23,
  shape: 20,
  properties: 24,
  /** Of an array whose items stand in a row, or of a Uint8Array: where, and how many. */
  items: 36,
  itemCount: 40,
  /** Of a shape: how many properties besides such items it describes, `length` included. */
  propertyCount: 32,
  /** The upper word of a value: tags are small numbers, -9 to 7; anything else is of a float, plus this. */
  objectTag: -1,
  intTag: 0,
  firstTag: -9,
  floatTag: 8,
  floatAddend: 0x7ff8000a,
})

/** A pointer into the engine's memory; 0 is null. */
export type Pointer = number

/** What the engine asks of its host while a guest runs. */
export interface EngineHost {
  /** Called when the counter of fuel has fallen below 0: sets it anew, or throws to end the guest. */
  refuel(): void
  /** Memory is about to grow so that it holds `bytes`; throws to end the guest. */
  grow(bytes: number): void
  /** A guest calls the host function `id`; `argument` points to the array of its arguments. Answers a value, 0 for undefined. */
  callHost(id: number, argumentCount: number, args: Pointer): Pointer
  /** Text of a module that the guest's own runtime imports; undefined when there is none. */
  moduleText(name: string): string | undefined
}

/** The import that the engine asks whether to go on, which its meter calls. */
const IMPORT_REFUEL = 'i'

/** How this build is metered: `js_poll_interrupts` is what its interpreter calls for each call and jump. */
export const METERING = Object.freeze({ askHost: IMPORT_REFUEL, poll: 127 })

type Native = (...args: number[]) => number

/** The functions of this build that are used, by the names that C knows them by. */
const EXPORTS = {
  runConstructors: 'u',
  malloc: 'v',
  free: 'M',
  freeValue: 'P',
  freeText: 'S',
  setMaxStackSize: 'D',
  getUndefined: 'E',
  newRuntime: 'K',
  newContext: 'N',
  newFloat64: 'Y',
  getFloat64: 'Z',
  newString: '_',
  getString: '$',
  isJobPending: 'fa',
  executePendingJob: 'ga',
  getProperty: 'ha',
  call: 'ma',
  resolveException: 'na',
  dump: 'oa',
  evaluate: 'pa',
  newFunction: 'Da',
  argumentAt: 'Ea',
  enableModuleLoader: 'Ha',
  disableModuleLoader: 'Ia',
  restoreStack: 'Ma',
  saveStack: 'Oa',
} as const

export type EngineFunctions = { readonly [name in keyof typeof EXPORTS]: Native }

/** One instance of the engine: its memory and its functions. */
export interface EngineInstance {
  readonly memory: WebAssembly.Memory
  readonly functions: EngineFunctions
  /** Steps left until the host is asked to refuel (executor/meter.ts). */
  readonly counter: { value: number }
  /** Where the C stack begins (it grows down) and the heap ends up above. */
  readonly heapBase: number
}

/** Bytes of an engine that are not the pinned ones: an installation that is damaged or of another version. */
export class EngineMismatchError extends Error {
  override readonly name = 'EngineMismatchError'
}

/** Reads, meters and compiles the engine. @throws EngineMismatchError when its bytes are not the pinned ones */
export function compileEngine(): WebAssembly.Module {
  const file = fileURLToPath(import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'))
  const metered = meterModule(pinned(readFileSync(file), PACKAGE_SHA256), METERING)
  return new WebAssembly.Module(pinned(metered, ENGINE_SHA256))
}

function pinned(bytes: Uint8Array, expected: string): Uint8Array {
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (digest === expected) return bytes
  throw new EngineMismatchError(`Cannot load engine: SHA-256 is ${digest}, expected ${expected}`)
}

/** Where the modules of the guest's runtime are. */
export const GUEST_FOLDER = new URL('./guest/', import.meta.url)

/** Reads a module of the guest's runtime by name. */
export function readGuestModule(name: string): string {
  return readFileSync(new URL(name, GUEST_FOLDER), 'utf8')
}

/** A new instance whose memory never grows past `maximumBytes`. */
export function instantiateEngine(
  module: WebAssembly.Module,
  options: { readonly maximumBytes: number; readonly host: EngineHost },
): EngineInstance {
  const memory = new WebAssembly.Memory({
    initial: LAYOUT.initialPages,
    maximum: Math.max(LAYOUT.initialPages, Math.ceil(options.maximumBytes / 65536)),
  })
  const functions = {} as Record<keyof EngineFunctions, Native> // filled once the instance is there
  const imports = engineImports({ memory, functions }, options.host)
  const { exports } = new WebAssembly.Instance(module, { a: imports })
  for (const [name, short] of Object.entries(EXPORTS)) {
    functions[name as keyof EngineFunctions] = exports[short] as Native
  }
  const counter = exports[COUNTER] as unknown as { value: number }
  counter.value = 2 ** 31 - 1
  functions.runConstructors()
  return { memory, functions, counter, heapBase: functions.saveStack() }
}

const UTF8 = new TextEncoder()
const FROM_UTF8 = new TextDecoder()

/** What text is written to and read from. */
type TextMemory = Pick<EngineInstance, 'memory' | 'functions'>

/** Copies `text` into the engine as UTF-8 with a closing NUL; whoever asked frees it. */
export function writeText(instance: TextMemory, text: string): { at: Pointer; length: number } {
  const capacity = text.length * 3 + 1
  const at = instance.functions.malloc(capacity)
  if (at === 0) throw new WebAssembly.RuntimeError('out of memory')
  const bytes = new Uint8Array(instance.memory.buffer, at, capacity)
  const length = UTF8.encodeInto(text, bytes).written
  bytes[length] = 0
  return { at, length }
}

/** Reads the NUL-terminated UTF-8 at `at`; undefined when it is longer than `maximumBytes`. */
export function readText(
  instance: Pick<TextMemory, 'memory'>,
  at: Pointer,
  maximumBytes: number,
): string | undefined {
  const bytes = new Uint8Array(instance.memory.buffer)
  const end = bytes.indexOf(0, at)
  return end - at > maximumBytes ? undefined : FROM_UTF8.decode(bytes.subarray(at, end))
}

/** What the engine imports, each pinned to one answer. The short names are this build's. */
function engineImports(
  { memory, functions }: TextMemory,
  host: EngineHost,
): Record<string, WebAssembly.ImportValue> {
  const setWords = (...addresses: number[]): number => {
    const view = new DataView(memory.buffer)
    for (const address of addresses) view.setUint32(address, 0, true)
    return 0
  }
  const abort = (): never => {
    throw new WebAssembly.RuntimeError('the engine aborted')
  }
  return {
    a: memory,
    b: abort, // failed assertion
    q: abort,
    r: abort, // exit
    l: () => 0, // keeps no host loop alive
    j: () => 0, // sets no timer
    m: (_seconds: bigint, tm: number) => new Uint8Array(memory.buffer, tm, 44).fill(0) && 0, // local time is UTC: offset 0
    n: (zone: number, daylight: number, standardName: number, daylightName: number) =>
      setWords(zone, daylight, standardName, daylightName), // no time zone
    p: () => 0, // the clock stands at the epoch
    f: (count: number, bytes: number) => setWords(count, bytes), // no environment
    e: () => 0,
    d: () => 52, // no files: ENOSYS
    o: () => 70,
    c: (_file: number, _vectors: number, _count: number, written: number) => setWords(written), // no console
    k: (bytes: number) => growMemory(memory, bytes >>> 0, host),
    [IMPORT_REFUEL]: () => {
      host.refuel()
      return 0
    },
    s: (_context: number, _self: number, count: number, args: number, id: number) =>
      host.callHost(id, count, args),
    t: () => {}, // a host function was collected: ids are never reused
    h: (_runtime: number, _context: number, name: number) => {
      const text = host.moduleText(readText({ memory }, name, 1024) ?? '')
      return text === undefined ? 0 : writeText({ memory, functions }, text).at
    },
    g: () => 0, // module names are joined by the engine itself
  }
}

/**
 * Grows memory to hold `bytes`. The guest's bound comes first, so that growing fails only when the
 * machine has no memory left: that breaks the call off, for no guest may see how much a machine has.
 */
function growMemory(memory: WebAssembly.Memory, bytes: number, host: EngineHost): number {
  host.grow(bytes)
  try {
    memory.grow(Math.max(0, Math.ceil((bytes - memory.buffer.byteLength) / 65536)))
    return 1
  } catch {
    throw new WebAssembly.RuntimeError('the machine has no memory left')
  }
}
