// TypeScript behind the port: a process that stays, one that ends, and what namespaces show it.

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { TypeChecker } from '#codebase'
import type { TypeScriptOptions } from '../../cli/typescript-configuration.ts'
import { makeTypeChecker, residentTypeChecker } from '../../cli/typescript.ts'
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

test('a checker that stays sees what changed, in the file and in the codebase', async () => {
  const resident = residentTypeChecker(optionsFor(project))
  try {
    assert.equal(await codes(resident, file, "import { half } from 'ucm'\nhalf('1')"), ['TS2345'])
    assert.equal(await codes(resident, file, "import { half } from 'ucm'\nhalf(1)"), [])
    assert.equal(await codes(resident, file, "import { third } from 'ucm'\nthird(1)"), ['TS2305'])
    project.write('b.ts', 'export const third = (x: number): number => x / 3\n')
    await project.json(['add', 'b.ts'])
    assert.equal(await codes(resident, file, "import { third } from 'ucm'\nthird(1)"), [])
  } finally {
    resident.close()
  }
})

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
