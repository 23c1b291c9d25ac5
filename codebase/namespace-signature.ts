// What a namespace declares, on one line: `namespace { const pad: (s: string) => string; namespace Deep { const n: 1 } }`.

import { annotationText, functionSignature, oneLine, slice, type Text } from './annotations.ts'
import { classSignature } from './class-signature.ts'
import { type EsNode, patternIdentifiers } from './estree.ts'

/** All blocks of the namespace `name` of a module, in its unerased syntax; undefined when it has none. */
export function namespaceSignature(program: EsNode, name: string, text: Text): string | undefined {
  const blocks = (program['body'] as EsNode[]).flatMap((item): EsNode[] => {
    const declared: EsNode = item['declaration'] ?? item
    return declared.type === 'TSModuleDeclaration' && leftmost(declared['id']) === name ? [declared] : []
  })
  if (blocks.length === 0) return undefined
  return `namespace ${block(blocks.flatMap((each) => members(each, name, text)))}`
}

function leftmost(id: EsNode): string {
  return id.type === 'TSQualifiedName' ? leftmost(id['left']) : id['name']
}

/** Of `namespace A.B { … }`, what A holds is B. */
function members(declaration: EsNode, name: string, text: Text): string[] {
  const written = slice(declaration['id'], text)
    .split('.')
    .map((part) => part.trim())
  const inner = written.slice(written.indexOf(name) + 1)
  const body: EsNode | null = declaration['body']
  const own =
    body?.type === 'TSModuleDeclaration'
      ? [`namespace ${leftmost(body['id'])} ${block(members(body, leftmost(body['id']), text))}`]
      : ((body?.['body'] ?? []) as EsNode[]).flatMap((statement) => memberTexts(statement, text))
  return inner.reduceRight((texts, part) => [`namespace ${part} ${block(texts)}`], own)
}

function block(texts: readonly string[]): string {
  // What ends with a block has no semicolon after it: that would be an empty statement, which no declaration may hold.
  const ended = texts.map((each) => (BLOCK.test(each) ? each : `${each.replace(/;$/, '')};`))
  return texts.length === 0 ? '{}' : `{ ${ended.join(' ').replace(/;$/, '')} }`
}

const BLOCK = /^(?:export )?(?:declare )?(?:abstract )?(?:namespace|interface|class|enum|const enum)\b/

/** What is exported, and the types that it may mention. */
function memberTexts(statement: EsNode, text: Text): string[] {
  const { type }: EsNode = statement
  if (/^TS(Interface|TypeAlias)Declaration$/.test(type)) return [oneLine(slice(statement, text))]
  const declared: EsNode | null = type === 'ExportNamedDeclaration' ? statement['declaration'] : null
  if (!declared) return []
  switch (declared.type) {
    case 'VariableDeclaration':
      return declared['declarations'].flatMap(({ id }: EsNode) => variableTexts(id, text))
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
      return [functionText(declared, text)]
    case 'ClassDeclaration':
      return [classSignature(declared, text).replace(/^class/, `class ${declared['id'].name}`)]
    case 'TSModuleDeclaration':
      return [
        `namespace ${leftmost(declared['id'])} ${block(members(declared, leftmost(declared['id']), text))}`,
      ]
    default:
      return [oneLine(slice(declared, text))]
  }
}

function variableTexts(pattern: EsNode, text: Text): string[] {
  return patternIdentifiers(pattern).map((id) => {
    const annotation = id['typeAnnotation'] as EsNode | undefined
    const shown = annotation ? annotationText(annotation, text) : text.typeAt(id.start)
    return `const ${id['name']}: ${shown ?? 'any'}`
  })
}

function functionText(node: EsNode, text: Text): string {
  const { name, start } = node['id'] as EsNode & { name: string }
  return `function ${name}${functionSignature(node, text, { arrow: ': ', nameStart: start })}`
}
