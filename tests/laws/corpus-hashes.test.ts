// No hash of the corpus moves: fixtures/corpus-hashes.json says what they were when the
// version of the format began. `node tests/support/freeze-corpus.ts` writes it.

import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CORPUS_FILE, type CorpusHashes, corpusHashes } from '../support/corpus-hashes.ts'

test('define() gives every definition of the corpus the hash that it had', async () => {
  const frozen = JSON.parse(readFileSync(CORPUS_FILE, 'utf8')) as CorpusHashes
  const now = await corpusHashes()
  assert.is(now.version, frozen.version)
  assert.equal(now.lists, frozen.lists)
  assert.equal(now.packages, frozen.packages)
})

test.run()
