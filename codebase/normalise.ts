// One definition of the author's syntax to its term: no local names, no layout, no
// spelling that cannot be observed (docs/format.md §7). Trusts that the syntax was
// erased, resolved and permitted.

import type { EsNode } from './estree.ts'
import { EXPRESSIONS } from './normalise-expressions.ts'
import { classOf, FUNCTIONS, PATTERNS } from './normalise-functions.ts'
import { STATEMENTS } from './normalise-statements.ts'
import { type Normalisation, type NormaliseTables, Normalising } from './normalising.ts'
import { type Member, type Node, walkMember } from './term.ts'

export type { Normalisation, Target } from './normalising.ts'

/** One declaration, already erased and permitted. */
export interface DeclarationSyntax {
  /** A function, a class or the expression that a constant is initialised with. */
  readonly value: EsNode
  /** Top-level statements that complete it. */
  readonly completions: readonly EsNode[]
  /** The name that it was declared with, when what it makes has an identity. */
  readonly nominal: string | null
  readonly ability?: { readonly name: string; readonly operations: readonly string[] }
}

const TABLES: NormaliseTables = {
  expressions: { ...EXPRESSIONS, ...FUNCTIONS },
  patterns: PATTERNS,
  statements: STATEMENTS,
}

/**
 * The member that `declaration` is, with references to definitions of the same batch Pending.
 * Its nodes keep the offset that they came from.
 */
export function normaliseDeclaration(declaration: DeclarationSyntax, normalisation: Normalisation): Member {
  const { value, nominal, ability } = declaration
  if (ability) {
    const node: Node = {
      type: 'Ability',
      start: value.start,
      name: ability.name,
      operations: ability.operations.toSorted(),
    }
    return { nominal: null, value: node, completions: [] }
  }
  const to = new Normalising(TABLES, normalisation)
  const isClass = value.type === 'ClassDeclaration' || value.type === 'ClassExpression'
  const term = isClass ? classOf(value, nominal ?? '', to) : to.expression(value)
  const completions = to.statements(declaration.completions)
  // A class carries its name itself, unless it was declared under another one than its own.
  const member = { nominal: isClass && term['name'] === nominal ? null : nominal, value: term, completions }
  number(member)
  return member
}

/** Numbers locals and private names by first occurrence, in position order. */
function number(member: Member): void {
  const locals = new Map<unknown, number>()
  const privates = new Map<unknown, number>()
  walkMember(member, (node) => {
    if (node.type !== 'Local' && node.type !== 'Private') return
    const numbers = node.type === 'Local' ? locals : privates
    const id = node['index']
    const index = numbers.get(id) ?? numbers.size
    numbers.set(id, index)
    Object.assign(node, { index })
  })
}
