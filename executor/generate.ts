// A closure as one program: the text of a function that takes the guest's runtime and evaluates
// every definition once, dependencies first, with a map from the text back to the definitions.

import {
  abilityOf,
  type EmitOptions,
  type EmittedMember,
  emitMember,
  evaluationOrder,
  type Hash,
  type Member,
  type MemberPart,
  type Node,
  type Reference,
  referenceText,
} from '#codebase'
import { type Closure, type LoadedComponent, memberIn } from './closure.ts'

/** Where a definition, or what completes it, stands in a program. */
export interface Placed {
  readonly reference: Reference
  readonly member: Member
  /** UTF-16 offset of its first character. */
  readonly start: number
}

/** Where nodes begin. */
export interface Marks {
  /** UTF-16 offsets in the program, ascending. */
  readonly offsets: readonly number[]
  /** Of the node that begins there. */
  readonly ordinals: readonly number[]
}

export interface Program {
  /** The text: an expression whose value is the function. */
  readonly text: string
  /** Definitions in the order of their text. */
  readonly placed: readonly Placed[]
  /** Where the nodes of a placed definition begin; made anew by each call, for only failures need it. */
  marksOf(placed: Placed): Marks
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
  const nameOf = namesOf(closure)
  const placed: PlacedLine[] = []
  let text = `(function ($) {\n${RUNTIME}\n`
  for (const component of closure.values()) {
    for (const line of generateComponent(component, nameOf)) {
      placed.push({ ...line.at, start: text.length })
      text += `${line.text}\n`
    }
  }
  return { text: `${text}})`, placed, marksOf: (line) => marksOf(line as PlacedLine, nameOf) }
}

/** What a definition is called in the program. */
type NameOf = (reference: Reference) => string

function namesOf(closure: Closure): NameOf {
  const names = new Map<string, string>()
  for (const { hash, component } of closure.values()) {
    component.members.forEach((_, index) => names.set(referenceText({ hash, index }), `$${names.size}`))
  }
  return (reference) => names.get(referenceText(reference)) as string
}

/** A member's part on a line, or both of them. */
interface Line {
  readonly text: string
  readonly at: {
    readonly reference: Reference
    readonly member: Member
    readonly parts: readonly MemberPart[]
  }
}

interface PlacedLine extends Placed {
  readonly parts: readonly MemberPart[]
}

/** The members in the order in which they come to life; what completes one stands on its line when it comes next. */
function generateComponent({ hash, component }: LoadedComponent, nameOf: NameOf): Line[] {
  const texts = component.members.map((member, index) =>
    member.value.type === 'Type' ? undefined : generateMember(member, { hash, index }, nameOf),
  )
  const steps = evaluationOrder(component).filter(({ slot }) => texts[slot])
  return steps.flatMap(({ slot, part }, i): Line[] => {
    const isNext = (step: (typeof steps)[number] | undefined): boolean =>
      step?.slot === slot && step.part !== part
    if (part === 'completions' && isNext(steps[i - 1])) return []
    const parts = isNext(steps[i + 1]) ? BOTH : [part]
    const text = parts.map((each) => (texts[slot] as EmittedMember)[each]).join('')
    return [
      { text, at: { reference: { hash, index: slot }, member: component.members[slot] as Member, parts } },
    ]
  })
}

const BOTH: readonly MemberPart[] = ['value', 'completions']

function generateMember(
  member: Member,
  reference: Reference,
  nameOf: NameOf,
  mark?: EmitOptions['mark'],
): EmittedMember {
  const { value, completions } = emitMember(member, {
    name: nameOf,
    sibling: (slot) => nameOf({ hash: reference.hash, index: slot }),
    intrinsic: (name) => RUNTIME_NAMES[name] ?? name,
    ability: (node) => abilityText(reference, node),
    ...(mark && { mark }),
  })
  const define = `; $define(${JSON.stringify(referenceText(reference))}, ${nameOf(reference)}); `
  return { value: headOf(reference, nameOf) + value + define, completions }
}

function headOf(reference: Reference, nameOf: NameOf): string {
  return `const ${nameOf(reference)} = `
}

function marksOf({ reference, member, parts, start }: PlacedLine, nameOf: NameOf): Marks {
  const found = {
    value: { offsets: [], ordinals: [] },
    completions: { offsets: [], ordinals: [] },
  } as Record<MemberPart, { offsets: number[]; ordinals: number[] }>
  const texts = generateMember(member, reference, nameOf, (offset, ordinal, part) => {
    found[part].offsets.push(offset)
    found[part].ordinals.push(ordinal)
  })
  const starts = {
    value: start + headOf(reference, nameOf).length,
    completions: start + (parts.length > 1 ? texts.value.length : 0),
  }
  return {
    offsets: parts.flatMap((part) => found[part].offsets.map((offset) => offset + starts[part])),
    ordinals: parts.flatMap((part) => found[part].ordinals),
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
