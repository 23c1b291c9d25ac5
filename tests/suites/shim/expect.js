// What the suites use of vitest's `expect` and `vi.fn`.

import { caught } from './assert.js'
import { isEqual } from './equal.js'
import { show } from './show.js'

const MATCHERS = {
  toBe: (a, b) => Object.is(a, b),
  toEqual: (a, b) => isEqual(a, b, false),
  toStrictEqual: (a, b) => isEqual(a, b, true),
  toBeUndefined: (a) => a === undefined,
  toBeDefined: (a) => a !== undefined,
  toBeNull: (a) => a === null,
  toBeNaN: (a) => Number.isNaN(a),
  toBeTruthy: (a) => Boolean(a),
  toBeFalsy: (a) => !a,
  toBeInstanceOf: (a, b) => a instanceof b,
  toBeGreaterThan: (a, b) => a > b,
  toBeGreaterThanOrEqual: (a, b) => a >= b,
  toBeLessThan: (a, b) => a < b,
  toBeLessThanOrEqual: (a, b) => a <= b,
  toBeCloseTo: (a, b, digits = 2) => a === b || Math.abs(a - b) < 10 ** -digits / 2,
  toHaveLength: (a, length) => a.length === length,
  toContain: (a, item) => (typeof a === 'string' ? a.includes(item) : [...a].includes(item)),
  toContainEqual: (a, item) => [...a].some((each) => isEqual(each, item, false)),
  toMatch: (a, pattern) => (pattern instanceof RegExp ? pattern.test(a) : a.includes(pattern)),
  toMatchObject: (a, b) => Object.keys(b).every((key) => isEqual(a[key], b[key], false)),
  toHaveProperty: hasProperty,
  toThrow: throws,
  toThrowError: throws,
  toThrowErrorMatchingInlineSnapshot: (a, text) => show(thrownBy(a)?.error) === text.trim(),
  toMatchInlineSnapshot: (a, text) => show(a) === text.trim(),
  toHaveBeenCalled: (mock) => mock.mock.calls.length > 0,
  toHaveBeenCalledTimes: (mock, times) => mock.mock.calls.length === times,
  toBeCalledTimes: (mock, times) => mock.mock.calls.length === times,
  toHaveBeenCalledWith: (mock, ...args) => mock.mock.calls.some((call) => isEqual(call, args, false)),
  toHaveBeenCalledExactlyOnceWith: (mock, ...args) => isEqual(mock.mock.calls, [args], false),
  toHaveBeenLastCalledWith: (mock, ...args) => isEqual(mock.mock.calls.at(-1), args, false),
  toHaveBeenNthCalledWith: (mock, nth, ...args) => isEqual(mock.mock.calls[nth - 1], args, false),
}

function hasProperty(object, path, ...expected) {
  const keys = Array.isArray(path) ? path : String(path).split('.')
  let value = object
  for (const key of keys) {
    if (value === null || value === undefined || !(key in Object(value))) return false
    value = value[key]
  }
  return expected.length === 0 || isEqual(value, expected[0], false)
}

/** What a function throws; of what a promise was rejected with, that itself. */
function thrownBy(actual) {
  return typeof actual === 'function' ? caught(actual) : { error: actual }
}

function throws(actual, expected) {
  const thrown = thrownBy(actual)
  if (thrown === undefined) return false
  if (expected === undefined) return true
  const { error } = thrown
  if (typeof expected === 'string') return String(error?.message).includes(expected)
  if (expected instanceof RegExp) return expected.test(String(error?.message))
  return typeof expected === 'function' ? error instanceof expected : error?.message === expected.message
}

export function expect(actual) {
  const matchers = { not: {}, resolves: {}, rejects: {} }
  for (const name of Object.keys(MATCHERS)) {
    const holds = (...given) => MATCHERS[name](...given)
    matchers[name] = (...args) => judge(name, holds(actual, ...args), actual, args)
    matchers.not[name] = (...args) => judge(`not ${name}`, !holds(actual, ...args), actual, args)
    matchers.resolves[name] = async (...args) => {
      const value = await actual
      judge(name, holds(value, ...args), value, args)
    }
    matchers.rejects[name] = async (...args) => {
      const error = await (typeof actual === 'function' ? actual() : actual).then(
        () => judge('rejects', false, actual, []),
        (reason) => reason,
      )
      judge(name, holds(error, ...args), error, args)
    }
  }
  return matchers
}

function judge(name, holds, actual, args) {
  if (!holds) throw new Error(`${show(actual)} ${name} ${args.map((arg) => show(arg)).join(', ')}`)
}

const matcher = (matches) => ({ $isMatcher: true, matches })
expect.anything = () => matcher((value) => value !== undefined && value !== null)
expect.any = (type) => matcher((value) => Object(value) instanceof type)
expect.arrayContaining = (items) =>
  matcher((value) => items.every((item) => value.some((each) => isEqual(each, item, false))))
expect.fail = (message) => judge(message ?? 'failed', false, undefined, [])

/** `vi.fn`: a function that remembers its calls. */
export function mockFunction(implementation = () => undefined) {
  let act = implementation
  const once = []
  const state = { calls: [], results: [] }
  function mock(...args) {
    state.calls.push(args)
    const result = (once.shift() ?? act).apply(this, args)
    state.results.push({ type: 'return', value: result })
    return result
  }
  const set = (next) => {
    act = next
    return mock
  }
  mock.mock = state
  mock.mockImplementation = set
  mock.mockReturnValue = (value) => set(() => value)
  mock.mockResolvedValue = (value) => set(async () => value)
  mock.mockRejectedValue = (error) => set(async () => Promise.reject(error))
  mock.mockReturnValueOnce = (value) => (once.push(() => value), mock)
  mock.mockImplementationOnce = (next) => (once.push(next), mock)
  mock.mockClear = () => (state.calls.splice(0), mock)
  return mock
}

export const vi = { fn: mockFunction }
