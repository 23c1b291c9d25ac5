// A fresh call in the thread that runs it: restored, called with JSON, answered with JSON; beside
// a copy of the image's bytes and other ways to a sandbox that nothing was left in.

import { getQuickJS, type QuickJSContext, type QuickJSWASMModule, Scope } from 'quickjs-emscripten'
import { referenceText } from '#codebase'
import { readGuestModule } from '../../../executor/engine.ts'
import { imageBytes } from '../../../executor/image.ts'
import { Sandbox } from '../../../executor/sandbox.ts'
import { DEFAULT_LIMITS } from '../../../executor/limits.ts'
import { PERMITS } from '../../executor/sandboxes.ts'
import type { Row } from '../measure.ts'
import { loadIsolatedVm } from './peers.ts'
import {
  type BenchProgram,
  call,
  makeStints,
  programOf,
  SANDBOX_POWERS,
  TRIVIAL,
  TRIVIAL_ARGS,
} from './programs.ts'
import { compared, inTurns, type Work } from './turns.ts'

/** The same function, called with JSON in any engine. */
const PLAIN = `${TRIVIAL.replace('const main', 'globalThis.main')}; (json) => JSON.stringify(main(...JSON.parse(json)))`

export async function benchCalls(): Promise<Row[]> {
  const program = await programOf(TRIVIAL)
  const stints = makeStints()
  const image = imageOf(program)
  const target = new Uint8Array(image.data.length + image.heap.length)
  const copy = (): void => {
    target.set(image.data)
    target.set(image.heap, image.data.length)
  }
  const quickjs = await getQuickJS()
  const us = await inTurns(
    {
      own: { calls: 500, run: () => call(stints, program, TRIVIAL_ARGS) },
      copy: { calls: 500, run: copy },
      isolate: await isolateWork(),
      bare: { calls: 5, run: () => callInContext(quickjs) },
      frozen: { calls: 1, run: () => callInFrozenContext(quickjs, program) },
    },
    25,
  )
  const what = 'fresh call of a trivial function, in the thread'
  const note = `image ${(imageBytes(image) / 1024).toFixed(0)} KB`
  const row = (name: string, peer: number, goal: object, isInverse: boolean): Row =>
    compared(what, { us: us.own, note }, { name, us: peer, goal, isInverse })
  return [
    row("a plain copy of the image's bytes", us.copy, { most: 10 }, false),
    row('isolated-vm, new isolate and context, the same call', us.isolate, { least: 20 }, true),
    row('quickjs-emscripten, `newContext` per call', us.bare, { least: 5 }, true),
    row('the same with our frozen intrinsics and code', us.frozen, { least: 100 }, true),
  ]
}

function imageOf(program: BenchProgram) {
  const sandbox = new Sandbox(SANDBOX_POWERS)
  sandbox.boot()
  sandbox.load(program.text, DEFAULT_LIMITS)
  return sandbox.snapshot()
}

async function isolateWork(): Promise<Work | undefined> {
  const ivm = await loadIsolatedVm()
  return (
    ivm && {
      calls: 1,
      run() {
        const isolate = new ivm.Isolate({ memoryLimit: 64 })
        isolate
          .createContextSync()
          .evalClosureSync(`${PLAIN.split(';')[0]}; return JSON.stringify(main(...JSON.parse($0)))`, [
            TRIVIAL_ARGS,
          ])
        isolate.dispose()
      },
    }
  )
}

function callInContext(quickjs: QuickJSWASMModule): void {
  Scope.withScope((scope) => {
    const context = scope.manage(quickjs.newContext())
    const callee = scope.manage(context.unwrapResult(context.evalCode(PLAIN)))
    callWithText(scope, context, callee, TRIVIAL_ARGS)
  })
}

type Handle = ReturnType<QuickJSContext['newString']>

function callWithText(scope: Scope, context: QuickJSContext, callee: Handle, ...texts: string[]): string {
  const args = texts.map((text) => scope.manage(context.newString(text)))
  return context.getString(
    scope.manage(context.unwrapResult(context.callFunction(callee, context.undefined, ...args))),
  )
}

/** Everything that an image has, made anew. */
function callInFrozenContext(quickjs: QuickJSWASMModule, program: BenchProgram): void {
  Scope.withScope((scope) => {
    const runtime = scope.manage(quickjs.newRuntime({ moduleLoader: readGuestModule }))
    const context = scope.manage(runtime.newContext())
    const evaluate = (code: string, file: string, type: 'module' | 'global'): Handle =>
      scope.manage(context.unwrapResult(context.evalCode(code, file, { type })))
    const main = evaluate(readGuestModule('main.js'), 'main.js', 'module')
    const entry = (name: string): Handle => scope.manage(context.getProp(main, name))
    const trace = scope.manage(context.newFunction('trace', () => undefined))
    const permits = scope.manage(context.newString(PERMITS))
    scope.manage(
      context.unwrapResult(context.callFunction(entry('install'), context.undefined, permits, trace)),
    )
    const factory = evaluate(program.text, 'program', 'global')
    scope.manage(context.unwrapResult(context.callFunction(entry('load'), context.undefined, factory)))
    const reply = callWithText(scope, context, entry('start'), referenceText(program.reference), TRIVIAL_ARGS)
    if (reply[0] !== 'v') throw new Error(`the benchmark's program fails: ${reply}`)
  })
}
