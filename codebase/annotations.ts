// Annotations as text: parameters, results and types, as written, else from JSDoc, else
// from the type checker. What none of them knows is a gap.

import { type EsNode, patternIdentifiers } from './estree.ts'
import type { Documentation } from './jsdoc.ts'
import { arrowIndex } from './signature-text.ts'
import type { SourceFile } from './source.ts'

export interface Text {
  readonly source: SourceFile
  readonly documentation: Documentation
  /** The checker's type of the name at an offset. */
  readonly typeAt: (start: number) => string | undefined
  /** Counts what is not known. */
  readonly gaps: { count: number }
}

export const NO_DOCUMENTATION: Documentation = Object.freeze({ params: new Map() })

const PLAIN: Readonly<Record<string, string>> = { string: 'string', number: 'number', boolean: 'boolean' }

/** The type of a literal. */
export function plainTypeOf({ type, value, bigint, regex }: EsNode): string | undefined {
  if (type === 'TemplateLiteral') return 'string'
  if (type !== 'Literal') return undefined
  return bigint ? 'bigint' : regex ? 'RegExp' : PLAIN[typeof value]
}

/** `<T>(a: T) => T` of a function; with another `arrow`, `(a: T): T` of a method, whose name stands at `nameStart`. */
export function functionSignature(
  node: EsNode,
  text: Text,
  { arrow = ' => ', nameStart }: { arrow?: string; nameStart?: number } = {},
): string {
  const typeParameters = node['typeParameters'] ? oneLine(slice(node['typeParameters'], text)) : ''
  const params = parametersText(node['params'], text)
  const written = node['returnType'] ? annotationText(node['returnType'], text) : text.documentation.returns
  const result = written ?? (nameStart === undefined ? undefined : inferredResult(nameStart, text))
  if (!result) text.gaps.count++
  return `${typeParameters}(${params})${result ? `${arrow}${result}` : ''}`
}

/** What the method whose name stands at `start` returns. */
function inferredResult(start: number, text: Text): string | undefined {
  const type = text.typeAt(start)
  const arrow = type ? arrowIndex(type) : -1
  return arrow < 0 ? undefined : type!.slice(arrow + 3)
}

export function parametersText(params: readonly EsNode[], text: Text): string {
  return params
    .filter((p) => p['name'] !== 'this')
    .map((p) => parameterText(p, text))
    .join(', ')
}

export function parameterText(parameter: EsNode, text: Text): string {
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
  if (!type) text.gaps.count++
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

export function slice(node: EsNode, { source }: Text): string {
  return source.text.slice(node.start, node.end)
}

/** The type of an annotation `: T`. */
export function annotationText(annotation: EsNode, text: Text): string {
  return oneLine(slice(annotation['typeAnnotation'] ?? annotation, text))
}

export function oneLine(text: string): string {
  return text
    .replaceAll(/\/\*.*?\*\/|\/\/.*$/gms, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
