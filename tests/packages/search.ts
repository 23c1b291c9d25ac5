// Finds arguments for which a function returns: tries kinds by the names of its parameters, keeps
// what returned, varies it, and goes on with the functions and methods that come out.

import { describeArgument, type Description, type Kind, KINDS, kindsFor } from './arguments.ts'
import { type Random, randomOf } from './random.ts'
import { kindsOfType, type Signatures } from './signatures.ts'

/** The kinds of the arguments of each step, and the method that it calls. */
export type Shape = readonly { readonly method?: string; readonly kinds: readonly Kind[] }[]
/** What one call is given (driver/probe.js). */
export type Steps = readonly (readonly (Description | { readonly method: string })[])[]

/** What a call came to: nothing when it did not return; else what can be asked further of its value. */
export type Learnt = { readonly value: unknown } | undefined

export interface Search {
  /** The next call to make. */
  next(): { readonly shape: Shape; readonly steps: Steps }
  learn(shape: Shape, learnt: Learnt): void
}

/** A shape whose value is a function or has methods, to be called further. */
interface Open {
  readonly shape: Shape
  readonly nextStep: () => Shape[number]
  triesLeft: number
}

const MOST_SHAPES = 16
const MOST_STEPS = 4
const TRIES_PER_STEP = 6

export interface Searched {
  readonly subject: unknown
  readonly seed: string
  readonly signatures: Signatures
  /** Arguments of kinds that its package has besides, and their share. */
  readonly extra: readonly Description[]
  readonly extraShare: number
}

/** A search for calls of `subject`. */
export function makeSearch(searched: Searched): Search {
  const { subject, signatures } = searched
  const random = randomOf(searched.seed)
  const shapes = new Map<string, Shape>()
  const open: Open[] = []

  const nextOpen = (): Shape | undefined => {
    const last = open.at(-1)
    if (!last || random() < 0.25) return undefined
    if (--last.triesLeft === 0) open.pop()
    return [...last.shape, last.nextStep()]
  }
  const nextKnown = (): Shape | undefined => {
    if (shapes.size === 0 || random() > (shapes.size < 4 ? 0.45 : 0.8)) return undefined
    const known = random.pick([...shapes.values()])
    return random() < 0.2 ? vary(known, random) : known
  }
  /** What goes further is worth more than what stops before. */
  const forgetBase = (shape: Shape): void => {
    const base = JSON.stringify(shape.slice(0, -1))
    shapes.delete(base)
    const at = open.findIndex((each) => JSON.stringify(each.shape) === base)
    if (at >= 0 && !shape.at(-1)?.method) open.splice(at, 1)
  }
  return {
    next() {
      const shape = nextOpen() ??
        nextKnown() ?? [signedStep(signatures, 0, random) ?? firstStep(subject, random)]
      return { shape, steps: describeSteps(shape, searched, random) }
    },
    learn(shape, learnt) {
      if (!learnt) return
      forgetBase(shape)
      if (shapes.size < MOST_SHAPES) shapes.set(JSON.stringify(shape), shape)
      const further = (): Shape[number] | undefined => signedStep(signatures, shape.length, random)
      const step = shape.length < MOST_STEPS ? nextStepOf(learnt.value, random, further) : undefined
      if (step) open.push({ shape, nextStep: step, triesLeft: TRIES_PER_STEP })
    },
  }
}

function firstStep(subject: unknown, random: Random): Shape[number] {
  const names = parametersOf(subject)
  const count = Math.max(names.length, (subject as { length: number }).length)
  const more = random.pick(count === 0 ? [0, 1, 1, 2, 2, 3] : [0, 0, 0, 0, 0, 1, -1])
  const kinds = Array.from({ length: Math.max(0, Math.min(6, count + more)) }, (_, index) =>
    random.pick(random() < 0.75 ? kindsFor(names[index]) : KINDS),
  )
  return { kinds }
}

/** The step that one of the declared signatures has at `level`, most of the time. */
function signedStep(signatures: Signatures, level: number, random: Random): Shape[number] | undefined {
  const fitting = signatures.filter((levels) => levels.length > level)
  if (fitting.length === 0 || random() < 0.2) return undefined
  const types = random.pick(fitting)[level] as readonly string[]
  const given = types.slice(0, random() < 0.25 ? random.below(types.length + 1) : types.length)
  return {
    kinds: given.map((type) => {
      const likely = kindsOfType(type)
      return random.pick(likely.length > 0 && random() < 0.9 ? likely : KINDS)
    }),
  }
}

/** One argument of another kind. */
function vary(shape: Shape, random: Random): Shape {
  const at = random.below(shape.length)
  return shape.map((step, index) => {
    if (index !== at || step.kinds.length === 0) return step
    const which = random.below(step.kinds.length)
    return { ...step, kinds: step.kinds.map((kind, place) => (place === which ? random.pick(KINDS) : kind)) }
  })
}

/** What makes a further step of `value`, if it can be called further. */
function nextStepOf(
  value: unknown,
  random: Random,
  further: () => Shape[number] | undefined,
): (() => Shape[number]) | undefined {
  if (typeof value === 'function') return () => further() ?? firstStep(value, random)
  const methods = methodsOf(value)
  if (methods.length === 0) return undefined
  return () => {
    const method = random.pick(methods)
    return { method, ...firstStep((value as Record<string, unknown>)[method], random) }
  }
}

/** Names of the functions that an object of a package has. */
function methodsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isBuiltIn(value)) return []
  const methods: string[] = []
  const prototype = Object.getPrototypeOf(value) as object | null
  for (const holder of [value, prototype === Object.prototype ? null : prototype]) {
    for (const name of holder === null ? [] : Object.getOwnPropertyNames(holder)) {
      if (name === 'constructor') continue
      const property = Object.getOwnPropertyDescriptor(holder, name)
      if (typeof property?.value === 'function') methods.push(name)
    }
  }
  return methods
}

const isBuiltIn = (value: object): boolean =>
  ArrayBuffer.isView(value) ||
  [Date, RegExp, Map, Set, Promise, Error, ArrayBuffer, WeakMap].some((type) => value instanceof type) ||
  'next' in value

function describeSteps(shape: Shape, { extra, extraShare }: Searched, random: Random): Steps {
  const describe = (kind: Kind): Description =>
    extra.length > 0 && random() < extraShare ? random.pick(extra) : describeArgument(kind, random)
  return shape.map(({ method, kinds }) => [
    ...(method === undefined ? [] : [{ method }]),
    ...kinds.map(describe),
  ])
}

/** Names of the parameters, as far as they are plain. */
function parametersOf(subject: unknown): string[] {
  const head = /^[^(]*\(([^)]*)\)|^(?:async\s+)?(\w+)\s*=>/.exec(String(subject))
  const list = head?.[1] ?? head?.[2] ?? ''
  return list
    .split(',')
    .map((part) => part.trim().replace(/\s*=.*$/s, ''))
    .filter((name) => /^[\w$]+$/.test(name))
}
