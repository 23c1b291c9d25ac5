// Lowers a namespace with values to the JavaScript that TypeScript gives it: a `var`
// and a call that fills it. What it exports as variables are properties of it, which
// `qualifyExports` writes where their names stand, once scopes tell them apart.

import { type EsNode, identifier, patternIdentifiers, rewrite, walk } from './estree.ts'
import { assignment, filled, member, orNew } from './filled.ts'
import type { Binding, Scopes } from './scope.ts'

/** `erase` takes the types out of a statement of the body; `exporter` is the namespace that exports it, if one does. */
export function lowerNamespace(
  declaration: EsNode,
  erase: (statement: EsNode) => EsNode[],
  exporter?: string,
): EsNode[] {
  const [name, ...inner] = namesOf(declaration['id'])
  const at = { start: declaration.start, end: declaration.end }
  const body: EsNode[] =
    inner.length > 0 || declaration['body'].type === 'TSModuleDeclaration'
      ? lowerNamespace(innerOf(declaration, inner), erase, name).map(asVar)
      : declaration['body'].body
          .flatMap((statement: EsNode) => lowerStatement(statement, name!, erase))
          .map(asLet)
  const id = (): EsNode => identifier(name!, { ...declaration['id'], ...at })
  const target = (): EsNode => (exporter === undefined ? id() : member(exporter, name!, at))
  return filled({
    kind: exporter === undefined ? 'var' : 'let',
    id,
    body: mergeNamespaces(body),
    argument: exporter === undefined ? orNew(target, at) : assignment(id(), orNew(target, at), at),
    at,
    marks: { statement: { isOfNamespace: true }, filler: { namespace: name } },
  })
}

/** The inner ones of `namespace A.B` are declared with `var`. */
function asVar(statement: EsNode): EsNode {
  return statement.type === 'VariableDeclaration' ? { ...statement, kind: 'var' } : statement
}

/** `A`, `B` of `namespace A.B`. */
function namesOf(id: EsNode): string[] {
  return id.type === 'TSQualifiedName' ? [...namesOf(id['left']), id['right'].name] : [id['name']]
}

function innerOf(declaration: EsNode, names: readonly string[]): EsNode {
  if (names.length === 0) return declaration['body']
  const id = names
    .map((name) => identifier(name, declaration))
    .reduce((left, right) => ({ type: 'TSQualifiedName', left, right, start: left.start, end: left.end }))
  return { ...declaration, id }
}

/** A statement of the body; what it exports is assigned to the namespace after it. */
function lowerStatement(statement: EsNode, name: string, erase: (node: EsNode) => EsNode[]): EsNode[] {
  const declared: EsNode | null =
    statement.type === 'ExportNamedDeclaration' ? statement['declaration'] : null
  if (!declared) return erase(statement)
  if (declared.type === 'TSModuleDeclaration')
    return erase(declared).length === 0 ? [] : lowerNamespace(declared, erase, name)
  const erased = erase(declared)
  const [first] = erased
  if (first?.type === 'VariableDeclaration' && declared.type === 'VariableDeclaration')
    return [{ ...first, exportedBy: name }]
  if (!first || !declared['id']) return erased
  if (declared.type === 'TSEnumDeclaration') return exportedEnum(erased, name)
  const at = { start: declared.start, end: declared.end }
  const local: string = declared['id'].name
  const expression = assignment(member(name, local, at), identifier(local, { ...declared, ...at }), at)
  return [...erased, { type: 'ExpressionStatement', expression, directive: null, ...at }]
}

/** `let E; (function (E) { … })(E = N.E || (N.E = {}))`. */
function exportedEnum([variable, filled]: readonly EsNode[], name: string): EsNode[] {
  const call: EsNode = filled!['expression']
  const local: string = call['callee'].params[0].name
  const at = { start: call.start, end: call.end }
  const found = orNew(() => member(name, local, at), at)
  const argument = assignment(identifier(local, call), found, at)
  return [variable!, { ...filled!, expression: { ...call, arguments: [argument] } }]
}

/** Within a function, what enums and namespaces are kept in is declared with `let`. */
function asLet(statement: EsNode): EsNode {
  const isLowered = statement['isOfNamespace'] || statement['isOfEnum']
  return isLowered && statement.type === 'VariableDeclaration' ? { ...statement, kind: 'let' } : statement
}

/** Leaves one `var` for all that have one name; a function or class of that name is itself what is filled. */
export function mergeNamespaces(statements: readonly EsNode[]): EsNode[] {
  const declared = new Set<string>()
  const solid = new Set<string>()
  for (const item of statements) {
    const { type, id }: EsNode = item['declaration'] ?? item
    if (/^(Function|Class)Declaration$/.test(type) && id) solid.add(id.name)
  }
  return statements.flatMap((item): EsNode[] => {
    const statement: EsNode = item['declaration'] ?? item
    if (statement.type === 'VariableDeclaration') {
      const names: string[] = statement['declarations'].flatMap((d: EsNode) =>
        patternIdentifiers(d['id']).map((id) => id['name']),
      )
      const isTaken = statement['isOfNamespace'] && (declared.has(names[0]!) || solid.has(names[0]!))
      for (const each of names) declared.add(each)
      return isTaken ? [] : [item]
    }
    const filler: EsNode | undefined = item['isOfNamespace'] ? item['expression'].callee : undefined
    if (filler && solid.has(filler['namespace'])) item['expression'].arguments = [{ ...filler['params'][0] }]
    return [item]
  })
}

/** Rewrites mentions of exported variables as members of their namespaces, in place; true when there were any. */
export function qualifyExports(program: EsNode, scopes: Scopes): boolean {
  const exported = new Map<Binding, string>()
  const elsewhere: { filler: EsNode; names: ReadonlySet<string> }[] = []
  const all = new Map<string, Set<string>>()
  walk(program, (node) => {
    if (node.type !== 'FunctionExpression' || node['namespace'] === undefined) return
    const names = all.get(node['namespace']) ?? new Set<string>()
    all.set(node['namespace'], names)
    elsewhere.push({ filler: node, names })
    for (const statement of node['body'].body as EsNode[]) {
      if (statement['exportedBy'] !== undefined) {
        for (const id of statement['declarations'].flatMap((d: EsNode) => patternIdentifiers(d['id']))) {
          names.add(id['name'])
          const binding = scopes.bindingOf(id)
          if (binding) exported.set(binding, statement['exportedBy'])
        }
      } else if (statement['expression']?.left?.object?.name === node['namespace'])
        names.add(statement['expression'].left.property.name)
    }
  })
  if (elsewhere.length === 0) return false
  const free = namesOfOtherBlocks(elsewhere, scopes)
  rewrite(program, (node) => {
    if (node['exportedBy'] !== undefined) return assignments(node)
    if (node.type === 'Property' && node['shorthand'])
      return { ...node, shorthand: false, key: { ...node['key'] } }
    const binding = node.type === 'Identifier' ? scopes.bindingOf(node) : undefined
    const owner = (binding && exported.get(binding)) ?? free.get(node)
    return owner === undefined ? node : member(owner, node['name'], node)
  })
  return true
}

/** Mentions of what another block of the same namespace exports, with the namespace. */
function namesOfOtherBlocks(
  blocks: readonly { filler: EsNode; names: ReadonlySet<string> }[],
  scopes: Scopes,
): Map<EsNode, string> {
  const found = new Map<EsNode, string>()
  for (const { filler, names } of blocks) {
    walk(filler['body'], (node) => {
      const binding = node.type === 'Identifier' ? scopes.bindingOf(node) : undefined
      if ((binding === null || binding?.isModule) && names.has(node['name']))
        found.set(node, filler['namespace'])
    })
  }
  return found
}

/** `const a = 1, { b } = c` as `a = 1, { b } = c`. */
function assignments({ declarations, start, end }: EsNode): EsNode {
  const at = { start, end }
  const [first, ...more]: EsNode[] = declarations.flatMap(({ id, init }: EsNode): EsNode[] =>
    init ? [assignment(id, init, at)] : [],
  )
  if (!first) return { type: 'EmptyStatement', ...at }
  const expression =
    more.length === 0 ? first : { type: 'SequenceExpression', expressions: [first, ...more], ...at }
  return { type: 'ExpressionStatement', expression, directive: null, ...at }
}
