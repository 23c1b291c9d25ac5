// Spellings of expressions and statements: parentheses, braces, commas, kinds of declaration.

import type { EsNode } from '../../codebase/estree.ts'
import { type Edit, insertion, nodesOf, type Random, type Syntax } from './text.ts'

/** Fields that hold an expression whose parentheses say nothing. */
const PARENTHESISED: Readonly<Record<string, readonly string[]>> = {
  CallExpression: ['arguments'],
  NewExpression: ['arguments'],
  BinaryExpression: ['left', 'right'],
  LogicalExpression: ['left', 'right'],
  ConditionalExpression: ['test', 'consequent', 'alternate'],
  AssignmentExpression: ['right'],
  ReturnStatement: ['argument'],
  ThrowStatement: ['argument'],
  VariableDeclarator: ['init'],
  SpreadElement: ['argument'],
  UnaryExpression: ['argument'],
  AwaitExpression: ['argument'],
  IfStatement: ['test'],
  ForStatement: ['test', 'update'],
  TemplateLiteral: ['expressions'],
  ArrayExpression: ['elements'],
}

export function parenthesised({ program }: Syntax, random: Random): Edit[] {
  return nodesOf(program).flatMap(({ node }) =>
    (PARENTHESISED[node.type] ?? [])
      .flatMap((field): (EsNode | null)[] => [node[field]].flat())
      .filter((inner) => inner && !/^(SpreadElement|PrivateIdentifier)$/.test(inner.type) && random() < 0.4)
      .flatMap((inner) => around(inner!, '(', ')')),
  )
}

/** Parentheses that are there taken away, around what is one token or ends with a bracket. */
export function unparenthesised({ program }: Syntax): Edit[] {
  return nodesOf(program).flatMap(({ node, around: [parent] }): Edit[] => {
    if (node.type !== 'ParenthesizedExpression' || !parent) return []
    const isPlain = /^(Identifier|ThisExpression|ArrayExpression|CallExpression)$/.test(
      node['expression'].type,
    )
    const isSafe =
      /^(BinaryExpression|ConditionalExpression|IfStatement|WhileStatement|VariableDeclarator)$/.test(
        parent.type,
      )
    if (!isPlain || (!isSafe && parent.type !== 'CallExpression') || parent['callee'] === node) return []
    const { start, end, expression } = node
    return [
      { start, end: expression.start, text: ' ' },
      { start: expression.end, end, text: ' ' },
    ]
  })
}

/** Braces around single statements and bodies of arrows, blocks that only group, empty statements. */
export function braced({ program }: Syntax, random: Random): Edit[] {
  return nodesOf(program).flatMap(({ node }): Edit[] => {
    if (random() < 0.3) return []
    if (node.type === 'ArrowFunctionExpression' && node['body'].type !== 'BlockStatement')
      return around(node['body'], '{ return ', ' }')
    if (node.type === 'IfStatement')
      return [node['consequent'], node['alternate']].flatMap((branch) =>
        branch ? around(branch, '{', '}') : [],
      )
    if (/^(For|ForIn|ForOf|While)Statement$/.test(node.type) && node['body'].type !== 'BlockStatement')
      return around(node['body'], '{', '}')
    if (node.type === 'CatchClause' && !node['param']) return [insertion(node['body'].start, '(unused) ')]
    if (
      /^(BlockStatement|StaticBlock)$/.test(node.type) &&
      node['body'].length > 0 &&
      !isDirective(node['body'][0])
    )
      return [insertion(node['body'][0].start, ';;'), insertion(node['body'].at(-1).end, '; debugger;')]
    return []
  })
}

/** `else { if }`, statements in blocks that declare nothing, declarations apart, `let` for `const`. */
export function regrouped({ program, text }: Syntax, random: Random): Edit[] {
  return nodesOf(program).flatMap(({ node, around: [parent] }): Edit[] => {
    if (random() < 0.3) return []
    const inList = parent && /^(BlockStatement|Program|StaticBlock)$/.test(parent.type)
    if (
      inList &&
      /^(Return|Throw|If|Expression|For)Statement$/.test(node.type) &&
      !isDirective(node) &&
      parent.type !== 'Program'
    )
      return around(node, '{', '}')
    if (node.type !== 'VariableDeclaration' || !inList) return []
    const kind = node['kind'] === 'const' ? 'let' : node['kind']
    const [first, ...others]: EsNode[] = node['declarations']
    const separators = others.map((declarator, index): Edit => {
      const before = node['declarations'][index] as EsNode
      const comma = text.slice(before.end, declarator.start).replace(',', `; ${kind} `)
      return { start: before.end, end: declarator.start, text: comma.includes('/') ? `; ${kind} ` : comma }
    })
    return [{ start: node.start, end: first!.start, text: `${kind} ` }, ...separators]
  })
}

/** Commas after the last, parentheses of `new`, `void 0` for `undefined`. */
export function recommaed({ program, text, tokens }: Syntax, random: Random): Edit[] {
  const words = new Map(
    tokens.map(({ start, end }, index) => {
      const before = tokens[index - 1]?.end ?? 0
      return [before, text.slice(start, end)] as const
    }),
  )
  const next = (offset: number): string => words.get(offset) ?? ''
  // Inner ones first, since an insertion after a node comes after those within.
  return nodesOf(program)
    .toReversed()
    .flatMap(({ node, around: [parent] }): Edit[] => {
      if (random() < 0.4) return []
      const after = (items: readonly (EsNode | null)[]): Edit[] => {
        const last = items.at(-1)
        const isOpen = last && last.type !== 'RestElement' && next(last.end) !== ','
        return isOpen && /^[)\]}]/.test(next(last.end)) ? [insertion(last.end, ',')] : []
      }
      if (node.type === 'NewExpression' && !text.slice(node['callee'].end, node.end).includes('('))
        return [insertion(node.end, '()')]
      if (/^(Call|New)Expression$/.test(node.type)) return after(node['arguments'])
      if (/^Array(Expression|Pattern)$/.test(node.type)) return after(node['elements'])
      if (/^Object(Expression|Pattern)$/.test(node.type)) return after(node['properties'])
      if (node.type.startsWith('Function') && parent?.['kind'] !== 'get' && parent?.['kind'] !== 'set')
        return after(node['params'])
      return []
    })
}

function isDirective(statement: EsNode): boolean {
  return statement.type === 'ExpressionStatement' && typeof statement['expression'].value === 'string'
}

function around(node: EsNode, before: string, after: string): Edit[] {
  return [insertion(node.start, before), insertion(node.end, after)]
}
