// Runs the tests: `node tests/support/run.ts [substring…]` runs every
// tests/**/*.test.ts whose path contains one of the substrings, each file in its
// own process, two at a time. Ends with `N passed, N failed, N skipped`.

import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'

/** Files that run at once. */
const PARALLEL_FILES = 2
/** A file that takes longer is killed and fails. */
const FILE_TIMEOUT_MS = 180_000

const ROOT = path.resolve(import.meta.dirname, '../..')

interface FileResult {
  readonly file: string
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly string[]
  readonly output: string
  /** Why the file failed beyond its own tests; empty when it did not. */
  readonly problem: string
  readonly ms: number
}

function testFiles(filters: readonly string[]): string[] {
  return readdirSync(path.join(ROOT, 'tests'), { recursive: true, encoding: 'utf8' })
    .map((file) => `tests/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .sort()
}

function runFile(file: string): Promise<FileResult> {
  const started = performance.now()
  const { promise, resolve } = Promise.withResolvers<FileResult>()
  const child = spawn(process.execPath, [file], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, FILE_TIMEOUT_MS)
  child.on('close', (code) => {
    clearTimeout(timer)
    const output = Buffer.concat(chunks).toString()
    const ms = performance.now() - started
    resolve({ file, output, ms, ...readOutput(output, isLate ? 'late' : code) })
  })
  return promise
}

/** Reads uvu's totals and `SKIP <name>: <reason>` lines out of what a file printed. */
function readOutput(
  output: string,
  code: number | null | 'late',
): Omit<FileResult, 'file' | 'output' | 'ms'> {
  const count = (label: string): number =>
    [...output.matchAll(new RegExp(`^ {2}${label}:\\s+(\\d+)`, 'gm'))].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    )
  const passed = count('Passed')
  const skipped = [...output.matchAll(/^SKIP (.+)$/gm)].map((match) => match[1] ?? '')
  for (let unnamed = count('Skipped'); unnamed > 0; unnamed--) skipped.push('a test that does not say why')
  const failed = count('Total') - passed
  const problem = problemOf(code, passed + failed + skipped.length, failed)
  return { passed, failed: problem && failed === 0 ? 1 : failed, skipped, problem }
}

function problemOf(code: number | null | 'late', tests: number, failed: number): string {
  if (code === 'late') return `killed after ${FILE_TIMEOUT_MS / 1000} s`
  if (code === null) return 'ended by a signal'
  if (tests === 0) return 'no test ran: is `test.run()` missing?'
  if (code !== 0 && failed === 0) return `exit code ${code}`
  return ''
}

function report(result: FileResult): void {
  const { file, passed, failed, skipped, problem, ms } = result
  const state = failed > 0 ? 'FAIL' : 'ok  '
  const seconds = (ms / 1000).toFixed(1)
  console.log(`${state} ${file} ${passed}/${passed + failed} ${seconds} s${problem && ` (${problem})`}`)
  for (const name of skipped) console.log(`     skipped ${name}`)
  if (failed > 0) console.log(result.output.replace(/^/gm, '     | '))
}

async function runAll(files: readonly string[]): Promise<FileResult[]> {
  const queue = [...files]
  const results: FileResult[] = []
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runFile(file)
      report(result)
      results.push(result)
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_FILES }, work))
  return results
}

const filters = process.argv.slice(2)
const results = await runAll(testFiles(filters))
if (results.length === 0) console.log(`FAIL no test file matches ${filters.join(' ')}`)
const failures = results.filter((result) => result.failed > 0)
for (const { file, problem } of failures) console.log(`failed: ${file}${problem && ` (${problem})`}`)
const sum = (of: (result: FileResult) => number): number =>
  results.reduce((total, result) => total + of(result), 0)
const failed = results.length === 0 ? 1 : sum((result) => result.failed)
process.exitCode = failed === 0 ? 0 : 1
console.log(`${sum((r) => r.passed)} passed, ${failed} failed, ${sum((r) => r.skipped.length)} skipped`)
