// Functions, classes, keys and patterns of the author's syntax to terms.

import { type EsNode, staticName } from './estree.ts'
import { make, type NormaliseTables, type Normalising } from './normalising.ts'
import type { Node } from './term.ts'

export const FUNCTIONS: NormaliseTables['expressions'] = {
  FunctionExpression: functionOf,
  FunctionDeclaration: functionOf,
  ArrowFunctionExpression: (node, to) =>
    to.inFunction(() => {
      const params = node['params'].map((param: EsNode) => to.pattern(param))
      const isBlock = node['body'].type === 'BlockStatement'
      const body = isBlock
        ? to.block(node['body'].body)
        : [make('Return', node['body'], { argument: to.expression(node['body']) })]
      return make('Arrow', node, { async: node['async'], params, body })
    }),
  ClassExpression: (node, to) => classOf(node, '', to),
  ClassDeclaration: (node, to) => classOf(node, '', to),
}

export const PATTERNS: NormaliseTables['patterns'] = {
  ObjectPattern: (node, to) =>
    make('ObjectPattern', node, {
      properties: node['properties'].map((p: EsNode) => patternProperty(p, to)),
    }),
  ArrayPattern: (node, to) =>
    make('ArrayPattern', node, {
      elements: node['elements'].map((element: EsNode | null) => element && to.pattern(element)),
    }),
  AssignmentPattern: (node, to) =>
    make('Default', node, {
      target: to.pattern(node['left']),
      value: namedValue(node['left'], node['right'], to),
    }),
  RestElement: (node, to) => make('Rest', node, { target: to.pattern(node['argument']) }),
  Identifier(node, to) {
    const binding = to.normalisation.bindingOf(node)
    // Assigning to an inner name throws, so that it has to be there; other variables are where they are declared.
    return binding && !binding.isModule && binding.kind !== 'self' ? to.declared(node) : to.mention(node)
  },
}

/** A function other than an arrow, with its inner name only when something inside mentions it. */
export function functionOf(node: EsNode, to: Normalising): Node {
  return to.inFunction(() => {
    const params = node['params'].map((param: EsNode) => to.pattern(param))
    const body = to.block(node['body'].body)
    const kind = node['async']
      ? node['generator']
        ? 'asyncGenerator'
        : 'async'
      : node['generator']
        ? 'generator'
        : 'function'
    return make('Function', node, { kind, self: to.self(node['id']), params, body })
  })
}

/** `value`, which takes the name of the variable it is bound to when it is a class without one. */
export function namedValue(target: EsNode, value: EsNode, to: Normalising): Node {
  const isNamed = target.type === 'Identifier' && value.type === 'ClassExpression'
  return isNamed ? classOf(value, target['name'], to) : to.expression(value)
}

/** A class, called `name` unless it has a name of its own. */
export function classOf(node: EsNode, name: string, to: Normalising): Node {
  const superClass = to.optionalExpression(node['superClass'])
  const elements: readonly EsNode[] = node['body'].body
  const privateNames = new Set(
    elements
      .filter((element) => element['key']?.type === 'PrivateIdentifier')
      .map((element) => element['key'].name as string),
  )
  const members = to.inClass(privateNames, () => elements.map((element) => classMember(element, to)))
  return make('Class', node, {
    name: node['id']?.name ?? name,
    self: to.self(node['id']),
    superClass,
    members,
  })
}

function classMember(node: EsNode, to: Normalising): Node {
  if (node.type === 'StaticBlock')
    return make('StaticBlock', node, { body: to.inFunction(() => to.block(node['body'])) })
  const key = keyOf(node, ['constructor', 'prototype', '__proto__'], to)
  const isStatic: boolean = node['static']
  if (node.type === 'PropertyDefinition') {
    return make('Field', node, {
      static: isStatic,
      key,
      value: to.inFunction(() => to.optionalExpression(node['value'])),
    })
  }
  const kind = node['kind'] === 'constructor' ? 'method' : node['kind']
  return make('Method', node, { kind, static: isStatic, key, value: functionOf(node['value'], to) })
}

/** The key of a property or class member: plain when the text tells it, except where a computed one of that name means something else. */
export function keyOf(node: EsNode, special: readonly string[], to: Normalising): Node {
  const { key, computed } = node
  if (key.type === 'PrivateIdentifier') return to.private(key)
  const name = typeof key.bigint === 'string' ? BigInt(key.bigint).toString() : staticName(key, computed)
  if (name !== undefined && !(computed && special.includes(name))) return make('String', key, { value: name })
  return make('Computed', key, { expression: to.expression(key) })
}

function patternProperty(node: EsNode, to: Normalising): Node {
  if (node.type === 'RestElement') return to.pattern(node)
  return make('PatternProperty', node, {
    key: keyOf(node, ['__proto__'], to),
    value: to.pattern(node['value']),
  })
}
