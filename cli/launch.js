// Starts the command line under a Node that can run it. Plain JavaScript that any
// Node from 20 on understands: an older one than is needed hands over to the Node
// that the checkout installed, or says which is needed.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import path from 'node:path'

const NEEDED = [24, 10]
/** Set in the environment of a process that an older Node handed its work to. */
const HANDED_OVER = 'UCM_HANDED_OVER'
/** The packages that carry a Node for this platform; the name differs on one of them. */
const PLATFORM_PACKAGES = ['node', 'node-bin'].map((name) => `${name}-${process.platform}-${process.arch}`)

/** Runs the command line with `argv`, or hands this process's own words to a newer Node. */
export async function launch(argv) {
  if (isNewEnough(process.versions.node)) return runHere(argv)
  return runWithNode(process.argv[1], process.argv.slice(2)) // the launcher adds its own words once more
}

/** Runs a script in a process of its own, with this Node or, when it is too old, with the one that the checkout installed. */
export async function runWithNode(script, words) {
  const node = isNewEnough(process.versions.node) ? process.execPath : installedNode()
  if (node) return handOver(node, [script, ...words])
  console.error(
    `error: Cannot run under Node ${process.versions.node}, expected ${NEEDED.join('.')} or newer\n` +
      '  hint: `npm install` in the checkout brings one along, or install it from nodejs.org',
  )
  process.exitCode = 2
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

/** A checkout runs its sources as they stand; an installed package has only what was built. */
async function runHere(argv) {
  module.enableCompileCache?.()
  if (process.env[HANDED_OVER]) dieWithParent()
  const source = new URL('./main.ts', import.meta.url)
  const { main } = await import(existsSync(source) ? source.href : new URL('./main.js', import.meta.url).href)
  await main(argv)
}

/** Looks for a platform package's binary in every node_modules from here upward. */
function installedNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    for (const name of PLATFORM_PACKAGES) {
      const candidate = path.join(folder, 'node_modules', name, 'bin', file)
      if (existsSync(candidate)) return candidate
    }
    if (folder === path.dirname(folder)) return undefined
  }
}

/** Runs the same command line under `node`: same terminal, same signals, same exit code. */
function handOver(node, words) {
  const child = spawn(node, words, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [HANDED_OVER]: '1' },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? 128 + constants.signals[signal]
      resolve()
    })
  })
}

/** Nothing is left running when the process that was started is killed outright: its end closes the channel. */
function dieWithParent() {
  delete process.env[HANDED_OVER]
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.channel?.unref()
}
