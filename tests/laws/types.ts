// JavaScript as TypeScript: the same text with types in every place for one.

import type { EsNode } from '../../codebase/estree.ts'
import { parseWithOxc, type Parse } from '../../codebase/source.ts'
import { type Edit, insertion, nodesOf, pick, type Random, type Syntax } from './text.ts'

/** Parses JavaScript's files as TypeScript's. */
export const parseAsTypeScript: Parse = (path, text) =>
  parseWithOxc(path.replace(/\.([cm]?)js$/, '.$1ts'), text)

/** Annotations, assertions, type arguments, declarations of types, overloads. */
export function typed({ program, text }: Syntax, random: Random): Edit[] {
  const items: EsNode[] = program['body']
  const first = items[0]?.start ?? 0
  return [
    insertion(
      first,
      '\ntype Text_ = string\ninterface Sized_ { size: number }\ndeclare const there_: Text_\n',
    ),
    ...nodesOf(program).flatMap(({ node, around: [parent] }): Edit[] => {
      if (random() < 0.3) return []
      if (/^(Function|ArrowFunction)/.test(node.type)) return functionEdits(node, parent, text)
      if (node.type === 'VariableDeclarator') return declaratorEdits(node, parent, random)
      if (/^(Call|New)Expression$/.test(node.type)) return argumentEdits(node, text, random)
      if (node.type === 'ReturnStatement' && node['argument']) return asserted(node['argument'], random)
      if (node.type === 'ClassBody')
        return [insertion(node.start + 1, ' declare private readonly types_?: Sized_;')]
      return []
    }),
  ]
}

function functionEdits(node: EsNode, parent: EsNode | undefined, text: string): Edit[] {
  const params: EsNode[] = node['params']
  const hasParentheses =
    node.type !== 'ArrowFunctionExpression' || text.slice(node.start, node['body'].start).includes('(')
  if (!hasParentheses) return []
  const edits = params.flatMap((param): Edit[] =>
    param.type === 'Identifier' ? [insertion(param.end, ': any')] : [],
  )
  const isSetter = parent?.['kind'] === 'set' || parent?.['kind'] === 'constructor'
  return isSetter || node.type === 'ArrowFunctionExpression'
    ? edits
    : [...edits, insertion(closing(node, text), ': any')]
}

/** Behind the parenthesis that ends the parameters. */
function closing(node: EsNode, text: string): number {
  return text.lastIndexOf(')', node['body'].start) + 1
}

function declaratorEdits(node: EsNode, parent: EsNode | undefined, random: Random): Edit[] {
  if (node['id'].type !== 'Identifier' || !node['init']) return []
  return parent && random() < 0.5 ? [insertion(node['id'].end, ': any')] : asserted(node['init'], random)
}

function argumentEdits(node: EsNode, text: string, random: Random): Edit[] {
  const given: EsNode[] = node['arguments']
  const hasTypes = node['callee'].type === 'Identifier' && text[node['callee'].end] === '('
  const edits = hasTypes && random() < 0.5 ? [insertion(node['callee'].end, '<any>')] : []
  return [...edits, ...given.flatMap((each) => (each.type === 'SpreadElement' ? [] : asserted(each, random)))]
}

function asserted(node: EsNode, random: Random): Edit[] {
  const [before, after] = pick(
    [
      ['((', ') as any)'],
      ['(<any>(', '))'],
      ['((', ') satisfies any)'],
      ['((', ')!)'],
    ] as const,
    random,
  )
  return [insertion(node.start, before), insertion(node.end, after)]
}
