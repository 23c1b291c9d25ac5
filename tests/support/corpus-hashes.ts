// The hashes of the corpus in little space: for each package how many definitions it has
// and a digest over their names and hashes; the whole list for two small ones.

import { createHash } from 'node:crypto'
import path from 'node:path'
import { type DefineResult, FORMAT_VERSION, referenceText } from '#codebase'
import { corpus, defineRoots } from '../laws/corpus.ts'

export const CORPUS_FILE = path.resolve(import.meta.dirname, '../../fixtures/corpus-hashes.json')

/** Packages whose hashes are listed one by one, so that a failure can be read. */
const LISTED = ['just-compare', 'radash']

export interface CorpusHashes {
  readonly version: number
  readonly packages: Readonly<Record<string, { readonly definitions: number; readonly digest: string }>>
  /** `name hash` of each definition, by package. */
  readonly lists: Readonly<Record<string, readonly string[]>>
}

/** What define() makes of every package of fixtures/packages. */
export async function corpusHashes(): Promise<CorpusHashes> {
  const packages: Record<string, { definitions: number; digest: string }> = {}
  const lists: Record<string, readonly string[]> = {}
  for (const [name, roots] of corpus()) {
    const lines = linesOf(await defineRoots(roots))
    const digest = createHash('sha256').update(lines.join('\n')).digest('hex')
    packages[name] = { definitions: lines.length, digest }
    if (LISTED.includes(name)) lists[name] = lines
  }
  return { version: FORMAT_VERSION, packages, lists }
}

function linesOf({ definitions }: DefineResult): string[] {
  return definitions.map(({ name, reference }) => `${name} ${referenceText(reference)}`).sort()
}
