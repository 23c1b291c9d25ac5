// The files of test262 (INTERPRETING.md of the suite): which tests there are, what each says of
// itself in its front matter, and which of them a strict-mode function body can be.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** One test as its file has it. */
export interface SuiteTest {
  /** Below `test/` of the suite, with slashes. */
  readonly file: string
  readonly text: string
  readonly flags: readonly string[]
  readonly includes: readonly string[]
  /** The phase in which it must fail; undefined when it must not. */
  readonly negative: string | undefined
}

/** What the runner covers when no filter is given. */
export const COVERED = [
  'language/',
  ...['Array', 'Object', 'String', 'Number', 'Math', 'Map', 'Set', 'RegExp', 'JSON', 'Symbol', 'BigInt'].map(
    (name) => `built-ins/${name}/`,
  ),
  'built-ins/Generator',
]

/** Paths of the tests below COVERED whose path contains one of `filters` (all without any), sorted. */
export function testFiles(suite: string, filters: readonly string[]): string[] {
  const root = path.join(suite, 'test')
  if (!existsSync(root)) throw new Error(`Cannot find test262: ${suite} has no folder test/`)
  return ['language', 'built-ins']
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/${file.replaceAll(path.sep, '/')}`,
      ),
    )
    .filter((file) => file.endsWith('.js') && !file.includes('_FIXTURE'))
    .filter((file) => COVERED.some((prefix) => file.startsWith(prefix)))
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .sort()
}

export function readTest(suite: string, file: string): SuiteTest {
  const text = readFileSync(path.join(suite, 'test', file), 'utf8')
  const matter = /\/\*---\r?\n(.*?)---\*\//s.exec(text)?.[1] ?? ''
  return {
    file,
    text,
    flags: listOf(matter, 'flags'),
    includes: listOf(matter, 'includes'),
    negative: /^negative:\s*\n(?:\s+.*\n)*?\s+phase:\s*(\w+)/m.exec(matter)?.[1],
  }
}

/** `key: [a, b]`, or one item on each line after `key:`. */
function listOf(matter: string, key: string): string[] {
  const inline = new RegExp(`^${key}:\\s*\\[(.*?)\\]`, 'ms').exec(matter)?.[1]
  if (inline !== undefined)
    return inline
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean)
  const lines = new RegExp(`^${key}:\\s*\\n((?:\\s+- .*\\n?)+)`, 'm').exec(matter)?.[1] ?? ''
  return [...lines.matchAll(/- *(\S+)/g)].map((match) => match[1] as string)
}

/** Why a test cannot be the body of a strict function; undefined when it can. */
export function ineligible({ file, flags, negative }: SuiteTest): string | undefined {
  if (flags.includes('noStrict')) return 'sloppy mode only'
  if (flags.includes('raw')) return 'must not be changed (raw)'
  if (flags.includes('module')) return 'a module'
  if (file.includes('/property-escapes/generated/')) return 'a table of Unicode, minutes long'
  if (negative === 'resolution') return 'fails when modules are linked'
  return undefined
}
