import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { temporaryFolder } from '../support/temporary.ts'
import { ucm } from '../support/ucm.ts'

const COMMANDS =
  'init hash add ls find view names dependencies dependents rename alias delete history diff test run replay node remote-run id cid verify grant'.split(
    ' ',
  )

const cwd = temporaryFolder()

test('ucm --help names every command and what comes first', async () => {
  const { code, stdout, stderr } = await ucm(['--help'], { cwd })
  assert.is(code, 0)
  assert.is(stderr, '')
  for (const command of COMMANDS) assert.match(stdout, new RegExp(`^  ${command} `, 'm'))
  assert.match(stdout, '$ ucm init')
})

test('ucm without a command shows the same', async () => {
  assert.is((await ucm([], { cwd })).stdout, (await ucm(['--help'], { cwd })).stdout)
})

test('every command has --help with an example', async () => {
  for (const command of COMMANDS) {
    const { code, stdout } = await ucm([command, '--help'], { cwd })
    assert.is(code, 0, command)
    assert.match(stdout, `Usage: ucm ${command} `)
    assert.match(stdout, new RegExp(`^Examples?:\\n {2}\\$ .*${command}`, 'm'), command)
    assert.match(stdout, '--json')
  }
})

test('ucm help COMMAND is COMMAND --help', async () => {
  assert.is((await ucm(['help', 'run'], { cwd })).stdout, (await ucm(['run', '--help'], { cwd })).stdout)
})

test('remote-run is ucm remote-run', async () => {
  const short = await ucm(['--help'], { cwd, bin: 'remote-run' })
  assert.is(short.stdout, (await ucm(['remote-run', '--help'], { cwd })).stdout)
})

test('an unknown command is a usage error that suggests one', async () => {
  const { code, stderr, stdout } = await ucm(['veiw'], { cwd })
  assert.is(code, 2)
  assert.is(stdout, '')
  assert.match(stderr, "unknown command 'veiw'")
  assert.match(stderr, 'Did you mean view?')
})

test('an unknown option and a missing argument are usage errors', async () => {
  for (const args of [['ls', '--al'], ['rename', 'a'], ['view'], ['hash']]) {
    const { code, json } = await ucm([...args, '--json'], { cwd })
    assert.is(code, 2, args.join(' '))
    assert.equal(Object.keys(json), ['error'])
    assert.equal(Object.keys(json.error), ['code', 'message', 'hint', 'details'])
  }
})

test('--json works before the command as after it', async () => {
  const { code, json } = await ucm(['--json', 'ls'], { cwd })
  assert.is(code, 1)
  assert.is(json.error.code, 'no-codebase')
})

test('--version is that of the package', async () => {
  assert.match((await ucm(['--version'], { cwd })).stdout, /^\d+\.\d+\.\d+\n$/)
})

test.run()
