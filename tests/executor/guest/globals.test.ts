// What the sandbox adds to the engine, held against Node's own.

import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BOUNDS, callMain, load, textOf } from '../sandboxes.ts'

const { sandbox, image } = load(`
  define('encode', (text) => new TextEncoder().encode(text))
  define('decode', (bytes) => [new TextDecoder().decode(bytes), (() => { try { new TextDecoder('utf-8', { fatal: true }).decode(bytes); return 'ok' } catch (e) { return e.name } })()])
  define('base64', (text) => [btoa(text), atob(btoa(text))])
  define('atob', (text) => { try { return atob(text) } catch (e) { return e.name } })`)

const call = (name: string, arg: unknown): unknown => {
  sandbox.restore(image)
  const reply = sandbox.call('start', [name, JSON.stringify([arg])], BOUNDS)
  return JSON.parse(textOf(reply).slice(1))
}
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const RUNS = { numRuns: 150, seed: 11 }

test('TextEncoder encodes as Node does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(call('encode', text), { $bytes: base64(new TextEncoder().encode(text)) })
    }),
    RUNS,
  )
  assert.equal(call('encode', '\ud800a'), { $bytes: base64(new TextEncoder().encode('\ud800a')) })
})

test('TextDecoder decodes as Node does, malformed bytes too', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
    fc
      .array(
        fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xa0, 0xed, 0xef, 0xbb, 0xf0, 0x90, 0xf4, 0x8f, 0xff),
        { maxLength: 8 },
      )
      .map((list) => Uint8Array.from(list)),
  )
  fc.assert(
    fc.property(bytes, (given) => {
      const fatal = (() => {
        try {
          new TextDecoder('utf-8', { fatal: true }).decode(given)
          return 'ok'
        } catch {
          return 'TypeError'
        }
      })()
      assert.equal(call('decode', { $bytes: base64(given) }), [new TextDecoder().decode(given), fatal])
    }),
    RUNS,
  )
})

test('btoa() and atob() are inverse and as in Node', () => {
  const latin1 = fc
    .array(fc.integer({ min: 0, max: 255 }), { maxLength: 20 })
    .map((codes) => String.fromCharCode(...codes))
  fc.assert(
    fc.property(latin1, (text) => {
      assert.equal(call('base64', text), [btoa(text), text])
    }),
    RUNS,
  )
})

test('atob() takes what Node takes and refuses the rest', () => {
  for (const text of [
    '',
    'YQ==',
    'YQ',
    ' Y Q = = ',
    'YQ=',
    'Y',
    'Y===',
    'YQ==YQ==',
    'é',
    'YWI=',
    'YR==',
    '====',
  ]) {
    let expected: string
    try {
      expected = atob(text)
    } catch (error) {
      expected = (error as Error).name
    }
    assert.is(call('atob', text), expected, JSON.stringify(text))
  }
})

test('structuredClone() copies deeply, keeps cycles and what is shared, and refuses functions', () => {
  const main = `() => {
    const shared = [1], source = { shared, again: shared, map: new Map([[shared, new Set([1n])]]), date: new Date(5), bytes: new Uint8Array([1]), re: /a/g, error: new RangeError('e') }
    source.self = source
    const copy = structuredClone(source)
    return [copy !== source, copy.self === copy, copy.shared === copy.again, copy.shared !== shared, [...copy.map.keys()][0] === copy.shared,
      copy.date.getTime(), copy.bytes[0], copy.re.flags, copy.error instanceof RangeError, copy.error.message,
      (() => { try { structuredClone({ f() {} }) } catch (e) { return e.name } })()]
  }`
  assert.equal(callMain(main), { v: [true, true, true, true, true, 5, 1, 'g', true, 'e', 'DataCloneError'] })
})

test('a date’s text names the time zone as in Node, in UTC', () => {
  const texts =
    '() => { const d = new Date(0); return [`${d}`, d.toTimeString(), `${new Date(NaN)}`, Date.prototype.toString.length] }'
  assert.equal(callMain(texts), {
    v: [
      'Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)',
      '00:00:00 GMT+0000 (Coordinated Universal Time)',
      'Invalid Date',
      0,
    ],
  })
})

test('the symbols of disposal are there, and Array.fromAsync', () => {
  const disposal = `() => {
    let closed = 0
    const iterator = (function* () { try { yield 1 } finally { closed++ } })()
    iterator.next()
    iterator[Symbol.dispose]()
    return [Symbol.dispose.toString(), Symbol.asyncDispose.description, Symbol.keyFor(Symbol.dispose), closed]
  }`
  assert.equal(callMain(disposal), {
    v: ['Symbol(Symbol.dispose)', 'Symbol.asyncDispose', { $undefined: true }, 1],
  })
  const gather = `async () => [
    await Array.fromAsync([Promise.resolve(1), 2]),
    await Array.fromAsync((async function* () { yield 3 })(), async (x, i) => [x, i]),
    await Array.fromAsync({ length: 2, 0: 'a', 1: Promise.resolve('b') }),
    Array.fromAsync.length,
  ]`
  const { sandbox: other } = load(`define('main', ${gather})`)
  const reply = other.call('start', ['main', '[]'], BOUNDS)
  assert.equal(textOf(reply), `v${JSON.stringify([[1, 2], [[3, 0]], ['a', 'b'], 1])}`)
})

test('bytes are spelt in hex as in Node', () => {
  const texts = ['', '00ff', '0A0b7F', 'a', 'zz', ' 0a']
  const attempt = `(text) => { try { const bytes = Uint8Array.fromHex(text); return [...bytes, bytes.toHex()] } catch (error) { return [error.name, error.message] } }`
  // oxlint-disable-next-line no-eval -- the same text runs on both sides
  const inNode = (0, eval)(attempt) as (text: string) => unknown
  assert.equal(callMain(`(texts) => texts.map(${attempt})`, [texts]), { v: texts.map(inNode) })
})

test.run()
