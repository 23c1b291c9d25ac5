// A closure as one program: the text of a function that takes the guest's runtime and evaluates
// every definition once, dependencies first, with a map from the text back to the definitions.

import {
  abilityOf,
  emitMember,
  type Hash,
  type Member,
  type Node,
  type Reference,
  referenceText,
} from '#codebase'
import { type Closure, type LoadedComponent, memberIn } from './closure.ts'

/** Where a definition stands in a program, and where its nodes begin. */
export interface Placed {
  readonly reference: Reference
  readonly member: Member
  /** UTF-16 offset of its first character. */
  readonly start: number
  /** Ascending offsets at which nodes begin, and the ordinal of the node that begins at each. */
  readonly offsets: readonly number[]
  readonly ordinals: readonly number[]
}

export interface Program {
  /** The text: an expression whose value is the function. */
  readonly text: string
  /** Definitions in the order of their text. */
  readonly placed: readonly Placed[]
}

/** What the program's text calls the parts of the runtime that it takes. */
const RUNTIME = 'const { handle: $handle, all: $all, ability: $ability, define: $define } = $'
const RUNTIME_NAMES: Readonly<Record<string, string>> = { 'ucm.handle': '$handle', 'ucm.all': '$all' }

/** Generates the program of a closure: one line per definition, named `$0`, `$1`… */
export function generate(closure: Closure): Program {
  const names = nameDefinitions(closure)
  const placed: Placed[] = []
  let text = `(function ($) {\n${RUNTIME}\n`
  for (const component of closure.values()) {
    component.component.members.forEach((member, index) => {
      if (member.value.type === 'Type') return
      const reference = { hash: component.hash, index }
      const line = generateDefinition(member, { reference, names, component })
      placed.push({
        ...line.placed,
        start: text.length,
        offsets: line.placed.offsets.map((at) => at + text.length),
      })
      text += `${line.text}\n`
    })
  }
  return { text: `${text}})`, placed }
}

type Names = ReadonlyMap<string, string>

function nameDefinitions(closure: Closure): Names {
  const names = new Map<string, string>()
  for (const { hash, component } of closure.values()) {
    component.members.forEach((_, index) => names.set(referenceText({ hash, index }), `$${names.size}`))
  }
  return names
}

interface Context {
  readonly reference: Reference
  readonly names: Names
  readonly component: LoadedComponent
}

function generateDefinition(
  member: Member,
  context: Context,
): { text: string; placed: Omit<Placed, 'start'> } {
  const { reference, names, component } = context
  const nameOf = (other: Reference): string => names.get(referenceText(other)) as string
  const head = `const ${nameOf(reference)} = `
  const marks: { part: 'value' | 'completions'; offset: number; ordinal: number }[] = []
  const { value, completions } = emitMember(member, {
    name: nameOf,
    sibling: (slot) => nameOf({ hash: component.hash, index: slot }),
    intrinsic: (name) => RUNTIME_NAMES[name] ?? name,
    ability: (node) => abilityText(reference, node),
    mark: (offset, ordinal, part) => marks.push({ part, offset, ordinal }),
  })
  const define = `; $define(${JSON.stringify(referenceText(reference))}, ${nameOf(reference)}); `
  const startOf = { value: head.length, completions: head.length + value.length + define.length }
  return {
    text: head + value + define + completions,
    placed: {
      reference,
      member,
      offsets: marks.map(({ part, offset }) => startOf[part] + offset),
      ordinals: marks.map(({ ordinal }) => ordinal),
    },
  }
}

function abilityText(reference: Reference, node: Node): string {
  const parts = [referenceText(reference), node['name'], node['operations']]
  return `$ability(${parts.map((part) => JSON.stringify(part)).join(', ')})`
}

/** Name of the ability that `reference` names in a closure, for messages. */
export function abilityName(closure: Closure, reference: Reference): string {
  memberIn(closure, reference)
  const { component } = closure.get(reference.hash as Hash) as LoadedComponent
  return abilityOf(component, reference.index)?.name ?? referenceText(reference)
}
