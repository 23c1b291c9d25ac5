// Rows: which abilities a definition may perform, inferred through its closure, less
// those that it handles. More may be found than is ever performed, never less, but for
// one case: a handled computation that returns another one, which is run outside the
// handler. The driver, which performs nothing that was not granted, stands behind it.

import { analyse, type KnownEffects, type Mentioned } from './effect-analysis.ts'
import { type Hash, parseReference, type Reference, referenceText } from './hash.ts'
import { type Component, mentionedIn, type Node } from './term.ts'

export interface Effects {
  /** Abilities that the definition may perform, sorted by text; of an ability, itself. */
  readonly performs: readonly Reference[]
  /** Abilities that it handles in its argument: its value is a handler. */
  readonly handles: readonly Reference[]
  /** For each parameter, the abilities that are handled wherever the parameter is run. */
  readonly masks: readonly (readonly Reference[])[]
  /** Abilities that what it returns handles: it is a function that makes handlers. */
  readonly makes?: readonly Reference[]
}

/** What a definition does that performs and handles nothing. */
export const NO_EFFECTS: Effects = Object.freeze({ performs: [], handles: [], masks: [] })

/** The effects of every member of `component`, whose hash is `self`; `lookup` knows those of other components. */
export function inferEffects(
  component: Component,
  self: Hash,
  lookup: (reference: Reference) => Effects,
): readonly Effects[] {
  if (isInert(component, lookup)) return component.members.map(() => NO_EFFECTS)
  const siblings = component.members.map((member, slot): Mentioned => {
    const reference = referenceText({ hash: self, index: slot })
    const isAbility = member.value.type === 'Ability'
    return {
      reference,
      isAbility,
      effects: known(isAbility ? { ...NO_EFFECTS, performs: [parseReference(reference)] } : NO_EFFECTS),
    }
  })
  const others = new Map<string, Mentioned>()
  const lookUp = (node: Node): Mentioned | undefined => {
    if (node.type === 'Sibling') return siblings[node['slot'] as number]
    const reference: Reference = { hash: node['hash'] as Hash, index: node['index'] as number }
    const text = referenceText(reference)
    let mentioned = others.get(text)
    if (!mentioned) others.set(text, (mentioned = mentionedBy(text, lookup(reference))))
    return mentioned
  }
  settle(component, siblings, lookUp)
  return siblings.map(({ effects }) => effectsOf(effects))
}

/** Whether nothing in `component` performs or handles, or refers to what does: most code, and nothing is to be found in it. */
function isInert(component: Component, lookup: (reference: Reference) => Effects): boolean {
  if (component.members.some(({ value }) => value.type === 'Ability')) return false
  const { references, intrinsics } = mentionedIn(component)
  if (intrinsics.has('ucm.handle')) return false
  return references.every((reference) => {
    const { performs, handles, masks, makes = [] } = lookup(reference)
    return performs.length + handles.length + masks.length + makes.length === 0
  })
}

/**
 * Members of a component mention each other, so their effects grow together. What they handle
 * is found first, from nothing upwards, and what they perform with it fixed: found together,
 * a row could shrink again.
 */
function settle(
  component: Component,
  siblings: Mentioned[],
  lookUp: (node: Node) => Mentioned | undefined,
): void {
  const rounds = component.members.length + 1
  for (let round = 0; round < 2 * rounds; round++) {
    const before = siblings.map(({ effects }) => effects.performs.size)
    component.members.forEach((member, slot) => {
      const sibling = siblings[slot] as Mentioned
      if (sibling.isAbility) return
      const found = analyse(member, lookUp)
      const isMasking = round < rounds
      const { performs, masks, handles, makes } = isMasking
        ? found
        : { ...sibling.effects, performs: sibling.effects.performs.union(found.performs) }
      siblings[slot] = {
        ...sibling,
        effects: { performs: isMasking ? new Set() : performs, masks, handles, makes },
      }
    })
    if (round >= rounds && siblings.every(({ effects }, slot) => effects.performs.size === before[slot]))
      return
  }
}

function mentionedBy(reference: string, effects: Effects): Mentioned {
  const [only, ...more] = effects.performs
  const isAbility = only !== undefined && more.length === 0 && referenceText(only) === reference
  return { reference, isAbility, effects: known(effects) }
}

function known(effects: Effects): KnownEffects {
  const texts = (references: readonly Reference[] = []): Set<string> => new Set(references.map(referenceText))
  return {
    performs: texts(effects.performs),
    handles: texts(effects.handles),
    makes: texts(effects.makes),
    masks: effects.masks.map(texts),
  }
}

function effectsOf({ performs, handles, makes, masks }: KnownEffects): Effects {
  const sorted = (texts: ReadonlySet<string>): Reference[] => [...texts].sort().map(parseReference)
  const effects: Effects = { performs: sorted(performs), handles: sorted(handles), masks: masks.map(sorted) }
  return makes.size > 0 ? { ...effects, makes: sorted(makes) } : effects
}
