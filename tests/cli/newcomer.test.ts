// What somebody meets who tries things: each of these once printed something odd, or nothing.

import { spawn } from 'node:child_process'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, STATISTICS } from '../support/project.ts'
import { startUcmNode, testEnvironment, ucm, ucmJson } from '../support/ucm.ts'

const project = await makeProject({ 'stats.ts': STATISTICS })
const { peerId } = await ucmJson(['id'])
const away = await makeProject()
const node = await startUcmNode(['--allow-peer', peerId, '--allow', 'Log', '--no-mdns'], { cwd: away.folder })
const at = ['--node', node.addresses[0]!]

test('help, version and nothing at all are one document each with --json', async () => {
  const { version } = (await ucm(['--version', '--json'])).json
  assert.match(version, /^\d+\.\d+\.\d+$/)
  for (const args of [['--help'], [], ['run', '--help'], ['help', 'run']]) {
    const { code, json } = await ucm([...args, '--json'])
    assert.equal(Object.keys(json), ['help'])
    assert.match(json.help, /^Usage: ucm/)
    assert.is(code, 0)
  }
  assert.is((await ucm([])).code, 0)
})

test('hash and add of a file that does not parse have their whole documents', async () => {
  project.write('bad.ts', 'export const x = (\n')
  const hashed = await project.ucm(['hash', 'bad.ts'])
  assert.equal(Object.keys(hashed.json), ['definitions', 'rejected', 'error'])
  assert.equal(hashed.json.definitions, [])
  const [{ file, line, code }] = hashed.json.rejected
  assert.equal([file, line, code, hashed.code], ['bad.ts', 2, 'syntax-error', 1])
  const added = await project.ucm(['add', 'bad.ts'])
  assert.equal([added.json.added, added.json.commit, added.code], [[], null, 1])
  assert.equal(added.json.rejected, hashed.json.rejected)
  assert.is(added.json.error.details.line, 2)
})

test('a wrong number of arguments is told alike here and over remote-run', async () => {
  const here = await project.ucm(['run', 'mean'])
  const there = await project.ucm(['remote-run', 'mean', ...at])
  assert.equal(there.json.error, here.json.error)
  assert.equal(there.json.error.details, { given: 0, required: 1, visible: 1 })
  assert.is(there.code, 2)
})

test('a blank line of --each is answered by an error in its place, those at the end are not', async () => {
  const { code, stdout } = await project.ucm(['run', 'sum', '--each', '-'], { input: '[[1]]\n\n[[2]]\n\n\n' })
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(
    lines.map(({ value, error }) => value ?? error.code),
    [1, 'argument-json', 2],
  )
  assert.match(lines[1].error.message, 'line 2')
  assert.is(code, 2)
})

test('the hint about quotes is given only for what a shell has seen', async () => {
  project.write('text.json', 'hello')
  const typed = await project.ucm(['run', 'sum', '[a]'])
  assert.match(typed.json.error.hint, 'the shell eats quotes')
  for (const [args, input] of [
    [['@text.json'], ''],
    [['-'], 'hello'],
  ] as const) {
    const { json } = await project.ucm(['run', 'sum', ...args], { input })
    assert.is(json.error.code, 'argument-json')
    assert.match(json.error.hint, 'one JSON value is expected')
  }
  const { stdout } = await project.ucm(['run', 'sum', '--each', '-'], { input: 'hello\n' })
  assert.match(JSON.parse(stdout).error.hint, 'each line is the arguments of one call')
})

test('test of something that is no test says so', async () => {
  const one = await project.ucm(['test', 'mean'])
  assert.equal([one.code, one.json.error.code], [1, 'no-test'])
  assert.match(one.json.error.message, 'Cannot test mean: it is no test')
  await project.json(['add', 'stats.ts', '--at', 'deep.down'])
  const many = await project.ucm(['test', 'deep.down'])
  assert.match(many.json.error.message, 'none of the 3 names below it is a test')
})

test('add of a file that is no source, and of one without definitions, says so', async () => {
  project.write('big.txt', '[1, 2]')
  const { code, json } = await project.ucm(['add', 'big.txt'])
  assert.equal([code, json.error.code], [1, 'not-source'])
  project.write('empty.ts', '// nothing yet\n')
  assert.match((await project.text(['add', 'empty.ts'])).stdout, /^no definitions\n/)
})

test('an ability that nothing provides is to be handled, not allowed', async () => {
  project.write(
    'choose.ts',
    `import { ability, Log, op } from 'ucm/abilities'
export const Choose = ability('Choose', { pick: op<[n: number], number>() })
export function* bare() { yield* Log.info('x'); return yield* Choose.pick(3) }
`,
  )
  await project.json(['add', 'choose.ts', '--no-check'])
  const { hint } = (await project.ucm(['run', 'bare'])).json.error
  assert.is(hint, 'nothing provides Choose: answer it in code, by `handle(Choose, …)`; --allow Log allows it')
})

test('a class that is called, and too many arguments, are told as what they are', async () => {
  project.write('wallet.ts', 'export class Wallet { constructor(readonly owner: string) {} }\n')
  await project.json(['add', 'wallet.ts'])
  const made = (await project.ucm(['run', 'Wallet', '"a"'])).json.error
  assert.is(made.message, 'Cannot run: it is a class, which is not called')
  assert.match(made.hint, 'call a function that makes one')
  const { hint } = (await project.ucm(['run', 'variance', '1', '2', '3'])).json.error
  assert.match(hint, 'the function takes 1; a list is one argument')
})

test('what is no package name is told as that, and --partial says when nothing could be added', async () => {
  for (const name of ['npm:', 'npm:../x', 'npm:/x']) {
    const { code, json } = await project.ucm(['add', name])
    assert.is(code, 1)
    assert.match(json.error.message, 'is not a package name')
  }
  project.write('none.ts', 'export const none = () => Date.now()\n')
  const { stdout, stderr } = await project.text(['add', 'none.ts', '--partial'])
  assert.match(stdout, /\nnothing could be added\n$/)
  assert.not.match(stderr, 'next:')
})

test('a failure shows what a thrown object holds, what an AggregateError is made of, and what was run', async () => {
  project.write(
    'thrown.ts',
    `export const plain = () => { throw { code: 7, why: 'full' } }
export const many = () => { throw new AggregateError([new Error('one'), new TypeError('two')]) }
export const waits = async () => { await new Promise(() => {}) }
export const spins = () => { for (;;) {} }
`,
  )
  await project.json(['add', 'thrown.ts'])
  const first = async (...args: string[]): Promise<string> => (await project.text(['run', ...args])).stderr
  assert.match(
    await first('plain'),
    'error: NonError: an object that is not an Error was thrown: {code: 7, why: "full"}\n',
  )
  assert.match(await first('many'), 'error: AggregateError: one; two\n')
  assert.match(await first('waits'), /never settles\n {2}in waits\n/)
  assert.match(
    await first('spins', '--fuel', '10000'),
    'error: Cannot finish spins: the run came to its limit of fuel',
  )
})

test('Ctrl-C of remote-run ends with 130', async () => {
  project.write(
    'forever.ts',
    "import { Log } from 'ucm/abilities'\nexport function* forever() { yield* Log.info('begun'); for (;;) {} }\n",
  )
  await project.json(['add', 'forever.ts'])
  const cli = path.resolve(import.meta.dirname, '../../cli/ucm.js')
  const limits = ['--timeout', '60000', '--fuel', '1000000000000']
  const child = spawn(process.execPath, [cli, 'remote-run', 'forever', '--json', ...at, ...limits], {
    cwd: project.folder,
    env: testEnvironment(),
  })
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const { promise: ended, resolve: end } = Promise.withResolvers<number | null>()
  let stdout = ''
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
  child.stderr.on('data', (text: Buffer) => text.includes('begun') && begin())
  child.on('close', (code) => {
    end(code)
    begin()
  })
  await begun
  child.kill('SIGINT')
  assert.is(await ended, 130)
  assert.is(JSON.parse(stdout).error.code, 'interrupted')
})

test.after(async () => {
  await node.stop()
})

test.run()
