import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KnownError, valueToJson } from '#codebase'
import { definitionCells } from '../../cli/definitions.ts'
import { lineDiff } from '../../cli/line-diff.ts'
import { logLine, printValue } from '../../cli/outcomes.ts'
import { makeOutput, placeText, printable } from '../../cli/output.ts'
import { rejectionList } from '../../cli/rejections.ts'

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

test('logLine() shows every value as a document would', () => {
  const attributes = {
    n: 12n,
    m: new Map([['a', new Set([1])]]),
    u: undefined,
    x: Number.NaN,
    b: new Uint8Array([1]),
  }
  const line = logLine({ level: 'info', message: 'x', attributes }, valueToJson)
  assert.is(
    line,
    'info  x {"n":{"$bigint":"12"},"m":{"$map":[["a",{"$set":[1]}]]},"u":{"$undefined":true},"x":{"$number":"NaN"},"b":{"$bytes":"AQ=="}}',
  )
})

test('logLine() shows the message of a line whose attributes it cannot show', () => {
  const attributes = { f: (() => 1) as never }
  assert.is(
    logLine({ level: 'info', message: 'x', attributes }, valueToJson),
    'info  x (attributes that are no values)',
  )
})

test('printValue() escapes C1 controls, which JSON leaves alone', () => {
  assert.is(printValue('a\u009bm'), '"a\\u009bm"')
})

test('printable() lets no control sequence through', () => {
  assert.is(printable('a\u001b[31mb\u009bc\u202e\td'), 'a\\u001b[31mb\\u009bc\\u202e\td')
  assert.is(printable('a\r\nerror: forged'), 'a\n    error: forged')
})

test('names, signatures, files, sources and rejections are escaped wherever they are shown', () => {
  const { output } = captured()
  const { paint } = output
  const wild = 'a\u001b[2J\nerror: forged'
  const view = { name: wild, hash: 'a', kind: 'function', row: [], exported: true } as const
  const place = { name: 'a', code: 'x', message: wild, hint: wild, file: wild, line: 1, column: 1 }
  for (const text of [
    definitionCells(view, paint).join('  '),
    definitionCells({ ...view, name: 'a', signature: wild }, paint).join('  '),
    definitionCells({ ...view, name: 'a', row: [wild] }, paint).join('  '),
    placeText(place),
    rejectionList('refused', [place as never], paint),
  ]) {
    assert.not.match(text, '\u001b')
    assert.not.match(text, /^error:/m)
  }
  assert.not.match(lineDiff('a\u001b[2J', 'b\u009b', paint), /[\u001b\u009b]/)
})

test('notes, next commands and stacks are escaped', () => {
  const { output, stderr } = captured({ isDebug: true })
  output.report({ document: {}, text: '', note: 'a\u001b[2J', next: 'ucm view \u001b[2J\nerror: forged' })
  output.fail(new Error('b\u001b[2J', { cause: new Error('c\u009b') }))
  assert.not.match(stderr(), /[\u001b\u009b]/)
  assert.not.match(stderr(), /^error: forged/m)
})

test('printable() escapes the separators of lines and paragraphs', () => {
  assert.is(printable('a\u2028b\u2029'), 'a\\u2028b\\u2029')
})

test.run()
