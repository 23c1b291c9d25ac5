// Finds what every identifier of a module means (ECMA-262 §8.2, strict mode only).
// Trusts that the tree is erased and was accepted by the parser. Checked against
// eslint-scope in the tests.

import type { EsNode } from './estree.ts'
import {
  type Binding,
  declareLexical,
  declareVars,
  type Mention,
  type Resolution,
  type Scope,
} from './scope-chain.ts'
import { visit } from './scope-visit.ts'

export type { Binding, BindingKind, Mention } from './scope-chain.ts'

export interface Scopes {
  /** null: a free name; undefined: the identifier is neither a mention nor a declaration. */
  bindingOf(identifier: EsNode): Binding | null | undefined
  /** Gives a synthetic identifier its meaning. */
  bind(identifier: EsNode, binding: Binding): void
  /** Makes a synthetic identifier a free name. */
  bindFree(identifier: EsNode): void
  readonly mentions: readonly Mention[]
  /** Declarators with an initialiser, in source order. */
  readonly initialisers: readonly EsNode[]
  /** Module-level bindings by name. */
  readonly moduleBindings: ReadonlyMap<string, Binding>
  /** The inner binding of each class declaration that is named within its own body. */
  readonly classSelves: ReadonlyMap<EsNode, Binding>
  /** Module-level declarations of a name that another one has taken. */
  readonly duplicates: readonly { readonly node: EsNode; readonly first: EsNode }[]
  /** Code whose bindings cannot be renamed apart without changing what it does. */
  readonly rejects: readonly { readonly message: string; readonly node: EsNode }[]
}

export function resolveScopes(program: EsNode): Scopes {
  const resolution: Resolution = {
    bindings: new Map(),
    mentions: [],
    initialisers: [],
    classSelves: new Map(),
    duplicates: [],
    declarations: new Map(),
    rejects: [],
    initialised: new Set(),
    nextId: 0,
  }
  const scope: Scope = {
    parent: null,
    names: new Map(),
    holdsVars: true,
    holdsArguments: false,
    isModule: true,
  }
  declareVars(program, scope, resolution)
  declareLexical(program['body'], scope, resolution)
  for (const statement of program['body']) visit(statement, scope, resolution)
  return {
    bindingOf: (node) => resolution.bindings.get(node),
    bind: (node, binding) => void resolution.bindings.set(node, binding),
    bindFree: (node) => void resolution.bindings.set(node, null),
    mentions: resolution.mentions,
    initialisers: resolution.initialisers,
    moduleBindings: scope.names,
    classSelves: resolution.classSelves,
    duplicates: resolution.duplicates,
    rejects: resolution.rejects,
  }
}
