// What the text of a value names and its term does not: types, and names that only code mentions
// that never runs. The text needs them to be imported again.

import type { Declaration } from './declarations.ts'
import { type EsNode, walk } from './estree.ts'
import { codebaseType, meaningOf, typeNamed } from './meanings.ts'
import type { World } from './requests.ts'
import type { Module } from './modules.ts'

/** A name as written, and the definition or the name in the codebase that it means. */
export interface SilentMention {
  readonly local: string
  readonly target: Declaration | string
}

/** What is named where only types stand in `declaration`, each once. */
export function mentionedTypes(world: World, module: Module, declaration: Declaration): SilentMention[] {
  return namedTypes(module, declaration).flatMap((local) => {
    const found = targetOf(world, module, local)
    const target = typeof found === 'object' ? found.declaration : found
    return target === undefined || target === declaration ? [] : [{ local, target }]
  })
}

/** The definitions of the author's own files that are named only where types stand. */
export function ownTypes(world: World, module: Module, declaration: Declaration): Placed[] {
  return namedTypes(module, declaration).flatMap((local) => {
    const found = targetOf(world, module, local)
    return typeof found === 'object' && !found.module.package ? [found] : []
  })
}

interface Placed {
  readonly module: Module
  readonly declaration: Declaration
}

function namedTypes({ source }: Module, declaration: Declaration): string[] {
  if (!/\.[cm]?tsx?$/.test(source.path)) return []
  const names = new Set<string>()
  for (const item of source.program['body'] as EsNode[]) {
    if (isWithin(declaration, item.start, item.end) || isOverload(item, declaration))
      for (const name of typeNames(item)) names.add(name)
  }
  return [...names]
}

function isOverload(item: EsNode, { name }: Declaration): boolean {
  const declared: EsNode = item['declaration'] ?? item
  return declared.type === 'TSDeclareFunction' && declared['id']?.name === name
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

function targetOf(world: World, module: Module, name: string): Placed | string | undefined {
  const type = typeNamed(world, module, name)
  if (type) return type
  const entry = module.typeImports.get(name)
  if (entry?.specifier === 'ucm/abilities') return `ucm/abilities.${entry.imported}`
  const imported = codebaseType(module, name)
  if (imported !== undefined) return imported
  const value = meaningOf(world, module, name)
  return value?.kind === 'declaration' ? value : undefined
}
