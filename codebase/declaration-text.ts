// One definition as TypeScript declares it, for editors and for the checker: made from the
// signature that is kept with it, with what that names imported from where it is declared.

import type { SourceRecord } from './define.ts'
import type { EsNode } from './estree.ts'
import { linkTypes, type Imported, parseDeclaration } from './declaration-links.ts'
import { arrowIndex, splitTypes } from './signature-text.ts'
import type { DefinitionKind } from './term.ts'

/** A definition that is to be declared. */
export interface Declared {
  /** The last segment of its name. */
  readonly own: string
  readonly kind: DefinitionKind
  readonly row: readonly string[]
  readonly source: SourceRecord | undefined
  /** The name that an ability is performed by. */
  readonly ability?: string
}

/** A module that exports the definition under its own name, where that is one in JavaScript, and as default. */
export function declarationText(declared: Declared, imported: Imported): string {
  const { own, source } = declared
  const local = isIdentifier(own) && !RESERVED.has(own) ? own : '$it'
  const written = writtenName(source)
  const linked = linkTypes(statementOf(declared, local), {
    local,
    written,
    imports: source?.imports ?? [],
    imported,
  })
  const { text, imports } = linked ?? { text: `declare const ${local}: any`, imports: [] }
  const documentation = /^\s*(\/\*\*[\s\S]*?\*\/)/.exec(source?.text ?? '')?.[1]
  const names = [...(own !== 'default' && isIdentifier(own) ? [own] : []), 'default']
  const exported = names.map((name) => (name === local ? name : `${local} as ${name}`)).join(', ')
  return `${[...imports, ...(documentation ? [documentation] : []), text, `export { ${exported} }`].join('\n')}\n`
}

/** Words that no declaration can have as its name. */
const RESERVED = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
)

export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
}

/** The name that the text declares, which a rename leaves as it is. */
function writtenName(source: SourceRecord | undefined): string | undefined {
  const match =
    /(?:^|\s)(?:class|enum|type|interface|namespace|module)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(
      source?.text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '') ?? '',
    )
  return match?.[1]
}

function statementOf(declared: Declared, local: string): string {
  const { kind, source } = declared
  const signature = source?.signature ?? null
  if (signature !== null) {
    if (kind === 'type') return typeStatement(signature, local)
    if (kind === 'ability') return `declare const ${local}: ${abilityType(declared, signature)}`
    if (signature.startsWith('namespace {')) return `declare namespace ${local} ${signature.slice(10)}`
    if (isScript(source) && isLoose(signature, kind)) return looseStatement(declared, { local, signature })
    if (/^class\b/.test(signature)) return `declare class ${local} ${signature.slice(5)}`
    if (signature.startsWith('enum {')) return `declare enum ${local} ${signature.slice(4)}`
  }
  if (kind === 'type') return `declare type ${local} = any`
  return `declare const ${local}: ${valueType(declared, signature)}`
}

/** Whether the text is JavaScript, whose parameters need not be given and whose members are not declared. */
function isScript(source: SourceRecord | undefined): boolean {
  return /\.[cm]?jsx?$/.test(source?.file ?? '')
}

const TYPED_PARAMETER = /^(\.\.\.)?([\p{ID_Start}$_][\p{ID_Continue}$]*|\{.*?\}|\[.*?\])\??: /su

/** Whether a class, or a function of which a parameter has no type; without any it may use `arguments`. */
function isLoose(signature: string, kind: DefinitionKind): boolean {
  if (/^class\b/.test(signature)) return true
  if (!signature.startsWith('(') || (kind !== 'function' && kind !== 'generator')) return false
  return !parametersOf(signature).every((each) => TYPED_PARAMETER.test(each))
}

/** The parameters of `(a, b: B) => R`. */
function parametersOf(signature: string): string[] {
  const arrow = arrowIndex(signature)
  const list = (arrow < 0 ? signature : signature.slice(0, arrow)).trim()
  return splitTypes(list.slice(1, -1))
}

/** Called or made with any arguments and type arguments; callbacks among them have parameters of any. */
function looseStatement(
  { kind, row }: Declared,
  { local, signature }: Record<'local' | 'signature', string>,
): string {
  const names = kind === 'class' ? [] : parametersOf(signature).filter((name) => isIdentifier(name))
  const given = names.map((name) => `${name}?: $Given, `).join('')
  const types = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => `${name} = any`).join(', ')
  const result =
    row.length > 0 ? `Computation<${row.map((name) => JSON.stringify(name)).join(' | ')}, any>` : 'any'
  const call = `<${types}>(${given}...more: $Given[]): ${result}`
  const lines = [
    'type $Given = ((...given: any[]) => any) | { [key: string]: $Given } | {} | null | undefined',
    `declare const ${local}: { ${kind === 'class' ? 'new ' : ''}${call}; [key: string]: any }`,
  ]
  return [...lines, ...(kind === 'class' ? [`declare type ${local}<${types}> = any`] : [])].join('\n')
}

/** `<T> = T[]`, `interface extends A { … }` or a plain type, which is how types are shown. */
function typeStatement(signature: string, local: string): string {
  const parts = signature.split(/(?<=}) (?=interface\b)/)
  if (parts.every((part) => /^interface\b/.test(part)))
    return parts.map((part) => `interface ${local} ${part.slice(9)}`).join('\n')
  const isGeneric = /^<.*?> = /s.test(signature)
  return `declare type ${local}${isGeneric ? '' : ' = '}${signature}`
}

/** `ability { get: (key: string) => Value }` as the type that `ability()` gives. */
function abilityType({ ability }: Declared, signature: string): string {
  const shape = `type A = ${signature.replace(/^ability /, '').replaceAll(/^new .*/gs, '{}')}`
  const members: EsNode[] = parseDeclaration(shape)?.['body'][0]?.typeAnnotation?.members ?? []
  const operations = members.map((member) => {
    const type: EsNode | undefined = member['typeAnnotation']?.typeAnnotation
    const parameters: EsNode[] = type?.['params'] ?? []
    const result: EsNode | undefined = type?.['returnType']?.typeAnnotation
    const list = parameters.map(({ start, end }) => shape.slice(start, end)).join(', ')
    return `${shape.slice(member['key'].start, member['key'].end)}: Signature<[${list}], ${result ? shape.slice(result.start, result.end) : 'void'}>`
  })
  return `Ability<${JSON.stringify(ability ?? '')}, { ${operations.join('; ')} }>`
}

function valueType({ kind, row }: Declared, signature: string | null): string {
  if (signature === null) return 'any'
  const lines = signature.split('\n')
  const isFunction = /^[(<]/.test(signature) && (kind === 'function' || kind === 'generator')
  if (!isFunction) return lines.join(' ')
  const shown = lines.map((line) => withComputation(line, row))
  if (shown.length === 1) return shown[0]!
  return `{ ${shown.map((line) => line.replace(line.slice(arrowIndex(line), arrowIndex(line) + 2), ':')).join('; ')} }`
}

/** The signature with the row that is known now in the place of the names that were known when it was written. */
function withComputation(line: string, row: readonly string[]): string {
  const names = row.length > 0 ? row.map((name) => JSON.stringify(name)).join(' | ') : 'never'
  const arrow = arrowIndex(line)
  if (arrow < 0) return `${line} => ${row.length > 0 ? `Computation<${names}, any>` : 'any'}`
  const result = line.slice(arrow + 3)
  const match = /^Computation<(.*)>$/s.exec(result)
  const [yielded = '', ...returned] = match ? splitTypes(match[1]!) : []
  const isKnown = /^("[^"]*"|'[^']*'|never)(\s*\|\s*("[^"]*"|'[^']*'))*$/.test(yielded)
  return isKnown ? `${line.slice(0, arrow + 3)}Computation<${names}, ${returned.join(', ')}>` : line
}
