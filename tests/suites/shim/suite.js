// The test runner inside: collects the cases that a file declares, then runs them one after the
// other and tells of each whether it passed. Speaks mocha's and vitest's words.

import { expect, vi } from './expect.js'

const ignore = () => {}
/** `expectTypeOf(…)` in any form: types are none of its business here. */
const typeExpectation = new Proxy(() => {}, { get: () => typeExpectation, apply: () => typeExpectation })

export function makeSuite() {
  const cases = []
  const names = []
  let hooks = { before: [], after: [], each: [], afterEach: [] }

  function describe(name, ...rest) {
    const outer = hooks
    hooks = { before: [], after: [], each: [...outer.each], afterEach: [...outer.afterEach] }
    names.push(String(name?.name ?? name))
    rest.find((each) => typeof each === 'function')?.()
    names.pop()
    hooks = outer
  }
  function it(name, ...rest) {
    const run = rest.find((each) => typeof each === 'function')
    if (run) cases.push({ name: [...names, String(name?.name ?? name)].join(' › '), run, hooks })
  }
  it.skip = it.todo = describe.skip = ignore
  it.only = it
  describe.only = describe
  it.fails = (name, run) => it(name, async () => expect(async () => run()).rejects.toEqual(expect.anything()))
  it.skipIf = (condition) => (condition ? ignore : it)
  it.each = eachOf(it)
  describe.each = eachOf(describe)
  const hook = (kind) => (run) => void hooks[kind].push(run)

  return {
    describe,
    suite: describe,
    context: describe,
    it,
    test: it,
    expect,
    expectTypeOf: typeExpectation,
    assertType: ignore,
    vi,
    before: hook('before'),
    beforeAll: hook('before'),
    after: hook('after'),
    afterAll: hook('after'),
    beforeEach: hook('each'),
    afterEach: hook('afterEach'),
    run: () => runCases(cases),
  }
}

/** `it.each(rows)(name, run)`; rows that are lists are spread. */
function eachOf(declare) {
  return (rows) => (name, run) =>
    rows.forEach((row, index) =>
      declare(`${name} [${index}]`, () => (Array.isArray(row) ? run(...row) : run(row))),
    )
}

/** `[name, '']` of each case that passed, `[name, message]` of each that did not. */
async function runCases(cases) {
  const results = []
  const begun = new Set()
  for (const { name, run, hooks } of cases) {
    try {
      if (!begun.has(hooks)) for (const before of hooks.before) await before()
      begun.add(hooks)
      for (const before of hooks.each) await before()
      await (run.length > 0 ? new Promise((resolve) => run(resolve)) : run())
      for (const after of hooks.afterEach) await after()
      results.push([name.toWellFormed(), ''])
    } catch (error) {
      results.push([name.toWellFormed(), `${error?.name}: ${error?.message}`.toWellFormed().slice(0, 500)])
    }
  }
  return results
}
