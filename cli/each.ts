// `--each`: one call per line of input, one document per line of output, in order, with
// many calls in flight and no more of input and output in memory than those.

import { createReadStream } from 'node:fs'
import path from 'node:path'
import type { Value } from '#codebase'
import { MAX_ARGUMENT_BYTES, readArgumentLine } from './arguments.ts'
import type { Context } from './context.ts'
import { inputError, usageError } from './errors.ts'
import { exitCodeOf, failureDocument, printableSource, type Report } from './output.ts'

/** Calls that have begun and are not printed yet. */
const MAX_IN_FLIGHT = 256
/** Characters of input of those calls; beyond it the next line waits. */
const MAX_CHARACTERS_IN_FLIGHT = 4 * MAX_ARGUMENT_BYTES

/** Calls `call` for every line of `source` (a file, or `-`); the exit code is that of the first call that failed. */
export async function runEach(
  source: string,
  context: Context,
  call: (args: readonly Value[]) => Promise<Report>,
): Promise<void> {
  const { output, powers } = context
  const started = powers.stopwatch()
  const seconds = (): number => Math.max(powers.stopwatch() - started, 1) / 1000
  let calls = 0
  let failed = 0
  const rate = (): string => `${Math.round(calls / seconds()).toLocaleString('en')} calls/s`
  const print = async (report: Report): Promise<void> => {
    const { document, error } = report
    calls++
    if (error && failed++ === 0) context.exit(exitCodeOf(error))
    const line = error ? { ...document, error: failureDocument(error) } : document
    await output.line(printableSource(JSON.stringify(line)))
  }
  const stop = output.busy(() => `${calls.toLocaleString('en')} calls, ${rate()},`)
  try {
    const queue = new PrintQueue(print)
    for await (const { text, number } of linesOf(source, context)) {
      await queue.add(readArgumentLine(text, number).then(call).catch(asReport), text.length)
    }
    await queue.end()
  } finally {
    stop()
  }
  output.note(`${calls.toLocaleString('en')} calls in ${seconds().toFixed(2)} s, ${rate()}, ${failed} failed`)
}

/** Prints reports in the order that they were added, and holds back whoever adds too many. */
class PrintQueue {
  readonly #print: (report: Report) => Promise<void>
  readonly #queue: { readonly printed: Promise<void>; readonly characters: number }[] = []
  #characters = 0

  constructor(print: (report: Report) => Promise<void>) {
    this.#print = print
  }

  /** Resolves when there is room for another one; `characters` is what the call's input takes. */
  async add(report: Promise<Report>, characters: number): Promise<void> {
    const before = this.#queue.at(-1)?.printed
    const printed = Promise.resolve(before).then(async () => this.#print(await report))
    this.#queue.push({ printed, characters })
    this.#characters += characters
    while (this.#queue.length >= MAX_IN_FLIGHT || this.#characters > MAX_CHARACTERS_IN_FLIGHT) {
      const oldest = this.#queue.shift()
      await oldest?.printed
      this.#characters -= oldest?.characters ?? 0
    }
  }

  /** Resolves when all are printed. */
  async end(): Promise<void> {
    await this.#queue.at(-1)?.printed
  }
}

/** Arguments on the command line beside those of --each. */
export function argumentsTwice(): Promise<Error> {
  return usageError(
    'argument-each',
    'Cannot read arguments: with --each every line has its own, expected none after NAME',
  )
}

/** A call that could not be made is a line like any other. */
function asReport(error: unknown): Report {
  return { document: {}, text: '', error: error as Report['error'] }
}

/**
 * The lines of `source`, numbered from 1, without blank ones at its end: a blank one between others is no call, and
 * is answered by an error in its place. @throws KnownError input 'file-missing', usage 'argument-too-large' */
async function* linesOf(
  source: string,
  { powers }: Context,
): AsyncGenerator<{ text: string; number: number }> {
  let number = 0
  let blank: { text: string; number: number }[] = []
  for await (const text of splitLines(await open(source, powers))) {
    number++
    if (text.length > MAX_ARGUMENT_BYTES) {
      throw await usageError(
        'argument-too-large',
        `Cannot read line ${number}: expected at most ${MAX_ARGUMENT_BYTES} bytes`,
      )
    }
    blank.push({ text, number })
    if (text.trim() === '') continue
    yield* blank
    blank = []
  }
}

async function open(
  source: string,
  { directory, files, stdin }: Context['powers'],
): Promise<NodeJS.ReadableStream> {
  if (source === '-') return stdin
  const file = path.resolve(directory, source)
  if (files.isFile(file)) return createReadStream(file)
  throw await inputError('file-missing', `Cannot read --each ${source}: there is no such file`, {
    hint: 'one JSON array of arguments per line; - reads standard input',
    details: { file: source },
  })
}

/** Lines without their ends; one that is too long comes out as far as it was read. */
async function* splitLines(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  stream.setEncoding('utf8')
  let rest = ''
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    if (rest.length > MAX_ARGUMENT_BYTES) yield rest
  }
  if (rest !== '') yield rest
}
