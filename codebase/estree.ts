// The parser's syntax trees (ESTree with TypeScript's nodes), and how to walk them.
// Nodes are loosely typed here and only here: terms, which are hashed, are not.

import { CHILD_FIELDS } from './estree-fields.ts'

/** A node of the author's syntax; `start` and `end` are UTF-16 offsets in its file. */
export interface EsNode {
  type: string
  start: number
  end: number
  // oxlint-disable-next-line typescript/no-explicit-any -- some eighty node shapes, each read by its own case
  [field: string]: any
}

export function isNode(value: unknown): value is EsNode {
  return typeof value === 'object' && value !== null && typeof (value as EsNode).type === 'string'
}

const NONE: readonly EsNode[] = Object.freeze([])

/** Direct children of a node without types, in the order of its fields. */
export function childrenOf(node: EsNode): readonly EsNode[] {
  const fields = CHILD_FIELDS.get(node.type)
  if (!fields) return childrenAsWritten(node)
  if (fields.length === 0) return NONE
  if (fields.length === 1) return onlyChildren(node[fields[0]!])
  const children: EsNode[] = []
  for (const field of fields) {
    const value: EsNode | null | readonly (EsNode | null)[] | undefined = node[field]
    if (Array.isArray(value)) {
      for (const item of value) if (item) children.push(item)
    } else if (value) {
      children.push(value as EsNode)
    }
  }
  return children
}

/** A list without holes is handed out as it is. */
function onlyChildren(value: EsNode | null | undefined | readonly (EsNode | null)[]): readonly EsNode[] {
  if (!value) return NONE
  if (!Array.isArray(value)) return [value as EsNode]
  return value.includes(null) ? value.filter((item) => item !== null) : value
}

/** Direct children of `node`, types and all, in the order of its fields. */
export function childrenAsWritten(node: EsNode): EsNode[] {
  const children: EsNode[] = []
  for (const field in node) {
    const value: unknown = node[field]
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item)
    } else if (isNode(value)) {
      children.push(value)
    }
  }
  return children
}

/** Visits `node`, types and all, and what is below it, parents first. */
export function walk(node: EsNode, visit: (node: EsNode) => void): void {
  visit(node)
  for (const child of childrenAsWritten(node)) walk(child, visit)
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

export function isFunction(node: EsNode): boolean {
  return FUNCTIONS.has(node.type)
}

export function isClass(node: EsNode): boolean {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression'
}

/** The identifiers that a binding pattern declares, in source order. */
export function patternIdentifiers(pattern: EsNode | null): EsNode[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern]
    case 'ObjectPattern':
      return pattern['properties'].flatMap((p: EsNode) =>
        patternIdentifiers(p.type === 'Property' ? p['value'] : p),
      )
    case 'ArrayPattern':
      return pattern['elements'].flatMap(patternIdentifiers)
    case 'AssignmentPattern':
      return patternIdentifiers(pattern['left'])
    case 'RestElement':
      return patternIdentifiers(pattern['argument'])
    default:
      return []
  }
}

/** The name under which a key or member is read, when the text alone tells: `a.b`, `a['b']`, `a[0]`. */
export function staticName(key: EsNode, computed: boolean): string | undefined {
  if (key.type === 'Identifier') return computed ? undefined : key['name']
  if (key.type === 'Literal' && (typeof key['value'] === 'string' || typeof key['value'] === 'number'))
    return String(key['value'])
  if (key.type === 'TemplateLiteral' && key['expressions'].length === 0) return key['quasis'][0].value.cooked
  return undefined
}

/** The text that a string literal, or a template without substitutions, stands for. */
export function staticText(node: EsNode): string | undefined {
  return node.type === 'Literal' && typeof node['value'] !== 'string' ? undefined : staticName(node, true)
}

/** `name` as an identifier that stands where `at` stands. */
export function identifier(name: string, at: EsNode): EsNode {
  return { type: 'Identifier', name, start: at.start, end: at.end }
}

/** An expression that is `undefined`, standing where `at` stands. */
export function undefinedAt(at: EsNode): EsNode {
  const zero: EsNode = { type: 'Literal', value: 0, raw: '0', start: at.start, end: at.end }
  return {
    type: 'UnaryExpression',
    operator: 'void',
    prefix: true,
    argument: zero,
    start: at.start,
    end: at.end,
  }
}

/** Replaces nodes below `root` in place, parents first; `replace` returns its argument to leave a node as it is. */
export function rewrite(root: EsNode, replace: (node: EsNode) => EsNode): void {
  for (const field in root) {
    const value: unknown = root[field]
    if (Array.isArray(value)) {
      value.forEach((item, i) => {
        if (isNode(item)) value[i] = rewritten(item, replace)
      })
    } else if (isNode(value)) {
      root[field] = rewritten(value, replace)
    }
  }
}

function rewritten(node: EsNode, replace: (node: EsNode) => EsNode): EsNode {
  const replacement = replace(node)
  rewrite(replacement, replace)
  return replacement
}

/** The `var` names that `node` declares for the function or module around it. */
export function varsWithin(node: EsNode): EsNode[] {
  if (isFunction(node) || isClass(node) || node.type.endsWith('Expression')) return []
  const own = node.type === 'VariableDeclaration' && node['kind'] === 'var'
  const declared = own ? node['declarations'].flatMap((d: EsNode) => patternIdentifiers(d['id'])) : []
  return [...declared, ...childrenOf(node).flatMap(varsWithin)]
}

/** What an assignment, an update, a `delete` or the head of a loop writes: names and members, patterns taken apart. */
export function writtenBy(node: EsNode): readonly EsNode[] {
  switch (node.type) {
    case 'AssignmentExpression':
      return leavesOf(node['left'])
    case 'UpdateExpression':
      return [node['argument']]
    case 'UnaryExpression':
      return node['operator'] === 'delete' ? [node['argument']] : NONE
    case 'ForInStatement':
    case 'ForOfStatement':
      return node['left'].type === 'VariableDeclaration' ? NONE : leavesOf(node['left'])
    default:
      return NONE
  }
}

function leavesOf(target: EsNode | null): EsNode[] {
  switch (target?.type) {
    case undefined:
      return []
    case 'ObjectPattern':
      return target!['properties'].flatMap((p: EsNode) => leavesOf(p.type === 'Property' ? p['value'] : p))
    case 'ArrayPattern':
      return target!['elements'].flatMap(leavesOf)
    case 'AssignmentPattern':
      return leavesOf(target!['left'])
    case 'RestElement':
      return leavesOf(target!['argument'])
    default:
      return [target!]
  }
}

/** Whether a parameter pattern evaluates something: a default or a computed key. */
export function hasPatternExpression(pattern: EsNode | null): boolean {
  switch (pattern?.type) {
    case 'AssignmentPattern':
      return true
    case 'RestElement':
      return hasPatternExpression(pattern['argument'])
    case 'ArrayPattern':
      return pattern['elements'].some(hasPatternExpression)
    case 'ObjectPattern':
      return pattern['properties'].some(
        (p: EsNode) => p['computed'] || hasPatternExpression(p.type === 'RestElement' ? p : p['value']),
      )
    default:
      return false
  }
}
