// What a thrown value tells the host: a name, a message and the engine's stack text, all plain
// strings of bounded length, however hostile the value's getters and conversions are.

import { inspect } from './inspect.js'

const MAX_NAME = 200
const MAX_SHOWN = 500
const MAX_INNER = 4
const MAX_MESSAGE = 8192
const MAX_STACK_LINES = 64
const MAX_CAUSES = 4

/** Reads `value[key]` when it is a string; undefined when it is not or can't be read. */
function readText(value, key) {
  try {
    const text = value[key]
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}

const clip = (text, length) => (text.length > length ? `${text.slice(0, length)}…` : text).toWellFormed()

/** `{ name, message, stack, causes }` of whatever was thrown; causes are described alike, the nearest first. */
export function describeFailure(thrown) {
  const causes = []
  for (let cause = causeOf(thrown); causes.length < MAX_CAUSES && cause !== undefined; cause = causeOf(cause))
    causes.push(describeOne(cause))
  return { ...describeOne(thrown), causes }
}

/** The cause that an error was made with; undefined when there is none that can be read. */
function causeOf(thrown) {
  try {
    return Error.isError(thrown) && Object.hasOwn(thrown, 'cause') ? thrown.cause : undefined
  } catch {
    return undefined
  }
}

function describeOne(thrown) {
  const isObject = (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function'
  if (!isObject) {
    const message = typeof thrown === 'string' ? thrown : describePrimitive(thrown)
    return { name: 'NonError', message: clip(message, MAX_MESSAGE), stack: '' }
  }
  const isError = Error.isError(thrown)
  const stack = isError ? (readText(thrown, 'stack') ?? '') : ''
  return {
    name: clip(readText(thrown, 'name') || (isError ? 'Error' : 'NonError'), MAX_NAME),
    message: clip(
      isError ? readText(thrown, 'message') || innerMessages(thrown) : messageOfObject(thrown),
      MAX_MESSAGE,
    ),
    stack: firstLines(stack),
  }
}

/** What an object says of itself, else what it holds. */
function messageOfObject(thrown) {
  const message = readText(thrown, 'message')
  if (message !== undefined) return message
  return `an object that is not an Error was thrown: ${clip(inspect(thrown), MAX_SHOWN)}`
}

/** The messages of the errors that an AggregateError without one of its own was made of. */
function innerMessages(thrown) {
  try {
    const { errors } = thrown
    if (!Array.isArray(errors)) return ''
    const shown = errors.slice(0, MAX_INNER).map((error) => clip(describeInner(error), MAX_SHOWN))
    const more = errors.length > MAX_INNER ? [`${errors.length - MAX_INNER} more`] : []
    return [...shown, ...more].join('; ')
  } catch {
    return ''
  }
}

function describeInner(error) {
  return (Error.isError(error) && readText(error, 'message')) || inspect(error)
}

function firstLines(stack) {
  let end = 0
  for (let line = 0; line < MAX_STACK_LINES; line++) {
    const next = stack.indexOf('\n', end)
    if (next < 0) return stack
    end = next + 1
  }
  return stack.slice(0, end)
}

function describePrimitive(thrown) {
  return typeof thrown === 'symbol' ? 'a symbol' : `${thrown}`
}
