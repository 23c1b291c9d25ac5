// Transcripts: Markdown in which commands are shown with what they print. Replaying one
// runs its commands for real; fixtures/transcripts/README.md says how they are written.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { temporaryFolder } from './temporary.ts'
import { testEnvironment } from './ucm.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
/** What `ucm node` prints last when it is ready. */
const READY = 'Ctrl-C ends it'
const COMMAND_TIMEOUT_MS = 60_000

/** What differs from run to run, and what stands for it. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/12D3KooW[1-9A-HJ-NP-Za-km-z]{44}/g, '‹peer›'],
  [/\/tcp\/\d+/g, '/tcp/‹port›'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:‹port›'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '‹time›'],
  [/\b[\d.]+ ms\b/g, '‹ms› ms'],
  [/"ms":[\d.]+/g, '"ms":‹ms›'],
  [/\bin [\d.]+ s, [\d,]+ calls\/s/g, 'in ‹s› s, ‹n› calls/s'],
  [/("(?:commit|receipt)":)"[a-z2-7]{52}"/g, '$1"‹hash›"'],
  [/\breceipt #[a-z2-7]{10}/g, 'receipt ‹hash›'],
  [/\bcommit #[a-z2-7]{10}/g, 'commit ‹hash›'],
  [/^#[a-z2-7]{10}(?= {2}‹time›)/gm, '‹hash›'],
  [/\bucm diff [a-z2-7]{10}\b/g, 'ucm diff ‹hash›'],
]

interface Session {
  folder: string
  directory: string
  readonly environment: Record<string, string>
  readonly nodes: ChildProcess[]
}

/** The transcripts, in order, and the README, whose tour is one. */
export function transcriptFiles(): string[] {
  const folder = path.join(ROOT, 'fixtures/transcripts')
  const names = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md')
  return [path.join(ROOT, 'README.md'), ...names.sort().map((name) => path.join(folder, name))]
}

/** Runs the commands of a transcript; returns its text with what they printed now. */
export async function replayTranscript(markdown: string): Promise<string> {
  const folder = temporaryFolder()
  const session: Session = { folder, directory: folder, environment: environment(), nodes: [] }
  const output: string[] = []
  const lines = markdown.split('\n')
  try {
    for (let at = 0; at < lines.length; at++) {
      const fence = /^```(\w+)(?: (\S+))?$/.exec(lines[at] as string)
      output.push(lines[at] as string)
      if (!fence) continue
      const end = lines.indexOf('```', at + 1)
      const body = lines.slice(at + 1, end)
      output.push(
        ...(await replayBlock({ language: fence[1] as string, file: fence[2], body }, session)),
        '```',
      )
      at = end
    }
  } finally {
    for (const node of session.nodes) node.kill('SIGKILL')
  }
  return output.join('\n')
}

interface Block {
  readonly language: string
  readonly file: string | undefined
  readonly body: readonly string[]
}

/** A block with a file name is written to that file; the commands of a console block are run. */
async function replayBlock({ language, file, body }: Block, session: Session): Promise<string[]> {
  if (file !== undefined) {
    const target = path.join(session.directory, file)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, `${body.join('\n')}\n`)
  }
  if (language !== 'console') return [...body]
  const output: string[] = []
  for (const command of body.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2))) {
    const printed = await runCommand(command, session)
    remember(printed, session)
    output.push(`$ ${command}`, ...mask(printed, session))
  }
  return output
}

async function runCommand(command: string, session: Session): Promise<string> {
  const folder = /^cd (\S+)$/.exec(command)?.[1]
  if (folder !== undefined) {
    session.directory = path.resolve(session.directory, folder)
    return ''
  }
  const [, name, value] = /^([A-Z]+)=\$\((.+)\)$/.exec(command) ?? []
  if (name !== undefined && value !== undefined) {
    session.environment[name] = (await runToEnd(value, session)).trim()
    return ''
  }
  return command.endsWith(' &') ? startNode(command.slice(0, -2), session) : runToEnd(command, session)
}

function start(command: string, { directory, environment: env }: Session): ChildProcess {
  return spawn('/bin/sh', ['-c', `exec 2>&1; ${command}`], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** What a command printed on both outputs, and its exit code where it is not 0. */
function runToEnd(command: string, session: Session): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = start(command, session)
  const timer = setTimeout(() => child.kill('SIGKILL'), COMMAND_TIMEOUT_MS)
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.on('error', reject)
  child.on('close', (code) => {
    clearTimeout(timer)
    resolve(code === 0 ? printed : `${printed}[exit ${code ?? 'by a signal'}]\n`)
  })
  return promise
}

/** Starts `ucm node` in the background; what it printed until it was ready. */
function startNode(command: string, session: Session): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = start(`exec ${command}`, session)
  session.nodes.push(child)
  session.environment['NODE_PID'] = String(child.pid)
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    if (printed.includes(READY)) resolve(printed)
  })
  child.on('close', () => reject(new Error(`${command} ended before it was ready:\n${printed}`)))
  return promise
}

/** Keeps what later commands refer to: `$ME`, `$NODE`, `$COMMIT` and the `$PREVIOUS` one. */
function remember(printed: string, { environment: env }: Session): void {
  const me = /^peer +(\S+)$/m.exec(printed)?.[1]
  if (me) env['ME'] = me
  const node = /^listening +(\S+)$/m.exec(printed)?.[1]
  if (node) env['NODE'] = node
  const commit = /^commit #([a-z2-7]{10})$/m.exec(printed)?.[1]
  if (!commit) return
  if (env['COMMIT']) env['PREVIOUS'] = env['COMMIT']
  env['COMMIT'] = commit
}

function mask(printed: string, { folder, environment: env }: Session): string[] {
  let text = printed.replaceAll(env['HOME'] as string, '‹home›').replaceAll(folder, '‹folder›')
  for (const [varying, name] of MASKS) text = text.replace(varying, name)
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => line.trimEnd())
}

/** A home of its own, and the launchers on the path under the Node that runs this. */
function environment(): Record<string, string> {
  const bin = temporaryFolder()
  for (const name of ['ucm', 'remote-run']) {
    const script = `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(path.join(ROOT, `cli/${name}.js`))} "$@"\n`
    writeFileSync(path.join(bin, name), script, { mode: 0o755 })
  }
  const home = temporaryFolder()
  const search = `${bin}${path.delimiter}${process.env['PATH']}`
  return testEnvironment({
    PATH: search,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    SOURCES: path.join(ROOT, 'fixtures/sources'),
    NODE_MODULES: path.join(ROOT, 'node_modules'),
  })
}
