// An addition that changes nothing is known without parsing, and whatever it came of undoes that.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { knownAbilities } from '#abilities'
import {
  type AddOptions,
  type AddResult,
  type CheckedDisk,
  Codebase,
  define,
  type FileSystem,
  type TypeChecker,
} from '#codebase'
import { Batch, Database } from '../../codebase/database.ts'
import { parseWithOxc } from '../../codebase/source.ts'
import { memoryFiles } from '../support/define-text.ts'
import { databaseFolder, fakePowers, withCodebase } from '../support/definitions.ts'
import { temporaryFolder } from '../support/temporary.ts'

const FILES = {
  '/src/main.ts': "import { sum } from './sums'\nexport const mean = (xs: number[]) => sum(xs) / xs.length\n",
  '/src/sums.js': 'export const sum = (xs) => xs.reduce((a, b) => a + b, 0)\n',
}

interface Asked {
  readonly files?: readonly string[]
  readonly at?: string
  readonly options?: Partial<AddOptions>
}

/** Adds files; `isDefined` tells whether they were parsed for it. */
async function addTo(
  codebase: Codebase,
  fileSystem: FileSystem,
  { files = ['/src/main.ts'], at, options = {} }: Asked = {},
): Promise<AddResult & { readonly isDefined: boolean }> {
  let isDefined = false
  const partial = options.partial ?? false
  const parse: typeof parseWithOxc = (...file) => {
    isDefined = true
    return parseWithOxc(...file)
  }
  const result = await codebase.addFiles(
    { files, directory: '/src', partial, ...(at !== undefined && { at }) },
    { fileSystem, abilities: knownAbilities(), parse },
    { command: 'add main.ts', ...options },
  )
  return { ...result, isDefined }
}

test('addFiles() knows an unchanged addition without defining it, and reports it as add() does', async () => {
  await withCodebase(async (codebase) => {
    const files = memoryFiles({ ...FILES, '/src/bad.ts': 'export const now = () => Date.now()\n' })
    const asked = { files: ['/src/main.ts', '/src/bad.ts'], options: { partial: true } }
    const first = await addTo(codebase, files, asked)
    assert.ok(first.isDefined)
    assert.equal(
      first.added.map(({ name }) => name),
      ['mean', 'sums.sum'],
    )
    const { isDefined, ...again } = await addTo(codebase, files, asked)
    assert.not(isDefined)
    const environment = codebase.environment(files, knownAbilities())
    const result = await define({ files: asked.files, directory: '/src', partial: true }, environment)
    assert.equal(again, await codebase.add(result, { command: 'add main.ts', partial: true }))
    assert.equal(again.unchanged, ['mean', 'sums.sum'])
    assert.equal(
      again.rejected.map(({ code }) => code),
      ['effect-refused'],
    )
  })
})

test('addFiles() gives the head of an unchanged addition, in a preview none', async () => {
  await withCodebase(async (codebase) => {
    const { commit } = await addTo(codebase, memoryFiles(FILES))
    assert.is((await addTo(codebase, memoryFiles(FILES))).commit, commit)
    assert.is((await addTo(codebase, memoryFiles(FILES), { options: { preview: true } })).commit, null)
  })
})

/** Whether the second of two additions is defined anew. */
async function isDefinedAnew(change: {
  readonly before?: Readonly<Record<string, string>>
  readonly after?: Readonly<Record<string, string>>
  readonly asked?: Asked
  readonly again?: Asked
  readonly between?: (codebase: Codebase) => Promise<unknown>
}): Promise<boolean> {
  const { before = FILES, after = before, asked = {}, again = asked, between } = change
  return withCodebase(async (codebase) => {
    await addTo(codebase, memoryFiles(before), asked)
    assert.not((await addTo(codebase, memoryFiles(before), asked)).isDefined)
    await between?.(codebase)
    return (await addTo(codebase, memoryFiles(after), again)).isDefined
  })
}

test('a changed file undoes a trace', async () => {
  assert.ok(await isDefinedAnew({ after: { ...FILES, '/src/sums.js': 'export const sum = (xs) => xs[0]' } }))
})

test('a file that was looked for and is there now undoes a trace', async () => {
  const typed = 'export const sum = (xs: number[]) => xs.length'
  assert.ok(await isDefinedAnew({ after: { ...FILES, '/src/sums.ts': typed } }))
})

test('a file that is nothing to the addition leaves a trace', async () => {
  assert.not(await isDefinedAnew({ after: { ...FILES, '/src/other.ts': 'export const other = 1' } }))
})

test('a package in another version undoes a trace', async () => {
  const manifest = (version: string) => JSON.stringify({ name: 'sums', version, exports: './index.js' })
  const before = {
    '/src/main.ts': "import { sum } from 'sums'\nexport const twice = (xs: number[]) => 2 * sum(xs)\n",
    '/src/node_modules/sums/package.json': manifest('1.0.0'),
    '/src/node_modules/sums/index.js': FILES['/src/sums.js'],
  }
  assert.ok(
    await isDefinedAnew({
      before,
      after: { ...before, '/src/node_modules/sums/package.json': manifest('1.0.1') },
    }),
  )
})

test('a file that a package exports by a pattern undoes a trace', async () => {
  const before = {
    '/src/node_modules/sums/package.json': '{"name":"sums","version":"1.0.0","exports":{"./*":"./*.js"}}',
    '/src/node_modules/sums/sum.js': FILES['/src/sums.js'],
  }
  const after = { ...before, '/src/node_modules/sums/max.js': 'export const max = (a, b) => (a > b ? a : b)' }
  assert.ok(await isDefinedAnew({ before, after, asked: { files: ['npm:sums'] } }))
})

test('a name of the codebase that means something else undoes a trace', async () => {
  const before = {
    '/src/main.ts': "import { zero } from 'ucm/lib/numbers'\nexport const start = () => zero\n",
    '/src/numbers.ts': 'export const zero = 0\n',
  }
  await withCodebase(async (codebase) => {
    const numbers = { files: ['/src/numbers.ts'], at: 'lib.numbers' }
    await addTo(codebase, memoryFiles(before), numbers)
    await addTo(codebase, memoryFiles(before))
    assert.not((await addTo(codebase, memoryFiles(before))).isDefined)
    await addTo(codebase, memoryFiles({ '/src/numbers.ts': 'export const zero = 0n\n' }), numbers)
    const { isDefined, updated } = await addTo(codebase, memoryFiles(before))
    assert.ok(isDefined)
    assert.equal(
      updated.map(({ name }) => name),
      [],
    )
  })
})

test('what could not be checked is checked as soon as it can be', async () => {
  await withCodebase(async (codebase) => {
    const addWith = (check: TypeChecker['check']): Promise<AddResult> =>
      codebase.addFiles(
        { files: ['/src/main.ts'], directory: '/src', partial: true },
        { fileSystem: memoryFiles(FILES), abilities: knownAbilities(), types: { rules: () => '', check } },
        { command: 'add main.ts', partial: true },
      )
    const wrong = { file: '/src/main.ts', start: 60, code: 'TS1', text: 'so it is' }
    const codesOf = ({ warnings, rejected }: AddResult): string[] =>
      [...warnings, ...rejected].map(({ code }) => code)
    const first = await addWith(async () => ({ unchecked: 'it is not installed' }))
    assert.equal(codesOf(first), ['types-unchecked'])
    const second = await addWith(async () => ({
      diagnostics: [wrong],
      typeAt: () => undefined,
      close: () => {},
    }))
    assert.equal(codesOf(second), ['type-error'])
  })
})

test('whatever the checker asks the disk for undoes a trace', async () => {
  const asked: Readonly<Record<string, (disk: CheckedDisk) => unknown>> = {
    'a text': (disk) => disk.read('/src/sums.d.ts'),
    'a file': (disk) => disk.isFile('/src/sums.d.ts'),
    'a folder': (disk) => disk.isFolder?.('/src/types'),
    'a list': (disk) => disk.filesBelow('/src/types'),
  }
  const after = { ...FILES, '/src/sums.d.ts': 'export {}', '/src/types/a.d.ts': 'export {}' }
  for (const [what, ask] of Object.entries(asked)) {
    let checks = 0
    const check: TypeChecker['check'] = async (_, disk) => {
      checks++
      ask(disk!)
      return { diagnostics: [], typeAt: () => undefined, close: () => {} }
    }
    await withCodebase(async (codebase) => {
      for (const files of [FILES, FILES, after]) {
        const isFolder = (path: string): boolean =>
          Object.keys(files).some((each) => each.startsWith(`${path}/`))
        await codebase.addFiles(
          { files: ['/src/main.ts'], directory: '/src' },
          {
            fileSystem: { ...memoryFiles(files), isFolder },
            abilities: knownAbilities(),
            types: { rules: () => '', check },
          },
          { command: 'add main.ts' },
        )
      }
    })
    assert.is(checks, 2, what)
  }
})

test('names that were deleted, or moved, undo a trace', async () => {
  assert.ok(await isDefinedAnew({ between: (codebase) => codebase.delete('mean') }))
  assert.ok(await isDefinedAnew({ between: (codebase) => codebase.rename('sums.sum', 'total') }))
})

test('another flag is another addition', async () => {
  assert.ok(await isDefinedAnew({ again: { at: 'math' } }))
  assert.ok(await isDefinedAnew({ again: { options: { partial: true } } }))
})

test('another build of the program defines anew', async () => {
  const folder = temporaryFolder()
  const open = (build: string) => Codebase.open(folder, { ...fakePowers(), build })
  await (await Codebase.init(folder, fakePowers())).close()
  const wasDefined: boolean[] = []
  for (const build of ['1', '1', '2']) {
    const codebase = await open(build)
    wasDefined.push((await addTo(codebase, memoryFiles(FILES))).isDefined)
    await codebase.close()
  }
  assert.equal(wasDefined, [true, false, true])
})

test('a trace counts for nothing when an object that it names is not in the store', async () => {
  const folder = temporaryFolder()
  const first = await Codebase.init(folder, fakePowers())
  const { added } = await addTo(first, memoryFiles(FILES))
  await first.close()
  const database = await Database.open(databaseFolder(folder), { create: false })
  await database.write(new Batch().delete(database.objects, added[0]!.hash))
  await database.close()
  const damaged = await Codebase.open(folder, fakePowers())
  assert.ok((await addTo(damaged, memoryFiles(FILES))).isDefined)
  assert.ok(await damaged.objects.get((await damaged.resolve('mean')).reference.hash))
  await damaged.close()
})

test('what was refused as a whole leaves no trace', async () => {
  await withCodebase(async (codebase) => {
    const files = memoryFiles({ '/src/main.ts': 'export const now = () => Date.now()\n' })
    for (const _ of [1, 2]) assert.ok((await addTo(codebase, files)).isDefined)
  })
})

test('a file with the stamp that it had is not read; one that changed just before it was added is', async () => {
  await withCodebase(async (codebase) => {
    const text = memoryFiles(FILES)
    const read: string[] = []
    const stamped = (changedMs: number, name = 'a'): FileSystem => ({
      ...text,
      read: (path) => (read.push(path), text.read(path)),
      stamp: () => ({ changedMs, text: name }),
    })
    const readsOf = async (files: FileSystem): Promise<number> => {
      read.length = 0
      assert.not((await addTo(codebase, files)).isDefined)
      return read.length
    }
    const long = Date.UTC(2020, 0, 1)
    await addTo(codebase, stamped(long))
    assert.is(await readsOf(stamped(long)), 0)
    assert.is(await readsOf(stamped(long, 'b')), 2)
  })
  await withCodebase(async (codebase) => {
    const text = memoryFiles(FILES)
    let reads = 0
    const fresh: FileSystem = {
      ...text,
      read: (path) => (reads++, text.read(path)),
      stamp: () => ({ changedMs: Date.UTC(2031, 0, 1), text: 'a' }),
    }
    await addTo(codebase, fresh)
    reads = 0
    assert.not((await addTo(codebase, fresh)).isDefined)
    assert.is(reads, 2)
  })
})

test('traces are kept for 64 additions at most', async () => {
  const folder = temporaryFolder()
  const codebase = await Codebase.init(folder, fakePowers())
  const files = memoryFiles({ '/src/main.ts': 'export const one = 1\n' })
  for (let index = 0; index < 70; index++) await addTo(codebase, files, { at: `n${index}` })
  await codebase.close()
  const database = await Database.open(databaseFolder(folder), { create: false })
  assert.is((await database.traces.keys()).length, 64)
  await database.close()
})

test.run()
