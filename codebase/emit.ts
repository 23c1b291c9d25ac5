// Terms to JavaScript text: what the executor runs and `view --normalised` shows.
// Takes well-formed terms; every name in the text is a generated one, an intrinsic's
// or one that the caller gives, so that terms cannot reach anything else.

import { FUNCTIONS, PATTERNS } from './emit-functions.ts'
import { EXPRESSIONS } from './emit-expressions.ts'
import { STATEMENTS } from './emit-statements.ts'
import { type BeginNode, Emission, type EmitOptions, type EmitNodes, type MemberPart } from './emission.ts'
import { LEVEL } from './precedence.ts'
import { type Member, type Node, walkMember, walkTerm } from './term.ts'

export type { EmitOptions, MemberPart } from './emission.ts'

const TABLE: EmitNodes = new Map(Object.entries({ ...EXPRESSIONS, ...STATEMENTS, ...FUNCTIONS, ...PATTERNS }))

export interface EmittedMember {
  /** An expression that can stand after `const x =`. */
  readonly value: string
  /** Statements that complete the value once it is bound; empty when there are none. */
  readonly completions: string
}

/**
 * The text of a member, on one line unless `options.legible` (but for line breaks in the raw
 * text of tagged templates). In it, faults of QuickJS 2025-09 are worked around.
 */
export function emitMember(member: Member, options: EmitOptions): EmittedMember {
  const begins = options.mark && marking(member, options.mark)
  const value = new Emission(TABLE, options, begins?.('value'))
  value.expression(member.value, LEVEL.assign)
  if (member.completions.length === 0) return { value: value.text, completions: '' }
  const completions = new Emission(TABLE, options, begins?.('completions'))
  emitCompletions(member.completions, completions)
  return { value: value.text, completions: completions.text }
}

/** What marks the nodes of a member, of each of its two texts. */
function marking(member: Member, mark: Required<EmitOptions>['mark']): (part: MemberPart) => BeginNode {
  const ordinals = new Map<Node, number>()
  walkMember(member, (node) => ordinals.set(node, ordinals.size))
  return (part) => (offset, node) => {
    const ordinal = ordinals.get(node)
    if (ordinal !== undefined) mark(offset, ordinal, part)
  }
}

/** Locals of completions are nobody else's, so those that declare any run in a function of their own. */
function emitCompletions(statements: readonly Node[], to: Emission): void {
  const isWrapped = statements.some(declaresLocals)
  if (isWrapped) to.write('(() => { ')
  statements.forEach((statement, index) => {
    if (index > 0) to.write(to.isLegible ? '\n' : ' ')
    to.node(statement)
  })
  if (isWrapped) to.write(' })();')
}

function declaresLocals(statement: Node): boolean {
  if (['FunctionDeclaration', 'ClassDeclaration', 'Declare'].includes(statement.type)) return true
  let declaresVar = false
  walkTerm(statement, (node) => {
    if (node.type === 'Declare' && node['kind'] === 'var') declaresVar = true
  })
  return declaresVar
}
