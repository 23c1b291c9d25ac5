// Fuel: rewrites a WebAssembly module so that it counts its own work. Every turn of every loop takes
// one step off a counter, and copying or filling memory one per 64 bytes; when the counter has run
// out, the module calls the host. So a call takes the same number of steps everywhere, and nothing
// runs long uncounted: the interpreter itself is a loop, and so are the engine's built-in functions.
// Reads the binary format of WebAssembly 2.0 (§5) without vectors.

import { WasmReader, WasmWriter } from './wasm-binary.ts'

/** What a metered module exports its counter as: an i32 global, the steps left until the host is asked. */
export const COUNTER = 'fuel'

/** A module in another form than this file reads. */
export class MeterError extends Error {
  override readonly name = 'MeterError'
}

const SECTION = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const
const I32 = 0x7f
/** Bytes copied or filled in one step, as a power of two. */
const BYTES_PER_STEP_LOG2 = 6

/**
 * The metered form of `module`. When the counter falls below 0, the imported function with the
 * short name `askHost` (i32 → i32) is called with 0; when it returns, the module goes on.
 * @throws MeterError for a module with features that this file doesn't know
 */
export function meterModule(module: Uint8Array, askHost: string): Uint8Array {
  const sections = readSections(module)
  const facts = readFacts(sections, askHost)
  const output = new WasmWriter()
  output.bytes(module.subarray(0, 8))
  for (const { id, content } of sections) {
    output.byte(id)
    output.sized(rewriteSection(id, content, facts))
  }
  return output.take()
}

interface Section {
  readonly id: number
  readonly content: Uint8Array
}

function readSections(module: Uint8Array): Section[] {
  const reader = new WasmReader(module, 8)
  const sections: Section[] = []
  while (!reader.isAtEnd) sections.push({ id: reader.byte(), content: reader.sized() })
  return sections
}

/** What rewriting needs to know of the whole module. */
interface Facts {
  /** Index of the function that is called when the counter has run out. */
  readonly askHost: number
  /** Index of the counter among the globals. */
  readonly counter: number
  /** Number of parameters of each function that the module defines. */
  readonly parameters: readonly number[]
}

function readFacts(sections: readonly Section[], askHost: string): Facts {
  const read = (id: number): WasmReader => {
    const section = sections.find((candidate) => candidate.id === id)
    if (!section) throw new MeterError(`Cannot meter module: it has no section ${id}`)
    return new WasmReader(section.content)
  }
  const types = read(SECTION.type).list((reader) => {
    reader.byte() // 0x60: a function
    const parameters = reader.list(() => reader.byte()).length
    reader.list(() => reader.byte())
    return parameters
  })
  const functions = read(SECTION.import)
    .list(readImport)
    .filter(({ kind }) => kind === 0)
  const index = functions.findIndex(({ name }) => name === askHost)
  if (index < 0) throw new MeterError(`Cannot meter module: it imports no function ${askHost}`)
  return {
    askHost: index,
    counter: read(SECTION.global).unsigned(),
    parameters: read(SECTION.function).list((reader) => types[reader.unsigned()] as number),
  }
}

function readImport(reader: WasmReader): { name: string; kind: number } {
  reader.sized()
  const name = new TextDecoder().decode(reader.sized())
  const kind = reader.byte()
  if (kind === 0) reader.unsigned()
  else if (kind === 2) reader.limits()
  else
    throw new MeterError(
      `Cannot meter module: it imports ${name} of kind ${kind}, expected functions and memory`,
    )
  return { name, kind }
}

function rewriteSection(id: number, content: Uint8Array, facts: Facts): Uint8Array {
  switch (id) {
    case SECTION.global:
      return withOneMore(content, (item) => {
        item.byte(I32)
        item.byte(1) // mutable
        item.bytes([0x41, 0x00, 0x0b]) // i32.const 0; end
      })
    case SECTION.export:
      return withOneMore(content, (item) => {
        item.sized(new TextEncoder().encode(COUNTER))
        item.byte(3) // a global
        item.unsigned(facts.counter)
      })
    case SECTION.code:
      return rewriteCode(content, facts)
    default:
      return content
  }
}

/** A list with another item at its end. */
function withOneMore(content: Uint8Array, write: (item: WasmWriter) => void): Uint8Array {
  const reader = new WasmReader(content)
  const writer = new WasmWriter()
  writer.unsigned(reader.unsigned() + 1)
  writer.bytes(reader.rest())
  write(writer)
  return writer.take()
}

function rewriteCode(content: Uint8Array, facts: Facts): Uint8Array {
  const bodies = new WasmReader(content).list((reader) => reader.sized())
  const writer = new WasmWriter()
  writer.unsigned(bodies.length)
  bodies.forEach((body, index) => writer.sized(rewriteBody(body, facts.parameters[index] as number, facts)))
  return writer.take()
}

/** A function's body that counts, with one local more to count with. */
function rewriteBody(body: Uint8Array, parameters: number, facts: Facts): Uint8Array {
  const reader = new WasmReader(body)
  const locals = reader.list(() => [reader.unsigned(), reader.byte()] as const)
  const scratch = parameters + locals.reduce((sum, [count]) => sum + count, 0)
  const writer = new WasmWriter()
  writer.unsigned(locals.length + 1)
  for (const [count, type] of [...locals, [1, I32] as const]) {
    writer.unsigned(count)
    writer.byte(type)
  }
  while (!reader.isAtEnd) {
    const start = reader.at
    const kind = readInstruction(reader)
    const instruction = body.subarray(start, reader.at)
    if (kind === 'bulk') chargeLength(writer, scratch, facts)
    writer.bytes(instruction)
    if (kind === 'loop') chargeTurn(writer, scratch, facts)
  }
  return writer.take()
}

/** `counter -= 1; if (counter < 0) askHost(0)` */
function chargeTurn(writer: WasmWriter, scratch: number, { counter, askHost }: Facts): void {
  writer.indexed(0x23, counter) // global.get
  writer.bytes([0x41, 0x01, 0x6b]) // i32.const 1; i32.sub
  writer.indexed(0x22, scratch) // local.tee
  writer.indexed(0x24, counter) // global.set
  writer.indexed(0x20, scratch) // local.get
  writer.bytes([0x41, 0x00, 0x48, 0x04, 0x40, 0x41, 0x00]) // i32.const 0; i32.lt_s; if; i32.const 0
  writer.indexed(0x10, askHost) // call
  writer.bytes([0x1a, 0x0b]) // drop; end
}

/** `counter -= length >> 6` for the length on top of the stack, which stays there. */
function chargeLength(writer: WasmWriter, scratch: number, { counter }: Facts): void {
  writer.indexed(0x22, scratch) // local.tee
  writer.indexed(0x23, counter) // global.get
  writer.indexed(0x20, scratch) // local.get
  writer.bytes([0x41, BYTES_PER_STEP_LOG2, 0x76, 0x6b]) // i32.const; i32.shr_u; i32.sub
  writer.indexed(0x24, counter) // global.set
}

/** Reads past one instruction (§5.4): whether it begins a loop, or copies or fills memory. */
function readInstruction(reader: WasmReader): 'loop' | 'bulk' | 'other' {
  const code = reader.byte()
  if (code >= 0x02 && code <= 0x04)
    reader.signed() // block, loop, if: a type
  else if (code === 0x0c || code === 0x0d || code === 0x10 || (code >= 0x20 && code <= 0x26))
    reader.unsigned()
  else if (code === 0x0e) reader.branchTable()
  else if (code === 0x11)
    reader.pair() // call_indirect
  else if (code === 0x1c)
    reader.list(() => reader.byte()) // select with types
  else if (code >= 0x28 && code <= 0x3e)
    reader.pair() // loads and stores
  else if (code === 0x3f || code === 0x40)
    reader.byte() // memory.size, memory.grow
  else if (code === 0x41 || code === 0x42) reader.signed()
  else if (code === 0x43) reader.skip(4)
  else if (code === 0x44) reader.skip(8)
  else if (code === 0xfc) return readPrefixed(reader)
  else if (!isPlain(code))
    throw new MeterError(`Cannot meter module: unknown instruction 0x${code.toString(16)}`)
  return code === 0x03 ? 'loop' : 'other'
}

/** Instructions without operands in the code. */
function isPlain(code: number): boolean {
  return [0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b].includes(code) || (code >= 0x45 && code <= 0xc4)
}

function readPrefixed(reader: WasmReader): 'bulk' | 'other' {
  const code = reader.unsigned()
  if (code <= 7) return 'other' // saturating truncation
  if (code === 10)
    reader.skip(2) // memory.copy
  else if (code === 11)
    reader.skip(1) // memory.fill
  else throw new MeterError(`Cannot meter module: unknown instruction 0xfc ${code}`)
  return 'bulk'
}
