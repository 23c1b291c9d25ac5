// A run function for tests of the network: counts what its arguments say, under a real receipt.

import { hashObject, type Value } from '#codebase'
import { DEFAULT_LIMITS } from '../../../executor/limits.ts'
import type { RunService } from '../../../executor/network/run-protocol.ts'
import type { Outcome } from '../../../executor/outcome.ts'
import { makeReceipt, type Signer } from '../../../executor/receipt.ts'
import type { RunRequest, RunResult } from '../../../executor/run.ts'

export async function resultOf(
  { reference, args }: RunRequest,
  outcome: Outcome,
  { signer, trace = [] }: { readonly signer: Signer; readonly trace?: readonly string[] },
): Promise<RunResult> {
  const content = {
    reference,
    args,
    allow: null,
    limits: DEFAULT_LIMITS,
    outcome,
    effectLog: null,
    fuel: 7,
    engine: '',
  }
  const receiptObject = await makeReceipt(content, signer)
  return {
    outcome,
    receipt: hashObject(receiptObject),
    receiptObject,
    fuel: 7,
    memoised: false,
    ms: 0.5,
    trace,
  }
}

/** What a run did with its request, for tests to look at. */
export interface SeenRuns {
  readonly requests: RunRequest[]
  /** Reasons for which runs that waited were cancelled. */
  readonly cancelled: unknown[]
}

/**
 * A run whose first argument says what it does: `wait` for its cancellation after a line of log,
 * `fail`, `throw` as a host does that has a fault; anything else is its value.
 */
export function fakeRun(signer: Signer): RunService['run'] & SeenRuns {
  const seen: SeenRuns = { requests: [], cancelled: [] }
  const run: RunService['run'] = async (request, { signal, onLog }) => {
    seen.requests.push(request)
    const [first] = request.args
    if (first === 'wait') {
      onLog({ level: 'info', message: 'waiting', attributes: { since: 1n } })
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))).catch(
        (reason) => {
          seen.cancelled.push(reason)
          throw reason
        },
      )
    }
    if (first === 'throw') throw new Error('a secret of the host')
    const outcome: Outcome =
      first === 'fail'
        ? {
            kind: 'failure',
            error: { name: 'Error', message: 'no', frames: [{ reference: request.reference, node: 3 }] },
          }
        : { kind: 'value', value: first as Value }
    return resultOf(request, outcome, { signer, trace: ['one', 'two'] })
  }
  return Object.assign(run, seen)
}
