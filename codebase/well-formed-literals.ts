// Literals whose text goes into generated code as it is: they must be what they say,
// and end where they should.

import { flagAt, nodeAt, nodesAt, textAt, textsAt } from './fields.ts'
import type { Node } from './term.ts'

/** What is wrong with a literal of a decoded term; undefined when nothing is. */
export function literalProblem(node: Node): string | undefined {
  switch (node.type) {
    case 'BigInt':
      return /^(0|[1-9]\d*)$/.test(textAt(node, 'value'))
        ? undefined
        : 'a bigint that is not written in decimal'
    case 'RegExp':
      return regexProblem(textAt(node, 'pattern'), textAt(node, 'flags'))
    case 'Template':
      return templateCounts(node, 2) ? undefined : 'a template whose texts and substitutions do not alternate'
    case 'TaggedTemplate':
      return taggedProblem(node)
    case 'Ability':
      return areSorted(textsAt(node, 'operations')) ? undefined : 'operations that are not sorted, each once'
    case 'Type':
      return textsAt(node, 'texts').length === nodesAt(node, 'references').length + 1
        ? undefined
        : 'a type whose texts and references do not alternate'
    case 'Unary':
      return node['operator'] === 'delete' && !isDeletable(nodeAt(node, 'argument'))
        ? 'a delete of a variable'
        : undefined
    default:
      return undefined
  }
}

function isDeletable(node: Node): boolean {
  if (node.type === 'Chain') return isDeletable(nodeAt(node, 'expression'))
  return !['Local', 'Sibling', 'Reference', 'Intrinsic', 'Arguments', 'PrivateMember'].includes(node.type)
}

/** A regular expression must be one literal: no line break, no slash but escaped or in a class, no comment at its start. */
function regexProblem(pattern: string, flags: string): string | undefined {
  const isOneLiteral =
    /^(?![*])(?:[^\\/[\n\r\u2028\u2029]|\\[^\n\r\u2028\u2029]|\[(?:[^\]\\\n\r\u2028\u2029]|\\[^\n\r\u2028\u2029])*\])+$/.test(
      pattern,
    )
  if (!isOneLiteral) return 'a regular expression that is not one literal'
  return /^[dgimsuvy]*$/.test(flags) && areSorted(flags.split(''))
    ? undefined
    : 'regular expression flags that are not sorted, each once'
}

function taggedProblem(node: Node): string | undefined {
  const raw = textsAt(node, 'raw')
  const cooked = node['cooked'] as readonly (string | null)[]
  if (!templateCounts(node, 1) || raw.length !== cooked.length)
    return 'a template whose texts and substitutions do not alternate'
  const isFaithful = raw.every((text, index) => isTemplateText(text) && cook(text) === cooked[index])
  return isFaithful ? undefined : 'a template whose cooked text is not what its raw text says'
}

function templateCounts(node: Node, least: number): boolean {
  const { length } = node['cooked'] as readonly unknown[]
  return length >= least && length === nodesAt(node, 'expressions').length + 1
}

/** Whether `raw` ends where the template's text does: no backtick, no `${`, no escape left open. */
function isTemplateText(raw: string): boolean {
  return /^(?:[^`\\$\r]|\\[^\r]|\$(?!\{))*$/.test(raw)
}

/** What the raw text of a template comes to (ECMA-262 §12.9.6.1); null when an escape is malformed. */
function cook(raw: string): string | null {
  let isMalformed = false
  const text = raw.replace(
    /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]+)\}|0(?!\d)|(\n|[\u2028\u2029])|([^xu\d])|(.))/gsu,
    (_, hex, unit, point, line, other, bad) => {
      if (hex !== undefined || unit !== undefined)
        return String.fromCharCode(Number.parseInt(hex ?? unit, 16))
      if (point !== undefined) {
        const code = Number.parseInt(point, 16)
        if (code <= 0x10ffff) return String.fromCodePoint(code)
        isMalformed = true
      }
      if (bad !== undefined) isMalformed = true
      if (line !== undefined || isMalformed) return ''
      return other === undefined ? '\0' : (SIMPLE_ESCAPES[other] ?? other)
    },
  )
  return isMalformed ? null : text
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = Object.freeze({
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
})

function areSorted(texts: readonly string[]): boolean {
  return texts.every((text, index) => index === 0 || (texts[index - 1] as string) < text)
}

/** Whether a member access or call ends a chain by itself. */
export function isOptional(node: Node): boolean {
  return (
    (node.type === 'Member' || node.type === 'PrivateMember' || node.type === 'Call') &&
    flagAt(node, 'optional')
  )
}
