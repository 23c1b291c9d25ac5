// The real command line as a child process: what it printed, how it ended, and
// nodes that are awaited by their ready line and stopped when the test exits.

import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { temporaryFolder } from './temporary.ts'

const CLI = path.resolve(import.meta.dirname, '../../cli')
/** A command that takes longer is killed. */
const COMMAND_TIMEOUT_MS = 60_000

export interface UcmOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Standard input; empty when absent. */
  readonly input?: string
  /** Which launcher: `ucm` unless given. */
  readonly bin?: 'ucm' | 'remote-run'
  /** Called with all that stderr has so far, each time that there is more. */
  readonly onStderr?: (text: string) => void
  /** Killed with SIGKILL when it aborts. */
  readonly signal?: AbortSignal
}

export interface UcmResult {
  /** -1 when a signal ended the process. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** The document on stdout. @throws SyntaxError when it is not one JSON document */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into documents of every shape
  readonly json: any
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Everything that a command would find in a person's home, moved into a folder of this process. */
const home = temporaryFolder()

/** The environment that tests run the command line in: an empty home, no colour, no codebase by accident. */
export function testEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(UCM_|MYCEL_|XDG_|FORCE_COLOR)/.test(name),
  )
  const kept = Object.fromEntries(inherited) as Record<string, string>
  const own = { HOME: home, XDG_CONFIG_HOME: path.join(home, '.config'), NO_COLOR: '1', UCM_AUTHOR: 'Ada' }
  return { ...kept, ...own, ...extra }
}

function start(args: readonly string[], options: UcmOptions): ChildProcess {
  const launcher = path.join(CLI, `${options.bin ?? 'ucm'}.js`)
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: options.cwd,
    env: testEnvironment(options.env),
    stdio: 'pipe',
  })
  running.add(child)
  child.on('close', () => running.delete(child))
  return child
}

/** Runs one command to its end. */
export async function ucm(args: readonly string[], options: UcmOptions = {}): Promise<UcmResult> {
  const child = start(args, options)
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
      if (name === 'stderr') options.onStderr?.(output.stderr)
    })
  }
  child.stdin?.on('error', () => {}) // a command may end before it has read its input
  child.stdin?.end(options.input ?? '')
  const timer = setTimeout(() => child.kill('SIGKILL'), COMMAND_TIMEOUT_MS)
  options.signal?.addEventListener('abort', () => child.kill('SIGKILL'), { once: true })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.on('error', reject)
  child.on('close', (code) => resolve(code ?? -1))
  const code = await promise
  clearTimeout(timer)
  return {
    code,
    ...output,
    get json() {
      return JSON.parse(output.stdout)
    },
  }
}

/** Runs one command with --json and returns its document. @throws Error when it fails */
// oxlint-disable-next-line typescript/no-explicit-any -- as `json` above
export async function ucmJson(args: readonly string[], options: UcmOptions = {}): Promise<any> {
  const result = await ucm([...args, '--json'], options)
  if (result.code !== 0) {
    throw new Error(`ucm ${args.join(' ')} ended with ${result.code}\n${result.stdout}\n${result.stderr}`)
  }
  return result.json
}

export interface RunningNode {
  readonly peerId: string
  readonly addresses: readonly string[]
  readonly codebase: string
  /** What it has printed on stderr so far. */
  stderr(): string
  /** Ends it with `signal` (SIGTERM unless given); resolves to its exit code, -1 when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number>
}

/** Starts `ucm node ARGS --json` and resolves when its ready line has come. @throws Error when it ends first */
export async function startUcmNode(args: readonly string[], options: UcmOptions = {}): Promise<RunningNode> {
  const child = start(['node', ...args, '--json'], options)
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>()
  const { promise: closed, resolve: close } = Promise.withResolvers<number>()
  let stdout = ''
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')))
  })
  child.on('error', reject)
  child.on('close', (code) => {
    close(code ?? -1)
    reject(new Error(`ucm node ended with ${code} before it was ready\n${stdout}\n${stderr}`))
  })
  const line = JSON.parse(await ready) as { peerId: string; addresses: string[]; codebase: string }
  return {
    ...line,
    stderr: () => stderr,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return closed
    },
  }
}
