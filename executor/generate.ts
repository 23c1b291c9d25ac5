// A closure as one program: the text of a function that takes the guest's runtime and evaluates
// every definition once, dependencies first, with a map from the text back to the definitions.

import {
  abilityOf,
  type Component,
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
import { type Closure, componentIn, memberIn } from './closure.ts'

/** Where a definition, or what completes it, stands in a program. */
export interface Placed {
  readonly reference: Reference
  /** UTF-16 offset of its first character. */
  readonly start: number
  /** What stands there. */
  readonly parts: readonly MemberPart[]
}

/** Where the nodes of a definition begin. */
export interface Marks {
  readonly member: Member
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
  const writer = new ProgramWriter()
  for (const hash of closure.components.keys()) writer.add(hash, componentIn(closure, hash) as Component)
  return writer.end(closure)
}

/** What a definition is called in the program. */
type NameOf = (reference: Reference) => string

/** Generates a program from its components as they come, each after those that it refers to. */
export class ProgramWriter {
  readonly #names = new Map<string, string>()
  readonly #placed: Placed[] = []
  #text = `(function ($) {\n${RUNTIME}\n`
  readonly #nameOf: NameOf = (reference) => this.#names.get(referenceText(reference)) as string

  add(hash: Hash, component: Component): void {
    for (let index = 0; index < component.members.length; index++)
      this.#names.set(referenceText({ hash, index }), `$${this.#names.size}`)
    for (const { text, reference, parts } of linesOf(hash, component, this.#nameOf)) {
      this.#placed.push({ reference, start: this.#text.length, parts })
      this.#text += `${text}\n`
    }
  }

  /** The program of `closure`, all of whose components were added. */
  end(closure: Closure): Program {
    return {
      text: `${this.#text}})`,
      placed: this.#placed,
      marksOf: (placed) => marksOf(placed, memberIn(closure, placed.reference), this.#nameOf),
    }
  }
}

/** Text of a member, of what completes it, or of both. */
interface Line {
  readonly text: string
  readonly reference: Reference
  readonly parts: readonly MemberPart[]
}

const BOTH: readonly MemberPart[] = ['value', 'completions']

/** The members in the order in which they come to life; what completes one stands on its line when it comes next. */
function linesOf(hash: Hash, component: Component, nameOf: NameOf): Line[] {
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
    return [{ text, reference: { hash, index: slot }, parts }]
  })
}

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
  const define = `; $define("${referenceText(reference)}", ${nameOf(reference)}); `
  return { value: headOf(reference, nameOf) + value + define, completions }
}

function headOf(reference: Reference, nameOf: NameOf): string {
  return `const ${nameOf(reference)} = `
}

function marksOf({ reference, parts, start }: Placed, member: Member, nameOf: NameOf): Marks {
  const found: Record<MemberPart, { offset: number; ordinal: number }[]> = { value: [], completions: [] }
  const texts = generateMember(member, reference, nameOf, (offset, ordinal, part) => {
    found[part].push({ offset, ordinal })
  })
  const starts: Record<MemberPart, number> = {
    value: start + headOf(reference, nameOf).length,
    completions: start + (parts.length > 1 ? texts.value.length : 0),
  }
  const marks = parts.flatMap((part) =>
    found[part].map(({ offset, ordinal }) => ({ offset: offset + starts[part], ordinal })),
  )
  return {
    member,
    offsets: marks.map(({ offset }) => offset),
    ordinals: marks.map(({ ordinal }) => ordinal),
  }
}

function abilityText(reference: Reference, node: Node): string {
  const parts = [referenceText(reference), node['name'], node['operations']]
  return `$ability(${parts.map((part) => JSON.stringify(part)).join(', ')})`
}

/** Name of the ability that `reference` names in a closure, for messages. */
export function abilityName(closure: Closure, reference: Reference): string {
  memberIn(closure, reference)
  const component = componentIn(closure, reference.hash) as Component
  return abilityOf(component, reference.index)?.name ?? referenceText(reference)
}
