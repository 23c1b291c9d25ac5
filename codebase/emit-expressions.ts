// JavaScript text of expressions. Parentheses follow precedence.ts.

import type { Emission, EmitTable } from './emission.ts'
import {
  flagAt,
  nodeAt,
  nodesAt,
  numberAt,
  optionalNodeAt,
  sparseNodesAt,
  textAt,
  textsAt,
} from './fields.ts'
import type { Hash } from './hash.ts'
import { isPlainName, isSmallIndex, numberLiteral, stringLiteral, templateText } from './literals.ts'
import { LEVEL, levelOf } from './precedence.ts'
import type { Node } from './term.ts'

const NAMES: EmitTable = {
  Local: (node, to) => to.write(to.local(numberAt(node, 'index'))),
  Sibling: (node, to) => to.write(to.options.sibling(numberAt(node, 'slot'))),
  Reference: (node, to) =>
    to.write(to.options.name({ hash: node['hash'] as Hash, index: numberAt(node, 'index') })),
  Intrinsic: (node, to) => to.write(to.intrinsic(textAt(node, 'name'))),
  This: (_, to) => to.write('this'),
  Super: (_, to) => to.write('super'),
  NewTarget: (_, to) => to.write('new.target'),
  Arguments: (_, to) => to.write('arguments'),
}

const LITERALS: EmitTable = {
  String: (node, to) => to.write(stringLiteral(textAt(node, 'value'))),
  Number: (node, to) => to.write(numberLiteral(numberAt(node, 'value'))),
  BigInt: (node, to) => to.write(`${textAt(node, 'value')}n`),
  RegExp: (node, to) => to.write(`/${textAt(node, 'pattern')}/${textAt(node, 'flags')}`),
  Boolean: (node, to) => to.write(String(node['value'])),
  Null: (_, to) => to.write('null'),
  Undefined: (_, to) => to.write('void 0'),
  Template: (node, to) =>
    template(textsAt(node, 'cooked').map(templateText), nodesAt(node, 'expressions'), to),
  TaggedTemplate(node, to) {
    to.expression(nodeAt(node, 'tag'), LEVEL.call)
    // The one text that may contain line breaks: what a tag sees of it is the raw text.
    template(textsAt(node, 'raw'), nodesAt(node, 'expressions'), to)
  },
}

const COLLECTIONS: EmitTable = {
  Array(node, to) {
    to.write('[')
    sparseList(sparseNodesAt(node, 'elements'), to)
    to.write(']')
  },
  Spread(node, to) {
    to.write('...')
    to.expression(nodeAt(node, 'argument'))
  },
  Object: (node, to) => to.braces(nodesAt(node, 'properties'), (property) => to.node(property), ','),
  SpreadProperty(node, to) {
    // QuickJS 2025-09: `{...'ab'}` is empty. Object(x) has the same own properties for every x.
    to.write(to.isLegible ? '...' : `...${to.intrinsic('Object')}(`)
    to.expression(nodeAt(node, 'argument'))
    if (!to.isLegible) to.write(')')
  },
  Computed(node, to) {
    to.write('[')
    to.expression(nodeAt(node, 'expression'))
    to.write(']')
  },
  Private: (node, to) => to.write(`#p${numberAt(node, 'index')}`),
}

const OPERATORS: EmitTable = {
  Unary(node, to) {
    const operator = textAt(node, 'operator')
    const argument = nodeAt(node, 'argument')
    // The space keeps `- -x` apart, which would be `--x`.
    const isSpaced =
      /\w$/.test(operator) ||
      (/[+-]/.test(operator) && (argument.type === 'Unary' || argument.type === 'Update'))
    to.write(isSpaced ? `${operator} ` : operator)
    to.expression(argument, LEVEL.unary)
  },
  Update(node, to) {
    const operator = textAt(node, 'operator')
    if (flagAt(node, 'prefix')) to.write(operator)
    to.expression(nodeAt(node, 'argument'), LEVEL.call)
    if (!flagAt(node, 'prefix')) to.write(operator)
  },
  Binary(node, to) {
    const level = levelOf(node)
    const isPower = node['operator'] === '**'
    to.expression(nodeAt(node, 'left'), isPower ? LEVEL.postfix : level)
    to.write(` ${textAt(node, 'operator')} `)
    to.expression(nodeAt(node, 'right'), isPower ? level : level + 1)
  },
  Logical(node, to) {
    // `??` may not meet `||` or `&&` without parentheses.
    const operand = (child: Node, level: number): void => {
      const isMixed = child.type === 'Logical' && (child['operator'] === '??') !== (node['operator'] === '??')
      to.parenthesised(child, isMixed || levelOf(child) < level)
    }
    operand(nodeAt(node, 'left'), levelOf(node))
    to.write(` ${textAt(node, 'operator')} `)
    operand(nodeAt(node, 'right'), levelOf(node) + 1)
  },
  PrivateIn(node, to) {
    to.node(nodeAt(node, 'key'))
    to.write(' in ')
    to.expression(nodeAt(node, 'right'), levelOf(node) + 1)
  },
  Assign(node, to) {
    const left = nodeAt(node, 'left')
    if (node['operator'] === '=' && isExec(left) && !to.isLegible)
      return setExec(left, nodeAt(node, 'right'), to)
    to.node(left)
    to.write(` ${textAt(node, 'operator')} `)
    to.expression(nodeAt(node, 'right'))
  },
  Conditional(node, to) {
    to.expression(nodeAt(node, 'test'), LEVEL.binary)
    to.write(' ? ')
    to.expression(nodeAt(node, 'consequent'))
    to.write(' : ')
    to.expression(nodeAt(node, 'alternate'))
  },
  Sequence: (node, to) => to.list(nodesAt(node, 'expressions'), (expression) => to.expression(expression)),
  Yield(node, to) {
    const argument = optionalNodeAt(node, 'argument')
    to.write(flagAt(node, 'delegate') ? 'yield* ' : argument ? 'yield ' : 'yield')
    if (argument) to.expression(argument)
  },
  Await(node, to) {
    to.write('await ')
    to.expression(nodeAt(node, 'argument'), LEVEL.unary)
  },
}

const ACCESS: EmitTable = {
  Call(node, to) {
    to.expression(nodeAt(node, 'callee'), LEVEL.call)
    to.write(flagAt(node, 'optional') ? '?.(' : '(')
    to.list(nodesAt(node, 'arguments'), (argument) => to.expression(argument))
    to.write(')')
  },
  New(node, to) {
    to.write('new ')
    to.parenthesised(nodeAt(node, 'callee'), !isSimpleConstructor(nodeAt(node, 'callee')))
    to.write('(')
    to.list(nodesAt(node, 'arguments'), (argument) => to.expression(argument))
    to.write(')')
  },
  Member(node, to) {
    object(nodeAt(node, 'object'), to)
    const property = nodeAt(node, 'property')
    const name = property.type === 'String' ? textAt(property, 'value') : undefined
    if (name !== undefined && isPlainName(name)) {
      to.write(flagAt(node, 'optional') ? '?.' : '.')
      return to.nodeAs(property, name)
    }
    to.write(flagAt(node, 'optional') ? '?.[' : '[')
    if (name !== undefined && isSmallIndex(name)) to.nodeAs(property, name)
    else to.expression(property, LEVEL.sequence)
    to.write(']')
  },
  PrivateMember(node, to) {
    object(nodeAt(node, 'object'), to)
    to.write(flagAt(node, 'optional') ? '?.' : '.')
    to.node(nodeAt(node, 'key'))
  },
  Chain: (node, to) => to.node(nodeAt(node, 'expression')),
  Ability: (node, to) => to.write(to.options.ability?.(node) ?? abilityDeclaration(node)),
  Type: (node, to) => (to.isLegible ? type(node, to) : to.write('void 0')),
}

export const EXPRESSIONS: EmitTable = { ...NAMES, ...LITERALS, ...COLLECTIONS, ...OPERATORS, ...ACCESS }

/** Elements of an array with holes; a hole at the end needs a comma of its own. */
export function sparseList(elements: readonly (Node | null)[], to: Emission): void {
  to.list(elements, (element) => element && to.expression(element))
  if (elements.length > 0 && elements.at(-1) === null) to.write(',')
}

function template(texts: readonly string[], expressions: readonly Node[], to: Emission): void {
  to.write('`')
  texts.forEach((text, index) => {
    if (index > 0) {
      to.write('${')
      to.expression(expressions[index - 1] as Node, LEVEL.sequence)
      to.write('}')
    }
    to.write(text)
  })
  to.write('`')
}

/** What stands before a dot; a number would take the dot for its own. */
function object(node: Node, to: Emission): void {
  to.parenthesised(node, node.type === 'Number' || levelOf(node) < LEVEL.call)
}

function isExec(node: Node): boolean {
  if (node.type !== 'Member' || nodeAt(node, 'object').type === 'Super') return false
  return nodeAt(node, 'property')['value'] === 'exec'
}

/** QuickJS 2025-09 is fast with the plain `RegExp.prototype.exec` only: it stays so, frozen, and is assigned to what inherits it by a function. */
function setExec(member: Node, value: Node, to: Emission): void {
  to.nodeAs(member, `${to.intrinsic('ucm.setExec')}(`)
  to.expression(nodeAt(member, 'object'))
  to.write(', ')
  to.expression(value)
  to.write(')')
}

/** Whether `new` takes the whole of `callee` without parentheses: names and properties, no calls. */
function isSimpleConstructor(callee: Node): boolean {
  if (callee.type === 'Member')
    return callee['optional'] === false && isSimpleConstructor(nodeAt(callee, 'object'))
  return ['Local', 'Sibling', 'Reference', 'Intrinsic', 'This'].includes(callee.type)
}

function abilityDeclaration(node: Node): string {
  const operations = textsAt(node, 'operations').map(
    (name) => `${isPlainName(name) ? name : stringLiteral(name)}: op()`,
  )
  return `ability(${stringLiteral(textAt(node, 'name'))}, { ${operations.join(', ')} })`
}

function type(node: Node, to: Emission): void {
  textsAt(node, 'texts').forEach((text, index) => {
    if (index > 0) to.node(nodesAt(node, 'references')[index - 1] as Node)
    to.write(text)
  })
}
