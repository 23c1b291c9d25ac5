// `npm run check`: the one gate, the same here and in CI.
// Runs format, lint, types and all tests (the architecture is one of them), each to its end.
// With --static it leaves the tests to `npm test`; other arguments pick tests, as there.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

const root = path.resolve(import.meta.dirname, '../..')

/** The file that a package's `bin` entry of that name stands for. */
function bin(packageName: string, name: string): string {
  const folder = path.join(root, 'node_modules', packageName)
  const { bin: entry } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>
  }
  return path.join(folder, typeof entry === 'string' ? entry : (entry[name] as string))
}

const words = process.argv.slice(2)
const isStatic = words.includes('--static')
const steps: readonly { title: string; command: readonly string[] }[] = [
  { title: 'format', command: [bin('@biomejs/biome', 'biome'), 'format', '.'] },
  { title: 'lint', command: [bin('oxlint', 'oxlint'), '--type-aware', '--deny-warnings'] },
  { title: 'types', command: [bin('typescript', 'tsc'), '--project', '.', '--noEmit'] },
  ...(isStatic ? [] : [{ title: 'tests', command: ['tests/support/run.ts', ...words] }]),
]

const failed: string[] = []
for (const { title, command } of steps) {
  console.log(`── ${title} ──`)
  const result = spawnSync(process.execPath, [...command], { cwd: root, stdio: 'inherit' })
  if (result.status !== 0) failed.push(title)
}
// The closing line of the tests stays the last line when all is well.
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0
