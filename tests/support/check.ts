// `npm run check`: the one gate, the same here and in CI.
// Runs format, lint, types and all tests (the architecture is one of them), each to its end.

import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'

const root = path.resolve(import.meta.dirname, '../..')
const require = createRequire(import.meta.url)

/** The file that a package's `bin` entry of that name stands for. */
function bin(packageName: string, name = packageName): string {
  const file = require.resolve(`${packageName}/package.json`)
  const { bin: entry } = require(file) as { bin: string | Record<string, string> }
  return path.join(path.dirname(file), typeof entry === 'string' ? entry : (entry[name] as string))
}

const steps: readonly { title: string; command: readonly string[] }[] = [
  { title: 'format', command: [bin('@biomejs/biome', 'biome'), 'format', '.'] },
  { title: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings'] },
  { title: 'types', command: [bin('typescript', 'tsc'), '--project', '.', '--noEmit'] },
  { title: 'tests', command: ['tests/support/run.ts', ...process.argv.slice(2)] },
]

const failed: string[] = []
let closing = ''
for (const { title, command } of steps) {
  console.log(`\n── ${title} ──`)
  const last = title === 'tests'
  const result = spawnSync(process.execPath, [...command], {
    cwd: root,
    stdio: ['ignore', last ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (last) {
    const lines = result.stdout.trimEnd().split('\n')
    closing = lines.pop() ?? ''
    console.log(lines.join('\n'))
  }
  if (result.status !== 0) failed.push(title)
  console.log(result.status === 0 ? `${title}: ok` : `${title}: FAILED`)
}
if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`)
console.log(closing)
process.exitCode = failed.length > 0 ? 1 : 0
