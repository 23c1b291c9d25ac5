// Names put elsewhere: renamed, aliased, deleted. Terms, and so hashes, never change.

import { dependentNames } from './dependencies.ts'
import { filedAs } from './definition-view.ts'
import { KnownError } from './errors.ts'
import { type Hash, referenceText } from './hash.ts'
import { commitEdits } from './history.ts'
import { compareNames, type Filed } from './namespace.ts'
import { checkNewName, fullName, type Names, namesBelow } from './names.ts'
import { resolve } from './resolve-text.ts'
import type { Workspace } from './workspace.ts'

/** A name and the reference, as text, that it stood for. */
export interface NamedHash {
  readonly name: string
  readonly hash: string
}

export interface RenameResult {
  readonly commit: Hash | null
  readonly renamed: readonly { readonly from: string; readonly to: string; readonly hash: string }[]
}

/**
 * Moves the definition `from` and all names below it to `to`; their sources go with them.
 * `from` may be a namespace, or a suffix of a definition's name.
 * @throws KnownError `name-unknown`, `name-ambiguous`, `name-malformed`, `name-taken`
 */
export async function rename(workspace: Workspace, from: string, to: string): Promise<RenameResult> {
  checkNewName(to)
  return workspace.database.exclusively(async () => {
    const state = await workspace.readBranch()
    const { base, names } = selectNames(state.names, from)
    const renamed = names.map((name) => ({
      from: name,
      to: `${to}${name.slice(base.length)}`,
      hash: referenceText(filedOf(state.names, name).reference),
    }))
    const staying = (name: string): boolean => base === to || !names.includes(name)
    const taken = renamed.find((move) => state.names.filed.has(move.to) && staying(move.to))
    if (taken) throw nameTaken(taken.to)
    const edits = new Map<string, Filed | null>(renamed.map((move) => [move.from, null]))
    for (const move of renamed) edits.set(move.to, filedOf(state.names, move.from))
    const commit = await commitEdits(workspace, state, { edits, command: `rename ${from} ${to}` })
    return { commit, renamed }
  })
}

export interface AliasResult {
  readonly commit: Hash | null
  readonly aliases: readonly {
    readonly name: string
    readonly hash: string
    readonly of: readonly string[]
  }[]
}

/**
 * Files the definition that `text` means (a name, suffix or hash) under `name` too.
 * @throws KnownError as resolve() does, `name-malformed`, `name-taken`
 */
export async function alias(workspace: Workspace, text: string, name: string): Promise<AliasResult> {
  checkNewName(name)
  return workspace.database.exclusively(async () => {
    const state = await workspace.readBranch()
    const { reference, name: known } = await resolve(workspace, state.names, text)
    if (state.names.filed.has(name)) throw nameTaken(name)
    const filed = await filedAs(workspace, state.names, reference, known)
    const edits = new Map([[name, filed]])
    const commit = await commitEdits(workspace, state, { edits, command: `alias ${text} ${name}` })
    return { commit, aliases: [{ name, hash: referenceText(reference), of: state.names.of(reference) }] }
  })
}

export interface DeleteResult {
  readonly commit: Hash | null
  readonly removed: readonly NamedHash[]
  /** Names that go on using what now has no name; only with `force`. */
  readonly dependents: readonly string[]
}

/**
 * Takes the definition `name`, or all names below the namespace `name`, off the branch. What is
 * deleted stays in the store. A definition that keeps another name on the branch is always let go.
 * @throws KnownError `name-unknown`, `name-ambiguous`, `has-dependents` unless `force`
 */
export async function deleteName(
  workspace: Workspace,
  name: string,
  options: { readonly force?: boolean } = {},
): Promise<DeleteResult> {
  return workspace.database.exclusively(async () => {
    const state = await workspace.readBranch()
    const { names } = selectNames(state.names, name)
    const dependents = await orphans(workspace, state.names, names)
    if (dependents.length > 0 && options.force !== true) throw hasDependents(name, dependents)
    const removed = names.map((gone) => ({
      name: gone,
      hash: referenceText(filedOf(state.names, gone).reference),
    }))
    const edits = new Map(names.map((gone) => [gone, null]))
    const commit = await commitEdits(workspace, state, { edits, command: `delete ${name}` })
    return { commit, removed, dependents }
  })
}

/** Names that stay and depend directly on a definition whose last name goes. */
async function orphans(workspace: Workspace, names: Names, going: readonly string[]): Promise<string[]> {
  const gone = new Set(going)
  const dependents = new Set<string>()
  for (const name of going) {
    const { reference } = filedOf(names, name)
    if (names.of(reference).some((other) => !gone.has(other))) continue
    for (const dependent of await dependentNames(workspace, names, reference)) {
      if (!gone.has(dependent)) dependents.add(dependent)
    }
  }
  return [...dependents].sort(compareNames)
}

/** The names that `text` selects, and the full name that they begin with: a definition and what is below it. */
function selectNames(
  names: Names,
  text: string,
): { readonly base: string; readonly names: readonly string[] } {
  const below = namesBelow(names, text)
  const base = below.length > 0 ? text : fullName(names, text)
  return { base, names: names.filed.has(base) ? [base, ...namesBelow(names, base)] : below }
}

function filedOf(names: Names, name: string): Filed {
  const filed = names.filed.get(name)
  if (!filed) throw new RangeError(`Cannot move ${name}: it is not on the branch`)
  return filed
}

function nameTaken(name: string): KnownError {
  return new KnownError('input', 'name-taken', `Cannot use the name ${name}: a definition has it`, {
    hint: `choose another name, or free it with \`ucm delete ${name}\``,
    details: { name },
  })
}

function hasDependents(name: string, dependents: readonly string[]): KnownError {
  const count = dependents.length === 1 ? 'one definition depends' : `${dependents.length} definitions depend`
  return new KnownError(
    'input',
    'has-dependents',
    `Cannot delete ${name}: ${count} on it (${dependents.slice(0, 5).join(', ')})`,
    {
      hint: 'change these first, or delete it with --force: they go on working, by its hash',
      details: { name, dependents },
    },
  )
}
