// What came of a run, for `run` and `remote-run`: the document of design §8, the value
// for people, and the failure that decides the exit code.

import type { Codebase, KnownError, Value } from '#codebase'
import type { FailureCause, RunResult } from '#executor'
import { shortHash } from './definitions.ts'
import type { Paint, Report } from './output.ts'
import { placeText, printable, printableSource } from './output.ts'
import { type LocatedFrame, locateFrames } from './places.ts'

/** A value is printed on one line when it is no longer than this. */
const LINE_WIDTH = 80

export interface OutcomeContext {
  /** The reference that was run, as text. */
  readonly hash: string
  /** The name that it was asked for by. */
  readonly name?: string | undefined
  /** Where sources and names are looked up; undefined where there is none. */
  readonly codebase: Codebase | undefined
  readonly paint: Paint
  /** Whether a node ran it, which has a say in what is allowed. */
  readonly isRemote?: boolean
}

/** What `result` says, without what its values would need to be shown as text. */
export async function outcomeReport(result: RunResult, context: OutcomeContext): Promise<Report> {
  const { outcome, receipt, fuel, memoised, ms } = result
  const { valueToJson } = await import('#codebase')
  const document = {
    outcome: outcome.kind,
    ...(outcome.kind === 'value' && { value: valueToJson(outcome.value) }),
    hash: context.hash,
    receipt,
    fuel,
    memoised,
    ms: Math.round(ms * 1000) / 1000,
  }
  if (outcome.kind === 'value') return { document, text: printValue(valueToJson(outcome.value)) }
  const { error, where } = await outcomeError(outcome, context)
  return { document, text: '', error, where }
}

type Unhappy = Exclude<RunResult['outcome'], { readonly kind: 'value' }>

async function outcomeError(
  outcome: Unhappy,
  context: OutcomeContext,
): Promise<{ error: KnownError; where?: string | undefined }> {
  const { KnownError } = await import('#codebase')
  const { paint, isRemote } = context
  switch (outcome.kind) {
    case 'failure': {
      const thrown = await describeThrown(outcome.error, context)
      const causes = await Promise.all(
        (outcome.error.causes ?? []).map((each) => describeThrown(each, context)),
      )
      const details = {
        ...thrown.details,
        ...(causes.length > 0 && { causes: causes.map((cause) => cause.details) }),
      }
      const where = [
        ...(thrown.lines.length > 0 || context.name === undefined
          ? thrown.lines
          : [`  ${paint.dim('in')} ${printable(context.name)}`]),
        ...causes.flatMap(({ title, lines }) => [
          `  ${paint.dim('caused by')} ${printable(title)}`,
          ...lines,
        ]),
      ]
      const error = new KnownError('function', 'function-failed', thrown.title, { details })
      return { error, where: where.length > 0 ? where.join('\n') : undefined }
    }
    case 'limit': {
      const { limit, allowed } = outcome
      const message = `Cannot finish${context.name === undefined ? '' : ` ${context.name}`}: the run came to its limit of ${limit} (${allowed.toLocaleString('en')} ${LIMIT_UNITS[limit]})`
      const hint = LIMIT_HINTS[limit]
      return { error: new KnownError('limit', 'limit', message, { hint, details: { limit, allowed } }) }
    }
    case 'refused': {
      const { missing } = outcome
      const message = `Cannot run: it may perform ${missing.join(', ')}, which is not allowed`
      const hint = await allowanceHint(missing, isRemote ?? false)
      return { error: new KnownError('policy', 'refused', message, { hint, details: { missing } }) }
    }
  }
}

/** How what is missing comes to be allowed; what no provider answers only the code itself can handle. */
async function allowanceHint(missing: readonly string[], isRemote: boolean): Promise<string> {
  const { knownAbilities } = await import('#abilities')
  const known = new Set(knownAbilities().map(({ name }) => name))
  const own = missing.filter((ability) => !known.has(ability))
  const options = missing.filter((ability) => known.has(ability)).map((ability) => `--allow ${ability}`)
  const hints = own.map(
    (ability) => `nothing provides ${ability}: answer it in code, by \`handle(${ability}, …)\``,
  )
  if (options.length > 0) {
    const all = options.join(' ')
    hints.push(isRemote ? `both the node and the caller have to allow it: ${all}` : `${all} allows it`)
  }
  return hints.join('; ')
}

type LimitName = Extract<Unhappy, { readonly kind: 'limit' }>['limit']

const LIMIT_UNITS: Readonly<Record<LimitName, string>> = Object.freeze({
  fuel: 'steps',
  memory: 'bytes',
  stack: 'bytes',
  output: 'bytes',
  effects: 'operations',
  time: 'ms',
})

const LIMIT_HINTS: Readonly<Record<LimitName, string>> = Object.freeze({
  fuel: '--fuel N allows more; a loop that never ends needs another end',
  memory: '--memory BYTES allows more',
  stack: 'a recursion that never ends needs an end; a deep one, a loop',
  output: 'pass less at once, or in parts',
  effects: 'do less in one run',
  time: '--timeout MS allows more',
})

/** Something that was thrown: for programs, and as lines for people. */
async function describeThrown({ name, message, frames }: FailureCause, context: OutcomeContext) {
  const located = await locateFrames(frames, context)
  const stack = located.map(({ place }) => place)
  const details = { name, message, ...(stack[0] && { at: stack[0] }), stack }
  return { title: `${name}: ${message}`, details, lines: describeStack(located, context.paint) }
}

/** The author's line with a mark below the place, then the definitions that called it. */
function describeStack(located: readonly LocatedFrame[], paint: Paint): string[] {
  const [first, ...callers] = located
  if (!first) return []
  const lines = [`  ${paint.dim('at')} ${describePlace(first)}`]
  const { place, sourceLine } = first
  if (sourceLine !== undefined && place.line !== undefined && place.column !== undefined) {
    const margin = `  ${place.line} | `
    const before = printableSource(sourceLine.slice(0, place.column - 1))
    const shown = `${before}${printableSource(sourceLine.slice(place.column - 1))}`
    lines.push(
      `${paint.dim(margin)}${shown}`,
      `${' '.repeat(margin.length + before.length)}${paint.red('^')}`,
    )
  }
  for (const caller of callers) lines.push(`  ${paint.dim('called by')} ${describePlace(caller)}`)
  return lines
}

function describePlace({ place }: LocatedFrame): string {
  const definition = printable(place.definition)
  return place.file === undefined
    ? `${definition} (whose source is not here)`
    : `${definition} (${placeText({ ...place })})`
}

/** JSON of a value: whatever fits on a line stays on one, the rest is indented. */
export function printValue(json: unknown, indent = ''): string {
  const line = printableSource(JSON.stringify(json))
  if (line.length + indent.length <= LINE_WIDTH || typeof json !== 'object' || json === null) return line
  const inner = `${indent}  `
  const items = Array.isArray(json)
    ? json.map((item) => `${inner}${printValue(item, inner)}`)
    : Object.entries(json).map(
        ([key, item]) => `${inner}${printableSource(JSON.stringify(key))}: ${printValue(item, inner)}`,
      )
  const [open, close] = Array.isArray(json) ? '[]' : '{}'
  return `${open}\n${items.join(',\n')}\n${indent}${close}`
}

/** One line about the run itself: `#k3f9ac42xy  1,234 fuel  2 ms  receipt #q7d2…  memoised`. */
export function runNote(result: RunResult, hash: string): string {
  const parts = [
    hash,
    `${result.fuel.toLocaleString('en')} fuel`,
    `${result.ms.toFixed(1)} ms`,
    `receipt ${shortHash(result.receipt)}`,
  ]
  if (result.memoised) parts.push('memoised')
  return parts.join('  ')
}

interface LogLine {
  readonly level: string
  readonly message: string
  readonly attributes?: Readonly<Record<string, Value>>
}

/** Writes the lines of a guest's log with `note`, for people. */
export async function logWriter(note: (text: string) => void): Promise<(line: LogLine) => void> {
  const { valueToJson } = await import('#codebase')
  return (line) => note(logLine(line, valueToJson))
}

/** A line of a guest's log. Never throws: how a line is shown must not fail the run that wrote it. */
export function logLine(
  { level, message, attributes = {} }: LogLine,
  valueToJson: (value: Value) => unknown,
): string {
  const shown = Object.keys(attributes).length > 0 ? ` ${showAttributes(attributes, valueToJson)}` : ''
  return printable(`${level.padEnd(5)} ${message}${shown}`)
}

function showAttributes(attributes: Value, valueToJson: (value: Value) => unknown): string {
  try {
    return JSON.stringify(valueToJson(attributes))
  } catch {
    return '(attributes that are no values)'
  }
}
