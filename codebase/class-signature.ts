// What a class declares, on one line: `class extends Error { readonly code: string; constructor(code: string) }`.

import {
  annotationText,
  functionSignature,
  NO_DOCUMENTATION,
  oneLine,
  plainTypeOf,
  slice,
} from './annotations.ts'
import { parameterText, parametersText, type Text } from './annotations.ts'
import type { EsNode } from './estree.ts'
import { documentationBefore } from './jsdoc.ts'

export function classSignature(node: EsNode, text: Text): string {
  const typeParameters = node['typeParameters'] ? oneLine(slice(node['typeParameters'], text)) : ''
  const members: EsNode[] = node['body'].body
  const shown = members.flatMap((member) => memberTexts(member, text, isOverloaded(member, members)))
  const hasPrivate = members.some(({ key }) => key?.type === 'PrivateIdentifier')
  const lines = [...(hasPrivate ? ['#private'] : []), ...shown]
  const body = lines.length > 0 ? `{ ${lines.join('; ')} }` : '{}'
  return ['class', typeParameters, ...heritage(node, text), body].filter(Boolean).join(' ')
}

function heritage(node: EsNode, text: Text): string[] {
  const superClass: EsNode | null = node['superClass']
  const texts: string[] = []
  if (superClass && /^(Identifier|MemberExpression)$/.test(superClass.type)) {
    const types = node['superTypeArguments'] ?? node['superTypeParameters']
    texts.push(`extends ${slice(superClass, text)}${types ? oneLine(slice(types, text)) : ''}`)
  } else if (superClass) {
    text.gaps.count++
  }
  const interfaces: EsNode[] = node['implements'] ?? []
  if (interfaces.length > 0)
    texts.push(`implements ${interfaces.map((each) => oneLine(slice(each, text))).join(', ')}`)
  return texts
}

/** Whether a method only implements signatures that stand before it. */
function isOverloaded(member: EsNode, members: readonly EsNode[]): boolean {
  const name = (each: EsNode): unknown => each['key']?.name ?? each['key']?.value
  const isSignature = (each: EsNode): boolean =>
    each.type === 'MethodDefinition' && each['value'].body === null && each['static'] === member['static']
  return (
    member.type === 'MethodDefinition' &&
    member['value'].body !== null &&
    members.some((each) => each !== member && isSignature(each) && name(each) === name(member))
  )
}

function memberTexts(member: EsNode, text: Text, isImplementation: boolean): string[] {
  const { type, key } = member
  if (isImplementation || key?.type === 'PrivateIdentifier') return []
  if (type === 'TSIndexSignature') return [oneLine(slice(member, text)).replace(/[;,]$/, '')]
  const own: Text = {
    ...text,
    documentation: documentationBefore(text.source, member.start) ?? NO_DOCUMENTATION,
  }
  if (/^(TSAbstract)?MethodDefinition$/.test(type)) return methodTexts(member, own)
  if (/^(TSAbstract)?(PropertyDefinition|AccessorProperty)$/.test(type)) return [propertyText(member, own)]
  return []
}

function methodTexts(member: EsNode, text: Text): string[] {
  const { kind, value } = member
  const params: EsNode[] = value['params']
  if (kind === 'constructor') {
    const properties = params
      .filter(({ type }) => type === 'TSParameterProperty')
      .map((each) => modifiers(each) + propertyOf(each, text))
    return [...properties, `${modifiers(member)}constructor(${parametersText(params, text)})`]
  }
  const name = modifiers(member) + keyText(member, text)
  if (member['accessibility'] === 'private') return [name]
  if (kind === 'set')
    return [`${modifiers(member)}set ${keyText(member, text)}(${parametersText(params, text)})`]
  if (kind === 'get') {
    const type = value['returnType'] ? annotationText(value['returnType'], text) : inferred(member, text)
    return [`${modifiers(member)}get ${keyText(member, text)}()${type ? `: ${type}` : ''}`]
  }
  return [name + functionSignature(value, text, { arrow: ': ', nameStart: member['key'].start })]
}

/** A property that a parameter of the constructor declares. */
function propertyOf({ accessibility, parameter }: EsNode, text: Text): string {
  const target: EsNode = parameter.type === 'AssignmentPattern' ? parameter['left'] : parameter
  if (accessibility === 'private') return target['name']
  return parameterText(parameter, text).replace('?', target['optional'] ? '?' : '')
}

function propertyText(member: EsNode, text: Text): string {
  const name = modifiers(member) + keyText(member, text)
  if (member['accessibility'] === 'private') return name
  const { typeAnnotation, value } = member
  const type = typeAnnotation
    ? annotationText(typeAnnotation, text)
    : (text.documentation.type ?? inferred(member, text) ?? (value && plainTypeOf(value)))
  if (!type) text.gaps.count++
  return type ? `${name}: ${type}` : name
}

function inferred({ key }: EsNode, { typeAt }: Text): string | undefined {
  return typeAt(key.start)
}

function modifiers(member: EsNode): string {
  const { accessibility, readonly: isReadonly } = member
  const words = [
    accessibility === 'public' ? undefined : accessibility,
    member['static'] ? 'static' : undefined,
    member.type.startsWith('TSAbstract') ? 'abstract' : undefined,
    isReadonly ? 'readonly' : undefined,
  ]
  return words
    .filter(Boolean)
    .map((word) => `${word} `)
    .join('')
}

function keyText({ key, computed, optional }: EsNode, text: Text): string {
  const name = computed ? `[${slice(key, text)}]` : slice(key, text)
  return optional ? `${name}?` : name
}
