// Scopes, and the bindings in them: how names are declared and looked up.

import { childrenOf, type EsNode, isClass, isFunction, patternIdentifiers } from './estree.ts'

export type BindingKind =
  | 'var'
  | 'let'
  | 'const'
  | 'function'
  | 'class'
  | 'param'
  | 'catch'
  | 'import'
  | 'self'
  | 'arguments'

/** Something that a name can mean. `self` is the inner name of a function expression or a class. */
export interface Binding {
  /** Unique within its module. */
  readonly id: number
  readonly name: string
  readonly kind: BindingKind
  /** Declared at the top level of the module. */
  readonly isModule: boolean
  /** Assignments other than initialisers. */
  writes: number
}

/** A mention of a name, declarations aside. */
export interface Mention {
  readonly identifier: EsNode
  /** null: not declared in this module. */
  readonly binding: Binding | null
  readonly isWrite: boolean
}

export interface Scope {
  readonly parent: Scope | null
  readonly names: Map<string, Binding>
  /** Where `var` declarations of blocks within end up. */
  readonly holdsVars: boolean
  readonly holdsArguments: boolean
  readonly isModule: boolean
}

export interface Resolution {
  readonly bindings: Map<EsNode, Binding | null>
  readonly mentions: Mention[]
  /** Declarators with an initialiser, in source order. */
  readonly initialisers: EsNode[]
  readonly classSelves: Map<EsNode, Binding>
  readonly duplicates: { node: EsNode; first: EsNode }[]
  /** The first declaration of each module-level name. */
  readonly declarations: Map<Binding, EsNode>
  readonly rejects: { message: string; node: EsNode }[]
  /** Variables that already have an initialiser: a second one is a write. */
  readonly initialised: Set<Binding>
  nextId: number
}

export function makeScope(
  parent: Scope,
  options: { holdsVars?: boolean; holdsArguments?: boolean } = {},
): Scope {
  const { holdsVars = false, holdsArguments = false } = options
  return { parent, names: new Map(), holdsVars, holdsArguments, isModule: false }
}

function makeBinding(name: string, kind: BindingKind, scope: Scope, resolution: Resolution): Binding {
  return { id: resolution.nextId++, name, kind, isModule: scope.isModule, writes: 0 }
}

export function declare(node: EsNode, kind: BindingKind, scope: Scope, resolution: Resolution): Binding {
  const name: string = node['name']
  let binding = scope.names.get(name)
  const first = binding && resolution.declarations.get(binding)
  if (first && (kind !== 'var' || binding?.kind !== 'var')) resolution.duplicates.push({ node, first })
  if (!binding || (kind === 'function' && binding.kind === 'var')) {
    binding = makeBinding(name, kind, scope, resolution)
    scope.names.set(name, binding)
    if (scope.isModule) resolution.declarations.set(binding, node)
  }
  resolution.bindings.set(node, binding)
  return binding
}

/** Hoists the `var` declarations of a function body or module to `scope`; functions within are not entered. */
export function declareVars(node: EsNode, scope: Scope, resolution: Resolution): void {
  if (isFunction(node) || isClass(node)) return
  if (node.type === 'VariableDeclaration' && node['kind'] === 'var') {
    for (const declarator of node['declarations']) {
      for (const id of patternIdentifiers(declarator.id)) declare(id, 'var', scope, resolution)
    }
  }
  if (!node.type.endsWith('Expression'))
    for (const child of childrenOf(node)) declareVars(child, scope, resolution)
}

/** Declares what a list of statements declares in its own scope. */
export function declareLexical(statements: readonly EsNode[], scope: Scope, resolution: Resolution): void {
  for (const item of statements) {
    let statement: EsNode = item['declaration'] ?? item
    while (statement.type === 'LabeledStatement') statement = statement['body']
    if (statement.type === 'VariableDeclaration' && statement['kind'] !== 'var') {
      for (const declarator of statement['declarations']) {
        for (const id of patternIdentifiers(declarator.id)) declare(id, statement['kind'], scope, resolution)
      }
    } else if (statement.type === 'FunctionDeclaration' && statement['id']) {
      declare(statement['id'], 'function', scope, resolution)
      resolution.initialisers.push({ ...statement, init: statement })
    } else if (statement.type === 'ClassDeclaration' && statement['id']) {
      declare(statement['id'], 'class', scope, resolution)
      resolution.initialisers.push({ ...statement, init: statement })
    } else if (statement.type === 'ImportDeclaration') {
      for (const specifier of statement['specifiers']) declare(specifier.local, 'import', scope, resolution)
    }
  }
}

export function mention(identifier: EsNode, from: Scope, resolution: Resolution, isWrite = false): void {
  const binding = lookUp(identifier['name'], from, resolution)
  if (binding && isWrite) binding.writes++
  resolution.bindings.set(identifier, binding)
  resolution.mentions.push({ identifier, binding, isWrite })
}

export function lookUp(name: string, from: Scope, resolution: Resolution): Binding | null {
  for (let scope: Scope | null = from; scope; scope = scope.parent) {
    const binding = scope.names.get(name)
    if (binding) return binding
    if (name === 'arguments' && scope.holdsArguments) {
      const made = makeBinding(name, 'arguments', scope, resolution)
      scope.names.set(name, made)
      return made
    }
  }
  return null
}
