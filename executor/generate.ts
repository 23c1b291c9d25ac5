// A closure as one program: the text of a function that takes the guest's runtime and evaluates
// every definition once, dependencies first, with a map from the text back to the definitions.

import {
  abilityOf,
  emitMember,
  evaluationOrder,
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
const RUNTIME =
  'const { handle: $handle, all: $all, ability: $ability, define: $define, ownExec: $ownExec } = $'
const RUNTIME_NAMES: Readonly<Record<string, string>> = {
  'ucm.handle': '$handle',
  'ucm.all': '$all',
  'ucm.ownExec': '$ownExec',
}

/** Generates the program of a closure: one line per definition, named `$0`, `$1`… */
export function generate(closure: Closure): Program {
  const names = nameDefinitions(closure)
  const placed: Placed[] = []
  let text = `(function ($) {\n${RUNTIME}\n`
  for (const component of closure.values()) {
    for (const { text: line, ...at } of generateComponent(component, names)) {
      placed.push({ ...at, start: text.length, offsets: at.offsets.map((offset) => offset + text.length) })
      text += `${line}\n`
    }
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

/** Text of a definition, or of what completes it, and where its nodes begin. */
interface Line extends Omit<Placed, 'start'> {
  readonly text: string
}

/** The members in the order in which they come to life; what completes one stands on its line when it comes next. */
function generateComponent(component: LoadedComponent, names: Names): Line[] {
  const parts = component.component.members.map((member, index) =>
    member.value.type === 'Type'
      ? undefined
      : generateMember(member, { reference: { hash: component.hash, index }, names, component }),
  )
  const steps = evaluationOrder(component.component).filter(({ slot }) => parts[slot])
  return steps.flatMap(({ slot, part }, i): Line[] => {
    const isNext = (step: (typeof steps)[number] | undefined): boolean =>
      step?.slot === slot && step.part !== part
    const { value, completions } = parts[slot] as GeneratedMember
    if (part === 'completions') return isNext(steps[i - 1]) ? [] : [completions]
    return [isNext(steps[i + 1]) ? joined(value, completions) : value]
  })
}

function joined(value: Line, completions: Line): Line {
  return {
    reference: value.reference,
    member: value.member,
    text: value.text + completions.text,
    offsets: [...value.offsets, ...completions.offsets.map((offset) => offset + value.text.length)],
    ordinals: [...value.ordinals, ...completions.ordinals],
  }
}

interface Context {
  readonly reference: Reference
  readonly names: Names
  readonly component: LoadedComponent
}

interface GeneratedMember {
  readonly value: Line
  readonly completions: Line
}

function generateMember(member: Member, context: Context): GeneratedMember {
  const { reference, names, component } = context
  const nameOf = (other: Reference): string => names.get(referenceText(other)) as string
  const head = `const ${nameOf(reference)} = `
  const marks = {
    value: { offsets: [] as number[], ordinals: [] as number[] },
    completions: { offsets: [] as number[], ordinals: [] as number[] },
  }
  const { value, completions } = emitMember(member, {
    name: nameOf,
    sibling: (slot) => nameOf({ hash: component.hash, index: slot }),
    intrinsic: (name) => RUNTIME_NAMES[name] ?? name,
    ability: (node) => abilityText(reference, node),
    mark(offset, ordinal, part) {
      marks[part].offsets.push(part === 'value' ? head.length + offset : offset)
      marks[part].ordinals.push(ordinal)
    },
  })
  const define = `; $define(${JSON.stringify(referenceText(reference))}, ${nameOf(reference)}); `
  const line = (part: 'value' | 'completions', text: string): Line => ({
    reference,
    member,
    text,
    ...marks[part],
  })
  return { value: line('value', head + value + define), completions: line('completions', completions) }
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
