// Spellings of literals and of names of properties.

import type { EsNode } from '../../codebase/estree.ts'
import { type Edit, nodesOf, pick, type Random, type Syntax } from './text.ts'

/** Other quotes, escapes, templates for strings; other digits for numbers; flags in another order. */
export function respelledLiterals({ program, text }: Syntax, random: Random): Edit[] {
  return nodesOf(program).flatMap(({ node, around: [parent] }): Edit[] => {
    if (node.type === 'TemplateLiteral' && parent?.type !== 'TaggedTemplateExpression')
      return node['quasis'].length === 1
        ? [replaced(node, quoted(node['quasis'][0].value.cooked, random))]
        : []
    if (node.type !== 'Literal' || isFixed(node, parent) || random() < 0.3) return []
    if (typeof node['value'] === 'string' && node['bigint'] === undefined)
      return [
        replaced(node, isBare(node, parent) ? quoted(node['value'], random) : literal(node['value'], random)),
      ]
    if (typeof node['value'] === 'number') return [replaced(node, number(node, text, random))]
    if (node['regex']) return [replaced(node, `/${node['regex'].pattern}/${reversed(node['regex'].flags)}`)]
    return []
  })
}

/** Where a string is not an expression, or is one that says something by itself. */
function isFixed(node: EsNode, parent: EsNode | undefined): boolean {
  if (!parent || /^(Import|Export)/.test(parent.type)) return true
  return parent.type === 'ExpressionStatement'
}

/** Where a string is a name and not an expression. */
function isBare(node: EsNode, parent: EsNode | undefined): boolean {
  return parent?.['key'] === node && !parent['computed']
}

function literal(value: string, random: Random): string {
  return random() < 0.3
    ? `\`${escaped(value, '`', random).replaceAll('${', '\\${')}\``
    : quoted(value, random)
}

function quoted(value: string, random: Random): string {
  const quote = pick(["'", '"'], random)
  return quote + escaped(value, quote, random) + quote
}

/** Some characters as escapes, by all the ways to write one. */
function escaped(value: string, quote: string, random: Random): string {
  return value
    .split('')
    .map((unit) => {
      const code = unit.charCodeAt(0)
      const hex = code.toString(16)
      if (unit === quote || unit === '\\') return `\\${unit}`
      const isPlain = code >= 32 && code < 127
      if (isPlain && random() < 0.9) return unit
      if (code < 256 && random() < 0.5) return `\\x${hex.padStart(2, '0')}`
      return random() < 0.5 && (code < 0xd800 || code > 0xdfff) ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`
    })
    .join('')
}

function number(node: EsNode, text: string, random: Random): string {
  const value: number = node['value']
  const isSmall = Number.isSafeInteger(value) && value < 2 ** 31
  if (isSmall)
    return pick(
      [`0x${value.toString(16)}`, `0b${value.toString(2)}`, `0O${value.toString(8)}`, `${value}.0e0`],
      random,
    )
  return text.slice(node.start, node.end)
}

function reversed(flags: string): string {
  return flags.split('').reverse().join('')
}

/** `a.b` for `a['b']` and back, keys in and out of quotes and brackets, shorthand written out. */
export function respelledNames({ program, text }: Syntax, random: Random): Edit[] {
  return nodesOf(program).flatMap(({ node, around: [parent] }): Edit[] => {
    if (random() < 0.3) return []
    if (node.type === 'MemberExpression') return memberEdit(node, random)
    if (node.type === 'Property' && node['shorthand']) return shorthandEdit(node, parent, text)
    const isMember = /^(Property|PropertyDefinition|MethodDefinition)$/.test(node.type)
    return isMember ? keyEdit(node, parent, random) : []
  })
}

function memberEdit(node: EsNode, random: Random): Edit[] {
  const { property, computed, optional, object } = node
  if (computed) {
    const isName = typeof property.value === 'string' && /^[A-Za-z_$][\w$]*$/.test(property.value)
    const isNumeral = object.type === 'Literal'
    if (!isName || isNumeral) return []
    return [{ start: object.end, end: node.end, text: `${optional ? '?' : ''}.${property.value}` }]
  }
  if (property.type !== 'Identifier') return []
  const index = quotedName(property.name, random)
  return [{ start: object.end, end: node.end, text: `${optional ? '?.' : ''}[${index}]` }]
}

function quotedName(name: string, random: Random): string {
  return pick([`'${name}'`, `"${name}"`, `\`${name}\``], random)
}

function shorthandEdit(node: EsNode, parent: EsNode | undefined, text: string): Edit[] {
  const name: string = node['key'].name
  // In an object `{ __proto__ }` makes a property of that name, and `__proto__: x` does not.
  if (name === '__proto__' && parent?.type === 'ObjectExpression') return []
  return [replaced(node, `${name}: ${text.slice(node.start, node.end)}`)]
}

/** Keys whose name means something only when it is written plainly. */
const SPECIAL = /^(constructor|prototype|__proto__)$/

function keyEdit(node: EsNode, parent: EsNode | undefined, random: Random): Edit[] {
  const { key, computed } = node
  const name: unknown = key.type === 'Identifier' && !computed ? key.name : key.value
  if (typeof name !== 'string' || SPECIAL.test(name) || key.bigint !== undefined) return []
  if (computed || key.type === 'Literal') return []
  const bare = random() < 0.5 ? `'${name}'` : `[${quotedName(name, random)}]`
  const isModifier = parent?.type === 'ClassBody' && node.type === 'PropertyDefinition'
  return [replaced(key, isModifier ? `'${name}'` : bare)]
}

export function replaced({ start, end }: EsNode, text: string): Edit {
  return { start, end, text }
}
