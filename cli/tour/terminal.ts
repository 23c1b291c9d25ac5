// What the tour shows: real commands in real processes, each line as a reader could type it.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import pc from 'picocolors'

const cli = path.resolve(import.meta.dirname, '..')

/** A finished command. */
export interface Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A node that serves until it is stopped. */
export interface RunningNode {
  readonly peerId: string
  readonly address: string
  readonly process: ChildProcess
  stop(signal: NodeJS.Signals): Promise<void>
}

export function heading(text: string): void {
  console.log(`\n${pc.bold(pc.cyan(`▌ ${text}`))}`)
}

export function say(text: string): void {
  console.log(pc.dim(text))
}

/** As a shell would need it quoted. */
function quote(word: string): string {
  return /^[\w@%+=:,./#-]+$/.test(word) && !word.startsWith('#') ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** The tour's terminal: one working directory, one environment. */
export class Terminal {
  readonly #directory: string
  readonly #environment: NodeJS.ProcessEnv
  readonly #nodes = new Set<RunningNode>()

  constructor(directory: string, environment: NodeJS.ProcessEnv) {
    this.#directory = directory
    this.#environment = environment
  }

  #start(words: readonly string[], piped: boolean): ChildProcess {
    const [name, ...rest] = words as [string, ...string[]]
    return spawn(process.execPath, [path.join(cli, `${name}.js`), ...rest], {
      cwd: this.#directory,
      env: this.#environment,
      stdio: ['ignore', piped ? 'pipe' : 'inherit', piped ? 'pipe' : 'inherit'],
    })
  }

  async #finish(words: readonly string[]): Promise<Finished> {
    const child = this.#start(words, true)
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code: code ?? 1, stdout, stderr }
  }

  /** Shows a command and what it prints. `expect` is the exit code that the tour relies on. */
  async show(words: readonly string[], expect = 0, lines = 24): Promise<Finished> {
    console.log(`${pc.green('$')} ${words.map(quote).join(' ')}`)
    const finished = await this.#finish(words)
    const printed = (finished.stdout + finished.stderr).trimEnd().split('\n')
    for (const line of printed.slice(0, lines)) console.log(`  ${line}`)
    if (printed.length > lines) say(`  … ${printed.length - lines} more lines`)
    if (finished.code !== expect)
      throw new Error(`the tour expected exit code ${expect}, got ${finished.code}`)
    if (expect !== 0) say(`  (exit code ${finished.code})`)
    return finished
  }

  /** Runs a command without showing it, and returns the JSON document that it prints. */
  async ask(words: readonly string[]): Promise<Record<string, unknown>> {
    const finished = await this.#finish([...words, '--json'])
    return JSON.parse(finished.stdout) as Record<string, unknown>
  }

  /** Starts `ucm node` and waits for its ready line. */
  async node(title: string, words: readonly string[]): Promise<RunningNode> {
    console.log(`${pc.green('$')} ${['ucm', 'node', ...words].map(quote).join(' ')}  ${pc.dim(`# ${title}`)}`)
    const child = this.#start(['ucm', 'node', ...words, '--json'], true)
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
    const ready = once(lines, 'line').then(([line]) => line as string)
    const ended = once(child, 'close').then(() => {
      throw new Error(`the node ended before it was ready: ${stderr.trim()}`)
    })
    const { peerId, addresses } = JSON.parse(await Promise.race([ready, ended])) as {
      peerId: string
      addresses: string[]
    }
    ended.catch(() => {}) // from here on its end is expected
    say(`  ready: ${addresses[0]}`)
    const node: RunningNode = {
      peerId,
      address: addresses[0] as string,
      process: child,
      stop: async (signal) => {
        this.#nodes.delete(node)
        if (child.exitCode !== null || child.signalCode !== null) return
        const closed = once(child, 'close')
        child.kill(signal)
        await closed
      },
    }
    this.#nodes.add(node)
    return node
  }

  /** Stops every node that still runs. */
  async close(): Promise<void> {
    for (const node of this.#nodes) await node.stop('SIGTERM')
  }
}
