// @babel/parser in the place of oxc-parser: another parser, by other people, in another
// language, whose trees must come to the same bytes.

import { parse as parseBabel, type ParserPlugin } from '@babel/parser'
import type { EsNode } from '../../codebase/estree.ts'
import type { ExportRecord, ImportRecord, ModuleRecord, Parse, Parsed } from '../../codebase/source.ts'

/** Parses as oxc-parser does for define(). */
export const parseWithBabel: Parse = (path, text) => {
  try {
    const file = parseBabel(text, { sourceType: 'module', plugins: pluginsFor(path) })
    const program = file.program as unknown as EsNode
    return {
      program,
      comments: (file.comments ?? []) as Parsed['comments'],
      module: recordOf(program),
      isScript: /\.[cm]?js$/.test(path),
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { message: error.message, help: null, start: (error as SyntaxError & { pos: number }).pos }
  }
}

export function pluginsFor(path: string): ParserPlugin[] {
  const isTypeScript = /\.[cm]?tsx?$/.test(path)
  const isJsx = path.endsWith('x')
  return ['estree', ...(isTypeScript ? (['typescript'] as const) : []), ...(isJsx ? (['jsx'] as const) : [])]
}

const NONE = { kind: 'None', name: null }

function recordOf(program: EsNode): ModuleRecord {
  const items: EsNode[] = program['body']
  const imports = items.filter((item) => item.type === 'ImportDeclaration')
  const exports = items.filter((item) => /^Export(Named|Default|All)Declaration$/.test(item.type))
  return {
    hasModuleSyntax: imports.length > 0 || exports.length > 0,
    staticImports: imports.map((item) => ({
      start: item.start,
      moduleRequest: { value: item['source'].value },
      entries: item['specifiers'].map((specifier: EsNode) => importOf(item, specifier)),
    })),
    staticExports: exports.map((item) => ({ entries: exportsOf(item) })),
  }
}

function importOf(item: EsNode, specifier: EsNode): ImportRecord {
  const localName = { value: specifier['local'].name, start: specifier['local'].start }
  const isType = item['importKind'] === 'type' || specifier['importKind'] === 'type'
  if (specifier.type === 'ImportNamespaceSpecifier')
    return { importName: { kind: 'NamespaceObject', name: null }, localName, isType }
  if (specifier.type === 'ImportDefaultSpecifier')
    return { importName: { kind: 'Default', name: null }, localName, isType }
  return { importName: { kind: 'Name', name: nameOf(specifier['imported']) }, localName, isType }
}

function exportsOf(item: EsNode): ExportRecord[] {
  const moduleRequest = item['source'] ? { value: item['source'].value as string } : null
  const entry = (more: Partial<ExportRecord>): ExportRecord => ({
    start: item.start,
    moduleRequest,
    importName: NONE,
    exportName: NONE,
    localName: NONE,
    isType: item['exportKind'] === 'type',
    ...more,
  })
  if (item.type === 'ExportAllDeclaration') {
    const { exported } = item
    if (!exported) return [entry({ importName: { kind: 'AllButDefault', name: null } })]
    return [entry({ importName: { kind: 'All', name: null }, exportName: named(nameOf(exported)) })]
  }
  if (item.type === 'ExportDefaultDeclaration') return [entry(defaultExport(item['declaration']))]
  if (item['declaration'])
    return declaredNames(item['declaration']).map((name) =>
      entry({ localName: named(name), exportName: named(name) }),
    )
  return item['specifiers'].map((specifier: EsNode) => {
    const local = nameOf(specifier['local'])
    const exportName = named(nameOf(specifier['exported']))
    const names = moduleRequest
      ? { importName: named(local), exportName }
      : { localName: named(local), exportName }
    return entry({ start: specifier.start, ...names })
  })
}

function defaultExport(declaration: EsNode): Partial<ExportRecord> {
  const isNamed = /^(Function|Class)Declaration$/.test(declaration.type) && declaration['id']
  const local = isNamed ? declaration['id'] : declaration.type === 'Identifier' ? declaration : null
  const localName = local ? named(local.name) : { kind: 'Default', name: null }
  return { exportName: { kind: 'Default', name: null }, localName }
}

function declaredNames(declaration: EsNode): string[] {
  if (declaration.type !== 'VariableDeclaration') return [declaration['id'].name]
  const names: string[] = []
  const visit = (pattern: EsNode | null): void => {
    if (pattern?.type === 'Identifier') names.push(pattern['name'])
    for (const inner of pattern ? partsOf(pattern) : []) visit(inner)
  }
  for (const { id } of declaration['declarations']) visit(id)
  return names
}

function partsOf(pattern: EsNode): (EsNode | null)[] {
  switch (pattern.type) {
    case 'ObjectPattern':
      return pattern['properties'].map((p: EsNode) => (p.type === 'Property' ? p['value'] : p))
    case 'ArrayPattern':
      return pattern['elements']
    case 'AssignmentPattern':
      return [pattern['left']]
    case 'RestElement':
      return [pattern['argument']]
    default:
      return []
  }
}

function named(name: string): { kind: string; name: string } {
  return { kind: name === 'default' ? 'Default' : 'Name', name }
}

function nameOf(node: EsNode): string {
  return node.type === 'Literal' ? node['value'] : node['name']
}
