// Reading the instructions of a function's body (§5.4 of WebAssembly 2.0, without vectors): how far each
// reaches, what it does to the nesting of blocks, and where branches go.

import type { WasmReader } from './wasm-binary.ts'

/** A module in another form than is known here. */
export class MeterError extends Error {
  override readonly name = 'MeterError'
}

/** Opcodes that are looked at. */
export const OPCODE = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  branchTable: 0x0e,
  call: 0x10,
  drop: 0x1a,
  localGet: 0x20,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Const: 0x41,
  i32LessThan: 0x48,
  i32Subtract: 0x6b,
  i32ShiftRight: 0x76,
  prefix: 0xfc,
} as const

/** The type of a block that gives nothing. */
export const EMPTY_BLOCK = 0x40

/** Of the prefixed instructions: memory.copy and memory.fill. */
const COPY = 10
const FILL = 11

/** Instructions without operands in the code, besides those from 0x45 to 0xc4. */
const PLAIN: ReadonlySet<number> = new Set([0x00, 0x01, 0x05, OPCODE.end, 0x0f, OPCODE.drop, 0x1b])

/** Reads past one instruction: whether it copies or fills memory, whose length is on top of the stack then. */
export function readInstruction(reader: WasmReader): 'bulk' | 'other' {
  const code = reader.byte()
  if ((code >= 0x45 && code <= 0xc4) || PLAIN.has(code)) return 'other'
  if (code >= 0x28 && code <= 0x3e)
    reader.pair() // loads and stores
  else if ((code >= 0x20 && code <= 0x26) || code === OPCODE.call)
    reader.unsigned() // of variables and tables
  else if (code === OPCODE.branch || code === OPCODE.branchIf) reader.unsigned()
  else if (code === OPCODE.i32Const || code === 0x42) reader.signed()
  else if (code >= OPCODE.block && code <= OPCODE.if)
    reader.signed() // a type
  else if (code === OPCODE.branchTable) reader.branchTable()
  else if (code === 0x11)
    reader.pair() // call_indirect
  else if (code === 0x1c)
    reader.list(() => reader.byte()) // select with types
  else if (code === 0x3f || code === 0x40)
    reader.byte() // memory.size, memory.grow
  else if (code === 0x43) reader.skip(4)
  else if (code === 0x44) reader.skip(8)
  else if (code === OPCODE.prefix) return readPrefixed(reader)
  else throw new MeterError(`Cannot meter module: unknown instruction 0x${code.toString(16)}`)
  return 'other'
}

function readPrefixed(reader: WasmReader): 'bulk' | 'other' {
  const code = reader.unsigned()
  if (code <= 7) return 'other' // saturating truncation
  if (code === COPY) reader.skip(2)
  else if (code === FILL) reader.skip(1)
  else throw new MeterError(`Cannot meter module: unknown instruction 0xfc ${code}`)
  return 'bulk'
}

/** The blocks around an instruction: which of them are loops. */
export class Nesting {
  /** Ordinals of loops in their function; -1 for other blocks. */
  readonly #blocks: number[] = []
  #loops = 0

  /** Takes note of an instruction that was read: whether it begins a loop. */
  pass(code: number): boolean {
    if (code === OPCODE.block || code === OPCODE.if) this.#blocks.push(-1)
    else if (code === OPCODE.end) this.#blocks.pop()
    else if (code === OPCODE.loop) return this.#blocks.push(this.#loops++) > 0
    return false
  }

  /** The loop that a branch to `depth` goes round once more; undefined when it leaves a block. */
  loopAt(depth: number): number | undefined {
    const loop = this.#blocks[this.#blocks.length - 1 - depth]
    return loop === undefined || loop < 0 ? undefined : loop
  }

  /** The innermost loop; -1 when there is none. */
  get innermost(): number {
    return this.#blocks.findLast((loop) => loop >= 0) ?? -1
  }
}
