// The launchers, as a shell meets them: older Nodes, pipes that close, time to start.

import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, STATISTICS } from '../support/project.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { testEnvironment } from '../support/ucm.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const LAUNCHER = path.join(ROOT, 'cli/ucm.js')

test('the launchers are executable and begin with a shebang', () => {
  for (const name of ['ucm.js', 'remote-run.js']) accessSync(path.join(ROOT, 'cli', name), constants.X_OK)
})

/** A Node older than what is needed, if the machine has one on its path outside the checkout. */
function olderNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => !folder.includes('node_modules'))
  for (const folder of folders) {
    const node = path.join(folder, 'node')
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
    const major = Number(/^v(\d+)/.exec(stdout ?? '')?.[1])
    if (major >= 20 && major < 24) return node
  }
  return undefined
}

const older = olderNode()
if (older === undefined) console.log('SKIP an older Node: there is none on the path')
else {
  test('an older Node hands remote-run over with the words that it was given', () => {
    const launcher = path.join(ROOT, 'cli/remote-run.js')
    const { status, stdout } = spawnSync(older, [launcher, 'mean', '[1]', '--json'], {
      cwd: temporaryFolder(),
      encoding: 'utf8',
      env: testEnvironment(),
    })
    assert.is(JSON.parse(stdout).error.code, 'node-missing') // the words were understood; no node was named
    assert.is(status, 2)
  })

  test('an older Node hands over to the installed one: output, exit code and signals', async () => {
    const run = (args: readonly string[]) =>
      spawnSync(older, [LAUNCHER, ...args], {
        encoding: 'utf8',
        cwd: temporaryFolder(),
        env: testEnvironment(),
      })
    assert.match(run(['--version']).stdout, /^\d+\.\d+\.\d+\n$/)
    const failed = run(['ls', '--json'])
    assert.is(failed.status, 1)
    assert.is(JSON.parse(failed.stdout).error.code, 'no-codebase')
  })

  test('a node under an older Node ends with its launcher, by SIGTERM and by SIGKILL', async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const project = await makeProject()
      const args = [LAUNCHER, 'node', '--no-mdns', '--json']
      const child = spawn(older, args, { cwd: project.folder, env: testEnvironment() })
      await new Promise((resolve) => child.stdout.once('data', resolve))
      child.kill(signal)
      await new Promise((resolve) => child.once('exit', resolve))
      // The lock goes with the process behind the launcher: if that lived on, this would never end.
      while ((await project.ucm(['ls'])).code !== 0);
    }
  })
}

test('a reader that has seen enough is no failure', async () => {
  const many = Array.from({ length: 2_000 }, (_, i) => `export const f${i} = () => ${i}`).join('\n')
  const project = await makeProject({ 'many.ts': many })
  const command = `"${process.execPath}" "${LAUNCHER}" ls | head -n 1`
  const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', command], {
    encoding: 'utf8',
    cwd: project.folder,
    env: testEnvironment(),
  })
  assert.is(status, 0)
  assert.match(stdout, /^f0 /)
  assert.not.match(stderr, /EPIPE|error/)
})

/** Modules of `packages` that a command loads, as the module loader traces them. */
function loaded(args: readonly string[], cwd: string): string[] {
  const trace = `import module from 'node:module'; module.registerHooks({ load(url, context, next) { process._rawDebug('LOAD ' + url); return next(url, context) } })`
  const hook = `data:text/javascript,${encodeURIComponent(trace)}`
  const { stderr } = spawnSync(process.execPath, ['--import', hook, LAUNCHER, ...args], {
    encoding: 'utf8',
    cwd,
    env: testEnvironment(),
  })
  return [...stderr.matchAll(/^LOAD .*node_modules\/((?:@[^/]+\/)?[^/]+)/gm)].map(
    (match) => match[1] as string,
  )
}

test('a command loads only the libraries that it needs', async () => {
  const project = await makeProject({ 'stats.ts': STATISTICS })
  assert.equal([...new Set(loaded(['--help'], project.folder))].sort(), ['commander', 'picocolors'])
  const heavy = /^(libp2p|@libp2p\/.*|quickjs-emscripten.*|@jitl\/.*|undici|cbor-x)$/
  const hash = loaded(['hash', 'stats.ts'], project.folder)
  assert.ok(hash.includes('oxc-parser'))
  assert.equal(
    hash.filter((name) => heavy.test(name)),
    [],
  )
  const ls = loaded(['ls'], project.folder)
  assert.ok(ls.includes('level'))
  assert.equal(
    ls.filter((name) => /^(libp2p|@libp2p|quickjs|@jitl|undici)/.test(name)),
    [],
  )
  const run = loaded(['run', 'mean', '[1]'], project.folder)
  assert.equal(
    run.filter((name) => /^(libp2p|undici|@libp2p\/(tcp|tls|noise|yamux|mdns))/.test(name)),
    [],
  )
})

test.run()
