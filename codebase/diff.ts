// How two things differ that each are a commit, a branch, a namespace or a definition.

import { type Changes, changesBetween } from './changes.ts'
import { decodeCommit } from './commit.ts'
import { type DefinitionView, describe, filedAs, nameToShow, readSource } from './definition-view.ts'
import { OBJECT_KINDS } from './encode.ts'
import { KnownError } from './errors.ts'
import { type Hash, referenceText } from './hash.ts'
import { type Filed, subtree } from './namespace.ts'
import { namesBelow } from './names.ts'
import { hashesOfKind, resolve } from './resolve-text.ts'
import { requireObject } from './store.ts'
import type { BranchState, Workspace } from './workspace.ts'

/** A name that means something else on the other side. References as text. */
export interface UpdatedView {
  readonly name: string
  readonly from: string
  readonly to: string
  /** Both texts, where they differ: they do not when only a dependency changed. */
  readonly source?: { readonly from: string; readonly to: string }
}

export interface DiffResult {
  readonly added: readonly DefinitionView[]
  readonly updated: readonly UpdatedView[]
  readonly removed: readonly DefinitionView[]
  readonly renamed: readonly { readonly from: string; readonly to: string; readonly hash: string }[]
}

/** One side of a comparison. */
type Side =
  | { readonly kind: 'names'; readonly root: Hash | null }
  | { readonly kind: 'definition'; readonly name: string; readonly filed: Filed }

/**
 * What changed from `a` to `b`; by default to the head of the current branch. Each is a branch, the beginning of
 * a commit's hash, a namespace, or a definition (name, suffix or hash); both are names, or both are definitions.
 * @throws KnownError `diff-kinds`, and as resolve() does
 */
export async function diff(workspace: Workspace, a: string, b?: string): Promise<DiffResult> {
  const state = await workspace.readBranch()
  const from = await sideOf(workspace, state, a)
  const to: Side = b === undefined ? { kind: 'names', root: state.root } : await sideOf(workspace, state, b)
  if (from.kind === 'names' && to.kind === 'names') {
    return viewOf(workspace, await changesBetween(from.root, to.root, workspace.objects))
  }
  if (from.kind === 'definition' && to.kind === 'definition') {
    const isSame = referenceText(from.filed.reference) === referenceText(to.filed.reference)
    const updated = isSame ? [] : [await updatedView(workspace, to.name, from.filed, to.filed)]
    return { added: [], updated, removed: [], renamed: [] }
  }
  throw new KnownError(
    'usage',
    'diff-kinds',
    `Cannot compare ${a} with ${b ?? 'the head'}: one is a definition, the other is not`,
    {
      hint: 'give two commits, branches or namespaces, or two definitions',
      details: { a, b: b ?? null },
    },
  )
}

async function sideOf(workspace: Workspace, state: BranchState, text: string): Promise<Side> {
  const commit = await commitOf(workspace, state, text)
  if (commit !== undefined) return { kind: 'names', root: commit && (await namespaceOf(workspace, commit)) }
  if (namesBelow(state.names, text).length > 0 && !state.names.filed.has(text)) {
    return { kind: 'names', root: (await subtree(state.root, text, workspace.objects)) ?? null }
  }
  const { reference, name } = await resolve(workspace, state.names, text)
  return {
    kind: 'definition',
    name: name ?? (await nameToShow(workspace.components, state.names, reference)),
    filed: await filedAs(workspace, state.names, reference, name),
  }
}

/** The commit that `text` means as a branch or as the beginning of a hash; null for the branch before its first commit. */
async function commitOf(
  workspace: Workspace,
  state: BranchState,
  text: string,
): Promise<Hash | null | undefined> {
  if (text === state.branch) return state.head
  const head = await workspace.headOf(text)
  if (head) return head
  const prefix = /^#?([a-z2-7]{4,52})$/.exec(text)?.[1]
  if (prefix === undefined) return undefined
  const [found, second] = await hashesOfKind(workspace, prefix, OBJECT_KINDS.commit)
  if (second) {
    throw new KnownError(
      'input',
      'hash-ambiguous',
      `Cannot tell which commit ${text} is: several hashes begin so`,
      {
        hint: 'write more characters; `ucm history` shows the whole hashes',
        details: { prefix },
      },
    )
  }
  return found
}

async function namespaceOf(workspace: Workspace, commit: Hash): Promise<Hash> {
  return decodeCommit(await requireObject(workspace.objects, commit)).namespace
}

async function viewOf(workspace: Workspace, changes: Changes): Promise<DiffResult> {
  const { components } = workspace
  const added: DefinitionView[] = []
  for (const { name, to } of changes.added) added.push(await describe(components, name, to))
  const updated: UpdatedView[] = []
  for (const { name, from, to } of changes.updated) updated.push(await updatedView(workspace, name, from, to))
  const removed: DefinitionView[] = []
  for (const { name, from } of changes.removed) removed.push(await describe(components, name, from))
  const renamed = changes.renamed.map(({ from, to, filed }) => ({
    from,
    to,
    hash: referenceText(filed.reference),
  }))
  return { added, updated, removed, renamed }
}

async function updatedView(
  { components }: Workspace,
  name: string,
  from: Filed,
  to: Filed,
): Promise<UpdatedView> {
  const before = await readSource(components, from)
  const after = await readSource(components, to)
  const update = { name, from: referenceText(from.reference), to: referenceText(to.reference) }
  if (!before || !after || before.text === after.text) return update
  return { ...update, source: { from: before.text, to: after.text } }
}
