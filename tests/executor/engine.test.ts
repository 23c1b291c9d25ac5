import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  compileEngine,
  type EngineHost,
  instantiateEngine,
  LAYOUT,
  writeText,
} from '../../executor/engine.ts'
import { bytesOf, readNumbers, rowOf } from '../../executor/transfer.ts'

const host: EngineHost = {
  refuel: () => {},
  grow: () => {},
  callHost: () => 0,
  moduleText: () => undefined,
}
const module = compileEngine()

function makeContext(hosting: Partial<EngineHost> = {}) {
  const options = { maximumBytes: 64 * 1024 * 1024, host: { ...host, ...hosting } }
  const instance = instantiateEngine(module, options)
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

test('ARRAY_LAYOUT tells arrays whose items stand in a row from all else, and their numbers', () => {
  const seen: unknown[] = []
  const { instance, functions, context } = makeContext({
    callHost: (_id, _count, args) => {
      const row = rowOf(instance, functions.argumentAt(args, 0))
      const bytes = bytesOf(instance, functions.argumentAt(args, 0))
      seen.push(
        row
          ? (readNumbers(instance, row) ?? row.count)
          : bytes && new Uint8Array(instance.memory.buffer, bytes.at, bytes.count).slice(),
      )
      return 0
    },
  })
  const text = (content: string): number => writeText(instance, content).at
  const look = functions.newFunction(context, text('look'), 1, 0, 1)
  const source = `(look) => {
    const big = [2 ** 31, -(2 ** 31), 5e-324, 1.5, 2 ** 53, -1]
    const odd = [1, 2]; odd.x = 1
    const holed = []; holed[2] = 1
    const accessor = [1, 2]; Object.defineProperty(accessor, 0, { get() { return 1 } })
    const longer = [1, 2]; longer.length = 3
    const shorter = [1, 2, 3]; shorter.pop()
    const from = new Array(3).fill(7)
    for (const value of [[1, 2, 3], big, shorter, from, [], [1, NaN], [-0], ['a', 1], odd, holed, accessor, longer,
      Object.freeze([1]), new Proxy([1], {}), { length: 1, 0: 1 }, 1, 'ab', null, arguments, new Int8Array(1), new Uint8Array([1, 2, 255]), new Uint8Array(new Uint8Array([7, 8, 9]).buffer, 1)]) look(value)
  }`
    .replace('(look) =>', '(function (look)')
    .concat(')')
  const { at, length } = writeText(instance, source)
  const list = functions.malloc(4)
  new DataView(instance.memory.buffer).setUint32(list, look, true)
  functions.call(
    context,
    functions.evaluate(context, at, length, text('test'), 0, 0),
    functions.getUndefined(),
    1,
    list,
  )
  const rows = [[1, 2, 3], [2 ** 31, -(2 ** 31), 5e-324, 1.5, 2 ** 53, -1], [1, 2], [7, 7, 7], [], 2, 1, 2]
  assert.equal(seen, [
    ...rows,
    ...Array.from({ length: 12 }, () => undefined),
    Uint8Array.of(1, 2, 255),
    Uint8Array.of(8, 9),
  ])
})

test('instantiateEngine() gives two contexts that are equal to the last byte', () => {
  const [left, right] = [makeContext(), makeContext()].map(
    ({ instance }) => new Uint8Array(instance.memory.buffer),
  )
  assert.is(Buffer.compare(left as Uint8Array, right as Uint8Array), 0)
})

test('instantiateEngine() never grows memory past its maximum', () => {
  const { instance, evaluate } = makeContext()
  assert.throws(
    () => evaluate("const a = []; for (;;) a.push('x'.repeat(1e6) + a.length)"),
    /the machine has no memory left/,
  )
  assert.ok(instance.memory.buffer.byteLength <= 64 * 1024 * 1024)
})

test('instantiateEngine() breaks a call off when memory can not grow, and no guest sees it', () => {
  const { evaluate } = makeContext()
  assert.throws(
    () => evaluate("try { 'x'.repeat(2 ** 27) } catch {} globalThis.seen = 1"),
    /the machine has no memory left/,
  )
})

test.run()
