import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Codebase, type Hash, linksOf } from '#codebase'
import { fakePowers } from '../support/definitions.ts'
import { temporaryFolder } from '../support/temporary.ts'

const HOLDER = path.resolve(import.meta.dirname, '../support/hold-codebase.ts')

/** Lets a child add definitions until it is killed after so many turns of its event loop; returns the heads that it told of. */
function addAndKill(folder: string, turns: number): string[] {
  const command = [...process.execArgv, HOLDER, folder, 'add', String(turns)]
  const { stdout, signal } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  assert.is(signal, 'SIGKILL')
  return stdout.split('\n').filter((line) => /^[a-z2-7]{52}$/.test(line))
}

test('a process killed while it adds leaves each addition whole or not there', async () => {
  const folder = temporaryFolder()
  await (await Codebase.init(folder, fakePowers())).close()
  for (let round = 0; round < 8; round++) {
    const told = addAndKill(folder, 300 + 261 * round)
    const codebase = await Codebase.open(folder, fakePowers())
    const { objects, problems } = await codebase.verify()
    assert.equal(problems, [])
    const commits = (await codebase.history()).map(({ commit }) => commit as string)
    for (const commit of told) assert.ok(commits.includes(commit), 'what was acknowledged is there')
    assert.is((await codebase.reflog()).length, commits.length, 'the reflog has a line for each commit')
    assert.is((await codebase.reflog())[0]?.to, commits[0])
    assert.is(
      objects,
      await countReachable(codebase, commits[0] as Hash | undefined),
      'nothing of an addition that was cut off',
    )
    await assertWhole(codebase)
    await codebase.close()
  }
})

/** How many objects the head needs, with its whole history. */
async function countReachable(codebase: Codebase, head: Hash | undefined): Promise<number> {
  const seen = new Set<Hash>()
  const pending = head ? [head] : []
  for (let hash = pending.pop(); hash !== undefined; hash = pending.pop()) {
    if (seen.has(hash)) continue
    seen.add(hash)
    pending.push(...linksOf((await codebase.objects.get(hash)) as Uint8Array))
  }
  return seen.size
}

/** Every user refers to the base that is there now: no addition moved one without the other. */
async function assertWhole(codebase: Codebase): Promise<void> {
  const views = await codebase.list()
  const users = views.filter(({ name }) => name.startsWith('user'))
  if (views.length === 0) return
  const dependents = (await codebase.dependents('base')).map(({ name }) => name)
  assert.equal(dependents.sort(), users.map(({ name }) => name).sort())
}

test.run()
