// Fuel: rewrites a WebAssembly module so that it counts its own work. Going round a loop once more takes
// one step off a counter, and copying or filling memory one per 64 bytes; when the counter has run
// out, the module calls the host. So a call takes the same number of steps everywhere, and nothing
// runs long uncounted, for the engine's built-in functions are loops too (meter-body.ts says which are counted how).
// Reads the binary format of WebAssembly 2.0 (§5) without vectors.

import { type Counting, rewriteBody } from './meter-body.ts'
import { WasmReader, WasmWriter } from './wasm-binary.ts'
import { MeterError } from './wasm-instructions.ts'

/** What a metered module exports its counter as: an i32 global, the steps left until the host is asked. */
export const COUNTER = 'fuel'

const SECTION = { custom: 0, type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const
const I32 = 0x7f

/** How a module is metered. */
export interface Metering {
  /** Short name of the imported function (i32 → i32) that is called, with 0, when the counter is below 0. */
  readonly askHost: string
  /** Index of the function that the interpreter calls for every call and every jump of a guest. */
  readonly poll: number
}

/**
 * The metered form of `module`. When the counter falls below 0 the host is asked; when it returns, the module goes on.
 * @throws MeterError for a module with features that this file doesn't know
 */
export function meterModule(module: Uint8Array, metering: Metering): Uint8Array {
  const sections = readSections(module)
  const facts = readFacts(sections, metering)
  const output = new WasmWriter()
  output.bytes(module.subarray(0, 8))
  for (const { id, content } of sections) {
    if (id === SECTION.code) writeCode(output, content, facts)
    else writeSection(output, id, rewriteSection(id, content, facts))
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
interface Facts extends Counting {
  /** Number of parameters of each function that the module defines. */
  readonly parameters: readonly number[]
  /** Which of these is `Metering.poll`. */
  readonly poll: number
  /** Number of functions that are imported. */
  readonly imported: number
}

function readFacts(sections: readonly Section[], { askHost, poll }: Metering): Facts {
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
    poll: poll - functions.length,
    imported: functions.length,
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

function writeSection(output: WasmWriter, id: number, content: Uint8Array): void {
  output.byte(id)
  output.sized(content)
}

/** The functions, and before them what compilers are told of their branches (the proposal "Branch Hinting"). */
function writeCode(output: WasmWriter, content: Uint8Array, facts: Facts): void {
  const bodies = new WasmReader(content).list((reader) => reader.sized())
  const rewritten = bodies.map((body, index) =>
    rewriteBody(body, { parameters: facts.parameters[index] as number, isPoll: index === facts.poll }, facts),
  )
  const hints = new WasmWriter()
  hints.sized(new TextEncoder().encode('metadata.code.branch_hint'))
  hints.unsigned(rewritten.length)
  const code = new WasmWriter()
  code.unsigned(rewritten.length)
  rewritten.forEach(({ bytes, unlikely }, index) => {
    hints.unsigned(facts.imported + index)
    hints.unsigned(unlikely.length)
    for (const offset of unlikely) {
      hints.unsigned(offset)
      hints.bytes([1, 0]) // one byte: not likely
    }
    code.sized(bytes)
  })
  writeSection(output, SECTION.custom, hints.take())
  writeSection(output, SECTION.code, code.take())
}
