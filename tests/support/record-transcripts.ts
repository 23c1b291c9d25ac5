// Writes what the commands of the transcripts print now into them:
// `node tests/support/record-transcripts.ts [substring…]`, then read the difference.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { replayTranscript } from './transcript.ts'

const folder = path.resolve(import.meta.dirname, '../../fixtures/transcripts')
const filters = process.argv.slice(2)

for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith('.md') || name === 'README.md') continue
  if (filters.length > 0 && !filters.some((filter) => name.includes(filter))) continue
  const file = path.join(folder, name)
  const before = readFileSync(file, 'utf8')
  const after = await replayTranscript(before)
  if (after !== before) writeFileSync(file, after)
  console.log(`${after === before ? 'same   ' : 'changed'} ${name}`)
}
