// `npm run bench:packages [-- PACKAGE…]`: how much of real packages goes in, and what the rest is
// refused for. Each goes through the real `ucm add --partial --json` into a codebase of its own.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { AddResult } from '#codebase'
import { temporaryFolder } from '../support/temporary.ts'
import { ucm, ucmJson } from '../support/ucm.ts'

const directory = path.resolve(import.meta.dirname, '../../fixtures/packages')
/** Examples that are shown of each reason. */
const EXAMPLES = 2

type Rejection = AddResult['rejected'][number]

interface Share {
  readonly title: string
  readonly accepted: number
  /** One for each refused definition, or file: its first reason. */
  readonly refused: readonly Rejection[]
}

/** `just-*` as one row, then the others in the order of the manifest. */
function rowsWanted(wanted: readonly string[]): (readonly [title: string, packages: readonly string[]])[] {
  const manifest = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>
  }
  const names = Object.keys(manifest.dependencies)
  const just = names.filter((name) => name.startsWith('just-'))
  const others = names.filter((name) => !just.includes(name))
  const rows = [['just-*', just], ...others.map((name) => [name, [name]])] as [string, string[]][]
  return rows.filter(([title]) => wanted.length === 0 || wanted.includes(title))
}

async function shareOf(title: string, packages: readonly string[]): Promise<Share> {
  const codebase = temporaryFolder()
  await ucmJson(['init', codebase])
  const files = packages.map((name) => `npm:${name}`)
  const args = ['add', ...files, '--partial', '--no-check', '--json', '--codebase', codebase]
  const { code, json, stderr } = await ucm(args, { cwd: directory })
  if (code !== 0) throw new Error(`ucm ${args.join(' ')} ended with ${code}\n${stderr}`)
  const { added, aliases, rejected } = json as AddResult
  const first = new Map(rejected.toReversed().map((rejection) => [rejection.name, rejection]))
  return { title, accepted: added.length + aliases.length, refused: [...first.values()].reverse() }
}

function describe({ title, accepted, refused }: Share): string {
  const total = accepted + refused.length
  const share = total === 0 ? '–' : `${((100 * accepted) / total).toFixed(1)} %`
  return `| ${title} | ${total} | ${accepted} | ${share} | ${reasonsFor(refused)} |`
}

/** `effect-refused 3 (a, b …)`, the most frequent first; what only depends on a refused definition is last. */
function reasonsFor(refused: readonly Rejection[]): string {
  const groups = [...Map.groupBy(refused, ({ code }) => code)]
  const isOwn = ([code]: readonly [string, unknown]): number => Number(code === 'depends-on-rejected')
  return groups
    .sort((a, b) => isOwn(a) - isOwn(b) || b[1].length - a[1].length)
    .map(([code, of]) => `${code} ${of.length} (${examples(of)})`)
    .join('; ')
}

function examples(of: readonly Rejection[]): string {
  const names = of
    .slice(0, EXAMPLES)
    .map(({ name, file }) => (name === file ? name : name.replace(/^.*\./, '')))
  return names.join(', ') + (of.length > EXAMPLES ? ' …' : '')
}

console.log('| package | definitions | accepted | share | refused: code, how many, such as |')
console.log('|---|---|---|---|---|')
const shares: Share[] = []
for (const [title, packages] of rowsWanted(process.argv.slice(2))) {
  const share = await shareOf(title, packages)
  shares.push(share)
  console.log(describe(share))
}
const refused = shares.flatMap((share) => share.refused)
const accepted = shares.reduce((sum, share) => sum + share.accepted, 0)
console.log(describe({ title: '**all**', accepted, refused }))
