// What the suites use of node:assert.

import { isEqual } from './equal.js'
import { show } from './show.js'

function check(holds, what, message) {
  if (holds) return
  if (message instanceof Error) throw message
  throw new Error(message === undefined ? what : `${message}: ${what}`)
}

function assert(value, message) {
  check(value, `${show(value)} is not truthy`, message)
}

const differs = (actual, expected) => `${show(actual)} is not ${show(expected)}`

// oxlint-disable-next-line eqeqeq -- what is defined here is loose equality
const isLoose = (a, b) => a == b || (Number.isNaN(a) && Number.isNaN(b))

assert.ok = (value, message) => check(value, `${show(value)} is not truthy`, message)
assert.equal = (a, b, message) => check(isLoose(a, b), differs(a, b), message)
assert.notEqual = (a, b, message) => check(!isLoose(a, b), `both are ${show(a)}`, message)
assert.strictEqual = (a, b, message) => check(Object.is(a, b), differs(a, b), message)
assert.notStrictEqual = (a, b, message) => check(!Object.is(a, b), `both are ${show(a)}`, message)
assert.deepEqual = (a, b, message) => check(isEqual(a, b, false), differs(a, b), message)
assert.notDeepEqual = (a, b, message) => check(!isEqual(a, b, false), `both are ${show(a)}`, message)
assert.deepStrictEqual = (a, b, message) => check(isEqual(a, b, true), differs(a, b), message)
assert.notDeepStrictEqual = (a, b, message) => check(!isEqual(a, b, true), `both are ${show(a)}`, message)
assert.fail = (message) => check(false, 'failed', message)

assert.throws = (run, expected, message) => {
  const thrown = caught(run)
  check(thrown !== undefined, 'nothing was thrown', typeof expected === 'string' ? expected : message)
  if (expected === undefined || typeof expected === 'string') return
  check(matchesError(thrown.error, expected), `${show(thrown.error)} was thrown`, message)
}

assert.doesNotThrow = (run) => {
  const thrown = caught(run)
  check(thrown === undefined, `${show(thrown?.error)} was thrown`)
}

export function caught(run) {
  try {
    run()
    return undefined
  } catch (error) {
    return { error }
  }
}

/** `expected`: a class, a pattern, a function that judges, or an object with some of the properties. */
function matchesError(error, expected) {
  if (expected instanceof RegExp) return expected.test(String(error))
  if (typeof expected === 'object')
    return ['name', 'message', 'code'].every(
      (key) => !(key in expected) || matches(error[key], expected[key]),
    )
  if (expected.prototype !== undefined && error instanceof expected) return true
  return expected.prototype instanceof Error || expected === Error ? false : expected(error) === true
}

const matches = (text, expected) =>
  expected instanceof RegExp ? expected.test(text) : isEqual(text, expected, true)

// oxlint-disable-next-line import/no-default-export -- `import assert from "assert"` is what tests write
export { assert, assert as default }
