// The runtime inside the sandbox: prepares the intrinsics, takes a program's definitions, starts
// one of them and answers its operations. Every function takes and gives text, and catches
// whatever a program throws. A reply is one letter and JSON: value, failure, operation, wait, stack.

import { all, handle, isComputation, Machine, makeAbility, readAbility, readOperation } from './effects.js'
import { describeFailure } from './failures.js'
import { freezeAll, removeDenied } from './freeze.js'
import { installGlobals } from './globals.js'
import { decodeValue, encodeValue, ValueError } from './values.js'

const { InternalError } = globalThis
const { then } = Promise.prototype

const MAX_TRACE_LINE = 10_000

const definitions = new Map()
const references = new Map()

let machine
/** The reply of an async function once it has settled. */
let settled

/** Prepares the intrinsics by the permits (JSON); `trace` takes one line of the console. */
export function install(permits, trace) {
  installGlobals((line) => trace(line.slice(0, MAX_TRACE_LINE)))
  removeDenied(JSON.parse(permits))
  freezeAll([makeAbility('', '', ['operation']), handle, all, ...computationPrototypes()])
}

/** The prototypes that a program can reach from an operation, without the way to make more of them. */
function computationPrototypes() {
  const prototypes = []
  const probe = makeAbility('', '', ['operation']).operation()
  for (let at = probe; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    delete at.constructor
    prototypes.push(at)
  }
  return prototypes
}

/** Evaluates a program: a function that takes the runtime and hands over its definitions. */
export function load(program) {
  return guard(() => {
    program({
      handle,
      all,
      ability: makeAbility,
      define(reference, value) {
        definitions.set(reference, value)
        const isObject = typeof value === 'function' || readAbility(value) !== undefined
        if (isObject && !references.has(value)) references.set(value, reference)
      },
    })
    return 'v'
  })
}

/** Starts the definition `reference` with the JSON of its arguments. */
export function start(reference, args) {
  return guard(() => {
    const definition = definitions.get(reference)
    if (!isCallable(definition)) return completeWith(definition)
    const decoded = decodeValue(JSON.parse(args), (text) => definitions.get(text))
    const result = definition(...decoded)
    if (isComputation(result)) {
      machine = new Machine(result)
      return advance(() => machine.start())
    }
    return result instanceof Promise ? awaitSettling(result) : completeWith(result)
  })
}

/** Answers the operation that the program waits for with the JSON of a value. */
export function answer(json) {
  return guard(() =>
    advance(() => machine.answer(decodeValue(JSON.parse(json), (text) => definitions.get(text)))),
  )
}

/** Throws an error into the program where it waits for an operation: JSON of its name and message. */
export function fail(json) {
  return guard(() => {
    const { name, message } = JSON.parse(json)
    const error = new Error(message)
    Object.defineProperty(error, 'name', {
      value: name,
      writable: true,
      enumerable: false,
      configurable: true,
    })
    return advance(() => machine.fail(error))
  })
}

/** The reply of an async function after its jobs have run. */
export function settle() {
  return (
    settled ??
    failure({ name: 'NeverSettled', message: 'Cannot return: the promise never settles', stack: '' })
  )
}

/** A class is a value of its own: it is not called. */
function isCallable(definition) {
  return typeof definition === 'function' && !isClass(definition)
}

function isClass(definition) {
  const prototype = Object.getOwnPropertyDescriptor(definition, 'prototype')
  return prototype !== undefined && !prototype.writable
}

function advance(step) {
  const operation = step()
  return operation ? reply('o', encodeOperation(readOperation(operation))) : completeWith(machine.result)
}

function encodeOperation({ ability, name, arguments: args }) {
  const { reference } = readAbility(ability)
  return [reference, name, encodeValue(args, referenceOf)]
}

function awaitSettling(promise) {
  void then.call(
    promise,
    (value) => {
      settled = guard(() => completeWith(value))
    },
    (error) => {
      settled = guard(() => {
        throw error
      })
    },
  )
  return 'w'
}

const referenceOf = (value) => references.get(value)
const completeWith = (value) => reply('v', encodeValue(value, referenceOf))
const reply = (letter, content) => letter + JSON.stringify(content)
const failure = (described) => reply('f', described)

function guard(run) {
  try {
    return run()
  } catch (error) {
    return describe(error)
  }
}

/** The reply for what was thrown; to look at it may run the program's own traps, which throw again. */
function describe(thrown) {
  try {
    if (isStackOverflow(thrown)) return 's'
    const described = describeFailure(thrown)
    return failure(thrown instanceof ValueError ? { ...described, stack: '' } : described)
  } catch {
    return failure({ name: 'NonError', message: 'an object that can not be looked at was thrown', stack: '' })
  }
}

function isStackOverflow(error) {
  return (
    typeof error === 'object' &&
    error !== null &&
    error instanceof InternalError &&
    error.message === 'stack overflow'
  )
}
