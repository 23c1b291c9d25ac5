// Compute: the kernels metered and with frozen intrinsics, beside the same engine without either, another
// build of QuickJS, and V8 without and with its compilers.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { getQuickJS } from 'quickjs-emscripten'
import { load, textOf } from '../../executor/sandboxes.ts'
import { median, type Row } from '../measure.ts'
import { KERNELS } from './kernel-texts.js'
import { loadQuickJsWasi } from './peers.ts'
import { digits, geometricMean, verdict } from './turns.ts'

const ROUNDS = 9
const BOUNDS = { fuel: 1e12, memoryBytes: 256e6, outputBytes: 1e6 }

/** Runs a kernel once. */
interface Engine {
  readonly name: string
  run(kernel: string): Promise<{ ms: number; result: number }> | { ms: number; result: number }
  close?(): void
}

const NAMES = Object.keys(KERNELS)
const TEXTS = Object.entries(KERNELS).map(([name, kernel]) => [name, `${kernel}`] as const)

function ours(): Engine {
  const { sandbox, image } = load(TEXTS.map(([name, text]) => `define('${name}', ${text})`).join('\n'))
  return {
    name: 'own',
    run(kernel) {
      sandbox.restore(image)
      const before = performance.now()
      const reply = sandbox.call('start', [kernel, '[]'], BOUNDS)
      const ms = performance.now() - before
      return { ms, result: Number(textOf(reply).slice(1)) }
    },
  }
}

async function bare(): Promise<Engine> {
  const context = (await getQuickJS()).newContext()
  for (const [name, text] of TEXTS) {
    context
      .unwrapResult(context.evalCode(`'use strict'; globalThis['kernel ${name}'] = ${text}; 0`))
      .dispose()
  }
  return {
    name: 'quickjs-emscripten, unmetered, nothing frozen',
    run(kernel) {
      const before = performance.now()
      const value = context.unwrapResult(context.evalCode(`globalThis['kernel ${kernel}']()`))
      const ms = performance.now() - before
      return { ms, result: context.getNumber(value) }
    },
    close: () => context.dispose(),
  }
}

async function wasi(): Promise<Engine | undefined> {
  const create = await loadQuickJsWasi()
  if (!create) return undefined
  const vm = await create()
  for (const [name, text] of TEXTS)
    vm.evalCode(`'use strict'; globalThis['kernel ${name}'] = ${text}; 0`).dispose()
  return {
    name: 'quickjs-wasi',
    run(kernel) {
      const before = performance.now()
      const value = vm.evalCode(`globalThis['kernel ${kernel}']()`)
      return { ms: performance.now() - before, result: value.toNumber() }
    },
    close: () => vm.dispose(),
  }
}

function node(name: string, flags: readonly string[]): Engine {
  const program = `${import.meta.dirname}/kernel-process.js`
  const child = spawn(process.execPath, [...flags, program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    name,
    async run(kernel) {
      child.stdin.write(`${kernel}\n`)
      const { value } = await lines.next()
      return JSON.parse(value as string) as { ms: number; result: number }
    },
    close: () => void child.kill(),
  }
}

export async function benchKernels(): Promise<Row[]> {
  const jitless = node('node --jitless', ['--jitless'])
  const engines = [ours(), await bare(), await wasi(), jitless, node('node', [])].filter(
    (each) => each !== undefined,
  )
  const times = new Map<string, number[]>()
  for (let round = -3; round < ROUNDS; round++) {
    for (const kernel of NAMES) {
      const results = new Set<string>()
      for (const engine of engines) {
        const { ms, result } = await engine.run(kernel)
        results.add(result.toPrecision(9))
        const key = `${engine.name}/${kernel}`
        if (round >= 0) times.set(key, [...(times.get(key) ?? []), ms])
      }
      if (results.size > 1) throw new Error(`engines differ on ${kernel}: ${[...results].join(', ')}`)
    }
  }
  for (const engine of engines) engine.close?.()
  const ms = (engine: Engine, kernel: string): number => median(times.get(`${engine.name}/${kernel}`) ?? [])
  const [own, ...peers] = engines as [Engine, ...Engine[]]
  return peers.map((peer) => {
    const ratios = NAMES.map((kernel) => ms(own, kernel) / ms(peer, kernel))
    const mean = geometricMean(ratios)
    const goal = peer.name.startsWith('quickjs-emscripten')
      ? { most: 1.1 }
      : peer === jitless
        ? { most: 2.6 }
        : {}
    return {
      what: 'eight kernels, metered and frozen',
      figure: `${geometricMean(NAMES.map((kernel) => ms(own, kernel))).toFixed(1)} ms (geometric mean)`,
      peer: peer.name,
      ratio: `${digits(mean)} ×${verdict(mean, goal)}; ${NAMES.map((kernel, index) => `${kernel} ${digits(ratios[index] as number)}`).join(', ')}`,
    }
  })
}
