// Every place where a CommonJS module speaks of what it exports, or requires another module,
// with what stands around it.

import { type EsNode, childrenOf, isFunction, staticName } from './estree.ts'
import { isFree, requiredBy } from './commonjs-host.ts'
import { type Refusal, refusal } from './refusals.ts'
import type { Binding, Scopes } from './scope.ts'

/** A mention of what the module exports: `exports`, `module.exports`, or a variable that holds it. */
export interface ExportsMention {
  readonly node: EsNode
  /** Nodes around it, the nearest first. */
  readonly around: readonly EsNode[]
  /** Whether loading the module evaluates it. */
  readonly isLoading: boolean
  /** `exports` goes on to be the first object when `module.exports` is assigned. */
  readonly via: 'exports' | 'module'
}

export interface Required {
  readonly call: EsNode
  readonly specifier: string
  readonly around: readonly EsNode[]
  readonly isLoading: boolean
}

export interface Mentions {
  readonly exports: readonly ExportsMention[]
  readonly required: readonly Required[]
  readonly refusals: readonly Refusal[]
}

interface Reading {
  readonly scopes: Scopes
  /** Variables that hold the object of exports, by how they got it. */
  readonly aliases: ReadonlyMap<Binding, 'exports' | 'module'>
  readonly exports: ExportsMention[]
  readonly required: Required[]
  readonly refusals: Refusal[]
}

export function readMentions(program: EsNode, scopes: Scopes): Mentions {
  const aliases = aliasesOf(program, scopes)
  const reading: Reading = { scopes, aliases, exports: [], required: [], refusals: [] }
  for (const statement of program['body']) read(statement, [program], true, reading)
  return reading
}

/** `var hash = exports` */
function aliasesOf(program: EsNode, scopes: Scopes): Map<Binding, 'exports' | 'module'> {
  const aliases = new Map<Binding, 'exports' | 'module'>()
  for (const statement of program['body'] as EsNode[]) {
    for (const { id, init } of statement.type === 'VariableDeclaration' ? statement['declarations'] : []) {
      const binding = id.type === 'Identifier' ? scopes.bindingOf(id) : null
      if (!binding || binding.writes > 0 || !init) continue
      if (isFree(init, 'exports', scopes)) aliases.set(binding, 'exports')
      else if (isModuleExports(init, scopes)) aliases.set(binding, 'module')
    }
  }
  return aliases
}

function isModuleExports(node: EsNode, scopes: Scopes): boolean {
  return (
    node.type === 'MemberExpression' &&
    isFree(node['object'], 'module', scopes) &&
    staticName(node['property'], node['computed']) === 'exports'
  )
}

function read(node: EsNode, around: readonly EsNode[], isLoading: boolean, reading: Reading): void {
  const { scopes, refusals } = reading
  const via = viaOf(node, reading)
  if (via) return void reading.exports.push({ node, around, isLoading, via })
  const specifier = requiredBy(node, scopes)
  if (specifier !== undefined) return void reading.required.push({ call: node, specifier, around, isLoading })
  if (isFree(node, 'require', scopes)) {
    const reason = 'which module `require` loads here is only known when it runs'
    refusals.push(refusal('commonjs-refused', node, reason, "require it by a text, `require('./x')`"))
  } else if (isFree(node, 'module', scopes)) {
    const reason = '`module` is used for more than `module.exports`'
    refusals.push(
      refusal('commonjs-refused', node, reason, 'assign `module.exports`, and leave the rest of `module`'),
    )
  }
  const isDeferred = isFunction(node) && !isCalledAtOnce(node, around[0]!)
  for (const child of childrenOf(node)) read(child, [node, ...around], isLoading && !isDeferred, reading)
}

function viaOf(node: EsNode, { scopes, aliases }: Reading): ExportsMention['via'] | undefined {
  if (isFree(node, 'exports', scopes)) return 'exports'
  if (isModuleExports(node, scopes)) return 'module'
  const binding = node.type === 'Identifier' ? scopes.bindingOf(node) : null
  return (binding && aliases.get(binding)) ?? undefined
}

function isCalledAtOnce(node: EsNode, parent: EsNode): boolean {
  return parent.type === 'CallExpression' && parent['callee'] === node
}
