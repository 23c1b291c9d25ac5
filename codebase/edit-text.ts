// One definition's text by itself: what it declares, and which names it leaves to imports.

import { childrenOf, type EsNode, isNode, staticName, walk, writtenBy } from './estree.ts'
import type { FileSystem } from './file-system.ts'
import { isModule, type Module, openModule } from './modules.ts'
import type { Problem } from './refusals.ts'
import { typeNames } from './silent-mentions.ts'

/** A name that a text mentions and does not declare. */
export interface FreeName {
  /** UTF-16 offsets of mentions as a value. */
  readonly offsets: readonly number[]
  /** Members that are read of it: all of them, when it is used as nothing but `name.member`. */
  readonly members: ReadonlySet<string>
  /** Whether it stands for itself, not only before a dot. */
  readonly isWhole: boolean
  /** Whether functions assign it, or statements beside the declaration change it: it is no import then. */
  readonly isChanged: boolean
}

export interface TextParts {
  readonly module: Module
  /** Names of the definitions that it makes, in order; `a+b` of a shared constant, then its parts. */
  readonly own: readonly string[]
  /** Of `own`, those that it exports. */
  readonly exported: ReadonlySet<string>
  /** Whether it has a default export. */
  readonly hasDefault: boolean
  readonly free: ReadonlyMap<string, FreeName>
}

/** Takes a text apart as if it were the file at `path`. */
export function readText(text: string, path: string): TextParts | Problem {
  const files: FileSystem = {
    // As part of an ES module, whatever names it mentions.
    read: () => `${text}\nexport {}`,
    isFile: (file) => file === path,
    filesBelow: () => [],
    realpath: (file) => file,
  }
  const module = openModule(
    { fileSystem: files, directory: '/', opened: new Map(), parse: undefined },
    path,
    undefined,
  )
  if (!isModule(module)) return module
  const { declarations, types } = module.body()
  const own = [...declarations.map(({ name }) => name), ...types.keys()]
  const locals = new Set(
    [...module.typeExports.values()].map((entry) => 'local' in entry && (entry.local ?? 'default')),
  )
  return {
    module,
    own,
    exported: new Set(own.filter((name) => locals.has(name))),
    hasDefault: module.typeExports.has('default'),
    free: freeNames(module, own),
  }
}

interface Uses {
  offsets: number[]
  members: Set<string>
  isWhole: boolean
  isChanged: boolean
}

function freeNames(module: Module, own: readonly string[]): Map<string, FreeName> {
  const { program, scopes } = module.body()
  const found = new Map<string, Uses>()
  const usesOf = (name: string): Uses => {
    const uses = found.get(name) ?? { offsets: [], members: new Set(), isWhole: false, isChanged: false }
    found.set(name, uses)
    return uses
  }
  const visit = (node: EsNode, parent: EsNode | null): void => {
    for (const child of childrenOf(node)) visit(child, node)
    if (node.type !== 'Identifier' || scopes.bindingOf(node) !== null) return
    const uses = usesOf(node['name'])
    uses.offsets.push(node.start)
    const isObject = parent?.type === 'MemberExpression' && parent['object'] === node
    const member = isObject ? staticName(parent['property'], parent['computed']) : undefined
    if (member === undefined) uses.isWhole = true
    else uses.members.add(member)
  }
  visit(program, null)
  for (const { binding, identifier, isWrite } of scopes.mentions)
    if (binding === null && isWrite) usesOf(identifier['name']).isChanged = true
  for (const root of changedBesides(program))
    if (scopes.bindingOf(root) === null) usesOf(root['name']).isChanged = true
  for (const name of module.source.program['body'].flatMap(typeNames))
    if (!own.includes(name) && !scopes.moduleBindings.has(name)) usesOf(name)
  return found
}

/** The identifiers whose members are assigned by top-level statements that declare nothing. */
function changedBesides(program: EsNode): EsNode[] {
  const roots: EsNode[] = []
  for (const item of program['body'] as EsNode[]) {
    if (!item.type.endsWith('Statement')) continue
    walk(item, (node) => {
      for (const target of writtenBy(node)) {
        let at: unknown = target
        while (isNode(at) && at.type === 'MemberExpression') at = at['object']
        if (isNode(at) && at.type === 'Identifier') roots.push(at)
      }
    })
  }
  return roots
}
