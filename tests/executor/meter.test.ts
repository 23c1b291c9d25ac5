import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { METERING } from '../../executor/engine.ts'
import { COUNTER, meterModule } from '../../executor/meter.ts'
import { WasmWriter } from '../../executor/wasm-binary.ts'
import { MeterError } from '../../executor/wasm-instructions.ts'

/** A module that imports `a.ask` (i32 → i32) and a memory, and exports `run` with `code` for its body. */
function moduleWith(code: readonly number[]): Uint8Array {
  const writer = new WasmWriter()
  const section = (id: number, content: readonly number[]): void => {
    writer.byte(id)
    writer.sized(Uint8Array.from(content))
  }
  const text = (value: string): number[] => [value.length, ...Buffer.from(value)]
  writer.bytes([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
  section(1, [1, 0x60, 1, 0x7f, 1, 0x7f]) // one type: i32 → i32
  section(2, [2, ...text('a'), ...text('ask'), 0, 0, ...text('a'), ...text('memory'), 2, 0, 1])
  section(3, [1, 0])
  section(6, [0])
  section(7, [1, ...text('run'), 0, 1])
  const body = new WasmWriter()
  body.byte(1)
  body.sized(Uint8Array.from([0, ...code]))
  section(10, [...body.take()])
  return writer.take()
}

/** An index that no function has. */
const NO_POLL = 99

function instantiate(module: Uint8Array, ask: () => number, poll = NO_POLL) {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const instance = new WebAssembly.Instance(
    new WebAssembly.Module(meterModule(module, { askHost: 'ask', poll })),
    {
      a: { ask, memory },
    },
  )
  const counter = instance.exports[COUNTER] as unknown as { value: number }
  return { run: instance.exports['run'] as (turns: number) => number, counter }
}

/** loop: local 0 -= 1; while it is not 0 */
const COUNT_DOWN = [0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x20, 0, 0x0b]

test('meterModule() takes one step each time that a branch goes round a loop once more', () => {
  const { run, counter } = instantiate(moduleWith(COUNT_DOWN), () => 0)
  counter.value = 1000
  run(10)
  assert.is(counter.value, 991)
  const unconditional = [0x02, 0x40, 0x03, 0x40, 0x20, 0, 0x45, 0x0d, 1] // block: loop: if local 0 is 0, leave
  const { run: runOther, counter: other } = instantiate(
    moduleWith([...unconditional, 0x20, 0, 0x41, 1, 0x6b, 0x21, 0, 0x0c, 0, 0x0b, 0x0b, 0x20, 0, 0x0b]),
    () => 0,
  )
  other.value = 1000
  runOther(10)
  assert.is(other.value, 990)
})

/** loop: local 0 -= 1; a table of `size` branches goes round again unless that is 0. */
const withTable = (size: number): number[] => {
  const head = [0x02, 0x40, 0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x45, 0x0e]
  const length = size < 128 ? [size] : [(size & 127) | 128, size >> 7]
  const depths = Array.from({ length: size + 1 }, (_, index) => (index === 0 ? 0 : 1))
  return [...head, ...length, ...depths, 0x0b, 0x0b, 0x20, 0, 0x0b]
}

test('meterModule() takes a step at the head of a loop that a table of branches goes round', () => {
  let asked = 0
  const { run, counter } = instantiate(moduleWith(withTable(3)), () => asked++)
  counter.value = 4
  run(5)
  assert.is(counter.value, -1)
  assert.is(asked, 1)
})

test('meterModule() lets the loop that executes bytecode go on, and looks when it polls', () => {
  let asked = 0
  const { run, counter } = instantiate(moduleWith(withTable(240)), () => asked++)
  counter.value = 4
  run(10)
  assert.is(counter.value, -6)
  assert.is(asked, 0)
  const polled = instantiate(moduleWith(COUNT_DOWN), () => asked++, 1)
  polled.counter.value = -1
  polled.run(1)
  assert.is(asked, 1)
})

test('meterModule() asks the host once the counter is below 0, and goes on when the host lets it', () => {
  let asked = 0
  const { run, counter } = instantiate(moduleWith(COUNT_DOWN), () => {
    asked++
    counter.value = 2
    return 0
  })
  counter.value = 5
  assert.is(run(6), 0)
  assert.is(asked, 0)
  run(2)
  assert.is(asked, 1)
})

test('meterModule() lets the host end a loop by throwing', () => {
  const { run } = instantiate(moduleWith(COUNT_DOWN), () => {
    throw new Error('enough')
  })
  assert.throws(() => run(1_000_000), 'enough')
})

test('meterModule() takes a step per 64 bytes that are filled', () => {
  const fill = [0x41, 0, 0x41, 7, 0x20, 0, 0xfc, 11, 0, 0x41, 0, 0x0b] // memory.fill(0, 7, local 0)
  const { run, counter } = instantiate(moduleWith(fill), () => 0)
  counter.value = 1000
  run(6400)
  assert.is(counter.value, 900)
})

test('meterModule() refuses what it does not know', () => {
  assert.throws(
    () => meterModule(moduleWith([0xfd, 0, 0x0b]), { askHost: 'ask', poll: NO_POLL }),
    (error: Error) => error instanceof MeterError,
  )
  assert.throws(
    () => meterModule(moduleWith(COUNT_DOWN), { askHost: 'other', poll: NO_POLL }),
    (error: Error) => error instanceof MeterError,
  )
})

test('meterModule() makes a valid module of the engine, the same each time', () => {
  const engine = readFileSync(fileURLToPath(import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')))
  const metered = meterModule(engine, METERING)
  assert.ok(new WebAssembly.Module(metered))
  assert.is(Buffer.compare(metered, meterModule(engine, METERING)), 0)
})

test.run()
