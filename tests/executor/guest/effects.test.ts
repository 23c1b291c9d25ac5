// Operations, handlers and resumptions, as programs in the sandbox see them.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { callMain, converse } from '../sandboxes.ts'

const failure = (reply: unknown): unknown => {
  const { f } = reply as { f: { name: string; message: string } }
  return [f.name, f.message]
}

test('an operation is handed out with its arguments, and its answer goes on', () => {
  assert.equal(
    converse("function* () { const a = yield* Store.get('k', 1); return [a] }", ['answer', { $bigint: '7' }]),
    [{ o: { ask: [[0, 'store', 'get', ['k', 1]]], cancel: [] } }, { v: [{ $bigint: '7' }] }],
  )
})

test('a failed operation is thrown where it was performed', () => {
  const main =
    "function* () { try { yield* Store.get('k') } catch (e) { return [e.name, e.message, e instanceof Error] } }"
  assert.equal(converse(main, ['fail', { name: 'Gone', message: 'no k' }]).at(-1), {
    v: ['Gone', 'no k', true],
  })
})

test('a yield of anything else than an operation is an error at that yield', () => {
  assert.equal(failure(callMain('function* () { yield 5 }')), [
    'TypeError',
    'Cannot perform: got a number from a yield, expected an operation (yield* Ability.operation(…))',
  ])
  // What is iterated here cannot be thrown into, which the engine would complain about instead.
  assert.equal(failure(callMain('function* () { yield* [1] }')), [
    'TypeError',
    'Cannot perform: got a number from a yield, expected an operation (yield* Ability.operation(…))',
  ])
  assert.equal(callMain('function* () { try { yield {} } catch (e) { return e.name } }'), { v: 'TypeError' })
})

const PROGRAM =
  "function* program() { const a = yield* Store.get('a'); const b = yield* Store.get('b'); return `${a}${b}` }"
const handled = (clauses: string): unknown =>
  callMain(`() => { ${PROGRAM}; return handle(Store, { put: (r) => r(), ${clauses} })(program()) }`)

test('handle() resumes with what a clause gives, be it a generator or a plain function', () => {
  assert.equal(handled('get: (resume, key) => resume(key + 1)'), { v: 'a1b1' })
  assert.equal(handled('*get(resume, key) { return yield* resume(key + 1) }'), { v: 'a1b1' })
})

test('handle() is deep, and a clause can change the result on its way out', () => {
  assert.equal(handled('*get(resume, key) { return `${key}(${yield* resume(1)})` }'), { v: 'a(b(11))' })
})

test('handle() applies `return` once to the result, inside of the clauses', () => {
  assert.equal(handled('*get(resume) { return [yield* resume(1)] }, return: (x) => ({ x })'), {
    v: [[{ x: '11' }]],
  })
})

test('handle() drops the rest of a computation that no clause resumes', () => {
  assert.equal(handled("get: () => 'never', return: () => 'not this'"), { v: 'never' })
})

test('handle() passes errors of the computation and of clauses on to whoever runs it', () => {
  assert.equal(
    failure(
      callMain(
        "() => handle(Store, { get: (r) => r(), put: (r) => r() })((function* () { yield* Store.get(); throw new RangeError('x') })())",
      ),
    ),
    ['RangeError', 'x'],
  )
  assert.equal(failure(handled("get() { throw new RangeError('y') }")), ['RangeError', 'y'])
})

test('handle() lets a computation catch what a resumed operation leads to', () => {
  const main = `() => handle(Store, { get: (resume) => resume(1), put: (r) => r() })((function* () {
    try { yield* Store.get(); throw new Error('z') } catch (e) { return e.message + (yield* Store.get()) } finally { yield* Store.put() }
  })())`
  assert.equal(callMain(main), { v: 'z1' })
})

test('operations of a clause go to the handlers around it, not to its own', () => {
  const main = `() => {
    const inner = handle(Store, { *get(resume, k) { return yield* resume('i' + (yield* Store.get(k))) }, put: (r) => r() })
    const outer = handle(Store, { get: (resume, k) => resume('o' + k), put: (r) => r() })
    return outer(inner((function* () { return yield* Store.get('x') })()))
  }`
  assert.equal(callMain(main), { v: 'iox' })
})

test('operations that no handler answers pass through handlers, and come back to the right place', () => {
  const main = `function* () {
    const h = handle(Store, { *get(resume, k) { return yield* resume(k) }, put: (r) => r() })
    return yield* h((function* () { return [yield* Store.get('a'), yield* Log.info('x'), yield* Store.get('b')] })())
  }`
  assert.equal(converse(main, ['answer', 9]), [
    { o: { ask: [[0, 'log', 'info', ['x']]], cancel: [] } },
    { v: ['a', 9, 'b'] },
  ])
})

test('a handler can pass state from clause to clause through functions', () => {
  const main = `() => {
    const stateful = handle(Store, {
      *get(resume) { return function* (state) { return yield* (yield* resume(state))(state) } },
      *put(resume, state) { return function* () { return yield* (yield* resume())(state) } },
      return: (x) => function* (state) { return [x, state] },
    })
    return (function* () {
      const run = yield* stateful((function* () { const n = yield* Store.get(); yield* Store.put(n + 1); return (yield* Store.get()) * 10 })())
      return yield* run(4)
    })()
  }`
  assert.equal(callMain(main), { v: [50, 5] })
})

test('handled computations are generator objects: next() runs one by hand', () => {
  const main = `() => {
    const h = handle(Store, { get: (resume, k) => resume(k), put: (r) => r() })
    const it = h((function* () { const a = yield* Store.get('a'); return a + (yield* Log.info('l')) })())
    const first = it.next()
    return [first.done, it.next('!'), typeof it[Symbol.iterator]]
  }`
  assert.equal(callMain(main), { v: [false, { value: 'a!', done: true }, 'function'] })
})

for (const [what, clause] of [
  ['plain', 'get: (resume, k) => resume(k)'],
  ['generator', '*get(resume, k) { return yield* resume(k) }'],
] as const) {
  test(`long loops of operations handled by a ${what} clause do not use the stack`, () => {
    const main = `(n) => handle(Store, { ${clause}, put: (r) => r() })((function* () {
      let sum = 0
      for (let i = 0; i < n; i++) sum += yield* Store.get(i)
      return sum
    })())`
    assert.equal(callMain(main, [5000]), { v: 12497500 })
  })
}

test('all() gives the results in order, of operations, computations and plain values', () => {
  const main = `() => handle(Store, { get: (resume, k) => resume(k * 10), put: (r) => r() })(
    (function* () { return yield* all([Store.get(1), (function* () { return yield* Store.get(2) })(), 3, all([])]) })())`
  assert.equal(callMain(main), { v: [10, 20, 3, []] })
})

test('all() fails as the first of its computations that fails', () => {
  const main =
    "function* () { yield* all([(function* () { throw new RangeError('one') })(), Log.info('never')]) }"
  assert.equal(failure(callMain(main)), ['RangeError', 'one'])
})

test('handle() tells what is wrong with its arguments', () => {
  for (const [main, message] of [
    ['() => handle({}, {})', 'Cannot handle: the first argument is not an ability'],
    ['() => handle(Store, { get() {} })', 'Cannot handle Store: there is no clause for put'],
    [
      '() => handle(Store, { get() {}, put() {} })(function* () {})',
      'Cannot handle Store: got a function, expected what calling it returns',
    ],
  ] as const) {
    assert.equal(failure(callMain(main)), ['TypeError', message], main)
  }
})

test('a program can make operations only of abilities that it has, and neither change nor copy them', () => {
  const main = `() => {
    const op = Store.get('k')
    const tries = [() => { op.arguments = 1 }, () => { Object.getPrototypeOf(op).next = 1 }, () => { Store.get = 1 }, () => new op.constructor(Store, 'x')]
    return [op.constructor === Object, tries.map((attempt) => { try { attempt(); return 'done' } catch (e) { return e.name } })]
  }`
  const { v } = callMain(main) as { v: [boolean, string[]] }
  assert.equal(v[1].slice(1, 3), ['TypeError', 'TypeError'])
})

test('all() has every computation ask before any waits, and takes answers in any order', () => {
  const main = `function* () {
    const twice = function* (key) { return [yield* Store.get(key), yield* Store.get(key + key)] }
    return yield* all([twice('a'), Log.info('x'), twice('b')])
  }`
  const asked = (...ask: unknown[]): unknown => ({ o: { ask, cancel: [] } })
  assert.equal(
    converse(
      main,
      ['answer', 'B', 2],
      ['answer', 'A', 0],
      ['answer', null, 1],
      ['answer', 'BB', 3],
      ['answer', 'AA', 4],
    ),
    [
      asked([0, 'store', 'get', ['a']], [1, 'log', 'info', ['x']], [2, 'store', 'get', ['b']]),
      asked([3, 'store', 'get', ['bb']]),
      asked([4, 'store', 'get', ['aa']]),
      asked(),
      asked(),
      { v: [['A', 'AA'], null, ['B', 'BB']] },
    ],
  )
})

test('all() within all() waits and goes on as one', () => {
  const main = `function* () {
    return yield* all([all([Store.get('a'), Store.get('b')]), (function* () { return yield* all([Store.get('c')]) })()])
  }`
  const replies = converse(main, ['answer', 3, 2], ['answer', 2, 1], ['answer', 1, 0])
  assert.equal((replies[0] as { o: { ask: unknown[] } }).o.ask.length, 3)
  assert.equal(replies.at(-1), { v: [[1, 2], [3]] })
})

test('all() that fails cancels what its other computations wait for, and what caught it goes on', () => {
  const main = `function* () {
    try { yield* all([Store.get('a'), all([Store.get('b'), Store.get('c')])]) } catch (e) { return [e.message, yield* Store.get('d')] }
  }`
  assert.equal(converse(main, ['fail', { name: 'Gone', message: 'no a' }, 0], ['answer', 4, 3]).slice(1), [
    { o: { ask: [[3, 'store', 'get', ['d']]], cancel: [0, 1, 2].slice(1) } },
    { v: ['no a', 4] },
  ])
})

test('a handler around all() answers each of its computations, others wait on meanwhile', () => {
  const main = `function* () {
    let count = 0
    const counted = handle(Log, { *info(resume) { count++; return yield* resume(count) } })
    const one = function* (key) { const n = yield* Log.info(key); const x = yield* Store.get(key); return [n, x, yield* Log.info(key)] }
    return yield* counted((function* () { return yield* all([one('a'), one('b'), one('c')]) })())
  }`
  assert.equal(converse(main, ['answer', 'C', 2], ['answer', 'A', 0], ['answer', 'B', 1]).at(-1), {
    v: [
      [1, 'A', 5],
      [2, 'B', 6],
      [3, 'C', 4],
    ],
  })
})

test('an answer that comes while a clause waits is kept until its computation goes on', () => {
  const main = `function* () {
    const slow = handle(Log, { *info(resume) { const x = yield* Store.put('clause'); return yield* resume(x) } })
    return yield* slow((function* () { return yield* all([Store.get('a'), Log.info('b')]) })())
  }`
  // 0: get a, 1: put of the clause. The answer to 0 comes while the continuation is with the clause.
  const replies = converse(main, ['answer', 'A', 0], ['answer', 'P', 1])
  assert.equal(replies.slice(1), [{ o: { ask: [], cancel: [] } }, { v: ['A', 'P'] }])
})

test('a clause that never resumes drops what all() waits for', () => {
  const main = `function* () {
    const never = handle(Log, { info: () => 'dropped' })
    return yield* never((function* () { return yield* all([Store.get('a'), Log.info('b')]) })())
  }`
  assert.equal(converse(main).at(-1), { v: 'dropped' })
})

test('a computation within all() is not resumed twice', () => {
  const main = `function* () {
    const again = handle(Log, { *info(resume) { yield* resume(1); return yield* resume(2) } })
    return yield* again((function* () { return yield* all([Log.info('b'), 1]) })())
  }`
  assert.match(String(failure(converse(main).at(-1))), /within all/)
})

test('an answer to an operation that was cancelled changes nothing', () => {
  const main = `function* () {
    try { yield* all([Store.get('a'), Store.get('b')]) } catch (e) { return [e.message, yield* Store.get('d')] }
  }`
  const fails = ['fail', { name: 'Gone', message: 'no a' }, 0] as const
  assert.equal(converse(main, fails, ['answer', 'late', 1], ['answer', 4, 2]).slice(2), [
    { o: { ask: [], cancel: [] } },
    { v: ['no a', 4] },
  ])
})

test('a computation that is run by hand never yields an operation that was cancelled', () => {
  const main = `() => {
    const first = (function* () { try { yield* all([Store.get('a'), Store.get('b'), Store.get('c')]) } catch { return yield* Store.get('d') } })()
    const steps = all([Log.info('x'), first])
    const seen = []
    const fails = new Set(['1'])
    let step = steps.next()
    for (let n = 0; !step.done && n < 9; n++) step = n === 1 ? steps.throw(new Error('gone')) : steps.next(n)
    return [step.done, step.value]
  }`
  assert.equal(callMain(main), { v: [true, [0, 2]] })
})

test.run()
