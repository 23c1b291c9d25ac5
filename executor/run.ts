// READ FIRST: one run, stage by stage.
// request → closure → verify → generate → image → sandbox ⇄ drive ⇄ handlers → outcome → receipt

import type { Allowance, LogEntry } from '#abilities'
import {
  type Hash,
  hashObject,
  type ObjectSource,
  type Reference,
  referenceText,
  type Value,
} from '#codebase'
import { callArguments, checkArguments } from './arguments.ts'
import { type Authority, authorityOf, type EVERYTHING } from './authority.ts'
import { chooseLimits } from './choose-limits.ts'
import { memberIn } from './closure.ts'
import { type Driven, drive, ENGINE_FAULT } from './drive.ts'
import { engineId } from './engine-id.ts'
import type { ExecutorPowers } from './executor.ts'
import type { Limits } from './limits.ts'
import { memoKey, type Memos } from './memo.ts'
import { digestOf, type Outcome } from './outcome.ts'
import type { LoadedProgram } from './programs.ts'
import { makeReceipt } from './receipt.ts'
import type { Priority } from './job.ts'
import type { WorkerPool } from './pool.ts'
import type { Crossing } from './sandbox.ts'

export type { MemoStore } from './memo.ts'
export type { Failure, FailureCause, Frame, Outcome } from './outcome.ts'
export type { Signer } from './receipt.ts'

/** What is asked of an executor. */
export interface RunRequest {
  readonly reference: Reference
  readonly args: readonly Value[]
  /** Abilities that may be performed, as far as there are providers. */
  readonly allow: readonly Allowance[] | typeof EVERYTHING
  readonly limits?: Partial<Limits> | undefined
  /** False: run it even when its outcome is known. */
  readonly memo?: boolean | undefined
}

/** What a replay of a run needs beside its receipt. */
export interface RunRecord {
  /** The array of the arguments, encoded. */
  readonly args: Uint8Array
  /** docs/format.md §8; null when nothing was performed. */
  readonly effectLog: Uint8Array | null
}

/** What came of a request. */
export interface RunResult {
  readonly outcome: Outcome
  readonly receipt: Hash
  readonly receiptObject: Uint8Array
  /** What a replay of the run needs beside the receipt; absent when another node ran it. */
  readonly record?: RunRecord
  /** Steps taken; of a memo, those that it took when it ran. */
  readonly fuel: number
  readonly memoised: boolean
  readonly ms: number
  /** Lines that `console` wrote; none when the outcome is a memo. */
  readonly trace: readonly string[]
}

export interface RunOptions {
  /** Which of the runs that wait goes first; `normal` unless given. */
  readonly priority?: Priority | undefined
  readonly signal?: AbortSignal | undefined
  /** Takes the lines that the guest logs through Log, as they come. */
  onLog?(line: LogEntry): void
  /** Where objects come from instead of the executor's own source. */
  readonly objects?: ObjectSource | undefined
}

/** What the executor gives each run. */
export interface RunContext {
  readonly powers: ExecutorPowers
  readonly pool: WorkerPool
  /** Absent: everything is run. */
  readonly memos: Memos | undefined
  /** Names a run towards the workers. */
  newRun(): number
  /** The program of a definition and those in its arguments: its closure loaded, verified and generated, or kept from before. */
  loadProgram(roots: readonly Reference[], objects: ObjectSource): Promise<LoadedProgram>
  /** Calls `act` when there is a sandbox to be had. */
  withSandbox<T>(signal: AbortSignal | undefined, act: () => Promise<T>): Promise<T>
}

/**
 * Runs a request to its outcome. A guest's failure, a limit and a refusal are outcomes.
 * @throws KnownError for what can't be run at all (unknown hash, damaged object, wrong arguments);
 *   the signal's reason when it aborts
 */
export async function run(request: RunRequest, options: RunOptions, context: RunContext): Promise<RunResult> {
  const { powers } = context
  const started = powers.clock()
  const limits = chooseLimits(request.limits)
  const { encoded: encodedArgs, crossing: args, references } = callArguments(request.args)
  const program = await context.loadProgram(
    [request.reference, ...references],
    options.objects ?? powers.objects,
  )
  checkArguments(memberIn(program.closure, request.reference), request.args.length)
  const authority = authorityOf(request.allow, powers.providers)

  const ran: Ran =
    refusedBy(program, authority) ??
    (await memoised({ request, encodedArgs, limits, program, signal: options.signal }, context, () =>
      driveProgram({ request, args, program, limits, authority }, options, context),
    ))

  const receiptObject = await makeReceipt({ ...receiptOf(request, limits, ran), encodedArgs }, powers.signer)
  return {
    outcome: ran.outcome,
    receipt: hashObject(receiptObject),
    receiptObject,
    record: { args: encodedArgs, effectLog: ran.effectLog },
    fuel: ran.fuel,
    memoised: ran.memoised === true,
    ms: powers.clock() - started,
    trace: ran.trace,
  }
}

/** The refusal of a program whose row asks for more than it may perform; nothing has run then. */
function refusedBy({ row }: LoadedProgram, authority: Authority): Driven | undefined {
  const missing = row.filter(({ reference }) => !authority.has(reference)).map(({ name }) => name)
  return missing.length === 0
    ? undefined
    : withoutRun({ kind: 'refused', missing: [...new Set(missing)].sort() }, 0)
}

function withoutRun(outcome: Outcome, fuel: number): Driven {
  return { outcome, fuel, heapBytes: 0, outputBytes: 0, trace: [], effectLog: null }
}

interface Prepared {
  readonly request: RunRequest
  readonly args: Crossing
  readonly program: LoadedProgram
  readonly limits: Limits
  readonly authority: Authority
}

function driveProgram(
  prepared: Prepared,
  { signal, priority, onLog }: RunOptions,
  context: RunContext,
): Promise<Driven> {
  const { request, ...what } = prepared
  const { pool, powers } = context
  const log = (line: LogEntry): void => onLog?.(line)
  return context.withSandbox(signal, () =>
    drive(
      { ...what, reference: referenceText(request.reference) },
      { pool, newRun: () => context.newRun(), clock: powers.clock, signal, priority, log },
    ),
  )
}

/** What a pure run came to before or comes to elsewhere at this time, unless the request wants it run; else what `drive` does. */
async function memoised(
  {
    request,
    encodedArgs,
    limits,
    program,
    signal,
  }: Pick<Prepared, 'request' | 'limits' | 'program'> &
    Pick<RunOptions, 'signal'> & { readonly encodedArgs: Uint8Array },
  { memos }: RunContext,
  driveNow: () => Promise<Driven>,
): Promise<Ran> {
  if (request.memo === false || !memos || program.row.length > 0) return driveNow()
  const outcome = await memos.outcomeOf(memoKey(request.reference, encodedArgs), {
    limits,
    signal,
    run: driveNow,
    isKept: ({ effectLog, outcome }) => effectLog === null && !isEngineFault(outcome),
  })
  if ('ran' in outcome) return outcome.ran
  return { ...withoutRun(outcome.known.outcome, outcome.known.fuel), memoised: true }
}

/** A fault of the engine may be the machine's: it is no property of the call. */
function isEngineFault(outcome: Outcome): boolean {
  return outcome.kind === 'failure' && outcome.error.name === ENGINE_FAULT
}

type Ran = Driven & { readonly memoised?: boolean }

function receiptOf(request: RunRequest, limits: Limits, { outcome, fuel, effectLog }: Driven) {
  const { reference, args, allow } = request
  return {
    reference,
    args,
    allow: typeof allow === 'string' ? null : allow,
    limits,
    outcome,
    effectLog: effectLog && digestOf(effectLog),
    fuel,
    engine: engineId(),
  }
}
