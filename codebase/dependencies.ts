// What a definition refers to, and what refers to it.

import { type DefinitionView, describe, filedAs, nameToShow, readSource } from './definition-view.ts'
import { dependentComponents } from './dependents-index.ts'
import type { Hash, Reference } from './hash.ts'
import { referenceText } from './hash.ts'
import { compareNames } from './namespace.ts'
import type { Names } from './names.ts'
import { type Member, walkMember } from './term.ts'
import type { Workspace } from './workspace.ts'

/** Definitions that the member refers to directly, itself left out, each once, in order of first occurrence. */
export function directReferences(member: Member, self: Reference): Reference[] {
  const found = new Map<string, Reference>()
  walkMember(member, (node) => {
    const reference = referenceOf(node, self.hash)
    if (reference) found.set(referenceText(reference), reference)
  })
  found.delete(referenceText(self))
  return [...found.values()]
}

/** What a Reference or Sibling node in a member of component `hash` refers to; undefined for other nodes. */
export function referenceOf(
  node: { readonly type: string; readonly [field: string]: unknown },
  hash: Hash,
): Reference | undefined {
  if (node.type === 'Reference') return { hash: node['hash'] as Hash, index: node['index'] as number }
  if (node.type === 'Sibling') return { hash, index: node['slot'] as number }
  return undefined
}

/** What the definition refers to directly, by name. Of several names the one that its source mentions is shown. */
export async function dependencies(
  workspace: Workspace,
  names: Names,
  reference: Reference,
): Promise<DefinitionView[]> {
  const { components } = workspace
  const member = (await components.component(reference.hash)).members[reference.index] as Member
  const source = await readSource(components, await filedAs(workspace, names, reference))
  const mentioned = new Set(source?.imports.map(([, name]) => name))
  const views = await Promise.all(
    directReferences(member, reference).map(async (dependency) => {
      const name = await nameToShow(components, names, dependency, mentioned)
      return describe(components, name, await filedAs(workspace, names, dependency, name))
    }),
  )
  return views.sort((a, b) => compareNames(a.name, b.name))
}

/** Names on the branch, in ascending order, of definitions that refer to `reference` directly, itself left out. */
export async function dependentNames(
  workspace: Workspace,
  names: Names,
  reference: Reference,
): Promise<string[]> {
  const wanted = referenceText(reference)
  const components = [reference.hash, ...(await dependentComponents(workspace.database, reference.hash))]
  const found: string[] = []
  for (const hash of components) {
    if (names.ofComponent(hash).length === 0) continue
    const { members } = await workspace.components.component(hash)
    members.forEach((member, index) => {
      const self = { hash, index }
      const isDependent = directReferences(member, self).some((other) => referenceText(other) === wanted)
      if (isDependent) found.push(...names.of(self))
    })
  }
  return found.sort(compareNames)
}
