// Definitions written to a file by edit() and added again: nothing may change by that.

import * as assert from 'uvu/assert'
import { knownAbilities } from '#abilities'
import { Codebase, define, type DefineRequest, KnownError } from '#codebase'
import { type Files, memoryFiles } from './define-text.ts'
import { diskFiles } from './environment.ts'
import { temporaryFolder } from './temporary.ts'

/** A codebase of its own, and what was defined for it. */
export interface Filled {
  readonly codebase: Codebase
  /** Names that were added, in ascending order. */
  readonly names: readonly string[]
  /** File of each name. */
  readonly fileOf: ReadonlyMap<string, string>
}

/** A new codebase with what the request names, as far as it is accepted; files are those of the disk unless given. */
export async function fillCodebase(request: DefineRequest, files?: Files): Promise<Filled> {
  const codebase = await Codebase.init(temporaryFolder(), { clock: () => 0, author: 'Ada' })
  const fileSystem = files ? memoryFiles(files) : diskFiles
  const { definitions, ...result } = await define(request, codebase.environment(fileSystem, knownAbilities()))
  await codebase.add({ definitions, ...result }, { command: 'add', partial: true })
  const fileOf = new Map(definitions.map(({ name, source }) => [name, source.file]))
  return { codebase, names: definitions.map(({ name }) => name), fileOf }
}

/** Edits `names` together, adds the file again, and returns its text. The test fails when that changed anything. */
export async function roundTrip(filled: Filled, names: readonly string[]): Promise<string> {
  try {
    return await editAndAdd(filled, names)
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    throw new Error(`${names.join(', ')}: ${error.message}`, { cause: error }) // uvu cannot show a KnownError
  }
}

async function editAndAdd({ codebase }: Filled, names: readonly string[]): Promise<string> {
  const abilities = knownAbilities()
  const [before] = await codebase.history()
  const nothing = codebase.environment(memoryFiles({}), abilities)
  const { file, text, names: written } = await codebase.edit({ texts: names, directory: '/work' }, nothing)
  const there = codebase.environment(memoryFiles({ [file]: text }), abilities)
  const result = await define({ files: [file], directory: '/work' }, there)
  const { added, updated, propagated, aliases, unchanged, rejected } = await codebase.add(result, {
    command: 'add',
  })
  assert.equal({ added, updated, propagated, aliases, rejected }, NOTHING, text)
  for (const name of names)
    assert.ok(
      written.some((each) => isEnd(each, name)),
      `${name} in\n${text}`,
    )
  assert.equal(unchanged, written)
  assert.equal((await codebase.history())[0], before, text)
  return text
}

const isEnd = (name: string, end: string): boolean => name === end || name.endsWith(`.${end}`)

const NOTHING = { added: [], updated: [], propagated: [], aliases: [], rejected: [] }
