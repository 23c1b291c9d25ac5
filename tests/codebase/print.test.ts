// The normalised form of a definition as people read it.

import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { formatReference, parseReference, printMember } from '#codebase'
import { fillCodebase } from '../support/round-trip.ts'

/** What `view --normalised` prints of `name` when `text` is all there is. */
async function normalised(text: string, name: string): Promise<string> {
  const { codebase } = await fillCodebase(
    { files: ['/src/main.ts'], directory: '/src' },
    { '/src/main.ts': text },
  )
  const [view] = await codebase.view([name])
  await codebase.close()
  return view!.normalised
}

test('two spellings of one definition print the same', async () => {
  const plain =
    "const double = (x) => x * 2\nexport function f(xs, { a = 1 }) { return xs.map((x) => double(x) + a['b'] + 'c') }\n"
  const other =
    '// a comment\nexport function f(list: number[], { a: first = 0x1 }: any): any {\n  return list["map"]((each) => { return twice(each) + (first.b) + `c` })\n}\nconst twice = (n) => (n * 2)\n'
  const printed = await normalised(plain, 'f')
  assert.is((await normalised(other, 'f')).replaceAll('twice', 'double'), printed)
  assert.match(
    printed,
    /^function \(a, \{ a: b = 1 \}\) \{\n {2}return a\.map\(\(c\) => double#[a-z2-7]{10}\(c\) \+ b\.b \+ "c"\);\n\}$/,
  )
})

test('references, siblings, nominal names and completions are all there', async () => {
  const text = `export const even = (n) => n === 0 || odd(n - 1)
export const odd = (n) => n !== 0 && even(n - 1)
export const NONE = Object.create(null)
export class Box { #held = NONE; get held() { return this.#held } }
export function f() { return f.limit }
f.limit = even(2)
`
  const even = await normalised(text, 'even')
  assert.match(even, /^\(a\) => a === 0 \|\| odd#[a-z2-7]{10}(\.1)?\(a - 1\)$/)
  assert.match(await normalised(text, 'NONE'), /^\/\* nominal "NONE" \*\/\nObject\.create\(null\)$/)
  assert.match(await normalised(text, 'Box'), /^class Box \{[^]*NONE#[a-z2-7]{10}/)
  assert.match(
    await normalised(text, 'f'),
    /^function \(\) \{\n {2}return f#[a-z2-7]{10}\.limit;\n\}\nf#[a-z2-7]{10}\.limit = even#[a-z2-7]{10}(\.1)?\(2\);?\n?$/,
  )
})

test('every definition of real packages prints, and prints the same from its stored bytes', async () => {
  const directory = path.resolve(import.meta.dirname, '../../fixtures/packages')
  const { codebase } = await fillCodebase({
    files: ['npm:remeda', 'npm:radash', 'npm:simple-statistics', 'npm:@noble/hashes/blake1.js'],
    directory,
    partial: true,
  })
  let printed = 0
  for (const { name, hash } of await codebase.list()) {
    const reference = parseReference(hash)
    const member = await codebase.member(reference)
    const [view] = await codebase.view([name])
    assert.ok(view!.normalised.length > 0 && !/undefined#|#undefined/.test(view!.normalised), name)
    const again = printMember(member!, formatReference, reference.hash)
    assert.is(printMember(member!, formatReference, reference.hash), again)
    printed++
  }
  assert.ok(printed > 600)
  await codebase.close()
})

test.run()
