// What GRAMMAR alone cannot say about a decoded component (docs/format.md §4.2): that
// every name, label and jump is in range and every node where the language has it, so
// that generated code is one program that means what the term says, and nothing more.

import { Checking, type CheckNodes, check, OUTSIDE } from './checking.ts'
import { isCanonicalComponent } from './component.ts'
import { nodesAt } from './fields.ts'
import type { Component, Member, Node } from './term.ts'
import { FUNCTIONS } from './well-formed-functions.ts'
import { PATTERNS } from './well-formed-patterns.ts'
import { STATEMENTS } from './well-formed-statements.ts'

const TABLE: CheckNodes = new Map(Object.entries({ ...PATTERNS, ...FUNCTIONS, ...STATEMENTS }))

/** @throws MalformedObjectError unless `component` is what some source text could have become */
export function assertWellFormed(component: Component): void {
  for (const member of component.members) assertMember(member, new Checking(TABLE, component.members.length))
  const isCanonical = component.members.length === 1 || isCanonicalComponent(component)
  check(isCanonical, 'members that are not one cycle in canonical order')
}

function assertMember({ nominal, value, completions }: Member, to: Checking): void {
  if (value.type === 'Ability' || value.type === 'Type') {
    check(completions.length === 0 && nominal === null, `${value.type} with completions or another name`)
    to.itself(value, OUTSIDE)
    if (value.type === 'Type') typeReferences(value, to)
    return
  }
  check(nominal === null || nominal !== value['name'], 'the name of a class twice')
  to.nodes([value, ...completions], OUTSIDE)
  to.end()
}

/** A type refers to definitions, and holds no code. */
function typeReferences(type: Node, to: Checking): void {
  for (const reference of nodesAt(type, 'references')) {
    check(reference.type === 'Reference' || reference.type === 'Sibling', `${reference.type} in a type`)
    to.node(reference, OUTSIDE)
  }
}
