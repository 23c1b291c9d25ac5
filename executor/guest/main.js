// The runtime inside the sandbox: prepares the intrinsics, takes a program's definitions, starts
// one of them and answers its operations. Every function takes and gives text, and catches
// whatever a program throws. A reply is one letter and JSON: value, failure, operation, wait, stack;
// k: a computation is resumed twice, or such a fork gets its answer; c: the run stopped for a fork to be made.

import { installAdditions } from './additions.js'
import { installRunner } from './by-hand.js'
import {
  all,
  handle,
  isComputation,
  makeAbility,
  readAbility,
  readForkStep,
  readOperation,
} from './computations.js'
import { describeFailure } from './failures.js'
import { freezeAll, setExec, removeDenied } from './freeze.js'
import { installGlobals } from './globals.js'
import { mendIteratorHelpers } from './iterators.js'
import { stopAtContinuation } from './forks.js'
import { isStop, Machine, machineOfFork } from './machine.js'
import { decodeValue, encodeValue, isSimple, installTransfer, isRead, ValueError } from './values.js'

export { make, samples } from './values.js'

const { InternalError, SyntaxError } = globalThis
const { then } = Promise.prototype

const MAX_TRACE_LINE = 10_000
const SHORT_TEXT = 1000

const definitions = new Map()
const references = new Map()

let machine
/** The reply of an async function once it has settled. */
let settled

/**
 * Prepares the intrinsics by the permits (JSON); `trace` takes one line of the console; `scan`, `bytes`,
 * `fill` and `read` are the host's part of the codec (values.js), which does without them.
 */
export function install(permits, trace, scan, bytes, fill, read) {
  if (fill) installTransfer(scan, bytes, fill, read)
  installAdditions()
  installGlobals((line) => trace(line.slice(0, MAX_TRACE_LINE)))
  installRunner()
  mendIteratorHelpers()
  removeDenied(JSON.parse(permits))
  freezeAll([makeAbility('', '', ['operation']), handle, all, setExec, ...computationPrototypes()])
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

/**
 * Evaluates a program: a function that takes the runtime and hands over its definitions, group by group. A
 * group takes earlier ones by their numbers and gives its own, under the references that are named.
 */
export function load(program) {
  return guard(() => {
    const values = []
    const group = (named, needed, make) => {
      const made = make(...needed.map((number) => values[number]))
      named.split(' ').forEach((reference, index) => {
        values.push(made[index])
        define(reference, made[index])
      })
    }
    program({ handle, all, ability: makeAbility, setExec, group, define })
    return 'v'
  })
}

function define(reference, value) {
  definitions.set(reference, value)
  const isObject = typeof value === 'function' || readAbility(value) !== undefined
  if (isObject && !references.has(value)) references.set(value, reference)
}

/** Starts the definition `reference` with its arguments: JSON, or the array that the host has built of them. */
export function start(reference, args) {
  return guard(() => {
    const definition = definitions.get(reference)
    if (!isCallable(definition)) return completeWith(definition)
    const decoded = typeof args === 'string' ? decode(args) : args
    const result = definition(...decoded)
    if (isComputation(result)) {
      machine = new Machine(result, encodeOperation)
      return advance(machine.start())
    }
    return result instanceof Promise ? awaitSettling(result) : completeWith(result)
  })
}

/** Answers the operation with this number with the JSON of a value. */
export function answer(json, number) {
  try {
    return advance(machine.answer(Number(number), decode(json)))
  } catch (error) {
    return describe(error)
  }
}

/** Throws an error into the program where it waits for the operation: JSON of its name and message. */
export function fail(json, number) {
  return guard(() => {
    const error = errorOf(JSON.parse(json))
    // An error without a stack gets one where it is thrown: at the `yield*` that performed the operation.
    delete error.stack
    return advance(machine.fail(Number(number), error))
  })
}

/** Makes the run that is about to start, or to go on as a fork, stop at the continuation with this number. */
export function stopAt(number) {
  stopAtContinuation(Number(number))
  return 'v'
}

/** Goes on, as a fork, with the continuation at which the run stopped. */
export function go(json) {
  return guard(() => {
    machine = machineOfFork(encodeOperation)
    return advance(machine.goOn({ value: decode(json) }))
  })
}

/** Tells the program what its fork came to: `{fork, ask, cancel}`, `{value}` or `{error}`. */
export function fork(json) {
  return guard(() => {
    const step = JSON.parse(json)
    return advance(machine.goOn(forkStepOf(step)))
  })
}

function forkStepOf({ fork: number, ask, cancel, value, error }) {
  if (error) return { error: Object.assign(errorOf(error), { stack: error.stack }) }
  if (!ask) return { value: { value: decodeTree(value) } }
  const asked = ask.map(([operation, reference, name, args]) => ({
    number: operation,
    operation: definitions.get(reference)[name](...decodeTree(args)),
  }))
  return { value: { fork: number, asked, cancelled: cancel } }
}

const decodeTree = (tree) => decodeValue(tree, (text) => definitions.get(text))
/** JSON in which no key begins with `$` stands for itself. */
const decode = (json) => (json.includes('"$') ? decodeTree(JSON.parse(json)) : JSON.parse(json))

const BUILT_IN = { TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError }

function errorOf({ name, message }) {
  if (Object.hasOwn(BUILT_IN, name)) return new BUILT_IN[name](message)
  const error = new Error(message)
  Object.defineProperty(error, 'name', {
    value: name,
    writable: true,
    enumerable: false,
    configurable: true,
  })
  return error
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

function advance(waits) {
  if (!waits) return completeWith(machine.result)
  if (isStop(waits)) return 'c'
  const forking = readForkStep(waits)
  if (forking) return reply('k', encodeForkStep(forking))
  const asked = machine.takeAsked()
  const cancelled = machine.takeCancelled()
  const texts = asked.length === 1 ? numbered(asked[0]) : asked.map(numbered)
  return `o{"ask":[${texts}],"cancel":[${cancelled.length === 0 ? '' : cancelled}]}`
}

const numbered = ({ number, text }) => `[${number},${text}]`

/** JSON of the reference, name and arguments of an operation. @throws ValueError for what can't cross */
function encodeOperation(operation) {
  const { ability, name, text, arguments: args } = readOperation(operation)
  try {
    return `${text},${JSON.stringify(args.every(isSimple) ? args : encodeValue(args, referenceOf))}`
  } catch (error) {
    throw error instanceof ValueError ? cannotPerform(`${readAbility(ability).name}.${name}`, error) : error
  }
}

/** The error that a program gets, without a stack: it gets one where it is thrown, at the `yield*`. */
function cannotPerform(operation, { message }) {
  const [, index, path, reason] = /^Cannot pass \$\[(\d+)\](.*?): ([^:]*)$/s.exec(message) ?? []
  const what = index === undefined ? message : `argument ${Number(index) + 1}, at $${path}: ${reason}`
  const error = new ValueError(`Cannot perform ${operation}: ${what}`)
  delete error.stack
  return error
}

function encodeForkStep({ continuation, fork: number, number: operation, answer: value, error }) {
  const to = number === undefined ? { continuation } : { fork: number, operation }
  return error === undefined
    ? { ...to, answer: encodeValue(value, referenceOf) }
    : { ...to, error: describeFailure(error) }
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
/** The host reads what is plain data by itself, unless a short text says it all. */
const completeWith = (value) =>
  (typeof value === 'object' || (typeof value === 'string' && value.length > SHORT_TEXT)) && isRead(value)
    ? 'v'
    : reply('v', encodeValue(value, referenceOf))
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
    return failure(thrown instanceof ValueError ? { ...described, stack: '', causes: [] } : described)
  } catch {
    return failure({ name: 'NonError', message: 'an object that can not be looked at was thrown', stack: '' })
  }
}

/** The engine's parsers tell of it with a SyntaxError. */
function isStackOverflow(error) {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error instanceof InternalError || error instanceof SyntaxError) &&
    error.message === 'stack overflow'
  )
}
