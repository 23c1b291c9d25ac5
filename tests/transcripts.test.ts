// Every transcript and the tour of the README, replayed: what their commands print is what they say.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { replayTranscript, transcriptFiles } from './support/transcript.ts'

test('there are transcripts', () => {
  assert.ok(transcriptFiles().length >= 8)
})

for (const file of transcriptFiles()) {
  test(`${path.basename(file)} shows what its commands print`, async () => {
    const recorded = readFileSync(file, 'utf8')
    assert.fixture(await replayTranscript(recorded), recorded)
  })
}

test.run()
