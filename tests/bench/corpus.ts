// The corpus that the language is held against: every package of fixtures/packages, whole.

import { readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')

/** The folder that the packages are installed in. */
export const CORPUS = path.join(root, 'fixtures/packages')

/** What `ucm add` is given for all of them. */
export function corpusFiles(): string[] {
  const manifest = JSON.parse(readFileSync(path.join(CORPUS, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  return Object.keys(manifest.dependencies).map((name) => `npm:${name}`)
}
