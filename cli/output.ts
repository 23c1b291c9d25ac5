// What a command prints: one JSON document or text on stdout and nothing else,
// failures on stderr (in the document with --json), progress on stderr.

import pc from 'picocolors'

/** Anything slower than this shows that it is alive. */
const PROGRESS_AFTER_MS = 500
const PROGRESS_EVERY_MS = 100
const PROGRESS_FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'

/** Exit code by a failure's group; anything else that is thrown is a fault of our own. */
const EXIT_CODES = Object.freeze({ input: 1, usage: 2, function: 3, limit: 4, policy: 5, network: 6 })
const FAULT_EXIT_CODE = 70
/** As a shell has it of what SIGINT ended. */
const INTERRUPTED_EXIT_CODE = 130

/** The shape of a KnownError, by which one is known without loading what makes them. */
export interface Failure extends Error {
  readonly code: string
  readonly group: keyof typeof EXIT_CODES
  readonly hint: string | undefined
  readonly details: Readonly<Record<string, unknown>>
}

/** What a command has to say. Exactly one of `document` and `text` is printed. */
export interface Report {
  readonly document: object
  readonly text: string
  /** About how it went, for people only, on stderr. */
  readonly note?: string | undefined
  /** Lines below the message of `error`: where it happened. */
  readonly where?: string | undefined
  /** The next sensible command, with what it would do; on stderr, so that a pipe gets results only. */
  readonly next?: string | undefined
  /** Why the exit code is not 0; what was done before it stays in the document. */
  readonly error?: Failure | undefined
}

export type Paint = ReturnType<typeof pc.createColors>

export interface Output {
  readonly isJson: boolean
  /** Colours for stdout: none unless it is a terminal. */
  readonly paint: Paint
  /** Prints `report`; returns the exit code. */
  report(report: Report): number
  /** Prints what was thrown; returns the exit code. */
  fail(error: unknown): number
  /** Writes one line on stdout; resolves when the reader can take more. */
  line(text: string): Promise<void>
  /** Writes one line on stderr. */
  note(text: string): void
  /** Shows `label` with a running clock on a terminal after half a second, until the returned function is called. */
  busy(label: () => string): () => void
}

export interface OutputPowers {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly stopwatch: () => number
}

export function makeOutput(powers: OutputPowers, options: { isJson: boolean; isDebug: boolean }): Output {
  const { stdout, stderr } = powers
  const paint = paintFor(stdout, powers)
  const errorPaint = paintFor(stderr, powers)
  const print = (text: string): void => void stdout.write(`${text}\n`)
  const printJson = (document: object): void =>
    print(printableSource(JSON.stringify(document, null, stdout.isTTY ? 2 : undefined)))
  const note = (text: string): void => void stderr.write(`${text}\n`)
  const explain = (error: unknown, where?: string): void => {
    note(describeFailure(asFailure(error), { paint: errorPaint, where }))
    if (options.isDebug && error instanceof Error) note(errorPaint.dim(printable(stackOf(error))))
  }
  return {
    isJson: options.isJson,
    paint,
    note,
    report(report) {
      const { document, text, error } = report
      if (options.isJson) {
        printJson(error ? { ...document, error: failureDocument(error) } : document)
        if (options.isDebug && error) explain(error)
      } else {
        if (text) print(text)
        if (report.note) note(errorPaint.dim(printable(report.note)))
        if (error) explain(error, report.where)
        else if (report.next) note(errorPaint.dim(`next: ${printable(report.next)}`))
      }
      return error ? exitCodeOf(error) : 0
    },
    fail(error) {
      if (options.isJson) printJson({ error: failureDocument(error) })
      if (!options.isJson || options.isDebug) explain(error)
      return exitCodeOf(error)
    },
    async line(text) {
      if (!stdout.write(`${text}\n`)) await new Promise((resolve) => stdout.once('drain', resolve))
    },
    busy: (label) => (stderr.isTTY && !options.isJson ? spin(powers, label) : () => {}),
  }
}

/** Colours for a terminal that shows them. */
function paintFor(stream: NodeJS.WriteStream, { environment }: OutputPowers): Paint {
  const isPlain = Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb'
  return pc.createColors(!isPlain && Boolean(stream.isTTY))
}

/** The exit code for what was thrown: design.md §8 for failures that a caller can act on. */
export function exitCodeOf(error: unknown): number {
  const { group, code } = asFailure(error)
  if (code === 'interrupted') return INTERRUPTED_EXIT_CODE
  return group === 'fault' ? FAULT_EXIT_CODE : EXIT_CODES[group]
}

/** `{code, message, hint, details}` of what was thrown. */
export function failureDocument(error: unknown): object {
  const { code, message, hint, details } = asFailure(error)
  return { code, message, hint: hint ?? '', details }
}

type AnyFailure = Pick<Failure, 'code' | 'message' | 'hint' | 'details'> & {
  readonly group: Failure['group'] | 'fault'
}

/** What was thrown, in the words of a failure: the system's refusals are input, the rest is a fault of our own. */
function asFailure(error: unknown): AnyFailure {
  if (isFailure(error)) return error
  if (!(error instanceof Error))
    return { group: 'fault', code: 'internal', message: String(error), hint: FAULT_HINT, details: {} }
  const { message } = error
  const { syscall, path } = error as NodeJS.ErrnoException
  if (syscall === undefined)
    return { group: 'fault', code: 'internal', message, hint: FAULT_HINT, details: {} }
  const hint = 'the system refused it: check that the file is there and that you may use it'
  return {
    group: 'input',
    code: 'system',
    message: `Cannot go on: ${message}`,
    hint,
    details: path ? { path } : {},
  }
}

const FAULT_HINT = 'this is a fault of ucm itself; --debug shows where it happened'

export function isFailure(error: unknown): error is Failure {
  return error instanceof Error && 'group' in error && 'code' in error
}

/** A failure for people: message, place, and what to do. */
export function describeFailure(
  failure: AnyFailure,
  { paint, where }: { paint: Paint; where?: string | undefined },
): string {
  const { message, hint, details } = failure
  const lines = [`${paint.red(paint.bold('error:'))} ${printable(message)}`]
  if (typeof details['line'] === 'number') lines.push(`  ${paint.dim('at')} ${placeText(details)}`)
  if (where) lines.push(where)
  if (hint) lines.push(`  ${paint.cyan('hint:')} ${printable(hint)}`)
  return lines.join('\n')
}

/** `file:line:column`, as editors and terminals understand it. */
export function placeText(place: Readonly<Record<string, unknown>>): string {
  const parts = [place['file'], place['line'], place['column']]
  return printable(parts.filter((part) => part !== undefined).join(':'))
}

/** Controls but tab and newline, separators of lines, and what turns the direction of text. */
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Source text with what would move the cursor or colour a terminal as escapes: it may come from anywhere. */
export function printableSource(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNPRINTABLE, escapeUnit)
}

/** A name, or a message of a guest or a peer: escaped like source, its further lines indented so that none looks like one of ours. */
export function printable(text: string): string {
  return printableSource(text).replaceAll('\n', '\n    ')
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}

function spin(powers: OutputPowers, label: () => string): () => void {
  const { stderr, stopwatch } = powers
  const started = stopwatch()
  let frame = 0
  let isShown = false
  const draw = (): void => {
    const elapsedMs = stopwatch() - started
    if (elapsedMs < PROGRESS_AFTER_MS) return
    const glyph = PROGRESS_FRAMES[frame++ % PROGRESS_FRAMES.length]
    stderr.write(`\r\u001b[K${glyph} ${printable(label())} ${(elapsedMs / 1000).toFixed(1)} s`)
    isShown = true
  }
  const timer = setInterval(draw, PROGRESS_EVERY_MS)
  return () => {
    clearInterval(timer)
    if (isShown) stderr.write('\r\u001b[K')
  }
}
