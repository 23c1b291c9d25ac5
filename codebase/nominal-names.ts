// A nominal definition that is added again under its name keeps the nominal name that
// it had, when nothing else of it changed: `ucm rename` moves names and leaves terms.

import type { Candidate } from './batch.ts'
import type { HashOptions } from './component.ts'
import type { Environment } from './defined.ts'
import type { Member } from './term.ts'

/** Looks up what the nominal ones among `candidates` were before. */
export async function keepNominalNames(
  candidates: readonly Candidate[],
  members: readonly Member[],
  environment: Environment,
): Promise<HashOptions> {
  const before = new Map<number, Member>()
  for (const [index, member] of members.entries()) {
    if (nominalName(member) === null) continue
    const previous = await environment.previous?.(candidates[index]!.name)
    if (previous) before.set(index, previous)
  }
  return {
    keepNominal(definition, member) {
      const previous = before.get(definition)
      const name = previous && nominalName(previous)
      return typeof name === 'string' && spelled(previous!) === spelled(member) ? name : undefined
    },
  }
}

function nominalName(member: Member): string | null {
  return member.nominal ?? (member.value.type === 'Class' ? (member.value['name'] as string) : null)
}

/** The member as text, without its nominal name and the places of its nodes. */
function spelled(member: Member): string {
  const { value } = member
  const unnamed = value.type === 'Class' ? { ...value, name: '' } : value
  return JSON.stringify([unnamed, member.completions], (key, field: unknown) => {
    if (key === 'start') return undefined
    if (typeof field === 'number' && !Number.isFinite(field)) return `number ${field}`
    return Object.is(field, -0) ? 'number -0' : field
  })
}
