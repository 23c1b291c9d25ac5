// A test file of mocha, vitest or tap as a module that exports one function, `$suite`, in which the
// cases stand as they were written. The words of the test library become those of tests/suites/shim.

import path from 'node:path'
import { parseSync } from 'oxc-parser'
import { childrenOf, type EsNode, walk } from '../../codebase/estree.ts'

const SHIM = path.join(import.meta.dirname, 'shim')
const ASSERT = new Set(['assert', 'node:assert', 'assert/strict', 'node:assert/strict'])
const LIBRARIES = new Set(['vitest', 'mocha', '@jest/globals'])
/** What a test library makes global. */
const GLOBALS =
  'describe suite context it test expect vi before after beforeAll afterAll beforeEach afterEach'

/**
 * The module whose `$suite` runs the cases of `text`. Imports of other packages, such as fast-check or
 * sinon, are left out, so that the cases that need them are refused one by one.
 */
export function rewriteSuite(file: string, text: string): string {
  const plain = withoutRequires(file, text)
  const kept: string[] = []
  const imports: string[] = [...plain.imports]
  const words = new Map(GLOBALS.split(' ').map((word) => [word, word]))
  const program = parse(file, plain.text)
  for (const statement of program['body'] as EsNode[]) {
    const source = plain.text.slice(statement.start, statement.end)
    if (statement.type === 'ImportDeclaration') imports.push(...rewriteImport(statement, source, words))
    else if (!requiresPackage(statement)) kept.push(source)
  }
  const body = kept.join('\n')
  const declared = declaredIn(program)
  const used = [...words].filter(([local]) => !declared.has(local) && mentions(body, local))
  const pattern = used.map(([local, word]) => (local === word ? word : `${word}: ${local}`)).join(', ')
  return [
    `import { makeSuite as $makeSuite } from '${SHIM}/suite.js'`,
    ...imports,
    'export async function $suite() {',
    'const $cases = $makeSuite()',
    `const { ${pattern} } = $cases`,
    body,
    'return await $cases.run()',
    '}',
  ].join('\n')
}

/**
 * `text` without what one case does: the innermost around an offset, or the first that mentions a name;
 * undefined when there is none.
 */
export function withoutCase(file: string, text: string, at: number | string): string | undefined {
  const isMeant = ({ start, end, body }: Case): boolean =>
    typeof at === 'number' ? start <= at && at < end : mentions(text.slice(body.start, body.end), at)
  const { body } = casesOf(parse(file, text)).findLast(isMeant) ?? {}
  return body && `${text.slice(0, body.start)}undefined${text.slice(body.end)}`
}

function mentions(text: string, name: string): boolean {
  return text.split(/[^\w$]+/).includes(name)
}

/** A suite's own support file: an ES module, whose assertions are those of the shim. */
export function rewriteSupport(file: string, text: string): string {
  const shimmed = text
    .replace(/(\bfrom\s*)['"](?:node:)?assert['"]/g, `$1'${SHIM}/assert.js'`)
    .replace(/^import\b.*\bfrom\s*['"]vitest['"].*$/gm, `import { expect, vi } from '${SHIM}/expect.js'`)
  if (!/\bmodule\.exports\b/.test(shimmed)) return shimmed
  const plain = withoutRequires(file, shimmed)
  const named = /^var (\w+) = module\.exports = /m
  const [declaration, name] = named.exec(plain.text) ?? []
  const module =
    declaration === undefined
      ? plain.text.replace(/^module\.exports\s*=\s*/m, 'export default ')
      : `${plain.text.replace(named, `var ${name} = `)}\nexport default ${name}`
  return [...plain.imports, module].join('\n')
}

/** `text` with an import for each `require` of a file or of assert; `var x = require(…)` becomes one whole. */
function withoutRequires(file: string, text: string): { text: string; imports: string[] } {
  const imports: string[] = []
  const pieces: string[] = []
  let end = 0
  const replace = (node: EsNode, name: string, local?: string): void => {
    const chosen = local ?? `$required${imports.length}`
    imports.push(importOf(chosen, name, file))
    pieces.push(text.slice(end, node.start), local === undefined ? chosen : '')
    end = node.end
  }
  for (const statement of parse(file, text)['body'] as EsNode[]) {
    const { id, init } = statement['declarations']?.[0] ?? {}
    const whole = id?.type === 'Identifier' && requiredFile(init)
    if (whole) replace(statement, whole, id.name)
    else {
      walk(statement, (node) => {
        const name = requiredFile(node)
        if (name) replace(node, name)
      })
    }
  }
  return { text: pieces.join('') + text.slice(end), imports }
}

/** The file, or assert, that a call of `require` asks for. */
function requiredFile(node: EsNode | null | undefined): string | undefined {
  const name: unknown = node && isRequire(node) ? node['arguments'][0]?.value : undefined
  return typeof name === 'string' && (ASSERT.has(name) || name.startsWith('.')) ? name : undefined
}

const isRequire = (node: EsNode): boolean =>
  node.type === 'CallExpression' && node['callee'].type === 'Identifier' && node['callee'].name === 'require'

function parse(file: string, text: string): EsNode {
  const lang = file.endsWith('ts') ? 'ts' : 'js'
  const { program, errors } = parseSync(file, text, { lang, sourceType: 'module' })
  if (errors[0]) throw new SyntaxError(`${file}: ${errors[0].message}`)
  return program as unknown as EsNode
}

/** `var x = require('package')`. */
function requiresPackage(statement: EsNode): boolean {
  const init: EsNode | null | undefined = statement['declarations']?.[0].init
  return init ? isRequire(init) : false
}

function importOf(local: string, name: string, file: string): string {
  if (ASSERT.has(name)) return `import ${local} from '${SHIM}/assert.js'`
  // What a library's index exports are names; other files export one value.
  const isIndex = /\/index(\.js)?$/.test(path.resolve(path.dirname(file), name))
  return isIndex ? `import * as ${local} from '${name}'` : `import ${local} from '${name}'`
}

/** Imports of test libraries become words of the shim; the others stay. */
function rewriteImport(statement: EsNode, source: string, words: Map<string, string>): string[] {
  const name: string = statement['source'].value
  if (ASSERT.has(name)) {
    return [source.replace(/from\s*['"][^'"]*['"]/, `from '${SHIM}/assert.js'`)]
  }
  if (!LIBRARIES.has(name)) return name.startsWith('.') ? [source] : []
  for (const specifier of statement['specifiers'] as EsNode[]) {
    if (statement['importKind'] !== 'type' && specifier['importKind'] !== 'type')
      words.set(specifier['local'].name, specifier['imported']?.name ?? specifier['local'].name)
  }
  return []
}

function declaredIn(program: EsNode): Set<string> {
  const names = new Set<string>()
  for (const statement of program['body'] as EsNode[]) {
    if (statement['id']?.name) names.add(statement['id'].name)
    for (const { id } of statement['declarations'] ?? []) if (id.name) names.add(id.name)
  }
  return names
}

interface Case {
  readonly start: number
  readonly end: number
  readonly body: { readonly start: number; readonly end: number }
}

/** Calls that declare a case with a function, outer ones first. */
function casesOf(program: EsNode): Case[] {
  const cases: Case[] = []
  walk(program, (node) => {
    if (node.type !== 'CallExpression' || !/^(it|test)$/.test(rootName(node['callee']))) return
    const body = (node['arguments'] as EsNode[]).findLast((argument) => /Function/.test(argument.type))
    if (body) cases.push({ start: node.start, end: node.end, body: { start: body.start, end: body.end } })
  })
  return cases
}

/** `it` of `it.each(rows)(…)`. */
function rootName(callee: EsNode): string {
  if (callee.type === 'Identifier') return callee['name']
  const inner = callee['object'] ?? callee['callee']
  return inner && childrenOf(callee).includes(inner) ? rootName(inner) : ''
}
