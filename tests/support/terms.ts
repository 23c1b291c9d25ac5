// Source text to hashed terms without files, imports and permits: what tests of the
// term pipeline need of its front end.

import { type EsNode, identifier, patternIdentifiers } from '../../codebase/estree.ts'
import { eraseTypes } from '../../codebase/erase.ts'
import { parseSource } from '../../codebase/source.ts'
import { resolveScopes, type Scopes } from '../../codebase/scope.ts'
import {
  type HashedDefinitions,
  hashDefinitions,
  hashObject,
  type Member,
  type Reference,
  normaliseDeclaration,
  referenceText,
  type Target,
} from '#codebase'

export interface Termed {
  readonly names: readonly string[]
  readonly members: readonly Member[]
  readonly hashed: HashedDefinitions
  /** Name → reference as text. */
  readonly hashes: ReadonlyMap<string, string>
}

interface Declared {
  readonly name: string
  readonly value: EsNode
  readonly completions: EsNode[]
}

/** Every top-level declaration of `text`; other statements complete the definition they follow. Free names are intrinsics, imports stand for some definition. */
export function terms(text: string, file = '/test.ts'): Termed {
  const source = parseSource(file, file, text)
  if (!('program' in source)) throw new SyntaxError(source.reason)
  const { program } = eraseTypes(source.program)
  const scopes = resolveScopes(program)
  const declared: Declared[] = []
  for (const item of program['body'] as EsNode[]) collect(item['declaration'] ?? item, scopes, declared)
  const positions = new Map(declared.map(({ name }, index) => [name, index]))
  const targetOf = (identifier: EsNode): Target => {
    const binding = scopes.bindingOf(identifier)
    const name: string = identifier['name']
    if (!binding) return freeName(name)
    if (binding.kind === 'arguments') return { kind: 'arguments' }
    if (binding.kind === 'import') return imported(name)
    const definition = binding.isModule ? positions.get(name) : undefined
    return definition === undefined ? { kind: 'local' } : { kind: 'definition', definition }
  }
  const members = declared.map(({ name, value, completions }) =>
    normaliseDeclaration(
      { value, completions, nominal: isNominal(value) ? name : null },
      { bindingOf: (identifier) => scopes.bindingOf(identifier), targetOf },
    ),
  )
  const hashed = hashDefinitions(members)
  const hashes = new Map(declared.map(({ name }, index) => [name, referenceText(hashed.references[index]!)]))
  return { names: declared.map(({ name }) => name), members, hashed, hashes }
}

/** The reference of the only, or the last, definition of `text`. */
export function hashOf(text: string): string {
  return [...terms(text).hashes.values()].at(-1) as string
}

function collect(statement: EsNode, scopes: Scopes, declared: Declared[]): void {
  if (statement.type === 'VariableDeclaration') {
    for (const declarator of statement['declarations']) {
      const [id] = patternIdentifiers(declarator.id)
      declared.push({ name: id!['name'], value: declarator.init, completions: [] })
    }
  } else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
    declared.push({
      name: statement['id']?.name ?? 'default',
      value: selfNamed(statement, scopes),
      completions: [],
    })
  } else if (statement.type.endsWith('Statement')) {
    declared.at(-1)?.completions.push(statement)
  }
}

/** A class declaration that names itself within, as an expression with that inner name. */
function selfNamed(statement: EsNode, scopes: Scopes): EsNode {
  const self = scopes.classSelves.get(statement)
  if (!self) return statement
  const id = identifier(self.name, statement['id'])
  scopes.bind(id, self)
  return { ...statement, type: 'ClassExpression', id }
}

function imported(name: string): Target {
  return { kind: 'reference', reference: importedReference(name) }
}

/** What an import of `name` stands for. */
export function importedReference(name: string): Reference {
  return { hash: hashObject(new TextEncoder().encode(name)), index: 0 }
}

function freeName(name: string): Target {
  if (name === 'undefined') return { kind: 'undefined' }
  if (name === 'handle' || name === 'all') return { kind: 'intrinsic', name: `ucm.${name}` }
  return name.startsWith('absent') ? { kind: 'typeof-undefined' } : { kind: 'intrinsic', name }
}

function isNominal(value: EsNode): boolean {
  return [
    'ObjectExpression',
    'ArrayExpression',
    'NewExpression',
    'ClassDeclaration',
    'ClassExpression',
  ].includes(value.type)
}
