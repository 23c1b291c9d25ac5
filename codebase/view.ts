// A definition in full: the author's text beside what the term says.

import type { SourceRecord } from './define.ts'
import { type DefinitionView, describe, latestSource, nameToShow, readSource } from './definition-view.ts'
import { directReferences } from './dependencies.ts'
import type { Place } from './errors.ts'
import { formatReference, type Reference, referenceText } from './hash.ts'
import type { Filed } from './namespace.ts'
import type { Names } from './names.ts'
import { printMember } from './print.ts'
import { isSameSource } from './source-object.ts'
import type { Member } from './term.ts'
import type { Workspace } from './workspace.ts'

/** A definition in full. */
export interface FullDefinitionView extends DefinitionView {
  /** As the author wrote it; absent when only the term is known. */
  readonly source?: string
  /**
   * The term as JavaScript would have it: locals are letters in the order of their mention, and what it refers to is a
   * name with the beginning of its hash.
   */
  readonly normalised: string
  /** Where `source` began when it was added last. */
  readonly place?: Place
}

/** The definition that `name` is filed as, with its source and its term as text. */
export async function view(
  workspace: Workspace,
  names: Names,
  name: string,
  filed: Filed,
): Promise<FullDefinitionView> {
  const { components } = workspace
  const { reference } = filed
  const definition = await describe(components, name, filed)
  const member = (await components.component(reference.hash)).members[reference.index] as Member
  const source = await readSource(components, filed)
  const mentioned = new Set(source?.imports.map(([, mention]) => mention))
  const shown = new Map([[referenceText(reference), name]])
  for (const dependency of directReferences(member, reference)) {
    shown.set(referenceText(dependency), await nameToShow(components, names, dependency, mentioned))
  }
  // The name is for reading; the hash is what the term says.
  const nameOf = (other: Reference): string =>
    `${shown.get(referenceText(other)) ?? ''}${formatReference(other)}`
  return {
    ...definition,
    ...(source && { source: source.text }),
    normalised: withNominalName(member, printMember(member, nameOf, reference.hash)),
    ...(source && { place: await placeOf(workspace, names, reference, source) }),
  }
}

/** The name that is part of what a constant does stands before it; that of a class stands in its text. */
function withNominalName({ nominal }: Member, text: string): string {
  return nominal === null ? text : `/* nominal ${JSON.stringify(nominal)} */\n${text}`
}

/** Where the text stood when it was added last; it may have moved since it was filed. */
async function placeOf(
  workspace: Workspace,
  names: Names,
  reference: Reference,
  source: SourceRecord,
): Promise<Place> {
  const latest = await latestSource(workspace, names, reference)
  const { file, line, column } = latest && isSameSource(latest, source) ? latest : source
  return { file, line, column }
}
