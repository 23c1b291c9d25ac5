// Which intrinsic an expression certainly is: by its name, by a constant that was
// initialised with it, or as a member of `globalThis`.

import { type EsNode, staticName } from './estree.ts'
import type { Binding, Scopes } from './scope.ts'

/** What names mean where an expression stands. */
export interface StaticContext {
  readonly scopes: Scopes
  /** Module-level names of what hands a value on within a call. */
  readonly scratch: ReadonlySet<string>
  /** Initialisers of the module's constants, local ones included; for destructured ones the member that they took. */
  readonly constants: ReadonlyMap<Binding, EsNode>
  /** The initialiser of what an import binds, where it stands. */
  imported(binding: Binding): { readonly value: EsNode; readonly context: StaticContext } | undefined
}

const MAX_STEPS = 32

/** `Math`, `Date.now`, … when `node` certainly is that intrinsic; undefined otherwise. */
export function staticIntrinsic(node: EsNode, context: StaticContext, steps = MAX_STEPS): string | undefined {
  if (steps === 0) return undefined
  switch (node.type) {
    case 'Identifier':
      return intrinsicOfName(node, context, steps - 1)
    case 'MemberExpression': {
      const object = staticIntrinsic(node['object'], context, steps - 1)
      const name = staticName(node['property'], node['computed'])
      if (object === undefined || name === undefined) return undefined
      return object === 'globalThis' ? name : `${object}.${name}`
    }
    case 'SequenceExpression':
      return staticIntrinsic(node['expressions'].at(-1), context, steps - 1)
    case 'ChainExpression':
      return staticIntrinsic(node['expression'], context, steps - 1)
    case 'AssignmentExpression':
      return node['operator'] === '=' ? staticIntrinsic(node['right'], context, steps - 1) : undefined
    default:
      return undefined
  }
}

function intrinsicOfName(node: EsNode, context: StaticContext, steps: number): string | undefined {
  const binding = context.scopes.bindingOf(node)
  if (binding === null) return node['name']
  if (!binding || binding.writes > 0) return undefined
  const initialiser = context.constants.get(binding)
  if (initialiser) return staticIntrinsic(initialiser, context, steps)
  const found = binding.kind === 'import' ? context.imported(binding) : undefined
  return found && staticIntrinsic(found.value, found.context, steps)
}

/** An expression, and what names mean where it stands. */
export interface Resolved {
  readonly node: EsNode
  readonly context: StaticContext
}

/**
 * The expression that `node` certainly is: an initialiser in place of a name, a property of an
 * object literal in place of a member.
 */
export function staticValue(node: EsNode, context: StaticContext): EsNode | undefined {
  return resolveValue(node, context)?.node
}

/** As `staticValue`, with the context of the expression, which may stand in another file. */
export function resolveValue(node: EsNode, context: StaticContext, steps = MAX_STEPS): Resolved | undefined {
  if (steps === 0) return undefined
  if (node.type === 'Identifier') {
    const binding = context.scopes.bindingOf(node)
    const initialiser = binding?.writes === 0 ? context.constants.get(binding) : undefined
    if (initialiser) return resolveValue(initialiser, context, steps - 1)
    const found = binding?.kind === 'import' ? context.imported(binding) : undefined
    return found && resolveValue(found.value, found.context, steps - 1)
  }
  if (node.type !== 'MemberExpression') return { node, context }
  const object = resolveValue(node['object'], context, steps - 1)
  const name = staticName(node['property'], node['computed'])
  if (object?.node.type !== 'ObjectExpression' || name === undefined) return undefined
  const property = object.node['properties'].find(
    (p: EsNode) => p.type === 'Property' && staticName(p['key'], p['computed']) === name,
  )
  return property && resolveValue(property.value, object.context, steps - 1)
}

/** For each constant of a module, the expression that it certainly equals. */
export function readConstants(scopes: Scopes): ReadonlyMap<Binding, EsNode> {
  const constants = new Map<Binding, EsNode>()
  const record = (pattern: EsNode, value: EsNode): void => {
    if (pattern.type === 'Identifier') {
      const binding = scopes.bindingOf(pattern)
      if (binding) constants.set(binding, value)
    } else if (pattern.type === 'ObjectPattern') {
      for (const { type, key, computed, value: target } of pattern['properties']) {
        if (type !== 'Property') continue
        const inner: EsNode = target.type === 'AssignmentPattern' ? target.left : target
        record(inner, {
          type: 'MemberExpression',
          object: value,
          property: key,
          computed,
          start: key.start,
          end: key.end,
        })
      }
    }
  }
  for (const { id, init } of scopes.initialisers) record(id, init)
  return constants
}
