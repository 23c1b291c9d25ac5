// What the benchmarks of the executor run: programs of the real pipeline, and the part of a worker
// that does stints, in this thread.

import { type Reference, referenceText } from '#codebase'
import { loadClosure } from '../../../executor/closure.ts'
import { compileEngine, readGuestModule } from '../../../executor/engine.ts'
import { generate } from '../../../executor/generate.ts'
import { DEFAULT_LIMITS, EXECUTOR_LIMITS } from '../../../executor/limits.ts'
import type { Crossing, Reply, SandboxPowers } from '../../../executor/sandbox.ts'
import type { FreshStint } from '../../../executor/stint.ts'
import { Stints } from '../../../executor/stints.ts'
import { definitions } from '../../executor/executors.ts'
import { PERMITS } from '../../executor/sandboxes.ts'

export const SANDBOX_POWERS: SandboxPowers = {
  engine: compileEngine(),
  maximumMemoryBytes: 512 * 1024 * 1024,
  guestModule: readGuestModule,
  permits: PERMITS,
  isInterrupted: () => false,
  trace: () => {},
}

/** A definition and its closure as a program. */
export interface BenchProgram {
  readonly reference: Reference
  readonly text: string
}

/** The program of `main` of `source` (as tests/executor/executors.ts has it). */
export async function programOf(source: string): Promise<BenchProgram> {
  const { references, objects } = definitions(source)
  const reference = references['main'] as Reference
  const closure = await loadClosure(
    [reference],
    { get: async (hash) => objects.get(hash) },
    { bounds: EXECUTOR_LIMITS },
  )
  return { reference, text: generate(closure).text }
}

let runs = 0

/** A stint that starts `program` with `args` (JSON). */
export function startOf({ reference, text }: BenchProgram, args: Crossing): FreshStint {
  const { fuel, memoryBytes, outputBytes } = DEFAULT_LIMITS
  const name = referenceText(reference)
  const bounds = { fuel, memoryBytes, outputBytes }
  return { kind: 'start', run: runs++, image: name, program: text, reference: name, args, bounds }
}

/** What a worker does with a start, without the worker. */
export function makeStints(): Stints {
  return new Stints(SANDBOX_POWERS, new Map())
}

/** Does a start; throws when it does not come to a value. */
export function call(stints: Stints, program: BenchProgram, args: Crossing): Reply {
  const result = stints.perform(startOf(program, args))
  if (typeof result !== 'string' && 'text' in result.reply && result.reply.text[0] === 'v')
    return result.reply
  throw new Error(`the benchmark's program fails: ${JSON.stringify(result)}`)
}

/** The trivial function of the benchmarks, and arguments for it. */
export const TRIVIAL = `const main = (order) => ({ id: order.id, total: order.prices.reduce((sum, x) => sum + x, 0) })`
export const TRIVIAL_ARGS = '[{"id":"a-1701","prices":[3,14,15,92]}]'
