// Arguments as they are written on the command line: JSON with the `$` forms of
// design §3, `@file.json` for a file, `-` for standard input.

import path from 'node:path'
import type { Value } from '#codebase'
import type { Powers } from './context.ts'
import { inputError, usageError } from './errors.ts'

/** A file or a line with more is refused before it is read; 16 MiB is what a value may have. */
export const MAX_ARGUMENT_BYTES = 16 * 1024 * 1024

/** What is expected of text that comes from a file or standard input. */
const IN_FILE = 'one JSON value is expected there; text is a value in double quotes'
const IN_LINE = 'each line is the arguments of one call, as in ["a", 1]; a call without arguments is []'

/** How much of a refused argument is shown. */
const SHOWN_CHARACTERS = 60

/**
 * The values that `texts` stand for.
 * @throws KnownError usage: 'argument-json', 'argument-too-large'; input: 'file-missing'; and ValueError
 */
export async function readArguments(texts: readonly string[], powers: Powers): Promise<Value[]> {
  if (texts.filter((text) => text === '-').length > 1) {
    throw await usageError(
      'argument-input',
      'Cannot read arguments: `-` stands there twice, expected one, as there is one standard input',
    )
  }
  const values: Value[] = []
  for (const [index, text] of texts.entries()) {
    const place = `argument ${index + 1}`
    if (text === '-') values.push(await readValue(await readAll(powers.stdin), place, IN_FILE))
    else if (text.startsWith('@'))
      values.push(await readValue(await readFile(text.slice(1), powers), `${place} (${text})`, IN_FILE))
    else values.push(await readValue(text, place))
  }
  return values
}

/** One line of `--each`: a JSON array of arguments. @throws KnownError usage 'argument-json' */
export async function readArgumentLine(line: string, number: number): Promise<Value[]> {
  const json = await parseJson(line, `line ${number}`, IN_LINE)
  const { valueFromJson } = await import('#codebase')
  if (Array.isArray(json)) return json.map((item) => valueFromJson(item))
  throw await usageError(
    'argument-json',
    `Cannot read line ${number}: ${shown(line)} is no array, expected a JSON array of arguments`,
    {
      hint: `write [${line.trim().slice(0, SHOWN_CHARACTERS)}]`,
    },
  )
}

async function readValue(text: string, place: string, hint?: string): Promise<Value> {
  const json = await parseJson(text, place, hint)
  const { valueFromJson } = await import('#codebase')
  return valueFromJson(json)
}

/** `hint` says what is expected of text that no shell has seen. */
async function parseJson(given: string, place: string, hint?: string): Promise<unknown> {
  if (given.length > MAX_ARGUMENT_BYTES) throw await tooLarge(place, given.length)
  const text = given.replace(/^\uFEFF/, '')
  let imprecise: string | undefined
  const keepExact = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    const source = context?.source
    if (typeof value === 'number' && source !== undefined && !isExact(value, source)) imprecise ??= source
    return value
  }
  let json: unknown
  try {
    json = JSON.parse(text, keepExact as (key: string, value: unknown) => unknown)
  } catch (error) {
    throw error instanceof RangeError ? await tooDeep(place) : await notJson(text, place, { hint, error })
  }
  if (imprecise === undefined) return json
  throw await usageError(
    'argument-imprecise',
    `Cannot read ${place}: ${imprecise} is no JavaScript number, expected at most ${Number.MAX_SAFE_INTEGER}`,
    { hint: `write '{"$bigint":"${imprecise}"}' where a bigint is meant` },
  )
}

/** Whether an integer as written is the number that it becomes, or the way JavaScript prints that number. */
function isExact(value: number, source: string): boolean {
  if (!/^-?\d+$/.test(source) || Number.isSafeInteger(value) || !Number.isFinite(value)) return true
  return String(value) === source || BigInt(value).toString() === source
}

function notJson(
  text: string,
  place: string,
  { hint, error }: { readonly hint: string | undefined; readonly error: unknown },
): Promise<Error> {
  return usageError('argument-json', `Cannot read ${place}: ${shown(text)} is not JSON, expected JSON`, {
    hint:
      hint ?? eatenQuotes(text) ?? `correct the JSON: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`,
    details: { argument: text.slice(0, SHOWN_CHARACTERS) },
  })
}

/** What to write where a shell ate the quotes; undefined when that is not what is wrong with `text`. */
function eatenQuotes(text: string): string | undefined {
  const meant = repairJson(text) ?? (/["[\]{}]/.test(text) ? undefined : JSON.stringify(text))
  if (meant === undefined) return undefined
  return `the shell eats quotes that are not quoted themselves; write ${shown(quoteForShell(meant))}`
}

async function tooDeep(place: string): Promise<Error> {
  const { VALUE_BOUNDS } = await import('#codebase')
  return usageError(
    'argument-json',
    `Cannot read ${place}: it nests too deep, expected at most ${VALUE_BOUNDS.maxDepth} collections inside each other`,
    { hint: 'pass it as a flat list, or as text' },
  )
}

/** `text` with quotes around its bare words, if that makes it JSON: what it was before the shell ate them. */
function repairJson(text: string): string | undefined {
  if (!/[[\]{}]/.test(text)) return undefined
  const repaired = text
    .replaceAll("'", '"')
    .replace(/"[^"]*"|[\p{L}_$][\p{L}\p{N}_$-]*/gu, (word) =>
      /^"|^(true|false|null)$/.test(word) ? word : `"${word}"`,
    )
  try {
    JSON.parse(repaired)
    return repaired
  } catch {
    return undefined
  }
}

/** `text` as one word of a POSIX shell. */
export function quoteForShell(text: string): string {
  return /^[\w.,:/@+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line === '') return 'nothing'
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}…` : line
}

async function readFile(name: string, powers: Powers): Promise<string> {
  const file = path.resolve(powers.directory, name)
  const bytes = powers.files.size(file)
  if (bytes !== undefined && bytes > MAX_ARGUMENT_BYTES) throw await tooLarge(`@${name}`, bytes)
  const text = powers.files.isFile(file) ? powers.files.read(file) : undefined
  if (text !== undefined) return text
  throw await inputError('file-missing', `Cannot read argument: there is no file ${name}`, {
    hint: `@ reads a file; text that begins with @ is written ${quoteForShell(JSON.stringify(`@${name}`))}`,
    details: { file: name },
  })
}

async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_ARGUMENT_BYTES) throw await tooLarge('standard input', bytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function tooLarge(place: string, size: number): Promise<Error> {
  return usageError(
    'argument-too-large',
    `Cannot read ${place}: it has ${size.toLocaleString('en')} bytes, expected at most ${MAX_ARGUMENT_BYTES.toLocaleString('en')}`,
    { hint: 'pass less, or keep it in the Store ability and pass its key' },
  )
}
