import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LAYOUT } from '../../executor/engine.ts'
import { BOUNDS, bootedImage, callMain, load, makeSandbox, read, takeTrace } from './sandboxes.ts'

test('call() gives the value of a function as JSON', () => {
  assert.equal(callMain('(a, b) => a + b', [1, 2]), { v: 3 })
  assert.equal(callMain('() => [NaN, -0, undefined, 12n, new Map([[1, new Set([2])]])]'), {
    v: [
      { $number: 'NaN' },
      { $number: '-0' },
      { $undefined: true },
      { $bigint: '12' },
      { $map: [[1, { $set: [2] }]] },
    ],
  })
})

for (const [what, main] of [
  ['a loop without end', '() => { for (;;); }'],
  ['a loop that catches everything', '() => { for (;;) try { null.x } catch {} finally { continue } }'],
  ['a generator without end', '() => { for (const x of (function* () { for (;;) yield 1 })()); }'],
  ['backtracking of a regular expression', "() => /^(a+)+$/.test('a'.repeat(40) + 'b')"],
  ['promise jobs without end', 'async () => { for (;;) await 1 }'],
  ['thenables without end', 'async () => { const t = { then(f) { f(t) } }; await t }'],
  ['a proxy whose traps never end', '() => new Proxy({}, { ownKeys() { for (;;); } })'],
  [
    'recursion that catches its end, twice each time',
    '() => { const f = () => { try { f() } catch { f() } }; f() }',
  ],
  ['a search in a long text', "() => { const s = 'ab'.repeat(2e6); for (;;) s.indexOf('abc') }"],
  ['a search that is quadratic', "() => 'a'.repeat(4e6).indexOf('a'.repeat(2e6) + 'b')"],
  ['an array method over a huge length', '() => Array.prototype.reverse.call({ length: 2 ** 50 })'],
  ['a join of nothing', '() => new Array(2 ** 32 - 1).join()'],
  ['a big integer', '() => 3n ** 3000000n'],
  ['copying memory', '() => { const a = new Uint8Array(4e6); for (;;) a.copyWithin(0, 1) }'],
  ['a getter of an error that never ends', '() => { throw { get message() { for (;;); } } }'],
] as const) {
  test(`fuel stops ${what}`, () => {
    assert.equal(callMain(main), { stop: 'fuel' })
  })
}

for (const [what, main] of [
  ['an array that grows for ever', '() => { const a = []; for (;;) a.push({}) }'],
  [
    'allocation whose failure is caught',
    "() => { const a = []; for (;;) try { a.push('x'.repeat(1e6) + a.length) } catch {} }",
  ],
  ['one allocation past the limit, caught', "() => { try { 'x'.repeat(2 ** 28) } catch {} return 1 }"],
  ['a huge buffer', '() => new ArrayBuffer(2 ** 30)'],
  ['padding', "() => 'x'.padEnd(2 ** 28)"],
] as const) {
  test(`the bound on memory stops ${what}`, () => {
    assert.equal(callMain(main), { stop: 'memory' })
  })
}

test('call() stops a small heap by memory though the engine has room', () => {
  const bounds = { ...BOUNDS, memoryBytes: 2 * 1024 * 1024 }
  assert.equal(callMain('() => { const a = []; for (;;) a.push({}) }', [], bounds), { stop: 'memory' })
})

test('call() tells recursion without end from other errors, and lets a guest catch it', () => {
  assert.is(callMain('() => { const f = () => f(); f() }'), 's')
  assert.equal(callMain('() => { const f = () => f(); try { f() } catch (e) { return 1 } }'), { v: 1 })
})

test('call() stops a result past its bound', () => {
  assert.equal(callMain("() => 'x'.repeat(2e6)"), { stop: 'output' })
})

test('call() stops when whoever supervises it wants that', () => {
  const sandbox = makeSandbox({ isInterrupted: () => true })
  sandbox.restore(bootedImage())
  sandbox.load("(function ($) { $.define('main', () => { for (;;); }) })", BOUNDS)
  assert.equal(sandbox.call('start', ['main', '[]'], BOUNDS), { stop: 'interrupted' })
})

test('used counts the same steps in any sandbox, whatever it ran before', () => {
  const source =
    "define('main', (n) => { let s = 0; for (let i = 0; i < n; i++) s += `${i}`.length; return s })"
  const { image } = load(source)
  const [fresh, old] = [makeSandbox(), makeSandbox()]
  old.restore(load("define('main', () => { const a = []; for (;;) a.push([]) })").image)
  old.call('start', ['main', '[]'], { ...BOUNDS, memoryBytes: 4 * 1024 * 1024 })
  const used = [fresh, old].map((sandbox) => {
    sandbox.restore(image)
    assert.equal(read(sandbox.call('start', ['main', '[1000]'], BOUNDS)), { v: 2890 })
    return sandbox.used
  })
  assert.is(used[0], used[1])
})

test('fuel is exact: the steps that a call takes suffice, one less does not', () => {
  const { sandbox, image } = load(
    "define('main', () => { let s = 0; for (let i = 0; i < 30000; i++) s += i; return s })",
  )
  const call = (fuel: number): unknown => {
    sandbox.restore(image)
    return read(sandbox.call('start', ['main', '[]'], { ...BOUNDS, fuel }))
  }
  assert.equal(call(BOUNDS.fuel), { v: 449985000 })
  const { used } = sandbox
  assert.equal(call(used), { v: 449985000 })
  assert.is(sandbox.used, used)
  assert.equal(call(used - 1), { stop: 'fuel' })
  assert.is(sandbox.used, used - 1)
})

/** Programs that try to leave something behind. */
const ATTACKS = [
  '() => { globalThis.leak = 1 }',
  '() => { Array.prototype.leak = 1 }',
  "() => { Symbol.for('leak') }",
  '() => { counter++; table.leak = 1; pattern.exec("aa"); return counter }',
  '() => { Promise.resolve().then(() => { counter = 99 }); return 1 }',
  '() => { for (;;) counter++ }',
  '() => { const f = () => { counter++; f() }; f() }',
  "() => { table.big = 'secret'.repeat(1e5) + counter; throw new Error('secret') }",
  "function* () { counter++; yield* Store.get('k') }",
] as const

test('restore() leaves nothing of a call: every byte is that of the image', () => {
  const source = `let counter = 0; const table = {}, pattern = /a/g
    ${ATTACKS.map((attack, index) => `define('${index}', ${attack})`).join('\n')}
    define('look', () => [counter, Object.keys(table), pattern.lastIndex, typeof leak, 'leak' in []])`
  const { sandbox, image } = load(source)
  const look = (): unknown => read(sandbox.call('start', ['look', '[]'], BOUNDS))
  sandbox.restore(image)
  const before = sandbox.snapshot()
  const seen = look()
  ATTACKS.forEach((attack, index) => {
    sandbox.call('start', [`${index}`, '[]'], { ...BOUNDS, fuel: 2_000_000 })
    sandbox.restore(image)
    const after = sandbox.snapshot()
    assert.ok(
      Buffer.compare(after.heap, before.heap) === 0 && Buffer.compare(after.data, before.data) === 0,
      attack,
    )
    assert.equal(look(), seen, attack)
    sandbox.restore(image)
  })
})

test('restore() leaves no copy of what a call held anywhere in memory', () => {
  const canary = 'kanarienvogel-9f3b'
  const { sandbox, image } = load(
    "define('main', (text) => { const kept = [text + '!', { text }]; return kept.length })",
  )
  const memory = (): Buffer => Buffer.from(sandbox.memory)
  sandbox.call('start', ['main', JSON.stringify([canary])], BOUNDS)
  assert.ok(memory().includes(canary))
  sandbox.restore(image)
  assert.not.ok(memory().includes(canary))
})

test('isReusable is false once a call has grown the memory', () => {
  const { sandbox } = load(
    "define('main', () => { const a = []; for (let i = 0; i < 3e5; i++) a.push([]); return a.length })",
  )
  assert.ok(sandbox.isReusable)
  assert.equal(
    read(
      sandbox.call('start', ['main', '[]'], {
        fuel: 500_000_000,
        outputBytes: 100,
        memoryBytes: 120 * 1024 * 1024,
      }),
    ),
    {
      v: 300000,
    },
  )
  assert.not.ok(sandbox.isReusable)
  assert.ok(sandbox.heapBytes > (LAYOUT.initialPages * 65536) / 2)
})

test('load() tells an initialiser that throws and one that never ends', () => {
  const evaluate = (source: string): unknown => {
    const sandbox = makeSandbox()
    sandbox.restore(bootedImage())
    return read(sandbox.load(`(function ($) { ${source} })`, BOUNDS))
  }
  assert.match(JSON.stringify(evaluate("throw new RangeError('no')")), /"name":"RangeError","message":"no"/)
  assert.equal(evaluate('for (;;);'), { stop: 'fuel' })
})

test('console writes a trace, whole even when the call is stopped', () => {
  takeTrace()
  callMain(
    "() => { console.log('a', { b: [1, 'c', -0, undefined, null, 2n] }); console.warn(new Map([[1, new Set([2])]])); for (;;); }",
  )
  assert.equal(takeTrace(), ['a {b: [1, "c", -0, undefined, null, 2n]}', 'Map {1 => Set {2}}'])
})

test('console bounds what it writes', () => {
  takeTrace()
  callMain(
    "() => { console.log('x'.repeat(1e5)); const a = [1]; a.push(a); console.log(a, new Array(1000).fill(7)) }",
  )
  const [long, cycle] = takeTrace()
  assert.is(long?.length, 10_000)
  assert.match(cycle ?? '', /^\[1, \[cycle\]\] \[7, 7, .*… 900 more\]$/)
})

test('load() says nothing of the value that an earlier call gave', () => {
  const { sandbox } = load("define('main', () => ({ a: 1 }))")
  assert.ok('value' in sandbox.call('start', ['main', '[]'], BOUNDS))
  sandbox.restore(bootedImage())
  assert.equal(sandbox.load('(function () {})', BOUNDS), { text: 'v' })
})

test.run()
