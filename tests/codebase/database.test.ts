import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Codebase, KnownError } from '#codebase'
import { Batch, Database, storageError } from '../../codebase/database.ts'
import { addSpecs, databaseFolder, fakePowers, withCodebase } from '../support/definitions.ts'
import { failure } from '../support/failures.ts'
import { temporaryFolder } from '../support/temporary.ts'

const powers = fakePowers()
const HOLDER = path.resolve(import.meta.dirname, '../support/hold-codebase.ts')

test('init() makes a codebase in folders that need not exist, open() takes the folder or .ucm in it', async () => {
  const folder = path.join(temporaryFolder(), 'a', 'b')
  const made = await Codebase.init(folder, powers)
  assert.is(made.folder, path.join(folder, '.ucm'))
  assert.is(await made.branch(), 'main')
  await made.close()
  for (const where of [folder, path.join(folder, '.ucm'), path.relative(process.cwd(), folder)]) {
    const opened = await Codebase.open(where, powers)
    assert.is(opened.folder, path.join(folder, '.ucm'))
    await opened.close()
  }
})

test('init() says so when there is a codebase already, and leaves it alone', async () => {
  await withCodebase(async (codebase, folder) => {
    const { commit } = await addSpecs(codebase, { a: 1 })
    await codebase.close()
    await failure('exists', Codebase.init(folder, powers))
    const opened = await Codebase.open(folder, powers)
    assert.is((await opened.history())[0]?.commit, commit)
    await opened.close()
  })
})

test('open() says where there is no codebase, and makes nothing', async () => {
  const folder = temporaryFolder()
  const error = await failure('no-codebase', Codebase.open(folder, powers))
  assert.match(error.hint ?? '', /ucm init/)
  assert.is(error.details['folder'], folder)
  assert.equal(readdirSync(folder), [])
  await failure('no-codebase', Codebase.open(path.join(folder, 'missing'), powers))
})

test('init() completes what an init left behind that was killed', async () => {
  const folder = temporaryFolder()
  await (await Database.open(databaseFolder(folder), { create: true })).close()
  await failure('no-codebase', Codebase.open(folder, powers))
  await (await Codebase.init(folder, powers)).close()
  await (await Codebase.open(folder, powers)).close()
})

test('a codebase that another process has open is refused, until that process ends', async () => {
  const folder = temporaryFolder()
  await (await Codebase.init(folder, powers)).close()
  const holder = spawn(process.execPath, [...process.execArgv, HOLDER, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    const error = await failure('codebase-locked', Codebase.open(folder, powers))
    assert.match(error.message, /another process/)
    await failure('codebase-locked', Codebase.init(folder, powers))
  } finally {
    holder.kill('SIGKILL')
  }
  await new Promise((resolve) => holder.once('exit', resolve))
  await (await Codebase.open(folder, powers)).close()
})

test('a codebase made by another version is refused', async () => {
  const folder = temporaryFolder()
  await (await Codebase.init(folder, powers)).close()
  const { Batch } = await import('../../codebase/database.ts')
  const database = await Database.open(databaseFolder(folder), { create: false })
  await database.write(new Batch().put(database.settings, 'layout', '99'))
  await database.close()
  await failure('codebase-version', Codebase.open(folder, powers))
})

test('a file where the folder should be is a storage failure that names the path', async () => {
  const folder = temporaryFolder()
  writeFileSync(path.join(folder, 'file'), '')
  const error = await failure('storage', Codebase.init(path.join(folder, 'file'), powers))
  assert.match(String(error.details['path']), /file/)
  assert.match(error.hint ?? '', /a file stands where a folder is needed/)
  mkdirSync(path.join(folder, '.ucm'))
  writeFileSync(databaseFolder(folder), '')
  await failure('storage', Codebase.open(folder, powers))
})

test('a folder that cannot be made is a storage failure', async () => {
  if (!existsSync('/proc/self')) return
  await failure('storage', Codebase.init('/proc/mycel', powers))
})

test('storageError() has a hint for each way a disk can fail', () => {
  const cases: [string, string, RegExp][] = [
    ['LEVEL_IO_ERROR', 'IO error: /x/000005.log: No space left on device', /disk is full/],
    ['ENOSPC', "ENOSPC: no space left on device, mkdir '/x'", /disk is full/],
    ['EACCES', "EACCES: permission denied, mkdir '/x'", /permissions/],
    ['LEVEL_IO_ERROR', 'IO error: /x/LOCK: Permission denied', /permissions/],
    ['EROFS', "EROFS: read-only file system, mkdir '/x'", /read-only/],
    ['LEVEL_CORRUPTION', 'Corruption: block checksum mismatch', /damaged/],
  ]
  for (const [code, message, hint] of cases) {
    const cause = Object.assign(new Error(message), { code })
    const error = storageError(new Error('Database failed to open', { cause }), '/x')
    assert.equal([error.code, error.details['path']], ['storage', '/x'])
    assert.match(error.hint ?? '', hint)
  }
  const known = new KnownError('input', 'other', 'm')
  assert.is(storageError(known, '/x'), known)
})

test('getNow() has what get() has, plain bytes too, and says what is wrong as get() does', async () => {
  const location = path.join(temporaryFolder(), 'db')
  const database = await Database.open(location, { create: true })
  await database.write(
    new Batch().put(database.memo, 'key', Uint8Array.of(1, 2)).put(database.heads, 'main', 'x'),
  )
  assert.equal(database.memo.getNow('key'), await database.memo.get('key'))
  assert.is(database.memo.getNow('key')?.constructor, Uint8Array)
  assert.is(database.heads.getNow('main'), 'x')
  assert.is(database.memo.getNow('other'), undefined)
  await database.close()
  await failure('storage', async () => database.memo.getNow('key'))
  await failure('storage', database.memo.get('key'))
})

test('a write that the disk refuses stores nothing and says so', async () => {
  const folder = temporaryFolder()
  await (await Codebase.init(folder, powers)).close()
  // The limit on the size of files stands in for a full disk: a log of 64 blocks of 512 bytes.
  const script = `trap '' XFSZ; ulimit -f 64; exec "$@"`
  const command = [process.execPath, ...process.execArgv, HOLDER, folder, 'fill']
  const { stdout } = spawnSync('sh', ['-c', script, 'sh', ...command], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  const { code, added, hint } = JSON.parse(stdout.trim().split('\n').at(-1) as string)
  assert.is(code, 'storage')
  assert.match(hint, /nothing was written/)
  const opened = await Codebase.open(folder, powers)
  assert.is((await opened.list()).length, added)
  assert.equal((await opened.verify()).problems, [])
  await opened.close()
})

test.run()
