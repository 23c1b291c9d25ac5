// Makes the engine's intrinsics those of a pure language: what is not permitted is removed, the
// clock and code from text are closed, and everything that two definitions could share is frozen.
// Runs once, before any program, on an engine that no program has touched.

const getOwn = Object.getOwnPropertyDescriptor

/**
 * Removes every global that `permitted` does not name and every member that `denied` names; the
 * methods named by `locale` throw, wherever they stand.
 */
export function removeDenied({ permitted, denied, locale }) {
  closeClock()
  closeEvaluation()
  closeLocale(new Set(locale))
  const kept = new Set(permitted)
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!kept.has(name) && getOwn(globalThis, name).configurable) delete globalThis[name]
  }
  for (const [holder, members] of Object.entries(denied)) {
    const object = holder.split('.').reduce((at, key) => at?.[key], globalThis)
    for (const member of members) if (object) delete object[member]
  }
}

/** Replaces an intrinsic constructor by `replacement`, which takes its prototype and statics over. */
function replaceConstructor(original, replacement) {
  for (const key of Reflect.ownKeys(original)) {
    if (key !== 'prototype') Object.defineProperty(replacement, key, getOwn(original, key))
  }
  Object.setPrototypeOf(replacement, Object.getPrototypeOf(original))
  Object.defineProperty(replacement, 'prototype', { value: original.prototype, writable: false })
  Object.defineProperty(original.prototype, 'constructor', { value: replacement })
}

/** `Date` without arguments reads the clock, so it throws; with arguments it is as ever. */
function closeClock() {
  const OriginalDate = Date
  function Date$(...args) {
    if (!new.target || args.length === 0) {
      throw new TypeError('Cannot read the clock: perform Clock.now() instead, or pass the time in')
    }
    return Reflect.construct(OriginalDate, args, new.target === Date$ ? OriginalDate : new.target)
  }
  replaceConstructor(OriginalDate, Date$)
  globalThis.Date = Date$
}

/** The constructors that make code from text throw, but for the idiom `Function('return this')`. */
function closeEvaluation() {
  const prototypes = [
    Function.prototype,
    Object.getPrototypeOf(function* () {}),
    Object.getPrototypeOf(async () => {}),
    Object.getPrototypeOf(async function* () {}),
  ]
  for (const prototype of prototypes) {
    const original = prototype.constructor
    const isPlain = original === Function
    const closed = function (...args) {
      if (isPlain && args.length === 1 && `${args[0]}` === 'return this') return () => globalThis
      throw new EvalError('Cannot make code from text: write a function instead')
    }
    replaceConstructor(original, closed)
    if (isPlain) globalThis.Function = closed
  }
}

function closeLocale(methods) {
  for (const object of reachable([globalThis])) {
    for (const name of methods) {
      if (!Object.hasOwn(object, name)) continue
      const closed = {
        [name]() {
          throw new TypeError(
            `Cannot call ${name}: what depends on a locale is absent, use code of your own instead`,
          )
        },
      }[name]
      Object.defineProperty(object, name, { value: closed })
    }
  }
}

/** Freezes everything reachable from the global object and `others`, and the global object itself. */
export function freezeAll(others) {
  const objects = reachable([globalThis, ...hiddenIntrinsics(), ...others])
  objects.delete(globalThis)
  for (const object of objects) letInheritorsAssign(object)
  for (const object of objects) Object.freeze(object)
  Object.freeze(globalThis)
}

/** Intrinsics that no property leads to. */
function hiddenIntrinsics() {
  const protoOf = Object.getPrototypeOf
  const iterator = [].values()
  return [
    protoOf(iterator),
    protoOf(''[Symbol.iterator]()),
    protoOf(new Map().values()),
    protoOf(new Set().values()),
    protoOf(''.matchAll(/./g)),
    protoOf(iterator.map((item) => item)),
    protoOf(Iterator.from({ next() {} })),
    protoOf(function* () {}),
    protoOf(async () => {}),
    protoOf(async function* () {}),
    getOwn(
      (function () {
        'use strict'
        return arguments
      })(),
      'callee',
    ).get,
  ]
}

function reachable(roots) {
  const found = new Set()
  const visit = (value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || found.has(value))
      return
    found.add(value)
    visit(Object.getPrototypeOf(value))
    for (const key of Reflect.ownKeys(value)) {
      const property = getOwn(value, key)
      visit(property.value)
      visit(property.get)
      visit(property.set)
    }
  }
  for (const root of roots) visit(root)
  return found
}

/**
 * A frozen property that an object inherits would forbid assigning it there (the override mistake),
 * so on every prototype it becomes an accessor whose setter defines it on the inheritor, as SES's
 * enablements do. Reading one costs a call, so the methods of strings, numbers and their like stay
 * plain, but for the few that objects are given: hardly anything else inherits them.
 */
function letInheritorsAssign(holder) {
  if (holder !== holder.constructor?.prototype && !Object.hasOwn(holder, Symbol.toStringTag)) return
  const isPrimitive = PRIMITIVES.has(holder)
  for (const key of Reflect.ownKeys(holder)) {
    const property = getOwn(holder, key)
    if (!('value' in property) || !property.writable || !property.configurable) continue
    if (isPrimitive && !Object.hasOwn(Object.prototype, key)) continue
    if (property.value === regExpExec) continue // the engine is fast with the plain one only; setExec() assigns it
    Object.defineProperty(holder, key, overridable(holder, key, property))
  }
}

const regExpExec = RegExp.prototype.exec

/** `object.exec = value`: to assign it to a regular expression is possible although it inherits a frozen one. */
export function setExec(object, value) {
  const isObject = typeof object === 'function' || (typeof object === 'object' && object !== null)
  if (isObject && Reflect.set(object, 'exec', value)) return value
  if (isObject && Object.isExtensible(object) && holderOfExec(object) === RegExp.prototype)
    defineOwn(object, 'exec', value)
  else object.exec = value // throws what it would
  return value
}

function holderOfExec(object) {
  let at = object
  while (at !== null && !Object.hasOwn(at, 'exec')) at = Object.getPrototypeOf(at)
  return at
}

function defineOwn(object, key, value) {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

const PRIMITIVES = new Set([String, Number, Boolean, Symbol, BigInt].map(({ prototype }) => prototype))

function overridable(holder, key, { value, enumerable }) {
  const get = () => value
  const set = function (assigned) {
    if (this === holder) throw new TypeError(`Cannot assign ${String(key)}: the intrinsics are frozen`)
    if (this === undefined || this === null) throw new TypeError('Cannot assign to undefined or null')
    if (Object.hasOwn(this, key)) this[key] = assigned
    else defineOwn(this, key, assigned)
  }
  return { get: Object.freeze(get), set: Object.freeze(set), enumerable, configurable: false }
}
