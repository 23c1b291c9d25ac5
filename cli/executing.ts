// An executor of this process with the embedded providers, for `run`, `test` and `node`.

import type { Codebase } from '#codebase'
import type { Executor, Isolation, Signer } from '#executor'
import { closeAfter, type Context, personalIdentityFile } from './context.ts'
import { makeProviders } from './providers.ts'

export interface ExecutorParts {
  readonly context: Context
  readonly codebase: Codebase
  /** Who signs the receipts: the person, unless given. */
  readonly signer?: Signer
  /** Threads, unless given. */
  readonly isolation?: Isolation
}

/** Calls `use` with an executor over the codebase, and closes it whatever happens. */
export async function withExecutor<Result>(
  { context, codebase, signer, isolation }: ExecutorParts,
  use: (executor: Executor) => Promise<Result>,
): Promise<Result> {
  const { Executor, loadIdentity } = await import('#executor')
  const signing = signer ?? (await loadIdentity(personalIdentityFile(context))).signer
  const { objects, memo } = codebase
  const clock = context.powers.stopwatch
  return closeAfter(await makeProviders(codebase, context.powers), (providers) => {
    const powers = { objects, memo, providers: providers.all, signer: signing, clock, isolation }
    const executor = new Executor(powers)
    return closeAfter(executor, use)
  })
}
