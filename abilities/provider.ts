// What answers an ability's operations on the host. A provider gets values and gives
// values; it knows neither the sandbox nor who asked, only the scope it was granted.

import type { Value } from '#codebase'
import type { Call } from './arguments.ts'
import type { BuiltinAbility } from './builtin.ts'
import { AbilityError } from './errors.ts'

/** One line that a guest logged. */
export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly attributes?: Readonly<Record<string, Value>>
}

/** What a provider may know about the run that it answers. */
export interface PerformContext {
  /** Aborts when the run ends before the operation does. */
  readonly signal: AbortSignal
  /** What the allowance says after `=`, in canonical form; undefined when it says nothing. */
  readonly scope: string | undefined
  /** Takes a line to whoever runs the function. */
  log(entry: LogEntry): void
}

/** Answers the operations of one ability. */
export interface Provider {
  readonly ability: string
  readonly operations: readonly string[]
  /**
   * URL of a module by which workers answer operations themselves, at once and without a message: each is
   * exported under its name, takes its arguments and gives the answer in the JSON form of values, or
   * undefined to leave this one to perform(). Only for what needs nothing but the machine, and not when a scope is given.
   */
  readonly atHand?: string | undefined
  /** @throws AbilityError, and nothing else, for whatever a guest may pass */
  perform(operation: string, args: readonly Value[], context: PerformContext): Promise<Value>
}

/** How one operation is answered. */
export type Operation = (call: Call, context: PerformContext) => Value | Promise<Value>

/** The provider that answers each operation of `ability` by the function of that name. */
export function makeProvider(
  ability: BuiltinAbility,
  operations: Readonly<Record<string, Operation>>,
): Provider {
  return Object.freeze({
    ability: ability.name,
    operations: ability.operations,
    async perform(name: string, args: readonly Value[], context: PerformContext): Promise<Value> {
      const operation = `${ability.name}.${name}`
      const answer = ability.operations.includes(name) ? operations[name] : undefined
      if (!answer) {
        throw new AbilityError(
          'TypeError',
          `Cannot perform ${operation}: ${ability.name} has no such operation`,
        )
      }
      if (context.signal.aborted) throw cancelled(operation)
      return answer({ operation, arguments: args }, context)
    },
  })
}

/** The error of an operation whose run ended before it did. */
export function cancelled(operation: string): AbilityError {
  return new AbilityError('Cancelled', `Cannot perform ${operation}: the run was cancelled`)
}
