// `npm run suites -- DIR… [--only TEXT]`: the test suites of packages, from checkouts of their
// repositories, on the package in Node and on the package through mycel. Exit code 1 when a case
// does not come out the same.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { declaredReason } from './declared.ts'
import { openSuite, type Suite } from './files.ts'
import { closeSandbox, defineSuite, type Results, runSuite } from './in-mycel.ts'
import { rewriteSuite } from './rewrite.ts'

interface Tally {
  inNode: number
  inMycel: number
  failing: number
  readonly different: string[]
  readonly declared: Map<string, number>
  readonly refused: Map<string, number>
  /** Files of which nothing ran, by reason. */
  readonly left: Map<string, number>
}

const count = (counts: Map<string, number>, what: string): void =>
  void counts.set(what, (counts.get(what) ?? 0) + 1)

/** A process of Node that runs rewritten test files one after the other. */
function startNode(folder: string): { run(file: string, text: string): Promise<Results>; stop(): void } {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'in-node.ts'), folder], {
    env: { ...process.env, TZ: 'UTC', NODE_OPTIONS: '' },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async run(file, text) {
      child.stdin.write(`${JSON.stringify([file, text])}\n`)
      for (let next = await lines.next(); !next.done; next = await lines.next()) {
        if (next.value.startsWith('\u0000')) return JSON.parse(next.value.slice(1)) as Results
      }
      return 'Node ended'
    },
    stop: () => void child.kill(),
  }
}

async function runFile(
  suite: Suite,
  file: string,
  node: ReturnType<typeof startNode>,
  tally: Tally,
): Promise<void> {
  const shown = path.relative(suite.folder, file)
  const rewritten = rewriteSuite(file, readFileSync(file, 'utf8'))
  const { text, refused, result, reason } = await defineSuite(suite, file, rewritten)
  for (const each of refused) count(tally.refused, each)
  if (!result) return count(tally.left, `${shown} ${reason}`)
  const inNode = await node.run(file, text)
  if (typeof inNode === 'string') return count(tally.left, `${shown} Node: ${inNode}`)
  const inMycel = await runSuite(result)
  if (typeof inMycel === 'string') return void tally.different.push(`${shown}: ${inMycel}`)
  inNode.forEach(([name, message], index) => {
    const through = inMycel[index]?.[1] ?? 'the case is missing'
    if (message === '') tally.inNode++
    if (through === '') tally.inMycel++
    if (message !== '' && through !== '') tally.failing++
    if ((message === '') === (through === '')) return
    const declared = message === '' ? declaredReason(name, through) : undefined
    if (declared !== undefined) count(tally.declared, declared)
    else {
      tally.different.push(
        `${shown}: ${name}\n  Node: ${message || 'passed'}\n  mycel: ${through || 'passed'}`,
      )
    }
  })
}

async function runPackage(folder: string, filters: readonly string[]): Promise<number> {
  const suite = openSuite(folder, filters)
  const node = startNode(folder)
  const tally: Tally = {
    inNode: 0,
    inMycel: 0,
    failing: 0,
    different: [],
    declared: new Map(),
    refused: new Map(),
    left: new Map(),
  }
  for (const file of suite.files) await runFile(suite, file, node, tally)
  node.stop()
  const refused = [...tally.refused.values()].reduce((sum, many) => sum + many, 0)
  console.log(`\n${suite.name} ${suite.version}: ${suite.files.length} files`)
  console.log(
    `passed in Node ${tally.inNode}, passed through mycel ${tally.inMycel}, different ${tally.different.length}`,
  )
  console.log(`failing in both ${tally.failing}, refused ${refused}, files left out ${tally.left.size}`)
  for (const each of tally.different) console.log(`different ${each}`)
  for (const [what, many] of tally.declared) console.log(`declared ${many} ${what}`)
  for (const [what, many] of [...tally.refused].sort((a, b) => b[1] - a[1]))
    console.log(`refused ${many} ${what}`)
  for (const [what] of tally.left) console.log(`left out ${what}`)
  return tally.different.length
}

const words = process.argv.slice(2)
const folders = words.filter((word, index) => word !== '--only' && words[index - 1] !== '--only')
const filters = words.filter((_, index) => words[index - 1] === '--only')
if (folders.length === 0) {
  console.error('usage: npm run suites -- FOLDER-OF-A-REPOSITORY… [--only PART-OF-A-PATH]')
  process.exit(2)
}
let different = 0
for (const folder of folders) different += await runPackage(folder, filters)
await closeSandbox()
process.exitCode = different > 0 ? 1 : 0
