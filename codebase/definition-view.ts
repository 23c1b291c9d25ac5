// A definition as a list shows it, and what its source and its name are.

import type { ComponentReader } from './components.ts'
import type { SourceRecord } from './define.ts'
import { formatReference, type Hash, type Reference, referenceText } from './hash.ts'
import { kindOf } from './kind.ts'
import type { Filed } from './namespace.ts'
import type { Names } from './names.ts'
import { withRow } from './signature-text.ts'
import { decodeSource, isSameSource } from './source-object.ts'
import { requireObject } from './store.ts'
import type { DefinitionKind } from './term.ts'
import type { Workspace } from './workspace.ts'

/** One definition in a list. */
export interface DefinitionView {
  /** Full name; of a definition that has none on the branch, an ability's own name or `#` and its short hash. */
  readonly name: string
  /** The reference as text: `52chars` or `52chars.N`. */
  readonly hash: string
  readonly kind: DefinitionKind
  /** Abilities that it may perform, in ascending order. */
  readonly row: readonly string[]
  readonly signature?: string
  readonly exported: boolean
}

/** @throws KnownError `object-missing` when part of the closure is not there */
export async function describe(
  components: ComponentReader,
  name: string,
  filed: Filed,
): Promise<DefinitionView> {
  const { reference } = filed
  const member = (await components.component(reference.hash)).members[reference.index]
  if (!member) throw new RangeError(`Cannot describe ${referenceText(reference)}: there is no such member`)
  const source = await readSource(components, filed)
  const kind = kindOf(member)
  const row = await components.rowOf(reference)
  const signature = signatureToShow(kind, source?.signature ?? null, row)
  return {
    name,
    hash: referenceText(reference),
    kind,
    row,
    ...(signature !== null && { signature }),
    exported: source?.exported ?? false,
  }
}

/** The signature that the author wrote, with the row that is inferred: what it depends on may have changed since. */
function signatureToShow(
  kind: DefinitionKind,
  written: string | null,
  row: readonly string[],
): string | null {
  return kind === 'function' || kind === 'generator' ? withRow(written, row) : written
}

/** The source that a definition is filed with; undefined when only the term is known. */
export async function readSource(
  components: ComponentReader,
  { source }: Filed,
): Promise<SourceRecord | undefined> {
  return source ? decodeSource(await requireObject(components.source, source)) : undefined
}

/** What a definition is filed as: under `name` if that is given, else under its first name, else with the source that was added last. */
export async function filedAs(
  workspace: Workspace,
  names: Names,
  reference: Reference,
  name?: string,
): Promise<Filed> {
  const filed = names.filed.get(name ?? names.of(reference)[0] ?? '')
  if (filed && referenceText(filed.reference) === referenceText(reference)) return filed
  const source = await workspace.database.sources.get(referenceText(reference))
  return { reference, source: (source as Hash | undefined) ?? null }
}

/**
 * The source of a definition as it was added last, under whatever name; with `name`, the one that says what was
 * written under it. Undefined when none is known.
 */
export async function latestSource(
  workspace: Workspace,
  names: Names,
  reference: Reference,
  name?: string,
): Promise<SourceRecord | undefined> {
  const latest = (await workspace.database.sources.get(referenceText(reference))) as Hash | undefined
  const filed = latest ? { reference, source: latest } : await filedAs(workspace, names, reference)
  const last = await readSource(workspace.components, filed)
  const named = name === undefined ? undefined : await filedAs(workspace, names, reference, name)
  const own = named && (await readSource(workspace.components, named))
  return own && last && !isSameSource(own, last) ? own : last
}

/** The name to show for a definition: one of `preferred` if it has that, else its first one, else a label. */
export async function nameToShow(
  components: ComponentReader,
  names: Names,
  reference: Reference,
  preferred: ReadonlySet<string> = new Set(),
): Promise<string> {
  const known = names.of(reference)
  const name = known.find((other) => preferred.has(other)) ?? known[0]
  if (name !== undefined) return name
  const member = await components.member(reference)
  return member?.value.type === 'Ability' ? (member.value['name'] as string) : formatReference(reference)
}
