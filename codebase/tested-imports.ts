// Which imports may decide a branch: those that are tested by their name alone.

import { childrenOf, type EsNode } from './estree.ts'
import type { Scopes } from './scope.ts'
import type { SourceFile } from './source.ts'

const TESTING: ReadonlySet<string> = new Set([
  'IfStatement',
  'ConditionalExpression',
  'LogicalExpression',
  'UnaryExpression',
  'SequenceExpression',
  'VariableDeclarator',
])

/** Imports that JavaScript, its types erased, tests by their name alone, or makes another name's. */
export function testedImports(
  { program, text }: Pick<SourceFile, 'program' | 'text'>,
  scopes: Scopes,
): ReadonlySet<string> {
  const names = new Set<string>()
  // Most are called, or asked for a member.
  const isBare = ({ end }: EsNode): boolean => !/[(.]/.test(text.charAt(end))
  const imports = scopes.mentions.filter(
    ({ binding, identifier }) => binding?.kind === 'import' && isBare(identifier),
  )
  if (imports.length === 0) return names
  const visit = (node: EsNode): void => {
    for (const child of childrenOf(node)) {
      if (child.type !== 'Identifier') visit(child)
      else if (TESTING.has(node.type) && scopes.bindingOf(child)?.kind === 'import') names.add(child['name'])
    }
  }
  visit(program)
  return names
}
