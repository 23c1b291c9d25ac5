// One function's body rewritten so that it counts. A step is taken where a branch goes round a loop once
// more; where a table of branches may do so, at the head of that loop. The loop that executes bytecode,
// known by its large table, takes its steps without looking at what is left: a guest's program is finite,
// so that going on for long takes calls and jumps, and for each of these the engine calls its poll, which takes a
// step and looks: functions of the engine that call each other go round no loop.

import { WasmReader, WasmWriter } from './wasm-binary.ts'
import { EMPTY_BLOCK, Nesting, OPCODE, readInstruction } from './wasm-instructions.ts'

/** What counting needs of the module. */
export interface Counting {
  /** Index of the function that is called when the counter has run out. */
  readonly askHost: number
  /** Index of the counter among the globals. */
  readonly counter: number
}

export interface FunctionFacts {
  /** Number of its parameters. */
  readonly parameters: number
  /** Whether it is what the interpreter calls for every call and jump of a guest. */
  readonly isPoll: boolean
}

export interface CountingBody {
  readonly bytes: Uint8Array
  /** Offsets of branches that are hardly ever taken. */
  readonly unlikely: readonly number[]
}

const I32 = 0x7f
/** Bytes copied or filled in one step, as a power of two. */
const BYTES_PER_STEP_LOG2 = 6
/** A table with as many branches is that of the bytecodes: the engine's next smaller one has half of it. */
const INTERPRETER_BRANCHES = 200

/** A function's body that counts, with one local more to count with. */
export function rewriteBody(body: Uint8Array, facts: FunctionFacts, counting: Counting): CountingBody {
  const reader = new WasmReader(body)
  const locals = reader.list(() => [reader.unsigned(), reader.byte()] as const)
  const scratch = facts.parameters + locals.reduce((sum, [count]) => sum + count, 0)
  const writer = new WasmWriter()
  writer.unsigned(locals.length + 1)
  for (const [count, type] of [...locals, [1, I32] as const]) {
    writer.unsigned(count)
    writer.byte(type)
  }
  const charge = new Charge(writer, scratch, counting)
  if (facts.isPoll) {
    charge.step()
    charge.look()
  }
  rewriteInstructions(reader, body, writer, charge)
  return { bytes: writer.take(), unlikely: charge.unlikely }
}

function rewriteInstructions(reader: WasmReader, body: Uint8Array, writer: WasmWriter, charge: Charge): void {
  const loops = loopsWithTables(body, reader.at)
  const nesting = new Nesting()
  let copied = reader.at
  const copyTo = (end: number): void => {
    writer.bytes(body.subarray(copied, end))
    copied = end
  }
  while (!reader.isAtEnd) {
    const start = reader.at
    const code = body[start] as number
    if (readInstruction(reader) === 'bulk') {
      copyTo(start)
      charge.length()
    } else if (code === OPCODE.branch || code === OPCODE.branchIf) {
      const depth = new WasmReader(body, start + 1).unsigned()
      const loop = nesting.loopAt(depth)
      if (loop === undefined || loops.has(loop)) continue
      copyTo(start)
      writeRound(writer, { code, depth }, charge)
      copied = reader.at
    } else if (nesting.pass(code) && loops.has(nesting.innermost)) {
      copyTo(reader.at)
      charge.step()
      if (loops.get(nesting.innermost) !== 'interpreter') charge.look()
    }
  }
  copyTo(reader.at)
}

/** A branch that goes round a loop once more, counted when it is taken. */
function writeRound(
  writer: WasmWriter,
  { code, depth }: { readonly code: number; readonly depth: number },
  charge: Charge,
): void {
  if (code === OPCODE.branchIf) writer.bytes([OPCODE.if, EMPTY_BLOCK])
  charge.step()
  charge.look()
  writer.indexed(OPCODE.branch, code === OPCODE.branchIf ? depth + 1 : depth)
  if (code === OPCODE.branchIf) writer.byte(OPCODE.end)
}

/** The loops of a body, by their order, that a table of branches goes round, and the one that executes bytecode. */
function loopsWithTables(body: Uint8Array, at: number): Map<number, 'table' | 'interpreter'> {
  const loops = new Map<number, 'table' | 'interpreter'>()
  if (!body.includes(OPCODE.branchTable, at)) return loops
  const reader = new WasmReader(body, at)
  const nesting = new Nesting()
  while (!reader.isAtEnd) {
    const start = reader.at
    const code = body[start] as number
    readInstruction(reader)
    nesting.pass(code)
    if (code !== OPCODE.branchTable) continue
    const depths = new WasmReader(body, start + 1).branchTable()
    for (const depth of depths) {
      const loop = nesting.loopAt(depth)
      if (loop !== undefined && !loops.has(loop)) loops.set(loop, 'table')
    }
    if (depths.length > INTERPRETER_BRANCHES) loops.set(nesting.innermost, 'interpreter')
  }
  return loops
}

/** Writes what counts. */
class Charge {
  readonly #writer: WasmWriter
  readonly #scratch: number
  readonly #counting: Counting
  readonly unlikely: number[] = []

  constructor(writer: WasmWriter, scratch: number, counting: Counting) {
    this.#writer = writer
    this.#scratch = scratch
    this.#counting = counting
  }

  /** `counter -= 1` */
  step(): void {
    const { counter } = this.#counting
    this.#writer.indexed(OPCODE.globalGet, counter)
    this.#writer.bytes([OPCODE.i32Const, 1, OPCODE.i32Subtract])
    this.#writer.indexed(OPCODE.globalSet, counter)
  }

  /** `if (counter < 0) askHost(0)` */
  look(): void {
    const { counter, askHost } = this.#counting
    this.#writer.indexed(OPCODE.globalGet, counter)
    this.#writer.bytes([OPCODE.i32Const, 0, OPCODE.i32LessThan])
    this.unlikely.push(this.#writer.length)
    this.#writer.bytes([OPCODE.if, EMPTY_BLOCK, OPCODE.i32Const, 0])
    this.#writer.indexed(OPCODE.call, askHost)
    this.#writer.bytes([OPCODE.drop, OPCODE.end])
  }

  /** `counter -= length >> 6` for the length on top of the stack, which stays there. */
  length(): void {
    const { counter } = this.#counting
    this.#writer.indexed(OPCODE.localTee, this.#scratch)
    this.#writer.indexed(OPCODE.globalGet, counter)
    this.#writer.indexed(OPCODE.localGet, this.#scratch)
    this.#writer.bytes([OPCODE.i32Const, BYTES_PER_STEP_LOG2, OPCODE.i32ShiftRight, OPCODE.i32Subtract])
    this.#writer.indexed(OPCODE.globalSet, counter)
  }
}
