// Takes types away: a tree of TypeScript in, a fresh tree of plain ESTree out. The
// non-erasable constructs that TypeScript lowers simply (enums, parameter
// properties) are lowered as it does (target ESNext); the others are refused.

import { lowerEnum } from './erase-enum.ts'
import { lowerNamespace, mergeNamespaces } from './erase-namespace.ts'
import { lowerParameterProperties } from './erase-parameters.ts'
import { type EsNode, childrenOf, isFunction, undefinedAt } from './estree.ts'
import { type Refusal, refusal } from './refusals.ts'

/** A module without types. */
export interface Erased {
  readonly program: EsNode
  /** Constructs that have no counterpart here, each at its place. */
  readonly refusals: readonly Refusal[]
}

/** Erases `program`, which is left as it was. */
export function eraseTypes(program: EsNode): Erased {
  const refusals: Refusal[] = []
  const body = mergeNamespaces(eraseList(program['body'], refusals) as EsNode[])
  const erased = { ...program, body }
  replaceModuleThis(erased)
  return { program: erased, refusals }
}

const WRAPPERS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ParenthesizedExpression',
])

const TYPE_ONLY = new Set([
  'TSTypeAliasDeclaration',
  'TSInterfaceDeclaration',
  'TSIndexSignature',
  'TSAbstractMethodDefinition',
  'TSAbstractPropertyDefinition',
  'TSAbstractAccessorProperty',
  'TSNamespaceExportDeclaration',
  'TSDeclareFunction',
  'TSEmptyBodyFunctionExpression',
])

const TYPE_FIELDS = new Set([
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'returnType',
  'superTypeArguments',
  'superTypeParameters',
  'implements',
  'accessibility',
  'override',
  'readonly',
  'declare',
  'definite',
  'abstract',
  'importKind',
  'exportKind',
  'decorators',
  'parent',
])

/** What is refused wherever it stands: node type → what it is, what to write instead. */
const REFUSED: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  TSImportEqualsDeclaration: ['`import … =` is CommonJS', 'write `import … from …`'],
  TSExportAssignment: ['`export =` is CommonJS', 'write `export` or `export default`'],
  AccessorProperty: ['`accessor` fields are not supported', 'write a getter and a setter'],
  JSXElement: ['JSX is not supported', 'call functions instead of writing elements'],
  JSXFragment: ['JSX is not supported', 'call functions instead of writing elements'],
}

const DECORATOR = [
  'decorators are not supported',
  'apply the function to the class or method yourself',
] as const

const USING = [
  '`using` is not supported: no engine of a node disposes of what it declares',
  'write `const`, `try` and `finally`',
] as const

/** One node for one node, none for what is only type, several where one is lowered. */
function erase(node: EsNode, refusals: Refusal[]): EsNode | EsNode[] | undefined {
  if (WRAPPERS.has(node.type)) return erase(node['expression'], refusals)
  if (TYPE_ONLY.has(node.type) || isTypeOnly(node)) return undefined
  const refused = REFUSED[node.type]
  if (refused) {
    refusals.push(refusal('syntax-refused', node, ...refused))
    return emptied(node)
  }
  const [decorator] = (node['decorators'] ?? []) as EsNode[]
  if (decorator) {
    // One that stands before `export` is outside of what is defined.
    const at = decorator.start < node.start ? node : decorator
    refusals.push(refusal('syntax-refused', at, ...DECORATOR))
  }
  if (node.type === 'VariableDeclaration' && node['kind'].endsWith('using'))
    refusals.push(refusal('syntax-refused', node, ...USING))
  switch (node.type) {
    case 'Literal':
    case 'TemplateElement':
      return node
    case 'DebuggerStatement':
      return { type: 'EmptyStatement', start: node.start, end: node.end }
    case 'TSParameterProperty':
      return erase(node['parameter'], refusals)
    case 'TSEnumDeclaration':
      return lowerEnum(node, (initialiser) => eraseOne(initialiser, refusals))
    case 'TSModuleDeclaration':
      return lowerNamespace(node, (statement) => [erase(statement, refusals) ?? []].flat())
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
      return eraseModuleItem(node, refusals)
    case 'ExportDefaultDeclaration': {
      const declaration = erase(node['declaration'], refusals)
      return declaration && { ...node, declaration }
    }
    case 'ClassDeclaration':
    case 'ClassExpression':
      return lowerParameterProperties(node, eraseFields(node, refusals))
    default:
      return eraseFields(node, refusals)
  }
}

function isTypeOnly(node: EsNode): boolean {
  if (node['importKind'] === 'type' || node['exportKind'] === 'type') return true
  if (node['declare'] === true) return true
  if (node.type === 'MethodDefinition')
    return node['value'].type === 'TSEmptyBodyFunctionExpression' || !node['value'].body
  if (node.type === 'TSModuleDeclaration') return node['global'] === true || !holdsValues(node)
  return false
}

function holdsValues(namespace: EsNode): boolean {
  const body: EsNode | undefined = namespace['body']
  if (body?.type === 'TSModuleDeclaration') return holdsValues(body)
  return (body?.['body'] ?? []).some((statement: EsNode) => {
    const declared = statement['declaration'] ?? statement
    return !TYPE_ONLY.has(declared.type) && !isTypeOnly(declared) && declared.type !== 'EmptyStatement'
  })
}

/** What stands in the place of a refused node, so that later stages can read on. */
function emptied(node: EsNode): EsNode {
  const isStatement = /Declaration$|Assignment$/.test(node.type)
  return isStatement ? { type: 'EmptyStatement', start: node.start, end: node.end } : undefinedAt(node)
}

/** `export enum` becomes an exported `var` and the statement that fills it. */
function eraseModuleItem(node: EsNode, refusals: Refusal[]): EsNode | EsNode[] | undefined {
  if (!node['declaration']) {
    const specifiers = node['specifiers'].filter(
      (s: EsNode) => s['importKind'] !== 'type' && s['exportKind'] !== 'type',
    )
    return { ...node, specifiers: eraseList(specifiers, refusals) }
  }
  const erased = erase(node['declaration'], refusals)
  if (erased === undefined) return undefined
  const [declaration, ...rest] = Array.isArray(erased) ? erased : [erased]
  if (declaration!.type === 'EmptyStatement') return declaration
  return [{ ...node, declaration: declaration! }, ...rest]
}

function eraseFields(node: EsNode, refusals: Refusal[]): EsNode {
  const erased: EsNode = { type: node.type, start: node.start, end: node.end }
  for (const field in node) {
    if (field in erased || TYPE_FIELDS.has(field)) continue
    const value: unknown = node[field]
    if (field === 'params') erased[field] = eraseList(withoutThis(value as EsNode[]), refusals)
    else if (Array.isArray(value)) erased[field] = eraseList(value, refusals)
    else if (typeof value === 'object' && value !== null && 'type' in value)
      erased[field] = eraseOne(value as EsNode, refusals)
    else erased[field] = value
  }
  return erased
}

function withoutThis(params: readonly EsNode[]): readonly EsNode[] {
  return params.filter((p) => p.type !== 'Identifier' || p['name'] !== 'this')
}

function eraseList(nodes: readonly (EsNode | null)[], refusals: Refusal[]): (EsNode | null)[] {
  return nodes.flatMap((node) => (node === null ? [null] : (erase(node, refusals) ?? [])))
}

/** Erases a node in a place that holds exactly one; several statements become a block. */
function eraseOne(node: EsNode, refusals: Refusal[]): EsNode {
  const erased = erase(node, refusals)
  if (erased === undefined) return { type: 'EmptyStatement', start: node.start, end: node.end }
  if (Array.isArray(erased)) return { type: 'BlockStatement', body: erased, start: node.start, end: node.end }
  return erased
}

/** `this` outside every function and class body is `undefined` in a module. */
function replaceModuleThis(program: EsNode): void {
  const visit = (node: EsNode): void => {
    for (const field in node) {
      const value: unknown = node[field]
      if (Array.isArray(value)) {
        for (const [i, child] of value.entries()) value[i] = replaced(child)
      } else {
        node[field] = replaced(value)
      }
    }
  }
  const replaced = (value: unknown): unknown => {
    const node = value as EsNode | null
    if (typeof node !== 'object' || node === null || typeof node.type !== 'string') return value
    if (node.type === 'ThisExpression') return undefinedAt(node)
    if (isFunction(node) && node.type !== 'ArrowFunctionExpression') return node
    if (node.type === 'ClassBody') visitKeys(node)
    else if (childrenOf(node).length > 0) visit(node)
    return node
  }
  const visitKeys = (body: EsNode): void => {
    for (const member of body['body']) if (member['computed']) member['key'] = replaced(member['key'])
  }
  visit(program)
}
