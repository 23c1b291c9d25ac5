// Performing operations by hand, as the driver of a run would.

import type { LogEntry, PerformContext, Provider } from '#abilities'
import type { Value } from '#codebase'

export interface PerformOptions {
  readonly scope?: string
  readonly signal?: AbortSignal
  readonly onLog?: (entry: LogEntry) => void
}

export function performContext(options: PerformOptions = {}): PerformContext {
  const { scope, signal = new AbortController().signal, onLog = () => {} } = options
  return { scope, signal, log: onLog }
}

/** Performs `operation` of `provider` with `args`. */
export function performWith(provider: Provider, options: PerformOptions = {}) {
  const context = performContext(options)
  return (operation: string, ...args: Value[]): Promise<Value> => provider.perform(operation, args, context)
}

/** The name and message of what an operation fails with. @throws when it does not fail */
export async function failureOf(performed: Promise<Value>): Promise<{ name: string; message: string }> {
  const outcome = await performed.then(
    (value) => ({ value }),
    (error: Error) => ({ name: error.name, message: error.message }),
  )
  if ('value' in outcome) throw new Error(`Expected a failure, got ${JSON.stringify(outcome.value)}`)
  return outcome
}
