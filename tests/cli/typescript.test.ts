// TypeScript behind the port: a process that may die, and what namespaces and packages show it.

import childProcess, { type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { TypeChecker } from '#codebase'
import type { TypeScriptOptions } from '../../cli/typescript-configuration.ts'
import { makeTypeChecker } from '../../cli/typescript.ts'
import { diskFiles } from '../support/environment.ts'
import { makeProject, type Project } from '../support/project.ts'

const optionsFor = ({ folder }: Project): TypeScriptOptions => ({
  files: diskFiles,
  directory: folder,
  types: path.join(folder, '.ucm/types'),
})

/** Codes of what is wrong with a file of this text. */
async function codes(checker: TypeChecker, file: string, text: string): Promise<string[]> {
  writeFileSync(file, text)
  const checked = await checker.check([file])
  if ('unchecked' in checked) throw new Error(checked.unchecked)
  checked.close()
  return checked.diagnostics.map(({ code }) => code)
}

const project = await makeProject({
  'a.ts': 'export const half = (x: number): number => x / 2\nexport const other = 1\n',
})
const file = path.join(project.folder, 'use.ts')

test('of a namespace everything that a file mentions is there, by name, as a member and as default', async () => {
  const checker = makeTypeChecker(optionsFor(project))
  const text = `import * as all from 'ucm'
import half from 'ucm/half'
import * as list from 'ucm/?x=half&y=other'
export const a: number = all.half(all.other) + half(1) + list.x(list.y)
export const b: string = list.x(1)
all.nothing`
  assert.equal(await codes(checker, file, text), ['TS2322', 'TS2339'])
})

/** The process that was started last. */
let child: ChildProcess | undefined
const { spawn } = childProcess
childProcess.spawn = ((...args: Parameters<typeof spawn>) => (child = spawn(...args))) as typeof spawn
syncBuiltinESMExports()

test('a checker that dies after a check knows no more types, and is closed as any other', async () => {
  writeFileSync(file, 'export const one = 1\n')
  const checked = await makeTypeChecker(optionsFor(project)).check([file])
  if ('unchecked' in checked) throw new Error(checked.unchecked)
  assert.is(checked.typeAt(file, 13), '1')
  child!.ref()
  const ended = once(child!, 'exit')
  child!.kill('SIGKILL')
  assert.is(checked.typeAt(file, 13), undefined)
  await ended
  assert.is(checked.typeAt(file, 13), undefined)
  checked.close()
})

test('a checker that dies during a check has checked nothing', async () => {
  const files = { ...diskFiles, isFile: (path: string) => (child?.kill('SIGKILL'), diskFiles.isFile(path)) }
  const result = await makeTypeChecker({ ...optionsFor(project), files }).check([file])
  assert.match('unchecked' in result ? result.unchecked : '', /^TypeScript cannot run: /)
})

test("what is of no known type for want of a package's types is no error, and everything else is", async () => {
  const kit = 'node_modules/kit'
  project.write(`${kit}/package.json`, '{"name":"kit","version":"1.0.0","type":"module","main":"index.js"}')
  project.write(`${kit}/index.js`, 'export const chunk = (xs, size) => [xs.slice(0, size)]\n')
  const text =
    "import { chunk } from 'kit'\nexport const f = () => chunk([1], 2).map((items, index) => items[index])"
  const checker = makeTypeChecker(optionsFor(project))
  assert.equal(await codes(checker, file, text), [])
  assert.equal(await codes(checker, file, `${text}\nexport const s: string = 1`), ['TS2322'])
  assert.equal(await codes(checker, file, 'export const f = (x) => x'), ['TS7006'])
})

test('a checker that cannot start says so', async () => {
  const files = {
    ...diskFiles,
    isFile: () => {
      throw new Error('the disk is gone')
    },
  }
  const result = await makeTypeChecker({ ...optionsFor(project), files }).check([file])
  assert.equal(result, { unchecked: 'TypeScript cannot run: the disk is gone' })
})

test.run()
