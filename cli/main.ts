// The one place of the command line that touches the process: builds the powers
// that everything else receives, runs the program and sets the exit code.

import { randomBytes } from 'node:crypto'
import { lookup } from 'node:dns'
import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import path from 'node:path'
import type { Powers } from './context.ts'
import { fileStamp, filesBelow, programBuild } from './disk.ts'
import { runProgram } from './program.ts'

/** Runs `ucm ARGV` to its end. */
export async function main(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietlyOnBrokenPipe)
  process.exitCode = await runProgram(argv, makePowers())
}

/** A reader that has seen enough (`ucm ls | head`) is no failure. */
function endQuietlyOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}

function makePowers(): Powers {
  const environment = process.env
  let build: string | undefined
  return {
    version: packageVersion(),
    get build() {
      return (build ??= programBuild(path.join(import.meta.dirname, '..'), this.version))
    },
    directory: process.cwd(),
    environment,
    configFolder: environment['XDG_CONFIG_HOME'] || path.join(homedir(), '.config'),
    author: environment['UCM_AUTHOR'] || userName(),
    clock: Date.now,
    stopwatch: () => performance.now(),
    files: {
      read: (file) => unlessMissing(() => readFileSync(file, 'utf8')),
      isFile: (file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false,
      filesBelow,
      stamp: fileStamp,
      isFolder: (file) => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false,
      size: (file) => statSync(file, { throwIfNoEntry: false })?.size,
      realpath: (file) => realpathSync.native(file),
      write: (file, text) => {
        mkdirSync(path.dirname(file), { recursive: true })
        writeFileSync(file, text)
      },
      writeWhole: (file, text) => {
        mkdirSync(path.dirname(file), { recursive: true })
        const partial = `${file}.${process.pid}`
        writeFileSync(partial, text)
        renameSync(partial, file)
      },
      remove: (file) => rmSync(file, { recursive: true, force: true }),
    },
    randomBytes,
    startTimer: (callback, ms) => {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
    network: { lookup, timeout: (ms) => AbortSignal.timeout(ms) },
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    onStop,
    onFault: (report) => process.on('uncaughtException', (error) => process.exit(report(error))),
  }
}

/** The version in the nearest package.json upward: one folder up in a checkout, two in a built package. */
function packageVersion(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    const text = unlessMissing(() => readFileSync(path.join(folder, 'package.json'), 'utf8'))
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown' // a container may run as a user without a name
  }
}

function unlessMissing(read: () => string): string | undefined {
  try {
    return read()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

/** Calls `stop` on SIGINT and SIGTERM instead of ending the process, until the returned function is called. */
function onStop(stop: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, stop)
  return () => {
    for (const signal of signals) process.off(signal, stop)
  }
}
