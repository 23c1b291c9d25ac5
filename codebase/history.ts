// Heads move here and nowhere else: a commit, the new head and a line of the reflog go
// into the batch of whatever changed. And the way back: which commit changed what.

import { changesBetween, type Changes } from './changes.ts'
import { type Commit, decodeCommit, encodeCommit } from './commit.ts'
import { encodePlain, decodePlain, Link } from './cbor.ts'
import { Batch } from './database.ts'
import { type Hash, hashObject, referenceText } from './hash.ts'
import { editNamespace, type NameEdits } from './namespace.ts'
import { fullName, matchingNames, unknownName } from './names.ts'
import { integerField, linkField, listField, nullable, textField } from './object-fields.ts'
import { resolve } from './resolve-text.ts'
import { requireObject } from './store.ts'
import type { BranchState, Workspace } from './workspace.ts'

/** A change of names that is to become a commit. */
export interface CommitRequest {
  readonly edits: NameEdits
  /** By default the command. */
  readonly message?: string | undefined
  /** What was asked, for the reflog: `add stats.ts`. */
  readonly command: string
}

/**
 * Adds to `batch` all that makes the edits the new head of `state`'s branch, and returns the commit;
 * the current head, with nothing added, when the edits change nothing. Call it within database.exclusively().
 */
export async function stageCommit(
  batch: Batch,
  workspace: Workspace,
  state: BranchState,
  request: CommitRequest,
): Promise<Hash | null> {
  if (request.edits.size === 0) return state.head
  const { root, objects } = await editNamespace(state.root, request.edits, workspace.objects)
  if (root === state.root) return state.head
  const commit = encodeCommit({
    namespace: root,
    parents: state.head ? [state.head] : [],
    author: workspace.powers.author,
    timeMs: workspace.powers.clock(),
    message: request.message ?? request.command,
  })
  await workspace.objects.putInto(batch, [...objects.values(), commit])
  const head = hashObject(commit)
  batch.put(workspace.database.heads, state.branch, head)
  await stageReflog(batch, workspace, {
    branch: state.branch,
    from: state.head,
    to: head,
    command: request.command,
  })
  return head
}

/** Makes the edits a commit of their own. Call it within database.exclusively(). */
export async function commitEdits(
  workspace: Workspace,
  state: BranchState,
  request: CommitRequest,
): Promise<Hash | null> {
  const batch = new Batch()
  const commit = await stageCommit(batch, workspace, state, request)
  await workspace.database.write(batch)
  return commit
}

/** One movement of a branch. */
export interface ReflogEntry {
  readonly branch: string
  readonly from: Hash | null
  readonly to: Hash | null
  readonly command: string
  readonly author: string
  readonly timeMs: number
}

async function stageReflog(
  batch: Batch,
  { database, powers }: Workspace,
  entry: Pick<ReflogEntry, 'branch' | 'from' | 'to' | 'command'>,
): Promise<void> {
  const [last] = await database.reflog.keys({ reverse: true, limit: 1 })
  const key = String(Number(last ?? -1) + 1).padStart(12, '0')
  const link = (hash: Hash | null): Link | null => hash && new Link(hash)
  const { branch, from, to, command } = entry
  const plain = [branch, link(from), link(to), command, powers.author, powers.clock()]
  batch.put(database.reflog, key, encodePlain(plain))
}

/** Every movement of every branch, newest first. */
export async function readReflog({ database }: Workspace): Promise<ReflogEntry[]> {
  const entries = await database.reflog.entries({ reverse: true })
  return entries.map(([, bytes]) => {
    const [branch, from, to, command, author, timeMs] = listField(decodePlain(bytes), 'a reflog entry', 6)
    return {
      branch: textField(branch, 'a branch'),
      from: nullable(from, (plain) => linkField(plain, 'a commit')),
      to: nullable(to, (plain) => linkField(plain, 'a commit')),
      command: textField(command, 'a command'),
      author: textField(author, 'an author'),
      timeMs: integerField(timeMs, 'a time'),
    }
  })
}

/** Names that a commit changed against its first parent. */
export interface CommitChanges {
  readonly added: readonly string[]
  readonly updated: readonly string[]
  readonly removed: readonly string[]
  readonly renamed: readonly { readonly from: string; readonly to: string; readonly hash: string }[]
}

export interface CommitView {
  readonly commit: Hash
  readonly parents: readonly Hash[]
  readonly author: string
  /** ISO 8601, UTC, to the millisecond. */
  readonly time: string
  readonly message: string
  readonly changes: CommitChanges
}

/** Commits from `head` back along first parents, newest first. */
export async function* walkCommits(
  workspace: Workspace,
  head: Hash | null,
): AsyncGenerator<{ readonly hash: Hash; readonly commit: Commit }> {
  for (let hash = head; hash !== null; ) {
    const commit = decodeCommit(await requireObject(workspace.objects, hash))
    yield { hash, commit }
    hash = commit.parents[0] ?? null
  }
}

/** Namespace of the commit's first parent; null for the first commit. */
export async function parentNamespace(workspace: Workspace, commit: Commit): Promise<Hash | null> {
  const [parent] = commit.parents
  return parent ? decodeCommit(await requireObject(workspace.objects, parent)).namespace : null
}

/**
 * The commits of the current branch, newest first. With `name` (a full name, a suffix, or the full name
 * of what is no longer there) only those that touched it, under whatever name it then had.
 * @throws KnownError `name-unknown`, `name-ambiguous`
 */
export async function history(workspace: Workspace, name?: string): Promise<CommitView[]> {
  const state = await workspace.readBranch()
  let tracked = name === undefined ? undefined : await trackedName(workspace, state, name)
  const views: CommitView[] = []
  for await (const { hash, commit } of walkCommits(workspace, state.head)) {
    const before = await parentNamespace(workspace, commit)
    const changes = namesOf(await changesBetween(before, commit.namespace, workspace.objects))
    const shown = tracked === undefined ? changes : changesOf(changes, tracked)
    if (!shown) continue
    views.push(viewOf(hash, commit, shown))
    tracked = shown.renamed.find(({ to }) => to === tracked)?.from ?? tracked
  }
  if (name !== undefined && views.length === 0) unknownName(state.names, name)
  return views
}

/** The full name to begin with; a text that is no name now may have been one. */
async function trackedName(workspace: Workspace, { names }: BranchState, text: string): Promise<string> {
  if (text.startsWith('#')) return (await resolve(workspace, names, text)).name ?? unknownName(names, text)
  return matchingNames(names, text).length > 0 ? fullName(names, text) : text
}

function viewOf(hash: Hash, commit: Commit, changes: CommitChanges): CommitView {
  const { parents, author, timeMs, message } = commit
  return { commit: hash, parents, author, time: new Date(timeMs).toISOString(), message, changes }
}

function namesOf({ added, updated, removed, renamed }: Changes): CommitChanges {
  return {
    added: added.map(({ name }) => name),
    updated: updated.map(({ name }) => name),
    removed: removed.map(({ name }) => name),
    renamed: renamed.map(({ from, to, filed }) => ({ from, to, hash: referenceText(filed.reference) })),
  }
}

/** The part of the changes that is about `name`; undefined when none is. */
function changesOf(changes: CommitChanges, name: string): CommitChanges | undefined {
  const about = {
    added: changes.added.filter((other) => other === name),
    updated: changes.updated.filter((other) => other === name),
    removed: changes.removed.filter((other) => other === name),
    renamed: changes.renamed.filter(({ from, to }) => from === name || to === name),
  }
  return Object.values(about).some((list) => list.length > 0) ? about : undefined
}
