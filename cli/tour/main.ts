// `npm start`: the main job, end to end, with real processes: source → hash → codebase → a node that
// has none of the code → verified closure → sandbox → result and receipt. Every line could be typed.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { heading, type RunningNode, say, Terminal } from './terminal.ts'

const root = path.resolve(import.meta.dirname, '../..')
const started = Date.now()
const folder = mkdtempSync(path.join(os.tmpdir(), 'mycel-tour-'))

cpSync(path.join(root, 'fixtures/sources'), folder, { recursive: true })
symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
for (const name of ['bob', 'carol']) mkdirSync(path.join(folder, name))

const terminal = new Terminal(folder, {
  ...process.env,
  XDG_CONFIG_HOME: path.join(folder, 'config'), // the tour's own identity, not yours
  FORCE_COLOR: '0',
})

/** All fixtures but the one with packages, given together so that each adds no segment to the names. */
const SOURCES = ['account', 'handlers', 'numbers', 'parity', 'report', 'tests', 'text', 'tree'].map(
  (name) => `${name}.ts`,
)

/** The first result of a command's document, under `key`. */
type Definitions = readonly { name: string; hash: string }[]

async function hashOf(name: string): Promise<string> {
  const document = await terminal.ask(['ucm', 'view', name])
  return (document['definitions'] as Definitions)[0]?.hash as string
}

async function fillCodebase(): Promise<void> {
  heading('1  A codebase: ordinary TypeScript goes in, every definition gets a hash')
  await terminal.show(['ucm', 'init'])
  await terminal.show(['ucm', 'add', 'numbers.ts'])
  say('\nReal packages from npm: what these functions need of them is filed under lib.<package>@<version>.')
  const imports = readFileSync(path.join(folder, 'packages.ts'), 'utf8').match(/^import.*$/gm) ?? []
  say(imports.map((line) => `  ${line}`).join('\n'))
  await terminal.show(['ucm', 'add', 'packages.ts'])
  say('\nFunctions with effects, handlers, a class, tests: the row in braces says what each may perform.')
  await terminal.show(['ucm', 'add', ...SOURCES])
  await terminal.show(['ucm', 'ls'], 0, 80)
}

interface Nodes {
  readonly bob: RunningNode
  readonly carol: RunningNode
}

async function startNodes(): Promise<Nodes> {
  heading('2  Two nodes that have none of the code')
  const { peerId } = await terminal.ask(['ucm', 'id'])
  await terminal.show(['ucm', 'init', 'bob'])
  await terminal.show(['ucm', 'init', 'carol'])
  const mayRun = ['--allow-peer', String(peerId)]
  const abilities = ['--allow', 'Clock', '--allow', 'Log', '--allow', 'Store']
  const bob = await terminal.node('bob', ['--codebase', 'bob', ...mayRun, ...abilities])
  const carol = await terminal.node('carol', ['--codebase', 'carol', '--peer', bob.address, ...mayRun])
  return { bob, carol }
}

async function visitNodes({ bob, carol }: Nodes): Promise<void> {
  const hash = await hashOf('summary')
  const call = ['remote-run', `#${hash.slice(0, 10)}`, '[3,1,4,1,5,9,2,6,5,3,5,8,9,7,9]', '--node']
  say('\nCold: bob fetches the closure from us in one round trip and verifies every object.')
  await terminal.show([...call, bob.address])
  say('\nOnce more: bob has the code, and remembers the outcome of a pure call.')
  await terminal.show([...call, bob.address])
  say('\nWarm, but computed anew:')
  await terminal.show([...call, bob.address, '--no-memo'])
  say('\nA stranger may not run or fetch anything:')
  await terminal.show([...call, bob.address, '--identity', 'stranger'], 5)

  heading('3  Effects: shown before, granted by both sides, refused otherwise')
  const effectful = ['remote-run', 'visit', '"tour"', '--node']
  await terminal.show([...effectful, bob.address])
  say('\nCarol was started without --allow:')
  await terminal.show([...effectful, carol.address], 5)

  heading('4  A node dies')
  await carol.stop('SIGKILL')
  await terminal.show([...call, carol.address], 6)
  await terminal.close()
}

async function changeSomething(): Promise<void> {
  heading('5  A change: dependents get new hashes, old hashes stay')
  const before = await hashOf('variance')
  const file = path.join(folder, 'numbers.ts')
  const text = readFileSync(file, 'utf8')
  const changed = text.replace(
    'return sum(xs) / xs.length',
    'return xs.length === 0 ? 0 : sum(xs) / xs.length',
  )
  if (changed === text) throw new Error('the tour found nothing to change in numbers.ts')
  writeFileSync(file, changed)
  await terminal.show(['ucm', 'add', ...SOURCES, '-m', 'The mean of nothing is 0'])
  say('\nThe old hash still runs, and will for ever:')
  await terminal.show(['ucm', 'run', `#${before.slice(0, 10)}`, '[1,2,3,4]'])
  await terminal.show(['ucm', 'history'])
  const { commits } = (await terminal.ask(['ucm', 'history'])) as unknown as { commits: { commit: string }[] }
  await terminal.show(['ucm', 'diff', `#${commits[1]?.commit.slice(0, 10)}`])
  say('\nTests are definitions: each runs once, and never again until something that it uses changes.')
  await terminal.show(['ucm', 'test'])
  await terminal.show(['ucm', 'test'])
}

async function refuseSomething(): Promise<void> {
  heading('6  What is not pure does not get in')
  writeFileSync(
    path.join(folder, 'dice.ts'),
    'export function roll(): number {\n  return 1 + Math.floor(Math.random() * 6)\n}\n',
  )
  await terminal.show(['ucm', 'add', 'dice.ts'], 1)
}

try {
  console.log(`mycel's main job, with real processes, in ${folder}`)
  await fillCodebase()
  await visitNodes(await startNodes())
  await changeSomething()
  await refuseSomething()
  heading(`Done in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  console.log(`Everything is still in ${folder}. What to try next:

  cd ${folder}
  export PATH="${path.join(root, 'node_modules/.bin')}:${path.join(root, 'cli')}:$PATH"
  ucm.js view mean                    what is stored, as written
  ucm.js dependents mean              what would change with it
  ucm.js node                         a node of your own; it prints the line for another terminal

The README is a tour of five minutes; docs/language.md says what goes in and what does not.`)
} finally {
  await terminal.close()
}
