// Walks a tree in the order of its scopes, and finds what each mention means.

import { childrenOf, type EsNode, hasPatternExpression, patternIdentifiers, varsWithin } from './estree.ts'
import {
  type Binding,
  declare,
  declareLexical,
  declareVars,
  makeScope,
  mention,
  type Resolution,
  type Scope,
} from './scope-chain.ts'

function visitAll(nodes: readonly (EsNode | null)[], scope: Scope, resolution: Resolution): void {
  for (const node of nodes) visit(node, scope, resolution)
}

export function visit(node: EsNode | null, scope: Scope, resolution: Resolution): void {
  if (!node) return
  switch (node.type) {
    case 'Identifier':
      return mention(node, scope, resolution)
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return visitFunction(node, scope, resolution)
    case 'ClassDeclaration':
    case 'ClassExpression':
      return visitClass(node, scope, resolution)
    case 'BlockStatement':
      return visitBlock(node['body'], makeScope(scope), resolution)
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
      return visitFor(node, scope, resolution)
    case 'SwitchStatement':
      return visitSwitch(node, scope, resolution)
    case 'CatchClause':
      return visitCatch(node, scope, resolution)
    case 'VariableDeclaration':
      for (const declarator of node['declarations']) visitDeclarator(declarator, scope, resolution)
      return
    case 'AssignmentExpression':
      visitTarget(node['left'], scope, resolution, true)
      return visit(node['right'], scope, resolution)
    case 'UpdateExpression':
      return visitTarget(node['argument'], scope, resolution, true)
    default:
      return visitOther(node, scope, resolution)
  }
}

/** Nodes in which some identifiers are names of members, labels or exports. */
function visitOther(node: EsNode, scope: Scope, resolution: Resolution): void {
  switch (node.type) {
    case 'MemberExpression':
      visit(node['object'], scope, resolution)
      if (node['computed']) visit(node['property'], scope, resolution)
      return
    case 'Property':
      if (node['computed']) visit(node['key'], scope, resolution)
      return visit(node['value'], scope, resolution)
    case 'LabeledStatement':
      return visit(node['body'], scope, resolution)
    case 'ExportNamedDeclaration':
      if (node['declaration']) return visit(node['declaration'], scope, resolution)
      if (!node['source'])
        for (const specifier of node['specifiers']) mention(specifier.local, scope, resolution)
      return
    case 'MetaProperty':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return
    default:
      return visitAll(childrenOf(node), scope, resolution)
  }
}

/** The identifiers of a pattern: written when it is assigned to, declared already when it declares. */
function visitTarget(pattern: EsNode | null, scope: Scope, resolution: Resolution, isWrite: boolean): void {
  switch (pattern?.type) {
    case undefined:
      return
    case 'Identifier':
      if (isWrite) mention(pattern!, scope, resolution, true)
      return
    case 'ObjectPattern':
      for (const property of pattern!['properties']) {
        if (property.computed) visit(property.key, scope, resolution)
        visitTarget(
          property.type === 'RestElement' ? property.argument : property.value,
          scope,
          resolution,
          isWrite,
        )
      }
      return
    case 'ArrayPattern':
      for (const element of pattern!['elements']) visitTarget(element, scope, resolution, isWrite)
      return
    case 'AssignmentPattern':
      visitTarget(pattern!['left'], scope, resolution, isWrite)
      return visit(pattern!['right'], scope, resolution)
    case 'RestElement':
      return visitTarget(pattern!['argument'], scope, resolution, isWrite)
    default:
      return visit(pattern, scope, resolution)
  }
}

function visitDeclarator(declarator: EsNode, scope: Scope, resolution: Resolution): void {
  if (declarator['init']) resolution.initialisers.push(declarator)
  visitTarget(declarator['id'], scope, resolution, false)
  visit(declarator['init'], scope, resolution)
  if (!declarator['init']) return
  for (const id of patternIdentifiers(declarator['id'])) {
    const binding = resolution.bindings.get(id)
    if (!binding) continue
    if (resolution.initialised.has(binding) || binding.kind === 'param') {
      binding.writes++
      resolution.mentions.push({ identifier: id, binding, isWrite: true })
    }
    resolution.initialised.add(binding)
  }
}

function visitBlock(statements: readonly EsNode[], scope: Scope, resolution: Resolution): void {
  declareLexical(statements, scope, resolution)
  visitAll(statements, scope, resolution)
}

function visitFor(node: EsNode, outer: Scope, resolution: Resolution): void {
  const scope = makeScope(outer)
  const head: EsNode | null = node.type === 'ForStatement' ? node['init'] : node['left']
  if (head?.type === 'VariableDeclaration') declareLexical([head], scope, resolution)
  if (node.type === 'ForStatement') {
    visitAll([head, node['test'], node['update']], scope, resolution)
  } else {
    if (head!.type === 'VariableDeclaration') visit(head, scope, resolution)
    else visitTarget(head, scope, resolution, true)
    visit(node['right'], scope, resolution)
  }
  visit(node['body'], scope, resolution)
}

function visitSwitch(node: EsNode, outer: Scope, resolution: Resolution): void {
  visit(node['discriminant'], outer, resolution)
  const scope = makeScope(outer)
  for (const clause of node['cases']) declareLexical(clause.consequent, scope, resolution)
  for (const clause of node['cases']) visitAll([clause.test, ...clause.consequent], scope, resolution)
}

function visitCatch(node: EsNode, outer: Scope, resolution: Resolution): void {
  const scope = makeScope(outer)
  for (const id of patternIdentifiers(node['param'])) declare(id, 'catch', scope, resolution)
  visitTarget(node['param'], scope, resolution, false)
  for (const id of varsWithin(node['body'])) {
    if (!scope.names.has(id['name'])) continue
    const message = `\`var ${id['name']}\` in a catch block writes the catch parameter of that name (ECMA-262 §B.3.4)`
    resolution.rejects.push({ message, node: id })
  }
  visitBlock(node['body'].body, makeScope(scope), resolution)
}

function visitFunction(node: EsNode, outer: Scope, resolution: Resolution): void {
  let parent = outer
  if (node.type === 'FunctionExpression' && node['id']) {
    parent = makeScope(outer)
    declare(node['id'], 'self', parent, resolution)
  }
  const isArrow = node.type === 'ArrowFunctionExpression'
  const parameters = makeScope(parent, { holdsVars: true, holdsArguments: !isArrow })
  for (const p of node['params'])
    for (const id of patternIdentifiers(p)) declare(id, 'param', parameters, resolution)
  for (const p of node['params']) visitTarget(p, parameters, resolution, false)
  if (node['body'].type !== 'BlockStatement') return visit(node['body'], parameters, resolution)
  const body = node['params'].some(hasPatternExpression)
    ? makeScope(parameters, { holdsVars: true })
    : parameters
  declareVars(node['body'], body, resolution)
  if (body !== parameters) refuseSharedNames(node['body'], parameters, resolution)
  visitBlock(node['body'].body, body, resolution)
}

/** With parameter expressions, a body `var` of a parameter's name is a second variable that starts with its value (§10.2.11). */
function refuseSharedNames(body: EsNode, parameters: Scope, resolution: Resolution): void {
  for (const id of varsWithin(body)) {
    if (!parameters.names.has(id['name'])) continue
    const message = `\`var ${id['name']}\` has the name of a parameter of a function whose parameters have expressions`
    resolution.rejects.push({ message, node: id })
  }
}

function visitClass(node: EsNode, outer: Scope, resolution: Resolution): void {
  const scope = makeScope(outer)
  const isLocal = node.type === 'ClassDeclaration' && !outer.isModule
  const self = node['id'] && !isLocal && declareSelf(node, scope, resolution)
  const before = resolution.mentions.length
  visit(node['superClass'], scope, resolution)
  for (const member of node['body'].body) {
    if (member['computed']) visit(member['key'], scope, resolution)
    const inner = makeScope(scope, { holdsVars: true, holdsArguments: true })
    if (member.type === 'StaticBlock') {
      for (const statement of member['body']) declareVars(statement, inner, resolution)
      visitBlock(member['body'], inner, resolution)
    } else {
      visit(member['value'], member.type === 'PropertyDefinition' ? inner : scope, resolution)
    }
  }
  const isSelfNamed = self && resolution.mentions.slice(before).some((m) => m.binding === self)
  if (isSelfNamed && node.type === 'ClassDeclaration') resolution.classSelves.set(node, self)
}

/**
 * A class sees its own name by an inner binding, which is initialised before the outer one: while the statics run.
 * The identifier of a module-level declaration keeps the outer one; a local declaration gets no inner one here, since
 * generated code declares it again under one name.
 */
function declareSelf(node: EsNode, scope: Scope, resolution: Resolution): Binding {
  const outer = resolution.bindings.get(node['id'])
  const self = declare(node['id'], 'self', scope, resolution)
  if (node.type === 'ClassDeclaration' && outer) resolution.bindings.set(node['id'], outer)
  return self
}
