// The imports that a definition's text needs to mean what it means: each name that it leaves
// open is traced to a definition through the positions of its term, and to a name through the branch.

import type { KnownAbility } from './defined.ts'
import type { SourceRecord } from './defined.ts'
import { referenceOf } from './dependencies.ts'
import type { FreeName, TextParts } from './edit-text.ts'
import { type Hash, type Reference, referenceText } from './hash.ts'
import { codebaseName, listSpecifier } from './requests.ts'
import type { Names } from './names.ts'
import { type Member, type Node, walkMember } from './term.ts'

/** What a name that a text leaves open is imported as. */
export interface Import {
  readonly specifier: string
  /** `*` for the namespace. */
  readonly imported: string
  readonly isType: boolean
  /** The definition, unless it is a namespace or comes from `ucm/abilities`. */
  readonly reference?: Reference
  /** Of a namespace: what its members are called, and the full names that these mean. */
  readonly members?: ReadonlyMap<string, string>
  /** Whether it is a variable that functions of its file fill, so that reading it means more than the name says. */
  readonly isFilled?: boolean
}

/** What is looked at: a definition, its text taken apart, and the names of the branch. */
export interface Importing {
  readonly hash: Hash
  readonly member: Member
  readonly source: SourceRecord
  readonly parts: TextParts
  readonly names: Names
  readonly abilities: readonly KnownAbility[]
}

/** The import of each open name that stands for something. */
export function importsOf(importing: Importing): Map<string, Import> {
  const at = nodesByOffset(importing)
  const imports = new Map<string, Import>()
  for (const [local, free] of importing.parts.free) {
    const nodes = free.offsets.flatMap((offset) => at.get(offset) ?? [])
    const needed = importOf(local, free, nodes, importing)
    if (needed) imports.set(local, needed)
  }
  return imports
}

function nodesByOffset({ member, source }: Importing): Map<number, Node[]> {
  const at = new Map<number, Node[]>()
  let ordinal = 0
  walkMember(member, (node) => {
    const offset = source.positions[ordinal++] ?? -1
    if (offset >= 0) at.set(offset, [...(at.get(offset) ?? []), node])
  })
  return at
}

function importOf(
  local: string,
  free: FreeName,
  nodes: readonly Node[],
  importing: Importing,
): Import | undefined {
  const { hash, member, source, names } = importing
  const recorded = source.imports.filter(([written]) => written === local).map(([, name]) => name)
  const parts = source.imports.filter(([written]) => written.startsWith(`${local}.`))
  if (parts.length > 0) return namespaceOf(local, free, parts)
  const intrinsic = nodes.find(({ type, name }) => type === 'Intrinsic' && String(name).startsWith('ucm.'))
  if (intrinsic) return fromAbilities(String(intrinsic['name']).slice('ucm.'.length))
  if (member.value.type === 'Ability') return declarator(local, importing)
  const isType = free.offsets.length === 0
  // `x` for `x.value`: the property stands where the name stands.
  const isFilled = nodes.some(({ type, value }) => type === 'String' && value === 'value')
  for (const node of nodes) {
    const reference = referenceOf(node, hash)
    if (reference) return { ...definitionImport(reference, recorded[0], importing), isType: false, isFilled }
  }
  for (const name of recorded) {
    const ability = /^ucm\/abilities\.(.+)/.exec(name)?.[1]
    if (ability !== undefined) return { ...fromAbilities(ability), isType }
    const reference = names.filed.get(name)?.reference
    if (reference) return { ...definitionImport(reference, name, importing), isType }
  }
  return undefined
}

function fromAbilities(imported: string): Import {
  return { specifier: 'ucm/abilities', imported, isType: false }
}

/** `ability` is what is called to declare one, `op` is called for each operation. */
function declarator(local: string, { parts }: Importing): Import {
  const [declaration] = parts.module.body().declarations
  return fromAbilities(declaration?.value['callee']?.name === local ? 'ability' : 'op')
}

/** By their path, when each member is filed below it by its own name and the namespace is no value; else each by its name. */
function namespaceOf(
  local: string,
  free: FreeName,
  recorded: readonly (readonly [string, string])[],
): Import {
  const members = new Map(recorded.map(([written, name]) => [written.slice(local.length + 1), name]))
  return namespaceImport(members, free.isWhole)
}

function namespaceImport(members: ReadonlyMap<string, string>, isWhole: boolean): Import {
  const named = [...members]
  const paths = new Set(
    named.map(([member, name]) =>
      name.endsWith(`.${member}`) ? name.slice(0, -member.length - 1) : undefined,
    ),
  )
  const [path] = paths
  const specifier = `ucm/${path?.replaceAll('.', '/')}`
  const isPath = paths.size === 1 && path !== undefined && !isWhole
  const isReadBack =
    isPath && named.every(([member, name]) => codebaseName(specifier.slice(4), member) === name)
  return { specifier: isReadBack ? specifier : listSpecifier(named), imported: '*', isType: false, members }
}

/** The import that gives a name what two texts want of it; undefined when they want different things. */
export function uniteImports(a: Import, b: Import): Import | undefined {
  if (a.members && b.members) {
    const [known, more] = [a.members, b.members]
    if ([...more].some(([member, name]) => (known.get(member) ?? name) !== name)) return undefined
    const isList = [a, b].some(({ specifier }) => specifier.startsWith('ucm/?'))
    return namespaceImport(new Map([...known, ...more]), isList)
  }
  const isSame = a.specifier === b.specifier && a.imported === b.imported
  // A value that one text needs is imported as one although another needs only its type.
  return isSame ? { ...a, isType: a.isType && b.isType } : undefined
}

/** By the name that the text was written for if that still is one of its names, else by another, else by its hash. */
function definitionImport(
  reference: Reference,
  recorded: string | undefined,
  { names, abilities }: Importing,
): Omit<Import, 'isType'> {
  const text = referenceText(reference)
  const ability = abilities.find((known) => referenceText(known.reference) === text)
  if (ability) return { specifier: 'ucm/abilities', imported: ability.name, reference }
  const known = names.of(reference)
  const name = known.find((each) => each === recorded) ?? known[0]
  const path = name === undefined ? undefined : importPath(name)
  return { ...(path ?? { specifier: `ucm/#${text}`, imported: 'default' }), reference }
}

/** How `name` is imported; undefined when no specifier leads to it. */
function importPath(name: string): { specifier: string; imported: string } | undefined {
  const segments = name.split('.')
  const last = segments.pop() as string
  const path = segments.join('/')
  const isDefault = last === 'default' && path !== ''
  const whole = isDefault ? `${path}/${last}` : path
  if (codebaseName(whole, last) !== name) return undefined
  return { specifier: whole === '' ? 'ucm' : `ucm/${whole}`, imported: last }
}

/** Words that an import's local name cannot be. */
const isIdentifier = (name: string): boolean =>
  /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(name)

/** The statements that import `needed`, by local name; those of one module together, modules in ascending order. */
export function printImports(needed: ReadonlyMap<string, Import>): string[] {
  const bySpecifier = Map.groupBy([...needed].sort(byLocal), ([, { specifier }]) => specifier)
  return [...bySpecifier].sort(byLocal).flatMap(([specifier, imports]) => {
    const from = ` from '${specifier}'`
    const named = (isType: boolean): string[] =>
      imports
        .filter(([, each]) => each.imported !== '*' && each.isType === isType)
        .map(([local, { imported }]) => specifierText(imported, local))
    const stars = imports.filter(([, { imported }]) => imported === '*')
    return [
      ...stars.map(([local]) => `import * as ${local}${from}`),
      ...(named(false).length > 0 ? [`import { ${named(false).join(', ')} }${from}`] : []),
      ...(named(true).length > 0 ? [`import type { ${named(true).join(', ')} }${from}`] : []),
    ]
  })
}

const byLocal = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)

function specifierText(imported: string, local: string): string {
  if (imported === local) return local
  return `${isIdentifier(imported) ? imported : JSON.stringify(imported)} as ${local}`
}
