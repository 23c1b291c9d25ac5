import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  compileEngine,
  type EngineHost,
  instantiateEngine,
  LAYOUT,
  writeText,
} from '../../executor/engine.ts'

const host: EngineHost = {
  refuel: () => {},
  grow: () => {},
  callHost: () => 0,
  moduleText: () => undefined,
}
const module = compileEngine()

function makeContext() {
  const instance = instantiateEngine(module, { maximumBytes: 64 * 1024 * 1024, host })
  const { functions } = instance
  const runtime = functions.newRuntime()
  const context = functions.newContext(runtime, 0)
  const evaluate = (text: string): void => {
    const { at, length } = writeText(instance, text)
    functions.evaluate(context, at, length, writeText(instance, 'test').at, 0, 0)
  }
  return { instance, functions, context, evaluate }
}

test('LAYOUT.heapTopAddress is the only word past a new block that moves with the heap', () => {
  const { instance, functions } = makeContext()
  const words = (): Uint32Array => new Uint32Array(instance.memory.buffer, 0, 1 << 15).slice()
  const before = words()
  const block = functions.malloc(1 << 20)
  const moved = [...words()].flatMap((word, index) =>
    word !== before[index] && word >= block + (1 << 20) ? [{ address: index * 4, word }] : [],
  )
  moved.sort((a, b) => b.word - a.word)
  assert.is(moved[0]?.address, LAYOUT.heapTopAddress)
})

test('LAYOUT.cStackBytes ends where the data of the engine does', () => {
  const { instance } = makeContext()
  const bytes = new Uint8Array(instance.memory.buffer)
  const low = instance.heapBase - LAYOUT.cStackBytes
  assert.ok(bytes.subarray(low - 64, low).some((byte) => byte !== 0))
  assert.not.ok(bytes.subarray(low + 64, low + 4 * 1024 * 1024).some((byte) => byte !== 0))
})

test('instantiateEngine() gives two contexts that are equal to the last byte', () => {
  const [left, right] = [makeContext(), makeContext()].map(
    ({ instance }) => new Uint8Array(instance.memory.buffer),
  )
  assert.is(Buffer.compare(left as Uint8Array, right as Uint8Array), 0)
})

test('instantiateEngine() never grows memory past its maximum', () => {
  const { instance, evaluate } = makeContext()
  evaluate("const a = []; for (;;) a.push('x'.repeat(1e6) + a.length)")
  assert.ok(instance.memory.buffer.byteLength <= 64 * 1024 * 1024)
})

test.run()
