// A term as people read it: what `view --normalised` shows. Locals get short names,
// classes keep theirs; the text normalises to the same term again.

import { emitMember } from './emit.ts'
import type { Hash, Reference } from './hash.ts'
import { nodeAt, numberAt, optionalNodeAt, textAt } from './fields.ts'
import { isPlainName } from './literals.ts'
import { isPermittedIntrinsic } from './permits.ts'
import { type Member, type Node, walkMember } from './term.ts'

/** Words that no local can be called. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'arguments async await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof undefined var void while with yield ability op'
  ).split(' '),
)

/** What a definition is called in the text. */
export type NameOf = (reference: Reference) => string

/**
 * The member of the component `hash` as an expression, and the statements that complete it on
 * the lines after.
 */
export function printMember(member: Member, nameOf: NameOf, hash: Hash): string {
  const sibling = (slot: number): string => nameOf({ hash, index: slot })
  const locals = nameLocals(member, takenNames(member, nameOf, sibling))
  const { value, completions } = emitMember(member, {
    name: nameOf,
    sibling,
    local: (index) => locals[index] as string,
    legible: true,
  })
  return completions === '' ? value : `${value}\n${completions}`
}

function takenNames(member: Member, nameOf: NameOf, sibling: (slot: number) => string): Set<string> {
  const taken = new Set<string>()
  walkMember(member, (node) => {
    if (node.type === 'Reference')
      taken.add(nameOf({ hash: node['hash'] as Hash, index: numberAt(node, 'index') }))
    if (node.type === 'Sibling') taken.add(sibling(numberAt(node, 'slot')))
  })
  return taken
}

/** `a`, `b`… by index, but for classes, whose own names are kept where they are free. */
function nameLocals(member: Member, taken: Set<string>): string[] {
  const locals: string[] = []
  const isFree = (name: string): boolean =>
    isPlainName(name) && !taken.has(name) && !RESERVED.has(name) && !isPermittedIntrinsic(name)
  const give = (local: Node, name: string): void => {
    if (!isFree(name) || locals[numberAt(local, 'index')] !== undefined) return
    locals[numberAt(local, 'index')] = name
    taken.add(name)
  }
  let count = 0
  walkMember(member, (node) => {
    if (node.type === 'ClassDeclaration') give(nodeAt(node, 'local'), textAt(nodeAt(node, 'value'), 'name'))
    const self = node.type === 'Class' ? optionalNodeAt(node, 'self') : null
    if (self) give(self, textAt(node, 'name'))
    if (node.type === 'Local') count = Math.max(count, numberAt(node, 'index') + 1)
  })
  let next = 0
  for (let index = 0; index < count; index++) {
    while (locals[index] === undefined) {
      const name = letters(next++)
      if (isFree(name)) locals[index] = name
    }
  }
  return locals
}

/** a, b, …, z, aa, ab… */
function letters(count: number): string {
  const last = String.fromCharCode(97 + (count % 26))
  return count < 26 ? last : letters(Math.floor(count / 26) - 1) + last
}
