import { spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Codebase } from '#codebase'
import { fakePowers } from '../support/definitions.ts'
import { temporaryFolder } from '../support/temporary.ts'

const HOLDER = path.resolve(import.meta.dirname, '../support/hold-codebase.ts')

/** Lets a child add definitions, kills it some moments after its n-th addition, and returns the heads that it had told of. */
async function addAndKill(folder: string, additions: number, turns: number): Promise<string[]> {
  const child = spawn(process.execPath, [...process.execArgv, HOLDER, folder, 'add'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the child ended by itself')))
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.split('\n').length - 2 >= additions) resolve()
    })
  })
  // Some turns of the event loop: the child is anywhere in its next additions.
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('close', resolve))
  return output.split('\n').filter((line) => /^[a-z2-7]{52}$/.test(line))
}

test('a process killed while it adds leaves each addition whole or not there', async () => {
  const folder = temporaryFolder()
  await (await Codebase.init(folder, fakePowers())).close()
  for (let round = 0; round < 8; round++) {
    const told = await addAndKill(folder, 1 + (round % 4), round * 37)
    const codebase = await Codebase.open(folder, fakePowers())
    const { problems } = await codebase.verify()
    assert.equal(problems, [])
    const commits = (await codebase.history()).map(({ commit }) => commit as string)
    for (const commit of told) assert.ok(commits.includes(commit), 'what was acknowledged is there')
    assert.is((await codebase.reflog()).length, commits.length, 'the reflog has a line for each commit')
    assert.is((await codebase.reflog())[0]?.to, commits[0])
    await assertWhole(codebase)
    await codebase.close()
  }
})

/** Every user refers to the base that is there now: no addition moved one without the other. */
async function assertWhole(codebase: Codebase): Promise<void> {
  const views = await codebase.list()
  const users = views.filter(({ name }) => name.startsWith('user'))
  const dependents = (await codebase.dependents('base')).map(({ name }) => name)
  assert.equal(dependents.sort(), users.map(({ name }) => name).sort())
}

test.run()
