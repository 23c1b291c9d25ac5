// Where definitions stand: in another order, or in another file.

import type { EsNode } from '../../codebase/estree.ts'
import { type Edit, edited, nodesOf, pick, type Random, type Syntax } from './text.ts'

/** A top-level declaration of one name. */
interface Placed {
  readonly item: EsNode
  readonly name: string
  /** Names that stand in it, its own and those of members included. */
  readonly names: ReadonlySet<string>
}

/** The text with its top-level functions in another order; of what is evaluated while it loads the order stays. */
export function reordered({ program, text }: Syntax, random: Random): string {
  const items: EsNode[] = program['body']
  const isFunction = (item: EsNode): boolean => (item['declaration'] ?? item).type === 'FunctionDeclaration'
  const movable = new Set(movableOf(program).flatMap(({ item }) => (isFunction(item) ? [item] : [])))
  const places = items.filter((item) => movable.has(item))
  const drawn = [...places]
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[drawn[i], drawn[j]] = [drawn[j] as EsNode, drawn[i] as EsNode]
  }
  const edits = places.map((place, index): Edit => {
    const { start, end } = drawn[index] as EsNode
    return { start: place.start, end: place.end, text: `${text.slice(start, end)}\n` }
  })
  return edited(text, edits)
}

/** Declarations of one name that no other statement of the file's top level mentions, and nothing assigns. */
function movableOf(program: EsNode): Placed[] {
  const items: EsNode[] = program['body']
  const touched = new Set<string>()
  for (const item of items)
    if (!placedOf(item) && !/^(Import|Export)/.test(item.type)) addNames(item, touched)
  for (const item of items) if (item['declaration'] && !placedOf(item)) addNames(item, touched)
  for (const { node } of nodesOf(program)) {
    const target: EsNode | undefined = node.type === 'AssignmentExpression' ? node['left'] : node['argument']
    if (/^(Assignment|Update)Expression$/.test(node.type) || /^For(In|Of)/.test(node.type))
      for (const name of namesOf(target ?? node['left'])) touched.add(name)
  }
  const placed = items.flatMap((item) => placedOf(item) ?? [])
  const counts = Map.groupBy(placed, ({ name }) => name)
  return placed.filter(({ name }) => !touched.has(name) && counts.get(name)?.length === 1)
}

function placedOf(item: EsNode): Placed | undefined {
  const declaration: EsNode | null = /^Export(Named|Default)/.test(item.type) ? item['declaration'] : item
  const id: EsNode | undefined =
    declaration?.type === 'VariableDeclaration'
      ? declaration['declarations'].length === 1
        ? declaration['declarations'][0].id
        : undefined
      : /^(Function|Class)Declaration$/.test(declaration?.type ?? '')
        ? declaration!['id']
        : undefined
  return id?.type === 'Identifier' ? { item, name: id['name'], names: namesOf(item) } : undefined
}

function namesOf(node: EsNode): Set<string> {
  const names = new Set<string>()
  addNames(node, names)
  return names
}

function addNames(root: EsNode, names: Set<string>): void {
  for (const { node } of nodesOf(root)) if (node.type === 'Identifier') names.add(node['name'])
}

/** A file, and the one that a function of it was moved to; undefined when none can be. */
export interface Split {
  readonly text: string
  readonly moved: string
}

/**
 * Moves one function of the file to the file `specifier` next to it; `own` is how that one reaches back. What the
 * function needs is imported there as it is here: the file exports nothing more, which an escaping namespace would show.
 */
export function split(syntax: Syntax, own: string, specifier: string, random: Random): Split | undefined {
  const { program, text } = syntax
  const ways = waysTo(program, own)
  const declared = declaredNames(program)
  const neededBy = ({ names, name }: Placed): string[] =>
    [...names].filter((other) => declared.has(other) && other !== name)
  const functions = movableOf(program).filter((placed) => {
    const declaration: EsNode = placed.item['declaration'] ?? placed.item
    const isReachable = neededBy(placed).every((other) => ways.has(other))
    return declaration.type === 'FunctionDeclaration' && isReachable && !usesChanging(declaration, program)
  })
  if (functions.length === 0 || ways.size === 0) return undefined
  const placed = pick(functions, random)
  const { item, name } = placed
  const declaration: EsNode = item['declaration'] ?? item
  const isDefault = item.type === 'ExportDefaultDeclaration'
  const exported = item === declaration ? '' : `export { ${name}${isDefault ? ' as default' : ''} }`
  const back = edited(text, [{ start: item.start, end: item.end, text: exported }])
  const imports = neededBy(placed).map((other) => `import ${ways.get(other)}\n`)
  return {
    text: `${back}\nimport { ${name} } from '${specifier}'\n`,
    moved: `${imports.join('')}export ${text.slice(declaration.start, declaration.end)}\n`,
  }
}

/** How another file imports each name that this one imports or exports: what stands after `import`. */
function waysTo(program: EsNode, own: string): Map<string, string> {
  const ways = new Map<string, string>()
  for (const item of program['body'] as EsNode[]) {
    for (const { type, local, imported, exported } of item['specifiers'] ?? []) {
      const from = ` from '${item['source']?.value ?? own}'`
      if (type === 'ImportNamespaceSpecifier') ways.set(local.name, `* as ${local.name}${from}`)
      if (type === 'ImportDefaultSpecifier') ways.set(local.name, `${local.name}${from}`)
      if (type === 'ImportSpecifier') ways.set(local.name, `{ ${imported.name} as ${local.name} }${from}`)
      if (type === 'ExportSpecifier' && !item['source'])
        ways.set(local.name, `{ ${exported.name} as ${local.name} }${from}`)
    }
    const placed = item['declaration'] && placedOf(item)
    if (!placed) continue
    const isDefault = item.type === 'ExportDefaultDeclaration'
    ways.set(placed.name, `${isDefault ? placed.name : `{ ${placed.name} }`} from '${own}'`)
  }
  return ways
}

/** Names that a file declares or imports at its top level. */
function declaredNames(program: EsNode): Set<string> {
  const names = new Set<string>()
  for (const item of program['body'] as EsNode[]) {
    const declaration: EsNode = item['declaration'] ?? item
    const ids: EsNode[] = [
      ...(declaration['id'] ? [declaration['id']] : []),
      ...(declaration['declarations'] ?? []).map((d: EsNode) => d['id']),
      ...(item.type === 'ImportDeclaration' ? item['specifiers'].map((s: EsNode) => s['local']) : []),
    ]
    for (const id of ids) for (const name of namesOf(id)) names.add(name)
  }
  return names
}

/** Whether a function mentions a name that some function assigns: such state stays within its file. */
function usesChanging(declaration: EsNode, program: EsNode): boolean {
  const assigned = new Set<string>()
  for (const { node } of nodesOf(program)) {
    if (node.type === 'AssignmentExpression') addNames(node['left'], assigned)
    if (node.type === 'UpdateExpression') addNames(node['argument'], assigned)
  }
  return [...namesOf(declaration)].some((name) => assigned.has(name))
}
