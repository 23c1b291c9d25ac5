// Writes what the commands of the transcripts print now into them:
// `node tests/support/record-transcripts.ts [substring…]`, then read the difference.

import { readFileSync, writeFileSync } from 'node:fs'
import { replayTranscript, transcriptFiles } from './transcript.ts'

const filters = process.argv.slice(2)

for (const file of transcriptFiles()) {
  if (filters.length > 0 && !filters.some((filter) => file.includes(filter))) continue
  const before = readFileSync(file, 'utf8')
  const after = await replayTranscript(before)
  if (after !== before) writeFileSync(file, after)
  console.log(`${after === before ? 'same   ' : 'changed'} ${file}`)
}
