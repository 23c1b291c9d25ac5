// The plan by which a CommonJS module is rewritten: which nodes are replaced by which,
// and what the module then imports and exports.

import {
  type EsNode,
  identifier,
  isFunction,
  isClass,
  childrenOf,
  patternIdentifiers,
  staticName,
  walk,
} from './estree.ts'
import type { ExportsMention, Mentions } from './commonjs-mentions.ts'
import type { Requires } from './commonjs-requires.ts'
import type { ExportEntry, Request } from './module-entries.ts'
import { type Refusal, refusal } from './refusals.ts'
import type { Binding, Scopes } from './scope.ts'

export interface Plan {
  readonly program: EsNode
  readonly scopes: Scopes
  readonly mentions: Mentions
  readonly requires: Requires
  readonly exports: Map<string, ExportEntry>
  readonly stars: (Request & { readonly local: string })[]
  /** Statements of the program, and declarators of them, by what stands in their place. */
  readonly statements: Map<EsNode, readonly EsNode[]>
  readonly replaced: Map<EsNode, EsNode>
  /** Statements that are added at the end. */
  readonly added: EsNode[]
  readonly refusals: Refusal[]
  /** The binding that stands for the module's value. */
  value: string
  /** Whether the value is an object of the exports, which is made when something uses it as a whole. */
  isObject: boolean
  isEsModule: boolean
  /** Properties that the value certainly has. */
  readonly properties: Set<string>
}

/** `a = b = value`, the outermost assignment first, and where it stands. */
export interface Chain {
  readonly root: EsNode
  readonly targets: readonly EsNode[]
  readonly value: EsNode
  /** The statement of the program, or the declarator of one, whose whole content it is. */
  readonly statement: EsNode | null
  readonly declarator: EsNode | null
}

/** The chain of assignments of which `mention`, or a member of it, is a target. */
export function chainOf(assignment: EsNode, around: readonly EsNode[], program: EsNode): Chain {
  let index = around.indexOf(assignment)
  const isOuter = (node: EsNode | undefined, inner: EsNode): boolean =>
    node?.type === 'AssignmentExpression' && node['operator'] === '=' && node['right'] === inner
  while (isOuter(around[index + 1], around[index]!)) index++
  const root = around[index]!
  const targets: EsNode[] = []
  let value: EsNode = root
  for (; value.type === 'AssignmentExpression' && value['operator'] === '='; value = value['right'])
    targets.push(value['left'])
  const [holder, above, top] = around.slice(index + 1)
  const isStatement = holder?.type === 'ExpressionStatement' && above === program
  const isDeclarator =
    holder?.type === 'VariableDeclarator' && holder['id'].type === 'Identifier' && top === program
  return {
    root,
    targets,
    value,
    statement: isStatement ? holder : null,
    declarator: isDeclarator ? holder : null,
  }
}

/** Whether a local variable somewhere in the file has the name, so that a mention of it may mean that one. */
export function isShadowed(name: string, { program, scopes }: Plan): boolean {
  let found = false
  walk(program, (node) => {
    if (node.type !== 'Identifier' || node['name'] !== name) return
    const binding = scopes.bindingOf(node)
    if (binding && !binding.isModule) found = true
  })
  return found
}

/** The module-level name that an expression is and stays: a mention can stand for it. */
export function stableName(value: EsNode, plan: Plan): string | undefined {
  if (value.type !== 'Identifier') return undefined
  const binding = plan.scopes.bindingOf(value)
  if (!binding?.isModule || isWritten(binding, plan) || isShadowed(binding.name, plan)) return undefined
  return isDeclaredLater(value, binding, plan) ? undefined : binding.name
}

/** Whether the variable that `value` mentions, outside of functions, is given its value after that. */
function isDeclaredLater(value: EsNode, binding: Binding, { scopes }: Plan): boolean {
  return (
    binding.kind === 'var' &&
    scopes.initialisers.some(
      ({ id, start }) =>
        start > value.start && patternIdentifiers(id).some((each) => scopes.bindingOf(each) === binding),
    )
  )
}

/** Whether something gives the variable another value than its declaration. */
export function isWritten(binding: Binding, { program, scopes }: Plan): boolean {
  if (binding.writes > 0) return true
  if (binding.kind !== 'var' && binding.kind !== 'let') return false
  return !program['body'].some(
    ({ type, declarations }: EsNode) =>
      type === 'VariableDeclaration' &&
      declarations.some(
        ({ id, init }: EsNode) => init && id.type === 'Identifier' && scopes.bindingOf(id) === binding,
      ),
  )
}

/** Whether a function can tell what it is called on. */
export function usesThis(value: EsNode | null | undefined): boolean {
  if (!value || !isFunction(value) || value.type === 'ArrowFunctionExpression') return false
  const mentions = (node: EsNode): boolean => {
    if (node.type === 'ThisExpression') return true
    if (isClass(node) || (isFunction(node) && node.type !== 'ArrowFunctionExpression')) return false
    return childrenOf(node).some(mentions)
  }
  return childrenOf(value).some(mentions)
}

/** The static name under which the parent of a mention reads or writes what is exported. */
export function memberName({ node, around }: ExportsMention): string | undefined {
  const [parent] = around
  if (parent?.type !== 'MemberExpression' || parent['object'] !== node) return undefined
  return staticName(parent['property'], parent['computed'])
}

export function valueAt(at: EsNode, plan: Plan): EsNode {
  return identifier(plan.value, at)
}

export function refuse(plan: Plan, at: EsNode, reason: string, hint: string): void {
  plan.refusals.push(refusal('commonjs-refused', at, reason, hint))
}

/** The binding of what is exported as `name`. */
export function exportBinding(name: string): string {
  return `exports.${name}`
}
