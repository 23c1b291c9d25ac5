// Additions whose files are as they were and whose types are not: each is checked anew.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeProject, type Project } from '../support/project.ts'

/** Adds `main.ts` until that is known without checking, changes something, and gives the code of what is then wrong. */
async function wrongAfter(
  files: Readonly<Record<string, string>>,
  change: (project: Project) => unknown,
): Promise<string | undefined> {
  const project = await makeProject(files, true)
  await project.json(['init', '.'])
  await project.json(['add', ...Object.keys(files).filter((file) => /^(lib|main)\.ts$/.test(file))])
  for (const _ of [1, 2]) await project.json(['add', 'main.ts'])
  await change(project)
  const { json } = await project.ucm(['add', 'main.ts'])
  return /TS\d+/.exec(json.error?.message ?? '')?.[0]
}

const TWO = {
  'main.ts': "import { two } from './two.js'\nexport const four: number = two(2)\n",
  'two.js': 'export const two = (x) => 2 * x\n',
}

test('declarations beside JavaScript that change', async () => {
  const files = { ...TWO, 'two.d.ts': 'export declare const two: (x: number) => number\n' }
  const change = (project: Project): void =>
    project.write('two.d.ts', 'export declare const two: (x: number) => string\n')
  assert.is(await wrongAfter(files, change), 'TS2322')
})

test('declarations beside JavaScript that are new', async () => {
  const change = (project: Project): void =>
    project.write('two.d.ts', 'export declare const two: (x: number) => string\n')
  assert.is(await wrongAfter(TWO, change), 'TS2322')
})

test('a tsconfig that another one extends', async () => {
  const files = {
    'main.ts': 'export const same = (x) => x\n',
    'tsconfig.json': '{ "extends": "./base.json" }',
    'base.json': '{ "compilerOptions": { "strict": false, "lib": ["esnext"] } }',
  }
  const change = (project: Project): void =>
    project.write('base.json', '{ "compilerOptions": { "strict": true, "lib": ["esnext"] } }')
  assert.is(await wrongAfter(files, change), 'TS7006')
})

test('types of a package that are installed later', async () => {
  const files = {
    'main.ts': "import { two } from 'kit'\nexport const four: number = two(2)\n",
    'node_modules/kit/package.json': '{"name":"kit","version":"1.0.0","type":"module","main":"index.js"}',
    'node_modules/kit/index.js': TWO['two.js'],
  }
  const change = (project: Project): void => {
    project.write('node_modules/@types/kit/package.json', '{"name":"@types/kit","version":"1.0.0"}')
    project.write('node_modules/@types/kit/index.d.ts', 'export declare const two: (x: number) => string\n')
  }
  assert.is(await wrongAfter(files, change), 'TS2322')
})

test('a type of the codebase that a definition is used with by way of another', async () => {
  const project = await makeProject(
    {
      'lib.ts': 'export type T = { a: number }\nexport const b = (t: T): number => t.a\n',
      'a.ts': "import { b } from 'ucm'\nexport const a = () => b({ a: 1 })\n",
    },
    true,
  )
  await project.json(['init', '.'])
  await project.json(['add', 'lib.ts'])
  for (const _ of [1, 2, 3]) await project.json(['add', 'a.ts'])
  project.write('t.ts', 'export type T = { a: number; b: string }\n')
  await project.json(['add', 't.ts'])
  const { json } = await project.ucm(['add', 'a.ts'])
  assert.match(json.error?.message ?? '', /TS2345|TS2741/)
})

test.run()
