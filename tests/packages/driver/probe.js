// One case of a function: builds its arguments from their description, applies it, applies what it
// returns, and shows everything that a caller could see. The same text runs on both sides.

import { instances, makeCallbacks } from './callbacks.js'
import { makeShow, showError } from './show.js'

/**
 * `steps` are lists of arguments: the first is for `subject`, each other one for the function that
 * came out before, or, when it begins with `{ method }`, for that method of what came out.
 * `tools` are functions of the same package that make arguments.
 */
export function probe(subject, steps, tools) {
  const notes = []
  const build = makeBuild(makeCallbacks(notes, makeShow), tools)
  const given = []
  const finish = (outcome) => {
    const show = makeShow()
    return [...outcome(show), [...notes], given.map(show)]
  }
  const failed = (error) =>
    finish((show) => ['throws', Error.isError(error) ? showError(error, show) : ['thrown', show(error)]])
  try {
    const value = applyAll(subject, steps, { build, given })
    if (value instanceof Promise)
      return value.then((settled) => finish((show) => ['settles', show(settled)]), failed)
    return finish((show) => ['returns', show(value)])
  } catch (error) {
    return failed(error)
  }
}

/** What a call comes to, as it is, nothing when it throws; a promise that fails is not a failure of the call. */
export function attempt(subject, steps, tools) {
  try {
    const value = applyAll(subject, steps, {
      build: makeBuild(makeCallbacks([], makeShow), tools),
      given: [],
    })
    if (value instanceof Promise) value.catch(() => {})
    return { value }
  } catch {
    return undefined
  }
}

function applyAll(subject, steps, { build, given }) {
  let value = subject
  const passed = []
  for (const [head, ...rest] of steps) {
    const method = typeof head === 'object' && head !== null && !Array.isArray(head) ? head.method : undefined
    const args = (method === undefined && head !== undefined ? [head, ...rest] : rest).map(build)
    given.push(args)
    if (method !== undefined) passed.push(value[method](...args))
    else if (typeof value !== 'function') break
    else value = isClass(value) ? new value(...args) : value(...args)
  }
  return passed.length > 0 ? [value, ...passed] : value
}

/** Also a function with methods, as classes were written before there were any. */
const isClass = (value) => {
  const prototype = Object.getOwnPropertyDescriptor(value, 'prototype')
  return prototype?.writable === false || Object.keys(prototype?.value ?? {}).length > 0
}

/** The argument that a description stands for: plain data is itself, an array is `[kind, …]`. */
function makeBuild(callback, tools) {
  const build = (description) =>
    Array.isArray(description) ? kinds[description[0]](...description.slice(1)) : description
  const object = (entries) => Object.fromEntries(entries.map(([key, item]) => [key, build(item)]))
  const kinds = {
    undefined: () => undefined,
    number: Number,
    bigint: BigInt,
    symbol: (name) => Symbol(name),
    array: (...items) => items.map(build),
    holes: () => [1, , 3], // eslint-disable-line no-sparse-arrays
    object: (...entries) => object(entries),
    bare: (...entries) => Object.assign(Object.create(null), object(entries)),
    date: (timeMs) => new Date(timeMs),
    regexp: (source, flags) => new RegExp(source, flags),
    map: (...entries) => new Map(entries.map((entry) => entry.map(build))),
    set: (...items) => new Set(items.map(build)),
    bytes: (...items) => Uint8Array.from(items),
    floats: (...items) => Float64Array.from(items),
    error: (message) => new Error(message),
    iterable: (...items) => iterate(items.map(build)),
    function: callback,
    instances: () => instances(callback),
    lazy: (item) => () => build(item),
    promise: async (item) => build(item),
    task: (item) => async () => build(item),
    tool: (name) => tools[name],
    made: (name, ...args) => tools[name](...args.map(build)),
  }
  return build
}

function* iterate(items) {
  yield* items
}
