// A package has its own files and no others: whoever adds what uses it would else have its author
// read the disk.

import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { define, type DefineResult } from '#codebase'
import { emptyEnvironment } from '../support/environment.ts'
import { temporaryFolder } from '../support/temporary.ts'

const KIT = 'work/node_modules/kit'

/** A folder with `files`, what `work/main.ts` comes to in it, and a file that is no package's. */
async function defineIn(
  files: Readonly<Record<string, string>>,
  link?: (folder: string) => void,
): Promise<DefineResult> {
  const folder = temporaryFolder()
  const all = {
    'home/credentials.json': '{ "token": "secret" }',
    'work/main.ts': "import { token } from 'kit'\nexport const f = () => token\n",
    ...files,
  }
  for (const [file, text] of Object.entries(all)) {
    const written = path.join(folder, file)
    mkdirSync(path.dirname(written), { recursive: true })
    writeFileSync(written, text.replaceAll('FOLDER', folder))
  }
  link?.(folder)
  const main = path.join(folder, 'work/main.ts')
  const request = { files: [main], directory: path.join(folder, 'work'), partial: true }
  return define(request, emptyEnvironment())
}

const manifest = (more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ name: 'kit', version: '1.0.0', ...more })
const requiring = (specifier: string): string => `exports.token = require('${specifier}').token\n`
const AWAY = '../../../home/credentials'

const ESCAPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'by a relative path': {
    [`${KIT}/package.json`]: manifest(),
    [`${KIT}/index.js`]: requiring(`${AWAY}.json`),
  },
  'by an absolute path': {
    [`${KIT}/package.json`]: manifest(),
    [`${KIT}/index.js`]: requiring('FOLDER/home/credentials.json'),
  },
  'as an ES module': {
    [`${KIT}/package.json`]: manifest({ type: 'module' }),
    [`${KIT}/index.js`]: `export { token } from '${AWAY}.js'\n`,
    'home/credentials.js': "export const token = 'secret'\n",
  },
  'by the map of its own imports': {
    [`${KIT}/package.json`]: manifest({ imports: { '#secret': `./${AWAY}.json` } }),
    [`${KIT}/index.js`]: requiring('#secret'),
  },
  'by way of its own name': {
    [`${KIT}/package.json`]: manifest(),
    [`${KIT}/index.js`]: requiring(`kit/${AWAY}.json`),
  },
  'by a manifest within it': {
    [`${KIT}/package.json`]: manifest(),
    [`${KIT}/index.js`]: requiring('./sub'),
    [`${KIT}/sub/package.json`]: JSON.stringify({ main: `../${AWAY}.json` }),
  },
}

const refused = ({ definitions, rejected }: DefineResult): unknown => [
  definitions.map(({ name }) => name),
  rejected.filter(({ code }) => code !== 'depends-on-rejected').map(({ code, file }) => `${code} ${file}`),
]

for (const [how, files] of Object.entries(ESCAPES)) {
  test(`a package cannot leave its folder ${how}`, async () => {
    const result = await defineIn(files)
    assert.equal(refused(result), [[], ['import-refused node_modules/kit/index.js']])
    assert.match(result.rejected[0]?.message ?? '', /leads out of the folder of the package `kit`/)
  })
}

test('a package cannot leave its folder by its entry', async () => {
  const result = await defineIn({ [`${KIT}/package.json`]: manifest({ main: `${AWAY}.json` }) })
  assert.equal(refused(result), [[], ['import-refused main.ts']])
})

test('a package cannot leave its folder by a symbolic link', async () => {
  const files = { [`${KIT}/package.json`]: manifest(), [`${KIT}/index.js`]: requiring('./data.json') }
  const result = await defineIn(files, (folder) =>
    symlinkSync(path.join(folder, 'home/credentials.json'), path.join(folder, KIT, 'data.json')),
  )
  assert.equal(refused(result), [[], ['import-refused node_modules/kit/index.js']])
})

test('a package that is itself a symbolic link has its own files', async () => {
  const store = 'work/node_modules/.store/kit@1.0.0/node_modules/kit'
  const files = {
    [`${store}/package.json`]: manifest(),
    [`${store}/index.js`]: "exports.token = require('../kit/lib/../data.json').token\n",
    [`${store}/data.json`]: '{ "token": "public" }',
    [`${store}/lib/a.js`]: '',
  }
  const result = await defineIn(files, (folder) =>
    symlinkSync(realpathSync(path.join(folder, store)), path.join(folder, KIT)),
  )
  assert.equal(result.rejected, [])
  assert.ok(result.definitions.some(({ name }) => name === 'f'))
})

test.run()
