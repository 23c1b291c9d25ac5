// The text of a component's definitions, each on a line of its own, and where their nodes begin in it.

import {
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

/** What a definition is called in the program. */
export type NameOf = (reference: Reference) => string

/** Where a definition, or what completes it, stands in a program. */
export interface Placed {
  readonly reference: Reference
  /** UTF-16 offsets of its first character, and behind its last. */
  readonly start: number
  readonly end: number
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

const RUNTIME_NAMES: Readonly<Record<string, string>> = {
  'ucm.handle': '$handle',
  'ucm.all': '$all',
  'ucm.setExec': '$setExec',
}

/** Text of a member, of what completes it, or of both. */
export interface Line {
  readonly text: string
  readonly reference: Reference
  readonly parts: readonly MemberPart[]
}

const BOTH: readonly MemberPart[] = ['value', 'completions']

/** The members in the order in which they come to life; what completes one stands on its line when it comes next. */
export function linesOf(hash: Hash, component: Component, nameOf: NameOf): Line[] {
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
  return { value: `${headOf(reference, nameOf)}${value}; `, completions }
}

function headOf(reference: Reference, nameOf: NameOf): string {
  return `const ${nameOf(reference)} = `
}

/** Where the nodes of what is placed begin, its names being those that `nameOf` gives. */
export function marksOf({ reference, parts, start }: Placed, member: Member, nameOf: NameOf): Marks {
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
