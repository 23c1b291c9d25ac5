// The executor's engine without its guest runtime: intrinsics as QuickJS has them, open to change,
// because that is what test262 tests. Every program starts from a copy of memory that has the
// harness loaded, so that no test sees another one, and nothing needs to be torn down.

import {
  compileEngine,
  type EngineInstance,
  instantiateEngine,
  LAYOUT,
  type Pointer,
  readText,
  writeText,
} from '../../executor/engine.ts'
import { type Image, restoreImage, takeImage } from '../../executor/image.ts'
import { EXECUTOR_LIMITS } from '../../executor/limits.ts'

/** Steps of one program: some two seconds. */
const FUEL = 400_000_000
const MAXIMUM_BYTES = 1024 * 1024 * 1024
const MAXIMUM_TEXT_BYTES = 100_000
const STRICT = 1 << 3
const ALL_JOBS = -1

const module = compileEngine()

/** What the outcome of a program that does not parse begins with. */
export const NOT_EVALUATED = 'not evaluated'

/** An engine with scripts loaded, ready to be put back to. */
export type Loaded = Image

let instance: EngineInstance | undefined

function engine(): EngineInstance {
  const host = {
    refuel: () => {
      throw new RangeError('out of fuel')
    },
    grow: () => {},
    callHost: () => 0,
    moduleText: () => undefined,
  }
  return (instance ??= instantiateEngine(module, { maximumBytes: MAXIMUM_BYTES, host }))
}

/** Evaluates `scripts`, sloppy as the harness is, in a context of their own. */
export function loadScripts(scripts: readonly string[]): Loaded {
  instance = undefined
  const { functions } = engine()
  const runtime = functions.newRuntime()
  const context = functions.newContext(runtime, 0)
  functions.setMaxStackSize(runtime, EXECUTOR_LIMITS.stackBytes)
  for (const script of scripts) {
    const problem = evaluate(context, script, 0).error
    if (problem !== undefined) throw new Error(`the harness does not load: ${problem}`)
  }
  return takeImage(engine(), { runtime, context, entries: {} })
}

/** Evaluates `program` and runs the jobs of its promises, then `result`: the text of that, or how it failed. */
export function runScript(loaded: Loaded, program: string, result: string): string {
  const { runtime, context } = loaded.roots
  if (engine().memory.buffer.byteLength > 4 * LAYOUT.initialPages * 65536) instance = undefined
  restoreImage(engine(), loaded)
  engine().counter.value = FUEL
  try {
    const { error } = evaluate(context, program, STRICT)
    if (error !== undefined) return `${NOT_EVALUATED}: ${error}`
    runJobs(runtime)
    return evaluate(context, result, STRICT).text ?? 'the result has no text'
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof WebAssembly.RuntimeError)) throw error
    instance = undefined
    return `stopped: ${error.message}`
  }
}

function runJobs(runtime: Pointer): void {
  const { functions } = engine()
  const lastContext = functions.malloc(4)
  while (functions.isJobPending(runtime) !== 0) functions.executePendingJob(runtime, ALL_JOBS, lastContext)
}

function evaluate(context: Pointer, text: string, flags: number): { text?: string; error?: string } {
  const { functions } = engine()
  const { at, length } = writeText(engine(), text)
  const value = functions.evaluate(context, at, length, writeText(engine(), 'test.js').at, 0, flags)
  const error = functions.resolveException(context, value)
  if (error !== 0) return { error: textAt(functions.dump(context, error)) }
  const found = functions.getString(context, value)
  return found === 0 ? {} : { text: textAt(found) }
}

function textAt(at: Pointer): string {
  return readText(engine(), at, MAXIMUM_TEXT_BYTES) ?? ''
}
