// What a definition may use besides parameters, locals and other definitions: one
// table. `define` refuses the rest with a reason; the sandbox removes it a second time.

/** Why something is not permitted, and what to write instead. */
export interface Denial {
  readonly reason: string
  readonly hint: string
}

/** Globals of the language itself that are deterministic. Anything not listed is absent in the sandbox. */
const LANGUAGE = [
  'globalThis',
  'NaN',
  'Infinity',
  'isNaN',
  'isFinite',
  'parseInt',
  'parseFloat',
  'encodeURI',
  'encodeURIComponent',
  'decodeURI',
  'decodeURIComponent',
  'escape',
  'unescape',
  'Object',
  'Function',
  'Boolean',
  'Symbol',
  'Number',
  'BigInt',
  'Math',
  'Date',
  'String',
  'RegExp',
  'JSON',
  'Array',
  'Iterator',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'Promise',
  'Proxy',
  'Reflect',
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'ArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
] as const

/** What pure code expects of any host, and the trace. */
const HOST = ['console', 'TextEncoder', 'TextDecoder', 'atob', 'btoa', 'structuredClone'] as const

/** The guest side of abilities, imported from `ucm/abilities`. */
const GUEST = ['ucm.handle', 'ucm.all'] as const

/** Every name that an Intrinsic node may hold. */
export const PERMITTED_INTRINSICS: readonly string[] = Object.freeze([...LANGUAGE, ...HOST, ...GUEST])

const permitted: ReadonlySet<string> = new Set(PERMITTED_INTRINSICS)

export function isPermittedIntrinsic(name: string): boolean {
  return permitted.has(name)
}

/** Members of permitted intrinsics that are denied; the sandbox has them removed. */
export const DENIED_MEMBERS: Readonly<Record<string, Readonly<Record<string, Denial>>>> = Object.freeze({
  Math: {
    random: {
      reason: '`Math.random` differs from run to run',
      hint: 'in a generator, write `yield* Random.number()` with `Random` from `ucm/abilities`, or take the source of randomness as a parameter',
    },
  },
  Date: {
    now: {
      reason: '`Date.now` reads the clock',
      hint: 'in a generator, write `yield* Clock.now()` with `Clock` from `ucm/abilities`, or take the time as a parameter',
    },
  },
})

/** `new Date()` and `Date()`, which read the clock; with arguments `new Date` is permitted. */
export const DENIED_DATE: Denial = Object.freeze({
  reason: '`Date` without arguments reads the clock',
  hint: 'in a generator, write `new Date(yield* Clock.now())` with `Clock` from `ucm/abilities`, or take the time as a parameter',
})

export const DENIED_CODE: Denial = Object.freeze({
  reason: 'code made from text at run time has no hash',
  hint: 'write the function out, or choose among functions that are written out',
})

const timer = (name: string): Denial => ({
  reason: `\`${name}\` waits on the clock`,
  hint: 'in a generator, write `yield* Clock.sleep(ms)` with `Clock` from `ucm/abilities`',
})
const network = (name: string): Denial => ({
  reason: `\`${name}\` reaches the network`,
  hint: 'in a generator, write `yield* Http.fetch(url)` with `Http` from `ucm/abilities`',
})
const host = (name: string): Denial => ({
  reason: `\`${name}\` belongs to one host, and functions run on any`,
  hint: 'take what you need of it as a parameter, or perform an ability',
})
const locale = (name: string): Denial => ({
  reason: `\`${name}\` depends on the locale and its data`,
  hint: 'format with code of your own, or take the formatting function as a parameter',
})
const shared = (name: string): Denial => ({
  reason: `\`${name}\` lets a function see what happens outside of it`,
  hint: 'use ordinary arrays, maps and promises: every call runs by itself',
})
const commonJs = (name: string): Denial => ({
  reason: `\`${name}\` is CommonJS`,
  hint: 'write `import` and `export`',
})

/** Globals that people write and that are refused, each with its own reason. */
export const DENIED_GLOBALS: Readonly<Record<string, Denial>> = Object.freeze({
  ...Object.fromEntries(
    [
      'setTimeout',
      'setInterval',
      'setImmediate',
      'clearTimeout',
      'clearInterval',
      'clearImmediate',
      'requestAnimationFrame',
      'cancelAnimationFrame',
      'requestIdleCallback',
      'scheduler',
    ].map((name) => [name, timer(name)]),
  ),
  ...Object.fromEntries(
    ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'Request', 'Response', 'Headers', 'FormData'].map(
      (name) => [name, network(name)],
    ),
  ),
  ...Object.fromEntries(
    [
      'process',
      'Buffer',
      'window',
      'self',
      'global',
      'document',
      'navigator',
      'location',
      'localStorage',
      'sessionStorage',
      'alert',
      'Worker',
      'MessageChannel',
      'AbortController',
      'AbortSignal',
      'Event',
      'EventTarget',
      'URL',
      'URLSearchParams',
      'Blob',
      'File',
      'Deno',
      'Bun',
      'WebAssembly',
      'Temporal',
    ].map((name) => [name, host(name)]),
  ),
  ...Object.fromEntries(['Intl'].map((name) => [name, locale(name)])),
  ...Object.fromEntries(
    ['WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics'].map((name) => [name, shared(name)]),
  ),
  ...Object.fromEntries(
    ['require', 'module', 'exports', '__dirname', '__filename'].map((name) => [name, commonJs(name)]),
  ),
  eval: DENIED_CODE,
  crypto: {
    reason: '`crypto` is a source of randomness',
    hint: 'in a generator, write `yield* Random.bytes(n)` or `yield* Random.uuid()` with `Random` from `ucm/abilities`',
  },
  performance: {
    reason: '`performance` reads the clock',
    hint: 'in a generator, write `yield* Clock.now()` with `Clock` from `ucm/abilities`',
  },
  queueMicrotask: {
    reason: '`queueMicrotask` belongs to one host',
    hint: 'write `Promise.resolve().then(…)`',
  },
})

/** Methods whose result depends on the host's locale; absent in the sandbox, warned of where they are called. */
export const LOCALE_METHODS: ReadonlySet<string> = new Set([
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'toLocaleLowerCase',
  'toLocaleUpperCase',
  'localeCompare',
])
