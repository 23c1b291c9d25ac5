// Names: every local, label, private member and definition renamed, with the scopes that
// eslint-scope finds, which knows nothing of ours.

import { analyze, type Scope, type Variable } from 'eslint-scope'
import type { EsNode } from '../../codebase/estree.ts'
import { type Edit, edited, nodesOf, type Syntax, syntaxOf } from './text.ts'

/** What a name becomes; names of the corpus do not end so. */
export const MARK = 'ʹ'

/** The text with every name changed but those in `kept`: top-level names that are part of a term. */
export function renamed(syntax: Syntax, kept: ReadonlySet<string>): string {
  const { program } = syntax
  const parents = new Map(nodesOf(program).map(({ node, around: [parent] }) => [node, parent]))
  const exported: string[] = []
  const edits = [
    ...variablesOf(program).flatMap((variable) => {
      if (isFixed(variable, parents) || (isTopLevel(variable) && kept.has(variable.name))) return []
      return identifiersOf(variable).flatMap((id) => identifierEdits(id, parents))
    }),
    ...labelAndPrivateEdits(syntax),
    ...exportEdits(program, kept, exported),
  ]
  const result = edited(syntax.text, eachOnce(edits))
  return exported.length > 0 ? `${result}\nexport { ${exported.join(', ')} }\n` : result
}

function variablesOf(program: EsNode): Variable[] {
  for (const { node } of nodesOf(program)) node['range'] = [node.start, node.end]
  const { scopes } = analyze(program as never, {
    ecmaVersion: 2022,
    sourceType: 'module',
    fallback: 'iteration',
  })
  return scopes.filter((scope: Scope) => scope.type !== 'global').flatMap((scope: Scope) => scope.variables)
}

function isTopLevel(variable: Variable): boolean {
  return variable.scope.type === 'module'
}

/** A class keeps its name, its own or that of the variable it is bound to; `arguments` is no name. */
function isFixed({ defs, references }: Variable, parents: ReadonlyMap<EsNode, EsNode | undefined>): boolean {
  if (defs.length === 0) return true
  const isClass = (node: EsNode | null | undefined): boolean =>
    node?.type === 'ParenthesizedExpression' ? isClass(node['expression']) : node?.type === 'ClassExpression'
  return (
    defs.some(({ type, node }) => type === 'ClassName' || isClass((node as unknown as EsNode)['init'])) ||
    references.some(({ writeExpr, identifier }) => {
      const parent = parents.get(identifier as unknown as EsNode)
      return isClass(writeExpr as unknown as EsNode) || isClass(parent?.['right'])
    })
  )
}

function identifiersOf({ identifiers, references }: Variable): EsNode[] {
  const mentions = references.map(({ identifier }) => identifier as unknown as EsNode)
  return [...new Set([...(identifiers as unknown as EsNode[]), ...mentions])]
}

/** The new name, where a shorthand writes it out, and where an import or export keeps the other one. */
function identifierEdits(id: EsNode, parents: ReadonlyMap<EsNode, EsNode | undefined>): Edit[] {
  const name: string = id['name']
  const text = name + MARK
  const parent = parents.get(id)
  const holder = parent?.type === 'AssignmentPattern' && parent['left'] === id ? parents.get(parent) : parent
  if (holder?.type === 'Property' && holder['shorthand'])
    return [{ start: id.start, end: id.end, text: `${name}: ${text}` }]
  if (parent?.type === 'ImportSpecifier' && parent['imported'].start === parent['local'].start)
    return [{ start: id.start, end: id.end, text: `${name} as ${text}` }]
  if (parent?.type === 'ExportSpecifier' && parent['exported'].start === parent['local'].start)
    return [{ start: id.start, end: id.end, text: `${text} as ${name}` }]
  return [{ start: id.start, end: id.end, text }]
}

function labelAndPrivateEdits({ program }: Syntax): Edit[] {
  return nodesOf(program).flatMap(({ node }): Edit[] => {
    const label: EsNode | null = /^(Labeled|Break|Continue)Statement$/.test(node.type) ? node['label'] : null
    if (label) return [{ start: label.end, end: label.end, text: MARK }]
    return node.type === 'PrivateIdentifier' ? [{ start: node.end, end: node.end, text: MARK }] : []
  })
}

/** `export` of a declaration becomes an export under the old name. */
function exportEdits(program: EsNode, kept: ReadonlySet<string>, exported: string[]): Edit[] {
  return (program['body'] as EsNode[]).flatMap((item): Edit[] => {
    const declaration: EsNode | null = item['declaration'] ?? null
    if (item.type !== 'ExportNamedDeclaration' || !declaration || declaration.type === 'ClassDeclaration')
      return []
    const ids: EsNode[] = declaration['id']
      ? [declaration['id']]
      : declaration['declarations'].map((d: EsNode) => d['id'])
    const isRenamed = ids.every((id) => id.type === 'Identifier' && !kept.has(id['name']))
    const isClass = declaration['declarations']?.some((d: EsNode) => d['init']?.type === 'ClassExpression')
    if (!isRenamed || isClass) {
      // What keeps its name, and what a pattern declares, is exported as before.
      exported.push(...ids.flatMap((id) => namesIn(id)).map((name) => exportOf(name, kept)))
      return [{ start: item.start, end: declaration.start, text: '' }]
    }
    exported.push(...ids.map((id) => exportOf(id['name'], kept)))
    return [{ start: item.start, end: declaration.start, text: '' }]
  })
}

function exportOf(name: string, kept: ReadonlySet<string>): string {
  return kept.has(name) ? name : `${name}${MARK} as ${name}`
}

function namesIn(pattern: EsNode): string[] {
  return nodesOf(pattern)
    .filter(({ node, around: [parent] }) => node.type === 'Identifier' && parent?.['key'] !== node)
    .map(({ node }) => node['name'] as string)
}

function eachOnce(edits: readonly Edit[]): Edit[] {
  return [...new Map(edits.map((edit) => [`${edit.start} ${edit.end}`, edit])).values()]
}

/** Renames in a text of a module; a text that is none stays. */
export function renamedText(text: string, file: string, kept: ReadonlySet<string>): string {
  try {
    const syntax = syntaxOf(text, file)
    return renamed(syntax, kept)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}
