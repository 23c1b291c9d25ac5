// What may happen to a codebase on a disk: damage, a second process, sudden death, no room.

import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, STATISTICS } from '../support/project.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { startUcmNode, testEnvironment, ucm } from '../support/ucm.ts'

const LAUNCHER = path.resolve(import.meta.dirname, '../../cli/ucm.js')

/** Flips one bit in the middle of the first place where `bytes` stand in the files of the database. */
function flipByte(folder: string, bytes: string): void {
  const database = path.join(folder, '.ucm', 'db')
  for (const name of readdirSync(database)) {
    const file = path.join(database, name)
    const content = readFileSync(file)
    const at = content.indexOf(bytes)
    if (at < 0) continue
    content[at + (bytes.length >> 1)] = (content[at + (bytes.length >> 1)] as number) ^ 1
    writeFileSync(file, content)
    return
  }
  throw new Error(`${bytes} is in no file of ${database}`)
}

test('a flipped byte in the store is found, and nothing damaged is ever run', async () => {
  const text = 'a text that is long enough to be found again in the files of the database'
  const project = await makeProject({ 'a.ts': `export const damaged = () => '${text}'\n` })
  await project.json(['ls']) // opening it again moves the addition from LevelDB's log into a table
  flipByte(project.folder, text)
  for (const args of [['run', 'damaged'], ['verify']]) {
    const { code, stdout, stderr } = await project.ucm(args)
    assert.is(code, 1, args.join(' '))
    const { error } = JSON.parse(stdout)
    assert.ok(error.message.length > 0 && error.hint.length > 0)
    assert.is(stderr, '')
  }
})

test('a second process is told that the codebase is in use', async () => {
  const project = await makeProject({ 'stats.ts': STATISTICS })
  const node = await startUcmNode(['--no-mdns'], { cwd: project.folder })
  const { code, json } = await project.ucm(['ls'])
  assert.equal([code, json.error.code], [1, 'codebase-locked'])
  await node.stop('SIGKILL')
  assert.is((await project.ucm(['ls'])).code, 0, 'the lock goes with the process')
})

test('add killed with SIGKILL half-way leaves all or nothing', async () => {
  const source = Array.from({ length: 300 }, (_, i) => `export const f${i} = (x: number) => x + ${i}`).join(
    '\n',
  )
  for (const delay of [50, 120, 200, 300, 400]) {
    const project = await makeProject()
    project.write('many.ts', source)
    await project.ucm(['add', 'many.ts'], { signal: AbortSignal.timeout(delay) })
    const { definitions } = await project.json(['ls'])
    assert.ok(
      definitions.length === 0 || definitions.length === 300,
      `${definitions.length} after ${delay} ms`,
    )
    assert.equal((await project.json(['verify'])).problems, [])
    assert.is((await project.json(['add', 'many.ts'])).rejected.length, 0)
    assert.is((await project.json(['ls'])).definitions.length, 300)
  }
})

test('init where no folder can be made says why', async () => {
  const folder = temporaryFolder()
  writeFileSync(path.join(folder, 'file'), '')
  const { code, json } = await ucm(['init', 'file/below', '--json'], { cwd: folder })
  assert.is(code, 1)
  assert.is(json.error.code, 'not-folder')
  assert.ok(json.error.hint.length > 0)
})

/** A user who may not write everywhere: this one, or for root `nobody`, if that one can run the checkout at all. */
function ordinaryUser(): { uid?: number; gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {}
  const nobody = { uid: 65_534, gid: 65_534 }
  const { status } = spawnSync(process.execPath, [LAUNCHER, '--version'], { ...nobody, cwd: '/' })
  return status === 0 ? nobody : undefined
}

const user = ordinaryUser()
if (user === undefined)
  console.log('SKIP an unwritable folder: root may write anywhere, and no one else run this')
else {
  test('an unwritable folder is refused', () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o555)
    const options = { ...user, cwd: folder, env: testEnvironment(), encoding: 'utf8' } as const
    const { status, stdout } = spawnSync(process.execPath, [LAUNCHER, 'init', '--json'], options)
    assert.is(status, 1)
    const { code, hint } = JSON.parse(stdout).error
    assert.is(code, 'storage')
    assert.match(hint, 'permissions')
  })
}

/** A file system of one MiB, or undefined where none can be mounted. */
function mountSmall(): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'mycel-test-small-'))
  process.on('exit', () => {
    spawnSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
  if (mounted.status !== 0) return undefined
  return folder
}

const small = mountSmall()
if (small === undefined) console.log('SKIP a full disk: no file system can be mounted here')
else {
  test('a full disk is refused, and the codebase is as it was', async () => {
    const options = { cwd: small }
    await ucm(['init', '--json'], options)
    const text = (n: number): string =>
      Array.from(
        { length: 400 },
        (_, i) => `export const f${n}x${i} = (x: number) => '${n} ${i} ${'y'.repeat(300)}' + x`,
      ).join('\n')
    let before = 0
    for (let n = 0; n < 40; n++) {
      const source = path.join(temporaryFolder(), 'many.ts')
      writeFileSync(source, text(n))
      const { code, json } = await ucm(['add', source, '--at', `n${n}`, '--json'], options)
      if (code !== 0) {
        assert.is(json.error.code, 'storage')
        assert.match(json.error.hint, 'disk is full')
        return
      }
      before = json.added.length
    }
    assert.unreachable(`1 MiB took 40 times ${before} definitions`)
  })
}

test('no failure of these shows a stack without --debug', async () => {
  const project = await makeProject()
  for (const args of [
    ['view', 'nothing'],
    ['add', 'nothing.ts'],
    ['ls', '--codebase', '/nowhere'],
  ]) {
    const { stdout, stderr } = await project.text(args)
    assert.not.match(stdout + stderr, /\n\s+at .*:\d+/)
  }
  const debug = await project.text(['view', 'nothing', '--debug'])
  assert.match(debug.stderr, /\n\s+at .*:\d+/)
})

test.run()
