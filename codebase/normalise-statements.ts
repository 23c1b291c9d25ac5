// Statements of the author's syntax to terms: one becomes a list, so that blocks that
// only group, empty statements and several declarations in one leave no trace.

import { childrenOf, type EsNode, isClass, isFunction, patternIdentifiers } from './estree.ts'
import { absentIn } from './normalise-expressions.ts'
import { classOf, functionOf, namedValue } from './normalise-functions.ts'
import { make, type NormaliseTables, type Normalising } from './normalising.ts'
import { staticTruth } from './static-truth.ts'
import type { Node } from './term.ts'

type Table = NormaliseTables['statements']

const SIMPLE: Table = {
  EmptyStatement: () => [],
  DebuggerStatement: () => [],
  ExpressionStatement(node, to) {
    // Modules are strict, so that a directive says nothing.
    return typeof node['directive'] === 'string'
      ? []
      : [make('Expression', node, { expression: to.expression(node['expression']) })]
  },
  BlockStatement(node, to) {
    const body = to.block(node['body'])
    return body.some(isLexical) ? [make('Block', node, { body })] : body
  },
  VariableDeclaration(node, to) {
    return node['declarations'].map((declarator: EsNode) => declaration(node, [declarator], to))
  },
  FunctionDeclaration: (node, to) => [
    make('FunctionDeclaration', node, { local: to.declared(node['id']), value: functionOf(node, to) }),
  ],
  ClassDeclaration: (node, to) => [
    make('ClassDeclaration', node, { local: to.declared(node['id']), value: classOf(node, '', to) }),
  ],
  ReturnStatement: (node, to) => [
    make('Return', node, { argument: to.optionalExpression(node['argument']) }),
  ],
  ThrowStatement: (node, to) => [make('Throw', node, { argument: to.expression(node['argument']) })],
  LabeledStatement: (node, to) => [
    make('Labeled', node, { body: to.inLabel(node['label'].name, () => labelled(node['body'], to)) }),
  ],
  BreakStatement: (node, to) => [
    make('Break', node, { label: node['label'] && to.labelDepth(node['label'].name) }),
  ],
  ContinueStatement: (node, to) => [
    make('Continue', node, { label: node['label'] && to.labelDepth(node['label'].name) }),
  ],
}

const BRANCHES: Table = {
  IfStatement(node, to) {
    const truth = staticTruth(node['test'], absentIn(to))
    if (truth !== undefined) return decidedIf(node, truth, to)
    return [
      make('If', node, {
        test: to.expression(node['test']),
        consequent: to.block(listed(node['consequent'])),
        alternate: node['alternate'] ? alternate(node['alternate'], to) : null,
      }),
    ]
  },
  SwitchStatement: (node, to) => [
    make('Switch', node, {
      discriminant: to.expression(node['discriminant']),
      cases: node['cases'].map((item: EsNode) =>
        make('Case', item, {
          test: to.optionalExpression(item['test']),
          consequent: to.statements(item['consequent']),
        }),
      ),
    }),
  ],
  TryStatement: (node, to) => [
    make('Try', node, {
      block: to.block(node['block'].body),
      handler: node['handler'] && handler(node['handler'], to),
      finalizer:
        node['finalizer'] && make('Block', node['finalizer'], { body: to.block(node['finalizer'].body) }),
    }),
  ],
}

const LOOPS: Table = {
  ForStatement: (node, to) => [
    make('For', node, {
      init: node['init'] && head(node['init'], to),
      test: to.optionalExpression(node['test']),
      update: to.optionalExpression(node['update']),
      body: to.block(listed(node['body'])),
    }),
  ],
  ForInStatement: (node, to) => [
    make('ForIn', node, {
      left: target(node['left'], to),
      right: to.expression(node['right']),
      body: to.block(listed(node['body'])),
    }),
  ],
  ForOfStatement: (node, to) => [
    make('ForOf', node, {
      await: node['await'],
      left: target(node['left'], to),
      right: to.expression(node['right']),
      body: to.block(listed(node['body'])),
    }),
  ],
  WhileStatement: (node, to) => [
    make('While', node, { test: to.expression(node['test']), body: to.block(listed(node['body'])) }),
  ],
  DoWhileStatement: (node, to) => [
    make('DoWhile', node, { body: to.block(listed(node['body'])), test: to.expression(node['test']) }),
  ],
}

export const STATEMENTS: Table = { ...SIMPLE, ...BRANCHES, ...LOOPS }

/** What a body consists of, with or without braces. */
function listed(body: EsNode): readonly EsNode[] {
  return body.type === 'BlockStatement' ? body['body'] : [body]
}

/** Whether a statement declares something for the block that it stands in. */
function isLexical(node: Node): boolean {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'ClassDeclaration' ||
    (node.type === 'Declare' && node['kind'] !== 'var')
  )
}

/** A declaration of `declarators`; `let` of what is never assigned again is `const`. */
function declaration(node: EsNode, declarators: readonly EsNode[], to: Normalising): Node {
  const isConstant =
    node['kind'] !== 'var' &&
    declarators.flatMap((d) => patternIdentifiers(d['id'])).every((id) => to.isConstant(id))
  const kind = isConstant ? 'const' : node['kind']
  return make('Declare', node, { kind, declarators: declarators.map((d) => declarator(d, kind, to)) })
}

function declarator(node: EsNode, kind: string, to: Normalising): Node {
  const target = to.pattern(node['id'])
  const init = node['init'] ? namedValue(node['id'], node['init'], to) : null
  if (kind === 'var' || node['id'].type !== 'Identifier') return make('Declarator', node, { target, init })
  // `let x` and `let x = undefined` are one; a constant needs the initialiser, a variable does not.
  if (kind === 'let')
    return make('Declarator', node, { target, init: init?.type === 'Undefined' ? null : init })
  return make('Declarator', node, { target, init: init ?? make('Undefined', node) })
}

/** The first part of a `for`, where several declarators stay together. */
function head(node: EsNode, to: Normalising): Node {
  return node.type === 'VariableDeclaration'
    ? declaration(node, node['declarations'], to)
    : to.expression(node)
}

/** What `for … in` and `for … of` give their values to: a declaration has no initialiser there. */
function target(node: EsNode, to: Normalising): Node {
  if (node.type !== 'VariableDeclaration') return to.pattern(node)
  const [only] = node['declarations']
  const isConstant = node['kind'] !== 'var' && patternIdentifiers(only.id).every((id) => to.isConstant(id))
  const declared = make('Declarator', only, { target: to.pattern(only.id), init: null })
  return make('Declare', node, { kind: isConstant ? 'const' : node['kind'], declarators: [declared] })
}

function labelled(body: EsNode, to: Normalising): Node {
  if (body.type === 'BlockStatement') return make('Block', body, { body: to.block(body['body']) })
  const list = to.statements([body])
  const [only] = list
  // A declaration, which only a `var` can be here, is labelled as a block: terms label statements.
  const isStatement = list.length === 1 && only && only.type !== 'Declare'
  return isStatement ? only : make('Block', body, { body: list })
}

/** The part after `else`: another `if`, a block, or nothing when it does nothing. */
function alternate(node: EsNode, to: Normalising): Node | null {
  const body = to.block(listed(node))
  if (body.length === 0) return null
  const [only] = body
  return body.length === 1 && only?.type === 'If' ? only : make('Block', node, { body })
}

/** A catch clause; a parameter that nothing mentions is as good as none. */
function handler(node: EsNode, to: Normalising): Node {
  const body = to.block(node['body'].body)
  const { param } = node
  const isUnused = param?.type === 'Identifier' && !to.isMentioned(param) && to.isConstant(param)
  return make('Catch', node, { param: param && !isUnused ? to.pattern(param) : null, body })
}

/** The branch that is left when the absence of names rules out the other, whose `var` declarations remain. */
function decidedIf(node: EsNode, truth: boolean, to: Normalising): readonly Node[] {
  const [kept, dropped]: readonly (EsNode | null)[] = truth
    ? [node['consequent'], node['alternate']]
    : [node['alternate'], node['consequent']]
  const variables = dropped ? variablesOf(dropped) : []
  const declared = variables.map((id) =>
    make('Declare', id, {
      kind: 'var',
      declarators: [make('Declarator', id, { target: to.declared(id), init: null })],
    }),
  )
  if (!kept) return declared
  const body = to.block(listed(kept))
  return [...declared, ...(body.some(isLexical) ? [make('Block', kept, { body })] : body)]
}

/** The first identifier of each `var` within `node` and not within its functions. */
function variablesOf(node: EsNode): EsNode[] {
  const found = new Map<string, EsNode>()
  const visit = (current: EsNode): void => {
    if (isFunction(current) || isClass(current)) return
    if (current.type === 'VariableDeclaration' && current['kind'] === 'var') {
      for (const id of current['declarations'].flatMap((d: EsNode) => patternIdentifiers(d['id'])))
        found.set(id['name'], id)
    }
    for (const child of childrenOf(current)) visit(child)
  }
  visit(node)
  return [...found.values()]
}
