import { Readable } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MAX_ARGUMENT_BYTES, quoteForShell, readArgumentLine, readArguments } from '../../cli/arguments.ts'
import type { Powers } from '../../cli/context.ts'

/** Powers with these files and this standard input. */
function powers(files: Readonly<Record<string, string>> = {}, input = ''): Powers {
  return {
    directory: '/here',
    stdin: Readable.from([Buffer.from(input)]),
    files: {
      read: (file: string) => files[file],
      isFile: (file: string) => file in files,
      size: (file: string) => files[file]?.length,
    },
  } as unknown as Powers
}

async function refusal(
  text: string,
  given = powers(),
): Promise<{ code: string; message: string; hint: string; group: string }> {
  try {
    await readArguments([text], given)
  } catch (error) {
    return error as never
  }
  throw new Error(`${text} was accepted`)
}

test('readArguments() reads JSON and the $ forms of what JSON lacks', async () => {
  const values = await readArguments(
    ['1', '-5', '"a"', '[null,true]', '{"$bigint":"12"}', '{"$number":"-0"}'],
    powers(),
  )
  assert.equal(values, [1, -5, 'a', [null, true], 12n, -0])
})

test('readArguments() reads @file and standard input', async () => {
  assert.equal(await readArguments(['@a.json', '-'], powers({ '/here/a.json': '[1]' }, '{"b":2}')), [
    [1],
    { b: 2 },
  ])
})

test('readArguments() suggests the quotes that the shell ate', async () => {
  const bare = await refusal('hello')
  assert.is(bare.code, 'argument-json')
  assert.is(bare.group, 'usage')
  assert.match(bare.hint, `'"hello"'`)
  assert.match((await refusal('[a, b]')).hint, `'["a", "b"]'`)
  assert.match((await refusal('{name: Ada, age: 36}')).hint, `'{"name": "Ada", "age": 36}'`)
  assert.match((await refusal("['a']")).hint, `'["a"]'`)
  assert.match((await refusal('')).message, 'nothing is not JSON')
})

test('readArguments() speaks of the shell only where bare words stand, and reads past a byte order mark', async () => {
  assert.match((await refusal('{"x":1')).hint, /^correct the JSON: /)
  assert.match((await refusal('["a",]')).hint, /^correct the JSON: /)
  assert.match((await refusal('{x:1}')).hint, 'the shell eats quotes')
  assert.equal(await readArguments(['@a.json'], powers({ '/here/a.json': '\uFEFF[1]' })), [[1]])
})

test('readArguments() says how deep values may nest, and shortens the way to what is wrong', async () => {
  const deep = await refusal('['.repeat(5000) + ']'.repeat(5000))
  assert.not.match(deep.message, 'not JSON')
  assert.match(deep.message, /collections inside each other/)
  const long = await refusal(`${'{"a":'.repeat(200)}{"$bigint":"x"}${'}'.repeat(200)}`)
  assert.match(long.message, 'a $bigint that is not decimal digits at $.a.a')
  assert.ok(long.message.length < 200)
})

test('readArguments() refuses an integer that JavaScript would round, and takes one that it prints', async () => {
  const rounded = await refusal('[9007199254740993]')
  assert.is(rounded.code, 'argument-imprecise')
  assert.match(rounded.hint, '{"$bigint":"9007199254740993"}')
  assert.equal(await readArguments(['1152921504606847000', '9007199254740992'], powers()), [2 ** 60, 2 ** 53])
})

test('readArguments() refuses standard input twice, a missing file, and more than fits', async () => {
  assert.is(await readArguments(['-', '-'], powers()).catch((error) => error.code), 'argument-input')
  assert.is((await refusal('@missing.json')).code, 'file-missing')
  const large = `"${'x'.repeat(MAX_ARGUMENT_BYTES)}"`
  assert.is((await refusal(large)).code, 'argument-too-large')
  assert.is((await refusal('@large', powers({ '/here/large': large }))).code, 'argument-too-large')
  assert.is((await refusal('-', powers({}, large))).code, 'argument-too-large')
})

test('readArgumentLine() takes an array of arguments and nothing else', async () => {
  assert.equal(await readArgumentLine('[1, [2]]', 1), [1, [2]])
  const error = await readArgumentLine('5', 3).catch((thrown) => thrown)
  assert.match(error.message, 'line 3')
  assert.match(error.hint, '[5]')
})

test('quoteForShell() leaves plain words alone', () => {
  assert.is(quoteForShell('1.5'), '1.5')
  assert.is(quoteForShell('"it\'s"'), `'"it'\\''s"'`)
})

test.run()
