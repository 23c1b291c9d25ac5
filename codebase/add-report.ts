// What an addition does to the names of a branch, in the words of `ucm add`.

import type { ComponentReader } from './components.ts'
import type { Defined, Rejection } from './define.ts'
import { type DefinitionView, describe, latestSource } from './definition-view.ts'
import { invariant } from './errors.ts'
import { type Hash, type Reference, referenceText } from './hash.ts'
import { compareNames, type Filed } from './namespace.ts'
import { isLibrary, type Names } from './names.ts'
import { isSameButForMoves, type PlacedMember } from './same-term.ts'
import type { BranchState, Workspace } from './workspace.ts'

/** What is to be filed, worked out before anything is written. */
export interface Addition {
  readonly definitions: readonly Defined[]
  /** What every added or propagated name is to stand for. */
  readonly filed: ReadonlyMap<string, Filed>
  /** Components and sources that may be new. */
  readonly objects: ReadonlyMap<Hash, Uint8Array>
  /** Reference as text → source that was added last, for the index. */
  readonly sources: ReadonlyMap<string, Hash>
  /** Whether definitions were hashed anew since they were defined, or others with them. */
  readonly hasMoved: boolean
  /** Reads the store as it will be. */
  readonly components: ComponentReader
}

/** A name whose reference changed; references as text. */
export interface Moved {
  readonly name: string
  readonly from: string
  readonly to: string
}

/** A new name of a definition that the branch already has. */
export interface Alias {
  readonly name: string
  readonly hash: string
  readonly of: readonly string[]
}

/** Each name is in one list; lists are in ascending order. */
export interface Report {
  readonly added: readonly DefinitionView[]
  /** Its own text means something else now. */
  readonly updated: readonly Moved[]
  /** Only what it depends on changed; dependents on the branch that were not added are here too. */
  readonly propagated: readonly Moved[]
  readonly unchanged: readonly string[]
  readonly aliases: readonly Alias[]
}

/** What the addition means for the names of the branch. */
export async function reportOf(
  workspace: Workspace,
  { names }: BranchState,
  addition: Addition,
): Promise<Report> {
  const added: DefinitionView[] = []
  const updated: Moved[] = []
  const propagated: Moved[] = []
  const unchanged: string[] = []
  const aliases: Alias[] = []
  const hasMoved = movesOf(names, addition.filed)
  const defined = new Map(addition.definitions.map((definition) => [definition.name, definition]))
  for (const [name, { reference }] of [...addition.filed].sort(([a], [b]) => compareNames(a, b))) {
    const before = names.filed.get(name)?.reference
    const hash = referenceText(reference)
    if (!before) {
      const of = names
        .of(reference)
        .filter((other) => !addition.filed.has(other) || isAt(addition, other, hash))
      if (of.length > 0) aliases.push({ name, hash, of })
      else added.push(viewOfDefined(defined.get(name), hash) ?? (await viewOf(addition, name)))
    } else if (referenceText(before) === hash) {
      unchanged.push(name)
    } else {
      const isPropagated = isSameButForMoves(
        await placed(workspace.components, before),
        await placed(addition.components, reference),
        (from, to) => hasMoved.has(`${referenceText(from)} ${referenceText(to)}`),
      )
      const list = isPropagated ? propagated : updated
      list.push({ name, from: referenceText(before), to: hash })
    }
  }
  return { added, updated, propagated, unchanged, aliases }
}

function isAt({ filed }: Addition, name: string, hash: string): boolean {
  const found = filed.get(name)
  return found !== undefined && referenceText(found.reference) === hash
}

/** Every `from to` that a name of the branch moves by. */
function movesOf(names: Names, filed: ReadonlyMap<string, Filed>): Set<string> {
  const moves = new Set<string>()
  for (const [name, { reference }] of filed) {
    const before = names.filed.get(name)
    if (before) moves.add(`${referenceText(before.reference)} ${referenceText(reference)}`)
  }
  return moves
}

async function placed(components: ComponentReader, reference: Reference): Promise<PlacedMember> {
  const member = (await components.component(reference.hash)).members[reference.index]
  invariant(member, `${referenceText(reference)} is not in its component`)
  return { member, reference }
}

/** The definition as it will be shown, when it was defined as what it is filed as. */
function viewOfDefined(defined: Defined | undefined, hash: string): DefinitionView | undefined {
  if (!defined || referenceText(defined.reference) !== hash) return undefined
  const { name, kind, row, signature, exported } = defined
  return { name, hash, kind, row, ...(signature !== undefined && { signature }), exported }
}

/** The definition as it will be shown; its object need not be stored yet. */
async function viewOf({ components, filed }: Addition, name: string): Promise<DefinitionView> {
  const found = filed.get(name)
  invariant(found, `${name} is not filed`)
  return describe(components, name, found)
}

/** Names that were added with another reference while an alias outside `lib.` keeps the old one: perhaps an oversight. */
export function aliasWarnings(names: Names, { definitions, filed }: Addition): Rejection[] {
  return definitions.flatMap(({ name, source: { file, line, column } }): Rejection[] => {
    const before = names.filed.get(name)?.reference
    const after = filed.get(name)?.reference
    if (!before || !after || referenceText(before) === referenceText(after)) return []
    const keeping = names.of(before).filter((other) => !filed.has(other) && !isLibrary(other))
    if (keeping.length === 0) return []
    const message = `${keeping.join(', ')} had the same definition as ${name} and keeps it`
    const hint = `to change it too, delete it and alias ${name} under that name`
    return [{ name, file, line, column, code: 'alias-kept', message, hint }]
  })
}

/** Names whose new text comes of another file than the one before: perhaps two files meant to have one each. */
export async function moveWarnings(
  workspace: Workspace,
  { names }: BranchState,
  { definitions }: Addition,
  updated: readonly Moved[],
): Promise<Rejection[]> {
  const sources = new Map(definitions.map(({ name, source }) => [name, source]))
  const warnings: Rejection[] = []
  for (const { name } of updated) {
    const source = sources.get(name)
    const filed = names.filed.get(name)
    const before = filed && (await latestSource(workspace, names, filed.reference, name))
    if (!source || !before || before.file === source.file) continue
    const { file, line, column } = source
    const message = `${name} is now from ${file}, before from ${before.file}`
    const hint = 'to have both, add one of them under another name, with `--at` or `--as`'
    warnings.push({ name, file, line, column, code: 'name-moved', message, hint })
  }
  return warnings
}
