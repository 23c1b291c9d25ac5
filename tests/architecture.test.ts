// The shape of the repository: which folder may import which, where each library lives, and
// that no file reaches for clock, randomness, disk or network past the powers it is given.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'oxc-parser'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = path.resolve(import.meta.dirname, '..')
const FOLDERS = ['codebase', 'abilities', 'executor', 'cli'] as const
/** Left never imports right. */
const ORDER: readonly string[] = FOLDERS

interface Source {
  readonly file: string
  readonly folder: string
  readonly text: string
  /** Modules that it loads: static imports and re-exports that are not type-only, and dynamic ones. */
  readonly imports: readonly string[]
}

function importsOf(file: string, text: string): string[] {
  const { module } = parseSync(file, text, { sourceType: 'module' })
  const names: string[] = []
  for (const entry of module.staticImports) {
    const isTypeOnly = entry.entries.length > 0 && entry.entries.every((item) => item.isType)
    if (!isTypeOnly) names.push(entry.moduleRequest.value)
  }
  for (const statement of module.staticExports) {
    for (const item of statement.entries) {
      if (item.moduleRequest && !item.isType) names.push(item.moduleRequest.value)
    }
  }
  for (const match of text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)) names.push(match[1] as string)
  return names
}

const sources: readonly Source[] = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.d)\.(ts|js)$/.test(name))
    .map((name) => {
      const file = `${folder}/${name.replaceAll(path.sep, '/')}`
      const text = readFileSync(path.join(root, file), 'utf8')
      return { file, folder, text, imports: importsOf(file, text) }
    }),
)

/** The repository's file that a relative or `#folder` import of `file` names; undefined for packages. */
function target(file: string, name: string): string | undefined {
  if (name.startsWith('#')) return `${name.slice(1)}/index.ts`
  return name.startsWith('.')
    ? path.posix.normalize(path.posix.join(path.posix.dirname(file), name))
    : undefined
}

test('folders import only leftwards: codebase ← abilities ← executor ← cli', () => {
  const wrong = sources.flatMap(({ file, folder, imports }) =>
    imports
      .map((name) => target(file, name)?.split('/')[0])
      .filter((to) => to !== undefined && ORDER.indexOf(to) > ORDER.indexOf(folder))
      .map((to) => `${file} → ${to}`),
  )
  assert.equal(wrong, [])
})

test('folders import each other only through #codebase, #abilities and #executor', () => {
  const wrong = sources.flatMap(({ file, folder, imports }) =>
    imports
      .filter((name) => name.startsWith('.') && target(file, name)?.split('/')[0] !== folder)
      .map((name) => `${file}: ${name}`),
  )
  assert.equal(wrong, [])
})

/** A library and the only files that may load it. */
const HOMES: readonly (readonly [library: RegExp, home: RegExp])[] = [
  [/^oxc-parser$/, /^codebase\/source\.ts$/],
  [/^@noble\/hashes/, /^codebase\/sha256\.ts$/],
  [/^level$/, /^codebase\/database\.ts$/],
  [/quickjs/, /^executor\/(engine|sandbox)\.ts$/],
  [/^(libp2p|@libp2p\/(tcp|tls|noise|yamux|identify|mdns|ping))$/, /^executor\/network\/node\.ts$/],
  [/^@libp2p\/(crypto|peer-id|utils|interface)|^@multiformats/, /^executor\/(network\/|identity|grant)/],
  [/^cbor-x$/, /^executor\/network\/(framing|frames|scan)\.ts$/],
  [/^undici$|^ipaddr\.js$/, /^abilities\/http/],
  [/^typescript/, /^cli\/typescript(-process)?\.ts$/],
  [/^commander$/, /^cli\//],
  [/^picocolors$/, /^cli\//],
]

test('each library has one home', () => {
  const wrong = sources.flatMap(({ file, imports }) =>
    imports.flatMap((name) =>
      HOMES.filter(([library, home]) => library.test(name) && !home.test(file)).map(() => `${file}: ${name}`),
    ),
  )
  assert.equal(wrong, [])
})

test('no two files import each other, directly or round about', () => {
  const edges = new Map(
    sources.map(({ file, imports }) => [file, imports.flatMap((name) => target(file, name) ?? [])]),
  )
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '))
      return
    }
    state.set(file, 'open')
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file])
    state.set(file, 'done')
  }
  for (const { file } of sources) visit(file, [])
  assert.equal(cycles, [])
})

/** What reaches the world without being handed over, and the only files that may. */
const AMBIENT: readonly (readonly [use: RegExp, allowed: RegExp])[] = [
  [
    /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/,
    /^cli\/|^abilities\/at-hand\/|^executor\/isolation\/(tasks|thread-worker)\.ts$/,
  ],
  [/\bMath\.random\(|\bcrypto\.randomUUID\(|\brandomBytes\(/, /^cli\/|^abilities\/at-hand\//],
  [
    /from 'node:(fs|fs\/promises)'/,
    /^cli\/|^executor\/(identity|engine|engine-id)\.ts$|^codebase\/database\.ts$/,
  ],
  [/from 'node:(net|http|https|dns|tls)'/, /^cli\/|^abilities\/http/],
]

test('clock, randomness, disk and network arrive as powers', () => {
  const wrong = sources.flatMap(({ file, text }) => {
    const code = text
      .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      .replace(/'[^'\n]*'|`[^`]*`/g, (found) => (found.startsWith("'node:") ? found : "''"))
    return AMBIENT.filter(([use, allowed]) => use.test(code) && !allowed.test(file)).map(
      ([use]) => `${file}: ${use}`,
    )
  })
  assert.equal(wrong, [])
})

test('no source file is longer than 400 lines', () => {
  const long = sources
    .filter(({ file }) => !/codebase\/(term|permits)\.ts$/.test(file))
    .map(({ file, text }) => `${file}: ${text.split('\n').length}`)
    .filter((entry) => Number(entry.split(': ')[1]) > 400)
  assert.equal(long, [])
})

test.run()
