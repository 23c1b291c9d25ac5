// What a definition is, read off its term.

import { type Component, type DefinitionKind, type Member } from './term.ts'

/** Kind of a definition; what is none of the others is a constant, even when its value turns out to be a function. */
export function kindOf(member: Member): DefinitionKind {
  switch (member.value.type) {
    case 'Function':
      return member.value['kind'] === 'generator' || member.value['kind'] === 'asyncGenerator'
        ? 'generator'
        : 'function'
    case 'Arrow':
      return 'function'
    case 'Class':
      return 'class'
    case 'Ability':
      return 'ability'
    case 'Type':
      return 'type'
    default:
      return 'constant'
  }
}

/** Name and operations of the ability in `slot`; undefined for any other definition. */
export function abilityOf(
  component: Component,
  slot: number,
): { readonly name: string; readonly operations: readonly string[] } | undefined {
  const value = component.members[slot]?.value
  if (value?.type !== 'Ability') return undefined
  return { name: value['name'] as string, operations: value['operations'] as readonly string[] }
}
