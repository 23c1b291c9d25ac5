import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeValue, type Value } from '#codebase'
import {
  ARRAY_LAYOUT,
  compileEngine,
  type EngineHost,
  instantiateEngine,
  LAYOUT,
  type Pointer,
  writeText,
} from '../../executor/engine.ts'
import { bytesOf, readNumbers, rowOf } from '../../executor/transfer.ts'
import { VALUE_LAYOUT } from '../../executor/value-layout.ts'
import { buildValue } from '../../executor/write-value.ts'

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
  const evaluate = (text: string): Pointer => {
    const { at, length } = writeText(instance, text)
    return functions.evaluate(context, at, length, writeText(instance, 'test').at, 0, 0)
  }
  return { instance, functions, runtime, context, evaluate }
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

/** What building and parsing the same leaves behind, by the engine's own books. */
function booksOf(make: (context: ReturnType<typeof makeContext>) => Pointer) {
  const context = makeContext()
  const { instance, runtime } = context
  const word = (at: number): number => new DataView(instance.memory.buffer).getUint32(at, true)
  const { allocations, allocatedSize, objects, link } = VALUE_LAYOUT
  const before = word(runtime + allocations)
  const value = make(context)
  const books = [word(runtime + allocations) - before, word(runtime + allocatedSize)]
  const list: number[] = []
  const head = runtime + objects
  for (let at = word(head + 4); at !== head; at = word(at + 4)) {
    assert.is(word(word(at) + 4), at)
    list.push(at - link)
  }
  return { books, objects: list.length, words: wordsOf(instance, word(value)) }
}

/** The words of an array, its row and the object, the text and the array in it that do not depend on where they stand. */
function wordsOf({ memory }: { memory: WebAssembly.Memory }, array: Pointer): number[][] {
  const word = (at: number): number => new DataView(memory.buffer).getUint32(at, true)
  const item = (index: number): Pointer => word(word(array + ARRAY_LAYOUT.items) + 8 * index)
  const { kind, own, length, atomKind, units, weakReferences } = VALUE_LAYOUT
  const ofObject = (at: Pointer): number[] => [
    word(at),
    word(at + kind) >>> 8,
    word(at + weakReferences),
    word(word(at + ARRAY_LAYOUT.shape)),
    word(word(at + ARRAY_LAYOUT.properties)),
  ]
  const ofArray = (at: Pointer): number[] => [
    ...ofObject(at),
    Number(word(at + own) >= word(at + ARRAY_LAYOUT.itemCount)), // room, which the engine has more of
    word(at + ARRAY_LAYOUT.itemCount),
  ]
  const ofText = (at: Pointer): number[] => [
    word(at),
    word(at + length),
    word(at + atomKind) >>> 30,
    word(at + units),
  ]
  return [
    ofArray(array),
    ofObject(item(0)),
    ofObject(item(1)),
    ofText(item(2)),
    ofText(item(3)),
    ofArray(item(4)),
  ]
}

test('VALUE_LAYOUT is how the engine itself leaves what it parses: the same books, the same objects, the same words', () => {
  const parts = { a: 1, b: [1.5, 'x'] }
  const value: Value = [parts, parts, 'a text', 'β', [true, null], 'ü'.repeat(100), parts]
  const json = JSON.stringify(value)
  const text = JSON.stringify(json)
  const parsed = booksOf((context) => {
    context.evaluate(`globalThis.samples = [{}, []]`)
    return context.evaluate(`JSON.parse(${text})`)
  })
  const built = booksOf((context) => {
    const { instance, runtime, evaluate } = context
    const samples = evaluate(`globalThis.samples = [{}, []]`)
    const make = (what: string | number): Pointer => evaluate(`JSON.parse(${JSON.stringify(what)})`)
    return buildValue(instance, { runtime, samples, bytes: encodeValue(value), make }).handle
  })
  assert.is(built.objects, parsed.objects)
  assert.equal(built.words, parsed.words)
  assert.is(built.books[1], VALUE_LAYOUT.sizePerAllocation * (built.books[0] as number) + sizeBefore())
  assert.is(
    Math.abs((built.books[0] as number) - (parsed.books[0] as number)) < 5,
    true,
    `${built.books} ${parsed.books}`,
  )
})

/** What a context has allocated when nothing has been evaluated. */
function sizeBefore(): number {
  const { instance, runtime } = makeContext()
  return new DataView(instance.memory.buffer).getUint32(runtime + VALUE_LAYOUT.allocatedSize, true)
}

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
