// What of a module may be scratch, before its functions are read: variables and small
// records that no other module sees, and the local names that they are given.

import { type EsNode, patternIdentifiers } from './estree.ts'
import type { Binding, Scopes } from './scope.ts'

/** Variables, and records of literals, that are not exported. */
export function candidatesOf(program: EsNode, scopes: Scopes): Map<Binding, EsNode | null> {
  const candidates = new Map<Binding, EsNode | null>()
  const exported = new Set<Binding | null | undefined>()
  for (const item of program['body']) {
    for (const { local } of item['specifiers'] ?? []) exported.add(scopes.bindingOf(local))
    const isDeclared =
      item.type === 'ExportNamedDeclaration' && item['declaration']?.type === 'VariableDeclaration'
    for (const { id } of isDeclared ? item['declaration'].declarations : [])
      for (const name of patternIdentifiers(id)) exported.add(scopes.bindingOf(name))
    for (const { id, init } of item.type === 'VariableDeclaration' ? item['declarations'] : []) {
      const binding = id.type === 'Identifier' && scopes.bindingOf(id)
      if (binding && (binding.writes > 0 || isRecord(init))) candidates.set(binding, init)
    }
  }
  for (const binding of candidates.keys()) if (exported.has(binding)) candidates.delete(binding)
  return candidates
}

/** An object literal of names and literals. */
function isRecord(node: EsNode | null): boolean {
  if (node?.type !== 'ObjectExpression' || node['properties'].length === 0) return false
  return node['properties'].every(
    ({ type, value }: EsNode) => type === 'Property' && /^(Literal|Identifier)$/.test(value.type),
  )
}

export function aliasesOf(scopes: Scopes): Map<Binding, Binding> {
  const aliases = new Map<Binding, Binding>()
  for (const { id, init } of scopes.initialisers) {
    const [alias, of] = [id, init].map((each) => each.type === 'Identifier' && scopes.bindingOf(each))
    if (alias && of && of.isModule && !alias.isModule && alias.writes === 0) aliases.set(alias, of)
  }
  return aliases
}
