// Failures in the author's terms: the definition, the line and the column, in `run` and in `remote-run`.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject } from '../support/project.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { startUcmNode, ucmJson } from '../support/ucm.ts'

// A comment of a number stands right before the place that the case of that number expects, one with a letter before a caller.
const SOURCE = `import { Http, Log, ability, handle, op } from 'ucm/abilities'

function fail(why: string): never {
  throw new RangeError(why)
}
export class Box {
  constructor(readonly x: number) {
    if (x < 0) throw /*1*/new TypeError('negative')
  }
  get bad(): number {
    return (null as any)./*2*/x
  }
  method() {
    return this./*2a*/bad + 1
  }
}
export function fromConstructor() {
  const box = /*1a*/new Box(-1)
  return box
}
export function fromGetter() {
  const box = new Box(1)
  return box./*2b*/method()
}
export const fromMap = (xs: number[]) => xs./*3b*/map((x) => /*3a*/fail('of ' + x))
export const fromSort = () => [2, 1]./*4b*/sort(() => /*4a*/fail('sort'))
function* values() {
  yield 1
  /*5a*/fail('generator')
}
export const fromGenerator = () => [.../*5b*/values()]
export async function fromAsync() {
  await 1
  /*6a*/fail('async')
}
export const table = [1, 2]./*7b*/map(() => /*7a*/fail('load'))
export const usesTable = () => table.length
export function nested() {
  try {
    /*8c*/fail('inner')
  } catch (cause) {
    throw /*8*/new Error('outer', { cause })
  }
}
export function* fetches() {
  yield* Log.info('before')
  return yield* Http./*9*/fetch('http://127.0.0.1:1/')
}
export function* callsFetches() {
  return yield* /*9a*/fetches()
}
const other = 1
fromMap.extra = () => /*10a*/fail('completion')
export const fromCompletion = () => fromMap./*10b*/extra()
export const Ask = ability('Ask', { it: op<[], number>() })
export const answered = handle(Ask, { it: () => /*11a*/fail('clause') })
export function* asks() {
  return yield* answered(Ask.it())
}
export function returned() {
  return /*12a*/fail('returned')
}
`

/** Per case: the call, and the frames from the inside out, each a definition and the mark before its place. */
const CASES: Readonly<
  Record<string, readonly [args: readonly string[], frames: readonly (readonly [string, string])[]]>
> = {
  fromConstructor: [
    [],
    [
      ['Box', '1'],
      ['fromConstructor', '1a'],
    ],
  ],
  fromGetter: [
    [],
    [
      ['Box', '2'],
      ['Box', '2a'],
      ['fromGetter', '2b'],
    ],
  ],
  fromMap: [
    ['[1]'],
    [
      ['fail', ''],
      ['fromMap', '3a'],
      ['fromMap', '3b'],
    ],
  ],
  fromSort: [
    [],
    [
      ['fail', ''],
      ['fromSort', '4a'],
      ['fromSort', '4b'],
    ],
  ],
  fromGenerator: [
    [],
    [
      ['fail', ''],
      ['values', '5a'],
      ['fromGenerator', '5b'],
    ],
  ],
  fromAsync: [
    [],
    [
      ['fail', ''],
      ['fromAsync', '6a'],
    ],
  ],
  usesTable: [
    [],
    [
      ['fail', ''],
      ['table', '7a'],
      ['table', '7b'],
    ],
  ],
  nested: [[], [['nested', '8']]],
  callsFetches: [
    ['-A'],
    [
      ['fetches', '9'],
      ['callsFetches', '9a'],
    ],
  ],
  fromCompletion: [
    [],
    [
      ['fail', ''],
      ['fromMap', '10a'],
      ['fromCompletion', '10b'],
    ],
  ],
  asks: [
    [],
    [
      ['fail', ''],
      ['answered', '11a'],
    ],
  ],
  returned: [
    [],
    [
      ['fail', ''],
      ['returned', '12a'],
    ],
  ],
}

const project = await makeProject({ 'fail.ts': SOURCE })
const { peerId } = await ucmJson(['id'])
const away = await makeProject()
const node = await startUcmNode(['--allow-peer', peerId, '--allow', 'Http', '--allow', 'Log', '--no-mdns'], {
  cwd: away.folder,
})

/** Line and column right after a mark; of no mark, those of `new RangeError`. */
function placeOf(mark: string): { line: number; column: number } {
  const text = mark === '' ? 'throw ' : `/*${mark}*/`
  const offset = SOURCE.indexOf(text) + text.length
  const before = SOURCE.slice(0, offset).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

for (const [name, [args, frames]] of Object.entries(CASES)) {
  const expected = frames.map(([definition, mark]) => ({ definition, file: 'fail.ts', ...placeOf(mark) }))
  test(`run ${name} fails with the author's places`, async () => {
    const { code, json } = await project.ucm(['run', name, ...args])
    assert.is(code, 3)
    assert.equal(json.error.details.stack, expected)
    assert.equal(json.error.details.at, expected[0])
  })
  test(`remote-run ${name} fails with the author's places`, async () => {
    const flags = args.filter((arg) => arg !== '-A')
    const { code, json } = await project.ucm(['remote-run', name, ...flags, '--node', node.addresses[0]!])
    assert.is(code, 3)
    assert.equal(json.error.details.stack, expected)
  })
}

test('causes have their places too', async () => {
  const { json } = await project.ucm(['run', 'nested'])
  const [cause] = json.error.details.causes
  assert.equal([cause.name, cause.message], ['RangeError', 'inner'])
  assert.equal(cause.stack[1], { definition: 'nested', file: 'fail.ts', ...placeOf('8c') })
  const { stderr } = await project.text(['run', 'nested'])
  assert.match(
    stderr,
    /error: Error: outer\n {2}at nested \(fail\.ts:\d+:\d+\)\n.*new Error.*\n +\^\n {2}caused by RangeError: inner\n {2}at fail/,
  )
  const remote = await project.ucm(['remote-run', 'nested', '--node', node.addresses[0]!])
  assert.equal(remote.json.error.details, json.error.details)
})

test('people see the line with a mark below the place, and the definitions that led there', async () => {
  const { stderr } = await project.text(['run', 'returned'])
  assert.match(
    stderr,
    '  at fail (fail.ts:4:9)\n  4 |   throw new RangeError(why)\n              ^\n  called by returned (fail.ts:',
  )
})

test('a definition goes by the name that was asked for, and by the names that its callers mention', async () => {
  const twin = await makeProject({
    'a.ts': 'export const first = () => (null as any).x\n',
    'b.ts': '\n\nexport const second = () => (null as any).x\nexport const calls = () => second() + 1\n',
  })
  const failed = await twin.ucm(['run', 'second'])
  assert.equal(failed.json.error.details.at, { definition: 'second', file: 'b.ts', line: 3, column: 43 })
  const other = await twin.ucm(['run', 'first'])
  assert.equal(other.json.error.details.at, { definition: 'first', file: 'a.ts', line: 1, column: 42 })
  const called = await twin.ucm(['run', 'calls'])
  assert.is(called.json.error.details.at.definition, 'second')
})

test('where nobody has the source, hashes are shown and it is said that the source is not there', async () => {
  const { definitions } = await project.json(['view', 'returned'])
  const away2 = temporaryFolder()
  const { code, stderr } = await project.text(
    ['remote-run', definitions[0].hash, '--node', node.addresses[0]!],
    {
      cwd: away2,
    },
  )
  assert.is(code, 3)
  assert.match(
    stderr,
    /at #[a-z2-7]{10} \(whose source is not here\)\n {2}called by #[a-z2-7]{10} \(whose source is not here\)/,
  )
})

test.after(async () => {
  await node.stop()
})

test('the source that the cases are held against is the one that was added', () => {
  assert.is(readFileSync(path.join(project.folder, 'fail.ts'), 'utf8'), SOURCE)
})

test.run()
