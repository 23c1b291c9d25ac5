// The original side: modules of the installed packages in this very process, whose state lives on
// from call to call, as a user's does.

import { registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { setImmediate } from 'node:timers/promises'
import { resolvePackage } from '../../codebase/packages.ts'
import { diskFiles } from '../support/environment.ts'
import { attempt, probe } from './driver/probe.js'
import type { Learnt, Steps } from './search.ts'

export const PACKAGES = path.resolve(import.meta.dirname, '../../fixtures/packages')

/** What a module exports. */
export type Exports = Readonly<Record<string, unknown>>

// fp-ts ships ES modules that only bundlers find: without extensions, in a package that says nothing.
registerHooks({
  resolve(specifier, context, next) {
    const isInside = context.parentURL?.includes('/fp-ts/es6/') && specifier.startsWith('.')
    return next(isInside && !specifier.endsWith('.js') ? `${specifier}.js` : specifier, context)
  },
  load(url, context, next) {
    return next(url, url.includes('/fp-ts/es6/') ? { ...context, format: 'module' } : context)
  },
})

// The sandbox has no time zone.
process.env['TZ'] = 'UTC'
// A promise that a function leaves behind is no concern of the call.
process.on('unhandledRejection', () => {})

/** Loads the module that `specifier` means there, the same file that a definition's import means. */
export async function loadOriginal(specifier: string): Promise<Exports> {
  const file = resolvePackage(diskFiles, specifier, PACKAGES)
  if (!('path' in file)) throw new Error(`${specifier}: ${file.reason}`)
  return (await import(pathToFileURL(file.path).href)) as Exports
}

export type Tools = Readonly<Record<string, unknown>>

/** What the probe shows of a call. */
export async function callOriginal(subject: unknown, steps: Steps, tools: Tools): Promise<unknown> {
  const shown: unknown = quietly(() => probe(subject, steps, tools))
  if (!(shown instanceof Promise)) return shown
  const never = ['never settles']
  const pending = setImmediate().then(() => setImmediate(never))
  return Promise.race([shown, pending])
}

/** Without what `act` writes to the console. */
function quietly<T>(act: () => T): T {
  const host = globalThis as unknown as { console: object }
  const { console } = host
  try {
    host.console = new Proxy(console, { get: () => () => {} })
    return act()
  } finally {
    host.console = console
  }
}

/** What a call comes to, for the search. */
export function tryOriginal(subject: unknown, steps: Steps, tools: Tools): Learnt {
  return quietly(() => attempt(subject, steps, tools))
}
