// `npm run test262 -- DIR [filter…]`: runs test262 raw and through the product in the same engine
// and prints where they differ. Exit code 1 when anything does.

import { Comparison, type Verdict } from './compare.ts'
import { readTest, testFiles } from './suite.ts'

const [suite, ...filters] = process.argv.slice(2)
if (suite === undefined) {
  console.error('usage: npm run test262 -- FOLDER-OF-TEST262 [filter…]')
  process.exit(2)
}

const files = testFiles(suite, filters)
const comparison = new Comparison(suite)
const counts = new Map<string, number>()
const listed: string[] = []
let passing = 0

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

function record(file: string, { kind, detail, passes }: Verdict): void {
  count(kind)
  if (kind === 'same' && passes) passing++
  if (kind === 'ineligible' || kind === 'refused') count(`${kind}: ${detail}`)
  if (kind === 'different' || kind === 'unspecified') listed.push(`${kind} ${file}\n  ${detail}`)
}

for (const [index, file] of files.entries()) {
  record(file, await comparison.compare(readTest(suite, file)))
  if (index % 1000 === 999) console.error(`${index + 1} of ${files.length} …`)
}
for (const entry of listed.sort()) console.log(entry)
console.log(
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, many]) => `${what}: ${many}`)
    .join('\n'),
)
console.log(`same, and passed by both: ${passing}`)
process.exitCode = counts.get('different') || files.length === 0 ? 1 : 0
