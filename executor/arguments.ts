// Arguments of a call: encoded once, in the form that crosses into the guest, and checked against the parameters that the
// function has, before anything runs.

import {
  type Member,
  type Node,
  KnownError,
  ReferenceValue,
  type Reference,
  type Value,
  VALUE_BOUNDS,
  encodeValueOf,
  valueToJson,
  walkTerm,
} from '#codebase'
import { EXECUTOR_LIMITS } from './limits.ts'
import type { Crossing } from './sandbox.ts'

/** The arguments of a call, on their way. */
export interface CallArguments {
  /** The array of them, encoded: what memos and receipts know them by. */
  readonly encoded: Uint8Array
  /** The same as the sandbox gets it. */
  readonly crossing: Crossing
  /** Definitions that they refer to, each once. */
  readonly references: readonly Reference[]
}

/** Bytes of encoded arguments from which on they are built in the sandbox: fewer take less time as JSON. */
const MANY_BYTES = 1024
/** What is too large is told of as such, however large it is. */
const ANY_LENGTH = { ...VALUE_BOUNDS, maxBytes: Number.MAX_SAFE_INTEGER }

/** Arguments as they cross into a sandbox. @throws KnownError usage `arguments-too-large`; ValueError */
export function callArguments(args: readonly Value[]): CallArguments {
  const { bytes, kinds } = encodeValueOf([...args], ANY_LENGTH)
  checkLength(bytes.length)
  const isBuilt = kinds !== 'any' && bytes.length >= MANY_BYTES
  return {
    encoded: bytes,
    references: kinds === 'any' ? referencesInArguments(args) : [],
    crossing: isBuilt ? bytes : JSON.stringify(kinds === 'json' ? args : valueToJson([...args])),
  }
}

function checkLength(length: number): void {
  if (length <= EXECUTOR_LIMITS.argumentBytes) return
  throw new KnownError(
    'usage',
    'arguments-too-large',
    `Cannot run: the arguments take ${length} bytes, expected at most ${EXECUTOR_LIMITS.argumentBytes}`,
    {
      hint: 'pass less at once, or store it and pass where it is',
      details: { allowed: EXECUTOR_LIMITS.argumentBytes },
    },
  )
}

/** Definitions that the arguments refer to, each once. */
function referencesInArguments(args: readonly Value[]): Reference[] {
  const found = new Map<string, Reference>()
  const visitAll = (values: Iterable<Value>): void => {
    for (const value of values) if (typeof value === 'object' && value !== null) visit(value)
  }
  const visit = (value: Value & object): void => {
    if (value instanceof ReferenceValue)
      found.set(`${value.reference.hash}.${value.reference.index}`, value.reference)
    else if (Array.isArray(value) || value instanceof Set) visitAll(value as Iterable<Value>)
    else if (value instanceof Map) for (const entry of value) visitAll(entry)
    else if (!(value instanceof Uint8Array) && !(value instanceof Date)) visitAll(Object.values(value))
  }
  visitAll(args)
  return [...found.values()]
}

/** How many arguments a definition requires, and how many it can see. */
export interface Arity {
  /** Parameters before the first with a default or the rest. */
  readonly required: number
  /** Infinity when it has a rest parameter or uses `arguments`. */
  readonly visible: number
}

/** The arity of a function or generator; that of anything else, which is not called, is 0. Undefined: not known. */
function arityOf(member: Member): Arity | undefined {
  const { type, params } = member.value as Node & { readonly params?: readonly Node[] }
  if (type === 'Class' || type === 'Ability') return { required: 0, visible: 0 }
  if ((type !== 'Function' && type !== 'Arrow') || !params) return undefined
  const firstOptional = params.findIndex((param) => param.type === 'Default' || param.type === 'Rest')
  const hasRest = params.at(-1)?.type === 'Rest'
  return {
    required: firstOptional < 0 ? params.length : firstOptional,
    visible:
      hasRest || (type === 'Function' && usesArguments(member.value))
        ? Number.POSITIVE_INFINITY
        : params.length,
  }
}

/** Whether a function mentions its `arguments`; one in a function inside of it counts too, to be on the safe side. */
function usesArguments(value: Node): boolean {
  let isFound = false
  walkTerm(value, (node) => {
    isFound ||= node.type === 'Arguments'
  })
  return isFound
}

/** @throws KnownError input `not-runnable` for a type or an ability; usage `arguments` for fewer arguments than required, or more than can be seen */
export function checkArguments(member: Member, count: number): void {
  const { type } = member.value
  if (type === 'Type' || type === 'Ability') throw notRunnable(type)
  const arity = arityOf(member)
  if (!arity || (count >= arity.required && count <= arity.visible)) return
  if (type === 'Class') throw calledClass(count)
  const { required, visible } = arity
  const expected =
    required === visible
      ? `${required}`
      : visible === Number.POSITIVE_INFINITY
        ? `at least ${required}`
        : `${required} to ${visible}`
  throw new KnownError(
    'usage',
    'arguments',
    `Cannot run: got ${count} argument${count === 1 ? '' : 's'}, expected ${expected}`,
    {
      hint:
        count < required
          ? 'each argument is one JSON value; a null counts; \'{"$undefined":true}\' leaves one out'
          : `the function takes ${visible === 0 ? 'none' : visible}; a list is one argument, as in '[1, 2]'`,
      details: { given: count, required, visible: visible === Number.POSITIVE_INFINITY ? null : visible },
    },
  )
}

function calledClass(given: number): KnownError {
  return new KnownError('usage', 'arguments', 'Cannot run: it is a class, which is not called', {
    hint: 'call a function that makes one, as in `export const make = (x) => new C(x).value()`',
    details: { given, required: 0, visible: 0 },
  })
}

function notRunnable(type: 'Type' | 'Ability'): KnownError {
  const what = type === 'Type' ? 'a type' : 'an ability'
  return new KnownError(
    'input',
    'not-runnable',
    `Cannot run: it is ${what}, expected a function or a constant`,
    {
      hint: '`ucm ls` shows what each name is',
    },
  )
}
