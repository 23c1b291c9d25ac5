// The options that `run`, `remote-run` and `grant` share, and what they mean.

import type { Allowance } from '#abilities'
import { type Command, Option } from 'commander'
import type { EVERYTHING, Isolation, Limits } from '#executor'
import { usageError } from './errors.ts'

export interface LimitOptions {
  readonly fuel?: string
  readonly memory?: string
  readonly timeout?: string
}

export interface IsolationOptions {
  readonly isolation: Isolation
}

/** Where functions run: `run`, `test` and `node` take it. */
export function addIsolationOption(command: Command): Command {
  const kinds: readonly Isolation[] = ['thread', 'process']
  return command.addOption(
    new Option('--isolation <kind>', 'run functions on threads, or in processes that may do nearly nothing')
      .choices(kinds)
      .default('thread'),
  )
}

export interface RunOptions extends LimitOptions {
  readonly allow: readonly string[]
  readonly allowAll?: boolean
  readonly memo: boolean
  readonly each?: string
}

/** An option that may be given again and again; `whenAbsent` says in the help what holds without it. */
export function repeatable(flags: string, description: string, whenAbsent: string): Option {
  return new Option(flags, `${description}; may be repeated`)
    .argParser((value: string, before: readonly string[]) => [...before, value])
    .default([], whenAbsent)
}

export function addLimitOptions(command: Command): Command {
  return command
    .option('--fuel <steps>', 'the most steps that a call may take')
    .option('--memory <bytes>', 'the most memory that a call may hold')
    .option('--timeout <ms>', 'the longest that a call may take')
}

/** @param defaultAllow what may be performed without --allow */
export function addRunOptions(command: Command, defaultAllow: string): Command {
  command
    .argument('<name>', 'a name, an unambiguous end of one, or the beginning of a hash')
    .argument('[arguments...]', 'JSON, @FILE.json, or - for standard input')
    .addOption(repeatable('--allow <ability[=scope]>', 'let it perform an ability', defaultAllow))
    .option('-A, --allow-all', 'let it perform every ability that there is a provider for')
  return addLimitOptions(command)
    .option('--no-memo', 'compute it even when the result is known')
    .option(
      '--each <file>',
      'one call per line of FILE (- for standard input): a JSON array of arguments; a line of output for each',
    )
}

/** @throws KnownError usage 'ability-unknown', 'scope-malformed' */
export async function readAllowances(texts: readonly string[]): Promise<Allowance[]> {
  const { parseAllowance, uniteAllowances } = await import('#abilities')
  return uniteAllowances(texts.map(parseAllowance))
}

/** What may be performed: what was named, everything that there is a provider for, or else `whenAbsent`. */
export async function chooseAllowances<const Absent>(
  { allow, allowAll }: Pick<RunOptions, 'allow' | 'allowAll'>,
  whenAbsent: Absent,
): Promise<Allowance[] | typeof EVERYTHING | Absent> {
  if (allowAll) return (await import('#executor')).EVERYTHING
  return allow.length > 0 ? readAllowances(allow) : whenAbsent
}

/** The limits that were asked for. @throws KnownError usage 'option' */
export async function readLimits({ fuel, memory, timeout }: LimitOptions): Promise<Partial<Limits>> {
  return {
    ...(fuel !== undefined && { fuel: await wholeNumber('--fuel', fuel) }),
    ...(memory !== undefined && { memoryBytes: await wholeNumber('--memory', memory) }),
    ...(timeout !== undefined && { timeMs: await wholeNumber('--timeout', timeout) }),
  }
}

async function wholeNumber(option: string, text: string): Promise<number> {
  const number = /^\d+$/.test(text) ? Number(text) : 0
  if (Number.isSafeInteger(number) && number > 0) return number
  throw await usageError('option', `Cannot read ${option} ${text}: expected a whole number from 1`)
}

/** Of an Ed25519 key, in base58. */
const PEER_ID = /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/

/** Returns `id`. @throws KnownError usage 'peer-malformed' */
export async function readPeerId(id: string): Promise<string> {
  if (PEER_ID.test(id)) return id
  throw await usageError('peer-malformed', `Cannot read ${id} as a peer id: expected one like 12D3KooW…`, {
    hint: '`ucm id` shows it on the side of the peer',
  })
}
