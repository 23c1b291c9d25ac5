// Every transcript, replayed: what its commands print is what it says they print.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import pc from 'picocolors'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lineDiff } from '../cli/line-diff.ts'
import { replayTranscript } from './support/transcript.ts'

const folder = path.resolve(import.meta.dirname, '../fixtures/transcripts')
const names = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md')

/** Only the lines that differ: a transcript is long. */
function changedLines(recorded: string, printed: string): string {
  const lines = lineDiff(recorded, printed, pc.createColors(false)).split('\n')
  return lines.filter((line) => /^[-+]/.test(line)).join('\n')
}

test('there are transcripts', () => {
  assert.ok(names.length >= 8)
})

for (const name of names.sort()) {
  test(`${name} shows what its commands print`, async () => {
    const recorded = readFileSync(path.join(folder, name), 'utf8')
    assert.is(changedLines(recorded, await replayTranscript(recorded)), '')
  })
}

test.run()
