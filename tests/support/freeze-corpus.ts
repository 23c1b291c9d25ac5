// Freezes fixtures/corpus-hashes.json: `node tests/support/freeze-corpus.ts`. Within one version of the
// format only when more is accepted than before, or packages of the corpus were updated; no hash may move.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { CORPUS_FILE, type CorpusHashes, corpusHashes } from './corpus-hashes.ts'

const before = existsSync(CORPUS_FILE)
  ? (JSON.parse(readFileSync(CORPUS_FILE, 'utf8')) as CorpusHashes)
  : { version: -1, packages: {}, lists: {} }
const after = await corpusHashes()
const moved = before.version === after.version ? movedIn(before, after) : []
for (const line of moved) console.log(`a hash moved: ${line}`)
if (moved.length > 0) throw new Error('hashes moved within one version of the format: nothing was written')
for (const [name, { definitions, digest }] of Object.entries(after.packages)) {
  const old = before.packages[name]
  if (old?.digest !== digest) console.log(`${name}: ${old?.definitions ?? 0} → ${definitions} definitions`)
}
writeFileSync(CORPUS_FILE, `${JSON.stringify(after, null, 2)}\n`)

/** What tells that hashes moved: a listed name with another hash, or as many definitions with another digest. */
function movedIn(old: CorpusHashes, now: CorpusHashes): string[] {
  const listed = Object.entries(old.lists).flatMap(([name, lines]) =>
    lines.filter((line) => now.lists[name] && !now.lists[name].includes(line)),
  )
  const digests = Object.entries(old.packages).flatMap(([name, { definitions, digest }]) => {
    const other = now.packages[name]
    return other && other.definitions === definitions && other.digest !== digest ? [name] : []
  })
  return [...listed, ...digests]
}
