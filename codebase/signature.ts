// The type that a definition shows: from its annotations, else from its JSDoc, else
// the names of its parameters.

import type { Declaration } from './declarations.ts'
import { type EsNode, isFunction, patternIdentifiers } from './estree.ts'
import { commentsUpTo, type SourceFile } from './source.ts'
import { isType, typeText } from './types.ts'

/** `(xs: number[]) => number`, one line for each overload; null when nothing is known. */
export function signatureOf(source: SourceFile, declaration: Declaration): string | null {
  const { name, binding, pieces } = declaration
  if (isType(declaration)) return typeText(declaration, source)
  const piece = pieces.find(({ declares, isDeclaration }) =>
    binding ? declares.includes(binding) : isDeclaration,
  )
  const declared = piece && declarationAt(source.program, piece.statement.start)
  if (!declared) return null
  const text = { source, documentation: documentationBefore(source, piece.keyword?.start ?? piece.start) }
  const overloads = source.program['body']
    .map((item: EsNode) => item['declaration'] ?? item)
    .filter((item: EsNode) => item.type === 'TSDeclareFunction' && item['id']?.name === name)
  if (overloads.length > 0)
    return overloads.map((overload: EsNode) => functionSignature(overload, text)).join('\n')
  return declaredSignature(declared, text)
}

/** `signature` with the abilities that the definition may perform: `(url: string) ->{Http, Log} string`. */
export function withRow(signature: string | null, row: readonly string[]): string | null {
  if (row.length === 0 || signature === null || (!signature.startsWith('(') && !signature.startsWith('<')))
    return signature
  return signature
    .split('\n')
    .map((line) => rowed(line, row))
    .join('\n')
}

function rowed(line: string, row: readonly string[]): string {
  const arrow = arrowIndex(line)
  const abilities = `->{${row.join(', ')}}`
  if (arrow < 0) return `${line} ${abilities}`
  return `${line.slice(0, arrow)}${abilities} ${resultOfComputation(line.slice(arrow + 3))}`
}

/** Where `=> ` of the outermost function stands. */
function arrowIndex(line: string): number {
  let depth = 0
  for (let i = 0; i < line.length; i++) {
    if ('([{<'.includes(line[i]!)) depth++
    else if (line.startsWith('=>', i) && depth === 0) return i
    else if (')]}'.includes(line[i]!) || (line[i] === '>' && line[i - 1] !== '=')) depth--
  }
  return -1
}

/** Of `Generator<…, R>` and `Computation<…, R>`, what is returned in the end. */
function resultOfComputation(type: string): string {
  const match = /^(?:Generator|AsyncGenerator|Computation|Iterator)<(.*)>$/s.exec(type)
  return (match && splitTypes(match[1]!)[1]) ?? type
}

function splitTypes(list: string): string[] {
  const types = ['']
  let depth = 0
  for (const [i, character] of list.split('').entries()) {
    if ('([{<'.includes(character)) depth++
    if (')]}'.includes(character) || (character === '>' && list[i - 1] !== '=')) depth--
    if (character === ',' && depth === 0) types.push('')
    else types[types.length - 1] += character
  }
  return types.map((type) => type.trim())
}

interface Text {
  readonly source: SourceFile
  readonly documentation: Documentation
}

/** The unerased function, class, declarator or expression that begins at `start`. */
function declarationAt(program: EsNode, start: number): EsNode | undefined {
  for (const item of program['body']) {
    const declared: EsNode = item['declaration'] ?? item
    if (declared.type === 'VariableDeclaration') {
      const declarator = declared['declarations'].find(
        (d: EsNode) => d.start === start || (declared.start === start && d === declared['declarations'][0]),
      )
      if (declarator) return declarator
    } else if (declared.start <= start && start < declared.end) {
      return declared
    }
  }
  return undefined
}

function declaredSignature(declared: EsNode, text: Text): string | null {
  if (declared.type !== 'VariableDeclarator') return valueSignature(declared, text)
  if (declared['id'].type !== 'Identifier') return null
  if (declared['id'].typeAnnotation) return annotationText(declared['id'].typeAnnotation, text)
  return declared['init'] && valueSignature(declared['init'], text)
}

const PLAIN: Readonly<Record<string, string>> = { string: 'string', number: 'number', boolean: 'boolean' }

function valueSignature(value: EsNode, text: Text): string | null {
  if (isFunction(value)) return functionSignature(value, text)
  switch (value.type) {
    case 'ClassDeclaration':
    case 'ClassExpression':
      return classSignature(value, text)
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return isConst(value)
        ? valueSignature(value['expression'], text)
        : oneLine(slice(value['typeAnnotation'], text))
    case 'CallExpression':
      return abilitySignature(value, text) ?? text.documentation.type ?? null
    case 'Literal':
    case 'TemplateLiteral':
      return plainTypeOf(value) ?? null
    default:
      return text.documentation.type ?? null
  }
}

/** The type of a literal. */
function plainTypeOf({ type, value, bigint, regex }: EsNode): string | undefined {
  if (type === 'TemplateLiteral') return 'string'
  if (type !== 'Literal') return undefined
  return bigint ? 'bigint' : regex ? 'RegExp' : PLAIN[typeof value]
}

function isConst(node: EsNode): boolean {
  return node['typeAnnotation'].typeName?.name === 'const'
}

function functionSignature(node: EsNode, text: Text): string {
  const typeParameters = node['typeParameters'] ? oneLine(slice(node['typeParameters'], text)) : ''
  const params = parametersText(node['params'], text)
  const result = node['returnType'] ? annotationText(node['returnType'], text) : text.documentation.returns
  return `${typeParameters}(${params})${result ? ` => ${result}` : ''}`
}

function parametersText(params: readonly EsNode[], text: Text): string {
  return params
    .filter((p) => p['name'] !== 'this')
    .map((p) => parameterText(p, text))
    .join(', ')
}

function parameterText(parameter: EsNode, text: Text): string {
  if (parameter.type === 'TSParameterProperty') return parameterText(parameter['parameter'], text)
  const isRest = parameter.type === 'RestElement'
  const isDefault = parameter.type === 'AssignmentPattern'
  const target: EsNode = isRest ? parameter['argument'] : isDefault ? parameter['left'] : parameter
  const name = target.type === 'Identifier' ? (target['name'] as string) : patternText(target)
  const documented = text.documentation.params.get(name)
  const annotation = parameter['typeAnnotation'] ?? target['typeAnnotation']
  const type = annotation
    ? annotationText(annotation, text)
    : (documentedType(documented?.type, isRest) ?? (isDefault ? plainTypeOf(parameter['right']) : undefined))
  const isOptional = isDefault || parameter['optional'] || target['optional'] || documented?.isOptional
  return `${isRest ? '...' : ''}${name}${isOptional && !isRest ? '?' : ''}${type ? `: ${type}` : ''}`
}

/** JSDoc gives a rest parameter the type of its items. */
function documentedType(type: string | undefined, isRest: boolean): string | undefined {
  return type && isRest && !type.endsWith('[]') ? `${type}[]` : type
}

/** A destructured parameter, by the names that it takes. */
function patternText(pattern: EsNode): string {
  const names = patternIdentifiers(pattern).map((id) => id['name'])
  return pattern.type === 'ArrayPattern' ? `[${names.join(', ')}]` : `{ ${names.join(', ')} }`
}

function classSignature(node: EsNode, text: Text): string | null {
  const constructor: EsNode | undefined = node['body'].body.find(
    (m: EsNode) => m['kind'] === 'constructor' && m['value'].body,
  )
  const typeParameters = node['typeParameters'] ? oneLine(slice(node['typeParameters'], text)) : ''
  const name = node['id']?.name
  if (!constructor && node['superClass']) return null
  return `new ${typeParameters}(${parametersText(constructor?.['value'].params ?? [], text)})${name ? ` => ${name}` : ''}`
}

/** `ability { get: (key: string) => Value, now: () => number }`. */
function abilitySignature(call: EsNode, text: Text): string | null {
  const operations: EsNode | undefined = call['arguments'][1]
  if (call['callee'].name !== 'ability' || operations?.type !== 'ObjectExpression') return null
  const shown = operations['properties'].map((property: EsNode) => {
    const [parameters, result]: EsNode[] = property['value']?.typeArguments?.params ?? []
    const list = parameters ? oneLine(slice(parameters, text)).replace(/^\[(.*)\]$/s, '$1') : ''
    return `${property['key'].name ?? property['key'].value}: (${list}) => ${result ? oneLine(slice(result, text)) : 'void'}`
  })
  return `ability { ${shown.join(', ')} }`
}

function slice(node: EsNode, { source }: Text): string {
  return source.text.slice(node.start, node.end)
}

/** The type of an annotation `: T`. */
function annotationText(annotation: EsNode, text: Text): string {
  return oneLine(slice(annotation['typeAnnotation'] ?? annotation, text))
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\/\*.*?\*\/|\/\/.*$/gms, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

interface Documentation {
  readonly params: ReadonlyMap<string, { readonly type: string; readonly isOptional: boolean }>
  readonly returns?: string
  readonly type?: string
}

/** The types in the JSDoc comment that ends right before `start`. */
function documentationBefore(source: SourceFile, start: number): Documentation {
  const { comments, text } = source
  const comment = comments[commentsUpTo(source, start) - 1]
  const params = new Map<string, { type: string; isOptional: boolean }>()
  if (!comment?.value.startsWith('*') || text.slice(comment.end, start).trim() !== '') return { params }
  for (const [, type = '', open, name = ''] of comment.value.matchAll(
    /@param\s+\{([^\n]*?)\}\s+(\[?)([\w$]+)(?![\w$.[])/g,
  )) {
    params.set(name, { type: plainType(type), isOptional: open === '[' || type.endsWith('=') })
  }
  const returns = /@returns?\s+\{([^\n]*?)\}(?=[\s*])/.exec(comment.value)?.[1]
  const type = /@type\s+\{([^\n]*?)\}(?=[\s*])/.exec(comment.value)?.[1]
  return { params, ...(returns && { returns: plainType(returns) }), ...(type && { type: plainType(type) }) }
}

/** JSDoc's `Array<number>=` as TypeScript writes it. */
function plainType(type: string): string {
  return type
    .replace(/^\.\.\.|=$/g, '')
    .replaceAll(/\bArray<([\w.]+)>/g, '$1[]')
    .replaceAll(/\bArray\.<([\w.]+)>/g, '$1[]')
    .trim()
}
