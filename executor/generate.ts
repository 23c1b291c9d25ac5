// A closure as one program: the text of a function that takes the guest's runtime and evaluates every
// definition once, dependencies first, with a map from the text back to the definitions. Definitions stand in
// groups, each a scope of its own: the engine looks for a name through all that its scope declares.

import { abilityOf, type Component, type Hash, type Reference, referenceText } from '#codebase'
import { type Closure, componentIn, memberIn } from './closure.ts'
import { type Line, linesOf, type Marks, marksOf, type NameOf, type Placed } from './member-text.ts'

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
  'const { handle: $handle, all: $all, ability: $ability, setExec: $setExec, group: $group } = $'
/** Definitions from which on a group is full; it ends with the component that fills it. */
const GROUP_SIZE = 64

/** Generates the program of a closure: one line per definition, named `$0`, `$1`… */
export function generate(closure: Closure): Program {
  const writer = new ProgramWriter()
  for (const hash of closure.components.keys()) writer.add(hash, componentIn(closure, hash) as Component)
  return writer.end(closure)
}

/** Generates a program from its components as they come, each after those that it refers to. */
export class ProgramWriter {
  /** Numbers of definitions, by reference; types have none, for nothing is generated for them. */
  readonly #numbers = new Map<string, number>()
  readonly #placed: Placed[] = []
  #text = `(function ($) {\n${RUNTIME}\n`
  #group = new Group(0)

  add(hash: Hash, component: Component): void {
    component.members.forEach(({ value }, index) => {
      if (value.type === 'Type') return
      const reference = referenceText({ hash, index })
      this.#numbers.set(reference, this.#numbers.size)
      this.#group.references.push(reference)
    })
    const nameOf: NameOf = (reference) => this.#group.mention(this.#numbers.get(referenceText(reference)))
    this.#group.lines.push(...linesOf(hash, component, nameOf))
    if (this.#group.references.length >= GROUP_SIZE) this.#endGroup()
  }

  /** The program of `closure`, all of whose components were added. */
  end(closure: Closure): Program {
    if (this.#group.references.length > 0) this.#endGroup()
    const nameOf: NameOf = (reference) => nameOfNumber(this.#numbers.get(referenceText(reference)))
    return {
      text: `${this.#text}})`,
      placed: this.#placed,
      marksOf: (placed) => marksOf(placed, memberIn(closure, placed.reference), nameOf),
    }
  }

  #endGroup(): void {
    const { first, references, needs, lines } = this.#group
    const own = references.map((_, index) => nameOfNumber(first + index))
    const params = [...needs].map(nameOfNumber).join(', ')
    this.#text += `$group("${references.join(' ')}", [${[...needs].join(', ')}], function (${params}) {\n`
    for (const { text, reference, parts } of lines) {
      const start = this.#text.length
      this.#text += `${text}\n`
      this.#placed.push({ reference, start, end: this.#text.length, parts })
    }
    this.#text += `return [${own.join(', ')}] })\n`
    this.#group = new Group(this.#numbers.size)
  }
}

/** Definitions that are evaluated in one scope. */
class Group {
  /** Number of its first definition. */
  readonly first: number
  /** Of its definitions, as text. */
  readonly references: string[] = []
  /** Numbers of earlier definitions that it mentions. */
  readonly needs = new Set<number>()
  readonly lines: Line[] = []

  constructor(first: number) {
    this.first = first
  }

  /** The name of a definition that is mentioned in the group. */
  mention(number: number | undefined): string {
    if (number !== undefined && number < this.first) this.needs.add(number)
    return nameOfNumber(number)
  }
}

function nameOfNumber(number: number | undefined): string {
  return number === undefined ? NO_VALUE : `$${number}`
}

/** What a type, which has no value, is called: no name that is declared. */
const NO_VALUE = '$none'

/** Name of the ability that `reference` names in a closure, for messages. */
export function abilityName(closure: Closure, reference: Reference): string {
  memberIn(closure, reference)
  const component = componentIn(closure, reference.hash) as Component
  return abilityOf(component, reference.index)?.name ?? referenceText(reference)
}
