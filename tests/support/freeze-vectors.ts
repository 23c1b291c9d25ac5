// Freezes fixtures/vectors and fixtures/object-vectors.json: `node tests/support/freeze-vectors.ts`.
// Only for a new vector, or together with a new format version and a line in docs/decisions.md.

import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { OBJECT_VECTORS_FILE, objectVectors } from './object-vectors.ts'
import { VECTOR_SOURCES } from './vector-sources.ts'
import { vectorOf } from './vectors.ts'

const folder = path.resolve(import.meta.dirname, '../../fixtures/vectors')
mkdirSync(folder, { recursive: true })
for (const source of VECTOR_SOURCES) {
  writeFileSync(
    path.join(folder, `${source.name}.json`),
    `${JSON.stringify(await vectorOf(source), null, 2)}\n`,
  )
}
writeFileSync(OBJECT_VECTORS_FILE, `${JSON.stringify(await objectVectors(), null, 2)}\n`)
console.log(`${VECTOR_SOURCES.length} vectors frozen`)
