// Types in a declaration by where they come from: every name that is another definition's is
// replaced by an import of its module, so that declarations stand in files of their own.

import { type EsNode, walk } from './estree.ts'
import { parseSource } from './source.ts'

/** The module that declares a full name, as the file imports it, and its name there; undefined when none does. */
export type Imported = (fullName: string) => { readonly module: string; readonly name: string } | undefined

export interface Linking {
  /** What the declaration is called here. */
  readonly local: string
  /** What it is called in its own text. */
  readonly written: string | undefined
  /** Names as written, with the full names that they mean. */
  readonly imports: readonly (readonly [local: string, name: string])[]
  readonly imported: Imported
}

export interface Linked {
  readonly text: string
  /** Import statements: what a declaration extends cannot be imported in place. */
  readonly imports: readonly string[]
}

export function parseDeclaration(text: string): EsNode | undefined {
  const parsed = parseSource('declaration.ts', 'declaration.ts', text)
  return 'program' in parsed ? parsed.program : undefined
}

/** The declaration with its names linked; undefined when `text` is no TypeScript. */
export function linkTypes(text: string, linking: Linking): Linked | undefined {
  const program = parseDeclaration(text)
  if (!program) return undefined
  const own = ownNames(program)
  const edits: { start: number; end: number; text: string }[] = []
  const imports = new Map<string, string>()
  for (const { identifier, position } of namesIn(program)) {
    const { name, start, end } = identifier as EsNode & { name: string }
    if (own.has(name)) continue
    const target = targetOf(name, linking)
    if (target === undefined) continue
    if (typeof target === 'string') {
      edits.push({ start, end, text: target })
    } else if (position === 'heritage') {
      const alias = `$${imports.size}`
      const known = imports.get(`${target.module}\n${target.name}`) ?? alias
      imports.set(`${target.module}\n${target.name}`, known)
      edits.push({ start, end, text: known })
    } else {
      edits.push({ start, end, text: `import(${JSON.stringify(target.module)}).${target.name}` })
    }
  }
  for (const start of untypedParameters(program)) edits.push({ start, end: start, text: ': any' })
  return { text: edited(text, edits), imports: [...imports].map(importStatement) }
}

function importStatement([key, alias]: [string, string]): string {
  const [module, name] = key.split('\n')
  return `import { ${name} as ${alias} } from ${JSON.stringify(module)}`
}

function targetOf(
  name: string,
  { local, written, imports, imported }: Linking,
): ReturnType<Imported> | string {
  const mention = imports.find(([mentioned]) => mentioned === name)?.[1]
  const target = imported(mention ?? (GUEST.has(name) ? `ucm/abilities.${name}` : ''))
  if (target) return target
  return name === written && name !== local ? local : undefined
}

/** What signatures of abilities and of what performs them are made of. */
const GUEST = new Set(['Ability', 'Signature', 'Computation'])

interface NamePlace {
  readonly identifier: EsNode
  readonly position: 'type' | 'heritage'
}

function namesIn(program: EsNode): NamePlace[] {
  const places: NamePlace[] = []
  const add = (node: EsNode | null | undefined, position: NamePlace['position']): void => {
    let at = node
    while (at && at.type !== 'Identifier') at = at['left'] ?? at['object']
    if (at) places.push({ identifier: at, position })
  }
  walk(program, (node) => {
    if (node.type === 'TSTypeReference') add(node['typeName'], 'type')
    if (node.type === 'TSTypeQuery' && node['exprName']?.type !== 'TSImportType')
      add(node['exprName'], 'type')
    if (/^TS(InterfaceHeritage|ClassImplements)$/.test(node.type)) add(node['expression'], 'heritage')
    if (node.type === 'ClassDeclaration') add(node['superClass'], 'heritage')
  })
  return places
}

/** Type parameters, of whatever is in the text. */
function ownNames(program: EsNode): Set<string> {
  const names = new Set<string>()
  walk(program, (node) => {
    if (node.type === 'TSTypeParameter') names.add(node['name'].name ?? node['name'])
    if (node.type === 'TSMappedType') names.add(node['key'].name ?? node['key'])
  })
  return names
}

/** Where parameters end that have no type: they are of any. */
function untypedParameters(program: EsNode): number[] {
  const ends: number[] = []
  walk(program, (node) => {
    for (const parameter of (Array.isArray(node['params']) ? node['params'] : []) as EsNode[]) {
      const isParameter = /^(Identifier|ObjectPattern|ArrayPattern|RestElement)$/.test(parameter.type)
      if (isParameter && !parameter['typeAnnotation'] && !parameter['argument']?.typeAnnotation)
        ends.push(parameter.end)
    }
  })
  return ends
}

function edited(text: string, edits: readonly { start: number; end: number; text: string }[]): string {
  let result = ''
  let at = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return result + text.slice(at)
}
