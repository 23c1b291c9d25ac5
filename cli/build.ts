// `npm run build`: the npm package, in dist/. Sources become JavaScript with declarations; the
// manifest keeps what an installation needs, and not the Node that a checkout brings along.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const dist = path.join(root, 'dist')
const FOLDERS = ['codebase', 'abilities', 'executor', 'cli']
/** What is no TypeScript, or serves a checkout only. */
const COPIED = [
  'cli/ucm.js',
  'cli/remote-run.js',
  'cli/launch.js',
  'executor/guest',
  'abilities/guest.d.ts',
  'abilities/globals.d.ts',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
]

function compile(): void {
  const configuration = {
    extends: '../tsconfig.json',
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: '..',
      outDir: '.',
    },
    include: FOLDERS.map((folder) => `../${folder}`),
    exclude: ['../cli/tour', '../cli/build.ts'],
  }
  writeFileSync(path.join(dist, 'tsconfig.json'), JSON.stringify(configuration))
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [compiler, '--project', dist], { stdio: 'inherit' })
  if (status !== 0) throw new Error('the compiler refused the sources; what it said stands above')
  rmSync(path.join(dist, 'tsconfig.json'))
}

function writeManifest(): void {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >
  for (const name of ['private', 'scripts', 'devDependencies', 'optionalDependencies']) delete manifest[name]
  const entries = ['codebase', 'abilities', 'executor'].map((name) => [name, `./${name}/index.js`] as const)
  manifest['imports'] = Object.fromEntries(entries.map(([name, file]) => [`#${name}`, file]))
  manifest['exports'] = Object.fromEntries(
    entries.map(([name, file]) => [`./${name}`, { types: file.replace('.js', '.d.ts'), default: file }]),
  )
  writeFileSync(path.join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
compile()
for (const file of COPIED) cpSync(path.join(root, file), path.join(dist, file), { recursive: true })
writeManifest()
console.log('built dist/; `npm pack ./dist` makes the package')
