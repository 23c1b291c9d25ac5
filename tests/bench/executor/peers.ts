// Peers of fixtures/peers, and as much of their faces as is used. One that is not there for this
// machine is skipped by name.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const FOLDER = path.resolve(import.meta.dirname, '../../../fixtures/peers')
const requirePeer = createRequire(path.join(FOLDER, 'package.json'))

export interface IsolatedVm {
  Isolate: new (options: {
    memoryLimit: number
  }) => {
    createContextSync(): {
      evalSync(code: string): unknown
      evalClosureSync(code: string, args: unknown[]): unknown
    }
    dispose(): void
  }
}

export interface Piscina {
  run(task: unknown): Promise<unknown>
  destroy(): Promise<void>
}

export interface QuickJsWasi {
  evalCode(code: string): { toNumber(): number; toString(): string; dispose(): void }
  snapshot(): unknown
  dispose(): void
}

/** The peer, or undefined when it can't be loaded here. */
async function load<T>(name: string): Promise<T | undefined> {
  try {
    return (await import(pathToFileURL(requirePeer.resolve(name)).href)) as T
  } catch {
    return undefined
  }
}

export async function loadIsolatedVm(): Promise<IsolatedVm | undefined> {
  return (await load<{ default: IsolatedVm }>('isolated-vm'))?.default
}

/** A pool of as many threads as cores that runs the default export of `filename`. */
export async function startPiscina(filename: string, threads: number): Promise<Piscina | undefined> {
  const loaded = await load<{ default: new (options: object) => Piscina }>('piscina')
  return loaded && new loaded.default({ filename, minThreads: threads, maxThreads: threads })
}

/** Another build of QuickJS, with its module compiled. */
export async function loadQuickJsWasi(): Promise<(() => Promise<QuickJsWasi>) | undefined> {
  const loaded = await load<{ QuickJS: { create(options: object): Promise<QuickJsWasi> } }>('quickjs-wasi')
  if (!loaded) return undefined
  const { readFileSync } = await import('node:fs')
  const wasm = new WebAssembly.Module(readFileSync(requirePeer.resolve('quickjs-wasi/quickjs.wasm')))
  return () => loaded.QuickJS.create({ wasm })
}

/** The program of workerd, if it is installed. */
export function workerdProgram(): string | undefined {
  const program = path.join(FOLDER, 'node_modules/workerd/bin/workerd')
  return existsSync(program) ? program : undefined
}
