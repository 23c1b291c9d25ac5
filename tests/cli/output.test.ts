import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KnownError } from '#codebase'
import { logLine, printValue } from '../../cli/outcomes.ts'
import { makeOutput, printable } from '../../cli/output.ts'

interface Capture {
  readonly isJson?: boolean
  readonly isDebug?: boolean
  readonly isTerminal?: boolean
  readonly noColour?: boolean
}

/** An output whose streams keep what is written to them. */
function captured({ isJson = false, isDebug = false, isTerminal = false, noColour = false }: Capture = {}) {
  const written = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof written): NodeJS.WriteStream =>
    ({
      isTTY: isTerminal,
      write(text: string) {
        written[name] += text
        return true
      },
    }) as unknown as NodeJS.WriteStream
  const environment: Record<string, string> = noColour ? { NO_COLOR: '1' } : {}
  const output = makeOutput(
    { stdout: stream('stdout'), stderr: stream('stderr'), environment, stopwatch: () => 0 },
    { isJson, isDebug },
  )
  return { output, stdout: () => written.stdout, stderr: () => written.stderr }
}

const refused = new KnownError('policy', 'refused', 'Cannot run', {
  hint: 'ask',
  details: { file: 'a.ts', line: 1, column: 2 },
})

test('report() prints the document or the text, never both', () => {
  const report = { document: { a: 1 }, text: 'one', note: 'quick', next: 'ucm ls' }
  const json = captured({ isJson: true })
  assert.is(json.output.report(report), 0)
  assert.is(json.stdout(), '{"a":1}\n')
  assert.is(json.stderr(), '')
  const human = captured()
  human.output.report(report)
  assert.is(human.stdout(), 'one\n')
  assert.is(human.stderr(), 'quick\nnext: ucm ls\n')
})

test('report() keeps what was done beside the error', () => {
  const { output, stdout } = captured({ isJson: true })
  assert.is(output.report({ document: { done: [] }, text: '', error: refused }), 5)
  assert.equal(JSON.parse(stdout()), {
    done: [],
    error: {
      code: 'refused',
      message: 'Cannot run',
      hint: 'ask',
      details: { file: 'a.ts', line: 1, column: 2 },
    },
  })
})

test('the exit code is that of the group', () => {
  const groups = ['input', 'usage', 'function', 'limit', 'policy', 'network'] as const
  const codes = groups.map((group) => captured().output.fail(new KnownError(group, 'x', 'y')))
  assert.equal(codes, [1, 2, 3, 4, 5, 6])
})

test('fail() shows message, place and hint, and a stack only with --debug', () => {
  const plain = captured()
  plain.output.fail(refused)
  assert.is(plain.stderr(), 'error: Cannot run\n  at a.ts:1:2\n  hint: ask\n')
  const debug = captured({ isDebug: true })
  debug.output.fail(refused)
  assert.match(debug.stderr(), 'output.test.ts')
})

test('what is no KnownError is a fault of our own, and what the system refuses is input', () => {
  const fault = captured({ isJson: true })
  assert.is(fault.output.fail(new TypeError('oops')), 70)
  assert.is(JSON.parse(fault.stdout()).error.code, 'internal')
  const system = captured({ isJson: true })
  const denied = Object.assign(new Error('EACCES: permission denied'), {
    code: 'EACCES',
    syscall: 'open',
    path: '/x',
  })
  assert.is(system.output.fail(denied), 1)
  assert.equal(JSON.parse(system.stdout()).error.details, { path: '/x' })
})

test('colour is for terminals without NO_COLOR', () => {
  const escape = '\u001b['
  for (const [options, isColoured] of [
    [{ isTerminal: true }, true],
    [{ isTerminal: true, noColour: true }, false],
    [{}, false],
  ] as const) {
    const { output, stderr } = captured(options)
    output.fail(refused)
    assert.is(stderr().includes(escape), isColoured)
  }
})

test('logLine() shows values that JSON lacks', () => {
  const attributes = { n: 12n, m: new Map([['a', 1]]) }
  assert.is(logLine({ level: 'info', message: 'x', attributes }), 'info  x {"n":"12n","m":[["a",1]]}')
})

test('printValue() escapes C1 controls, which JSON leaves alone', () => {
  assert.is(printValue('a\u009bm'), '"a\\u009bm"')
})

test('printable() lets no control sequence through', () => {
  assert.is(printable('a\u001b[31mb\u009bc\u202e\td'), 'a\\u001b[31mb\\u009bc\\u202e\td')
  assert.is(printable('a\r\nerror: forged'), 'a\n    error: forged')
})

test.run()
