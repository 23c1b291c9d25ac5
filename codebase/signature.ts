// The type that a definition shows: from its annotations, else from its JSDoc, else
// the names of its parameters.

import type { Declaration } from './declarations.ts'
import { annotationText, functionSignature, oneLine, plainTypeOf, slice, type Text } from './annotations.ts'
import { classSignature } from './class-signature.ts'
import { type EsNode, isFunction, patternIdentifiers } from './estree.ts'
import { documentationBefore } from './jsdoc.ts'
import { namespaceSignature } from './namespace-signature.ts'
import { tidyType } from './signature-text.ts'
import type { SourceFile } from './source.ts'
import { isType, typeText } from './types.ts'

/**
 * `(xs: number[]) => number`, one line for each overload; null when nothing is known. Where something is not
 * annotated, `typeAt` is asked for the type of the name at an offset.
 */
export function signatureOf(
  source: SourceFile,
  declaration: Declaration,
  typeAt: Text['typeAt'] = () => undefined,
): string | null {
  const { name, binding, pieces } = declaration
  if (isType(declaration)) return typeText(declaration, source)
  const piece = pieces.find(({ declares, isDeclaration }) =>
    binding ? declares.includes(binding) : isDeclaration,
  )
  const declared = piece && declarationAt(source.program, piece.statement.start, binding?.name)
  if (!declared) return null
  const documentation = documentationBefore(source, piece.keyword?.start ?? piece.start)
  const tidied = (start: number): string | undefined => {
    const type = typeAt(start)
    return type === undefined ? undefined : tidyType(type)
  }
  const text: Text = { source, documentation, typeAt: tidied, gaps: { count: 0 } }
  if (declared.type === 'TSModuleDeclaration') return namespaceSignature(source.program, name, text) ?? null
  const overloads: EsNode[] = source.program['body'].filter((item: EsNode) => isOverload(item, name))
  if (overloads.length > 0)
    return overloads.map((item) => functionSignature(item['declaration'] ?? item, text)).join('\n')
  const written = declaredSignature(declared, text)
  const id = nameOf(declared, name)
  const hasGaps = written === null || text.gaps.count > 0
  return (hasGaps && id && !isClass(declared) ? tidied(id.start) : undefined) ?? written
}

function isOverload(item: EsNode, name: string): boolean {
  const declared: EsNode = item['declaration'] ?? item
  return declared.type === 'TSDeclareFunction' && declared['id']?.name === name
}

/** The identifier of `name` where it is declared, in a pattern perhaps. */
function nameOf({ id }: EsNode, name: string): EsNode | undefined {
  if (!id || id.type === 'Identifier') return id ?? undefined
  return patternIdentifiers(id).find((each) => each['name'] === name)
}

function isClass({ type, init }: EsNode): boolean {
  return type.startsWith('Class') || init?.type.startsWith('Class') === true
}

/** The unerased function, class, declarator (that of `name`, where one statement makes two) or expression that begins at `start`. */
function declarationAt(program: EsNode, start: number, name: string | undefined): EsNode | undefined {
  for (const item of program['body']) {
    const declared: EsNode = item['declaration'] ?? item
    if (declared.type === 'VariableDeclaration') {
      const declarator = declared['declarations'].find(
        (d: EsNode) => d.start === start || (declared.start === start && d === declared['declarations'][0]),
      )
      const id: EsNode | undefined = declarator?.['id']
      const isOther = id?.type === 'Identifier' && name !== undefined && id['name'] !== name
      if (declarator && !isOther) return declarator
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

function valueSignature(value: EsNode, text: Text): string | null {
  if (isFunction(value)) return functionSignature(value, text)
  switch (value.type) {
    case 'ClassDeclaration':
    case 'ClassExpression':
      return classSignature(value, text)
    case 'TSEnumDeclaration':
      return `enum ${oneLine(slice(value['body'], text)).replace(/,? }$/, ' }')}`
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

function isConst(node: EsNode): boolean {
  return node['typeAnnotation'].typeName?.name === 'const'
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
