// `--each`: one call per line of input, one document per line of output, in order, with
// many calls in flight and no more of input and output in memory than those.

import { createReadStream } from 'node:fs'
import path from 'node:path'
import type { Value } from '#codebase'
import { MAX_ARGUMENT_BYTES, readArgumentLine } from './arguments.ts'
import type { Context } from './context.ts'
import { inputError, usageError } from './errors.ts'
import { exitCodeOf, failureDocument, type Report } from './output.ts'

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
  const seconds = (): number => (powers.stopwatch() - started) / 1000
  let calls = 0
  let failed = 0
  const stop = output.busy(() => `${calls} calls, ${Math.round(calls / seconds())} calls/s,`)
  const print = async (report: Promise<Report>): Promise<void> => {
    const { document, error } = await report
    calls++
    if (error && failed++ === 0) context.exit(exitCodeOf(error))
    await output.line(JSON.stringify(error ? { ...document, error: failureDocument(error) } : document))
  }
  const printing: { readonly done: Promise<void>; readonly size: number }[] = []
  let size = 0
  try {
    for await (const { text, number } of linesOf(source, context)) {
      const report = readArgumentLine(text, number).then(call).catch(asReport)
      const before = printing.at(-1)?.done
      const done = before ? before.then(() => print(report)) : print(report)
      printing.push({ done, size: text.length })
      size += text.length
      while (printing.length >= MAX_IN_FLIGHT || size > MAX_CHARACTERS_IN_FLIGHT) {
        const oldest = printing.shift()
        if (!oldest) break
        await oldest.done
        size -= oldest.size
      }
    }
    await printing.at(-1)?.done
  } finally {
    stop()
  }
  const rate = Math.round(calls / Math.max(seconds(), 0.001)).toLocaleString('en')
  output.note(
    `${calls.toLocaleString('en')} calls in ${seconds().toFixed(2)} s, ${rate} calls/s, ${failed} failed`,
  )
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

/** The lines of `source` that are not empty, numbered from 1. @throws KnownError input 'file-missing', usage 'argument-too-large' */
async function* linesOf(
  source: string,
  { powers }: Context,
): AsyncGenerator<{ text: string; number: number }> {
  let number = 0
  for await (const text of splitLines(await open(source, powers))) {
    number++
    if (text.length > MAX_ARGUMENT_BYTES) {
      throw await usageError(
        'argument-too-large',
        `Cannot read line ${number}: expected at most ${MAX_ARGUMENT_BYTES} bytes`,
      )
    }
    if (text.trim() !== '') yield { text, number }
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
