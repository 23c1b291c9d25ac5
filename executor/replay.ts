// Replays a run: what a receipt says is reproduced from the arguments and the effect log that were
// kept with it, with no provider at all. Trusts neither: both are held against the receipt's digests.

import {
  decodePlain,
  decodeValue,
  encodeObject,
  encodePlain,
  KnownError,
  OBJECT_KINDS,
  type ObjectSource,
  referenceText,
  type Value,
} from '#codebase'
import { performedOfLog } from './answers.ts'
import { callArguments } from './arguments.ts'
import { chooseLimits } from './choose-limits.ts'
import { drive, type Driven } from './drive.ts'
import { engineId } from './engine-id.ts'
import { EFFECT_LOG_BOUNDS, MAXIMUM_LIMITS } from './limits.ts'
import { digestOf, plainOfOutcome } from './outcome.ts'
import type { LoadedProgram } from './programs.ts'
import { type ReceiptFacts, readReceipt } from './receipt.ts'
import type { RunContext, RunRecord } from './run.ts'

/** The bytes of a record, as a codebase keeps them. */
export function encodeRunRecord({ args, effectLog }: RunRecord): Uint8Array {
  return encodePlain([args, effectLog])
}

/** @throws KnownError input `record-damaged` */
export function decodeRunRecord(bytes: Uint8Array): RunRecord {
  try {
    const [args, effectLog] = decodePlain(bytes, EFFECT_LOG_BOUNDS) as readonly unknown[]
    if (args instanceof Uint8Array && (effectLog === null || effectLog instanceof Uint8Array))
      return { args, effectLog }
  } catch {
    // As any other bytes that are not a record.
  }
  throw damaged()
}

export interface ReplayRequest {
  /** The receipt's object. */
  readonly receipt: Uint8Array
  readonly record: RunRecord
  readonly signal?: AbortSignal | undefined
  readonly objects?: ObjectSource | undefined
}

export interface Replayed {
  readonly facts: ReceiptFacts
  readonly outcome: Driven['outcome']
  readonly fuel: number
  /** Whether outcome and fuel are those of the receipt. */
  readonly isSame: boolean
  readonly trace: readonly string[]
  readonly ms: number
}

/**
 * Runs again what a receipt is about, answered from its effect log.
 * @throws KnownError input `record-damaged`, `engine-differs`, `replay-diverged`; as run() does
 */
export async function replay(request: ReplayRequest, context: RunContext): Promise<Replayed> {
  const started = context.powers.clock()
  const facts = readReceipt(request.receipt)
  const { reference } = facts
  checkRecord(request.record, facts)
  const args = decodeValue(request.record.args) as readonly Value[]
  const { powers } = context
  const program = await context.loadProgram(
    [reference, ...callArguments(args).references],
    request.objects ?? powers.objects,
  )
  const refusal = refusedBeforeStart(facts)
  const driven = refusal ?? (await driveAgain(request, { facts, args, program }, context))
  const { outcome, fuel, trace } = driven
  const digests = [plainOfOutcome(outcome, 'digest'), facts.outcome].map((plain) =>
    Buffer.from(encodeObject(OBJECT_KINDS.receipt, [plain])),
  ) as [Buffer, Buffer]
  const isSame = digests[0].equals(digests[1]) && fuel === facts.fuel
  return { facts, outcome, fuel, isSame, trace, ms: powers.clock() - started }
}

/** Whether the run was refused before anything ran: there is nothing to run again. */
function refusedBeforeStart({
  outcome,
  fuel,
}: ReceiptFacts): Pick<Driven, 'outcome' | 'fuel' | 'trace'> | undefined {
  const [kind, missing] = outcome
  if (kind !== 'refused' || fuel > 0) return undefined
  return { outcome: { kind, missing: missing as readonly string[] }, fuel: 0, trace: [] }
}

interface Called {
  readonly facts: ReceiptFacts
  readonly args: readonly Value[]
  readonly program: LoadedProgram
}

async function driveAgain(
  { record, signal }: ReplayRequest,
  { facts, args, program }: Called,
  context: RunContext,
): Promise<Driven> {
  const { effectLog } = record
  const { powers, pool } = context
  const limits = chooseLimits(facts.limits)
  // Time is no property of a call: what ran out of it is run for as many steps as it had taken.
  const [kind, limit] = facts.outcome as readonly unknown[]
  const isTimed = kind === 'limit' && limit === 'time'
  const driven = await context.withSandbox(signal, () =>
    drive(
      {
        program,
        reference: referenceText(facts.reference),
        args: callArguments(args).crossing,
        limits: isTimed
          ? { ...limits, fuel: Math.max(1, facts.fuel), timeMs: MAXIMUM_LIMITS.timeMs }
          : limits,
        authority: new Map(),
        recorded: { log: effectLog ? performedOfLog(effectLog) : [], ending: facts.outcome },
      },
      {
        pool,
        newRun: () => context.newRun(),
        clock: powers.clock,
        signal,
        priority: undefined,
        log: () => {},
      },
    ),
  )
  const { outcome } = driven
  if (!isTimed || outcome.kind !== 'limit' || !['fuel', 'time'].includes(outcome.limit)) return driven
  const fuel = outcome.limit === 'fuel' ? facts.fuel : driven.fuel
  return { ...driven, fuel, outcome: { kind: 'limit', limit: 'time', allowed: limits.timeMs } }
}

function checkRecord({ args, effectLog }: RunRecord, facts: ReceiptFacts): void {
  const isSame = (bytes: Uint8Array | null, digest: Uint8Array | null): boolean =>
    bytes === null || digest === null ? bytes === digest : Buffer.compare(digestOf(bytes), digest) === 0
  if (!isSame(args, facts.args) || !isSame(effectLog, facts.effectLog)) throw damaged()
  if (facts.engine === engineId()) return
  throw new KnownError(
    'input',
    'engine-differs',
    `Cannot replay: engine ${facts.engine.slice(0, 10)} made the receipt, this one is ${engineId().slice(0, 10)}`,
    { hint: 'replay it with the version of mycel that made it' },
  )
}

function damaged(): KnownError {
  const message = 'Cannot replay: what was kept with the receipt is not what it is about'
  return new KnownError('input', 'record-damaged', message, {
    hint: 'nothing of it can be believed; `ucm verify` looks for other damage',
  })
}
