// What the text of a value names and its term does not: types, and names that only code mentions
// that never runs. The text needs them to be imported again.

import type { Declaration } from './declarations.ts'
import { type EsNode, walk } from './estree.ts'
import { codebaseType, meaningOf, typeNamed } from './meanings.ts'
import type { World } from './requests.ts'
import type { Module } from './modules.ts'
import { isType } from './types.ts'

/** A name as written, and the definition or the name in the codebase that it means. */
export interface SilentMention {
  readonly local: string
  readonly target: Declaration | string
}

/** What is named where only types stand in `declaration`, each once; a type that mentions another has that in its term. */
export function mentionedTypes(world: World, module: Module, declaration: Declaration): SilentMention[] {
  if (!/\.[cm]?tsx?$/.test(module.source.path) || isType(declaration)) return []
  const names = new Set<string>()
  for (const item of module.source.program['body'] as EsNode[]) {
    if (isWithin(declaration, item.start, item.end)) for (const name of typeNames(item)) names.add(name)
  }
  return [...names].flatMap((local) => {
    const target = targetOf(world, module, local)
    return target === undefined || target === declaration ? [] : [{ local, target }]
  })
}

/** The definitions that only code of `declaration` mentions that never runs. */
export function settledMentions(
  world: World,
  module: Module,
  declaration: Declaration,
): { readonly local: string; readonly module: Module; readonly declaration: Declaration }[] {
  return module.body().settled.flatMap(({ name, start }) => {
    const meaning = isWithin(declaration, start, start + 1) ? meaningOf(world, module, name) : undefined
    return meaning?.kind === 'declaration' && meaning.declaration !== declaration
      ? [{ local: name, module: meaning.module, declaration: meaning.declaration }]
      : []
  })
}

function isWithin({ pieces }: Declaration, from: number, to: number): boolean {
  return pieces.some(({ start, end }) => start < to && from < end)
}

/** The names at which types begin: `A` of `A<B>.c` and `typeof A.b`. */
export function typeNames(root: EsNode): string[] {
  const names: string[] = []
  const add = (node: EsNode | undefined): void => {
    let at = node
    while (at && at.type !== 'Identifier') at = at['left'] ?? at['object']
    if (at) names.push(at['name'])
  }
  walk(root, (node) => {
    if (node.type === 'TSTypeReference') add(node['typeName'])
    if (node.type === 'TSTypeQuery') add(node['exprName'])
    if (node.type === 'TSInterfaceHeritage' || node.type === 'TSClassImplements') add(node['expression'])
  })
  return names
}

function targetOf(world: World, module: Module, name: string): Declaration | string | undefined {
  const type = typeNamed(world, module, name)?.declaration
  if (type) return type
  const entry = module.typeImports.get(name)
  if (entry?.specifier === 'ucm/abilities') return `ucm/abilities.${entry.imported}`
  const imported = codebaseType(module, name)
  if (imported !== undefined) return imported
  const value = meaningOf(world, module, name)
  return value?.kind === 'declaration' ? value.declaration : undefined
}
