// What a CommonJS module requires, as imports: variables that hold a module become names
// of imports, any other `require('x')` a mention of one.

import { type EsNode, identifier, staticName } from './estree.ts'
import { requiredBy } from './commonjs-host.ts'
import type { Mentions } from './commonjs-mentions.ts'
import { type ImportEntry, type Interop, MODULE_VALUE } from './module-entries.ts'
import type { Scopes } from './scope.ts'

/** Functions by which compilers take a module that may be no ES module. */
const INTEROP: Readonly<Record<string, Interop>> = {
  __importDefault: 'default',
  _interopRequireDefault: 'default',
  _interop_require_default: 'default',
  __importStar: 'star',
  _interopRequireWildcard: 'star',
  _interop_require_wildcard: 'star',
}

export type Imported = Omit<ImportEntry, 'required'> & { readonly required: Interop }

/** The import that an expression amounts to: `require('x')`, `require('x').y`, the interop of a compiler around it. */
export function importedBy(node: EsNode | null | undefined, scopes: Scopes): Imported | undefined {
  const specifier = requiredBy(node, scopes)
  if (specifier !== undefined)
    return { specifier, imported: MODULE_VALUE, required: 'value', start: node!.start }
  if (node?.type === 'CallExpression' && node['arguments'].length >= 1) {
    const interop = interopOf(node['callee'])
    const inner = interop && importedBy(node['arguments'][0], scopes)
    return inner?.imported === MODULE_VALUE ? { ...inner, required: interop! } : undefined
  }
  if (node?.type !== 'MemberExpression' || node['optional']) return undefined
  const inner = importedBy(node['object'], scopes)
  const imported = staticName(node['property'], node['computed'])
  return inner?.imported === MODULE_VALUE && imported !== undefined ? { ...inner, imported } : undefined
}

/** `__importDefault`, `tslib_1.__importDefault`, `(0, _interop.default)`. */
function interopOf(callee: EsNode): Interop | undefined {
  if (callee.type === 'SequenceExpression') return interopOf(callee['expressions'].at(-1))
  const name: unknown =
    callee.type === 'Identifier'
      ? callee['name']
      : callee.type === 'MemberExpression'
        ? staticName(callee['property'], callee['computed'])
        : undefined
  return typeof name === 'string' && Object.hasOwn(INTEROP, name) ? INTEROP[name] : undefined
}

export interface Requires {
  /** By local name. */
  readonly imports: Map<string, Imported>
  /** Declarators that became imports, and go. */
  readonly taken: Set<EsNode>
  /** What stands in place of other calls of `require`. */
  readonly replaced: Map<EsNode, EsNode>
  /** Requires for what they do when they are loaded. */
  readonly bare: ReadonlyMap<EsNode, Imported>
}

export function readRequires(program: EsNode, mentions: Mentions, scopes: Scopes): Requires {
  const imports = new Map<string, Imported>()
  const taken = new Set<EsNode>()
  for (const statement of program['body'] as EsNode[]) {
    for (const declarator of statement.type === 'VariableDeclaration' ? statement['declarations'] : []) {
      const found = importsOf(declarator, scopes)
      if (!found) continue
      taken.add(declarator)
      for (const [local, entry] of found) imports.set(local, entry)
    }
  }
  const replaced = new Map<EsNode, EsNode>()
  const bare = new Map<EsNode, Imported>()
  for (const { call, specifier, around } of mentions.required) {
    if (around.some((node) => taken.has(node))) continue
    const entry: Imported = { specifier, imported: MODULE_VALUE, required: 'value', start: call.start }
    if (around[0]!.type === 'ExpressionStatement' && around[1] === program) {
      bare.set(around[0]!, entry)
      continue
    }
    const local = `require(${specifier})`
    if (!imports.has(local)) imports.set(local, entry)
    replaced.set(call, identifier(local, call))
  }
  return { imports, taken, replaced, bare }
}

/** What a top-level declarator imports, when that is all that it does. */
function importsOf({ id, init }: EsNode, scopes: Scopes): [string, Imported][] | undefined {
  const entry = importedBy(init, scopes)
  if (!entry) return undefined
  const isKept = (target: EsNode): boolean =>
    target.type === 'Identifier' && scopes.bindingOf(target)?.writes === 0
  if (id.type === 'Identifier') return isKept(id) ? [[id['name'], entry]] : undefined
  if (id.type !== 'ObjectPattern' || entry.imported !== MODULE_VALUE) return undefined
  const found: [string, Imported][] = []
  for (const { type, key, value, computed } of id['properties'] as EsNode[]) {
    const imported = type === 'Property' ? staticName(key, computed) : undefined
    if (imported === undefined || !isKept(value)) return undefined
    found.push([value['name'], { ...entry, imported, start: key.start }])
  }
  return found
}
