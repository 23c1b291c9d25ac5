// Files definitions on the current branch. One batch holds the objects, sources, index,
// namespace, commit, head and reflog, so that a crash leaves all of an addition or none.

import { type Addition, aliasWarnings, moveWarnings, type Report, reportOf } from './add-report.ts'
import { linksOf } from './cbor.ts'
import { readComponents } from './components.ts'
import { Batch } from './database.ts'
import type { DefineResult, Rejection, SourceRecord } from './define.ts'
import { readSource } from './definition-view.ts'
import { type Hash, hashObject, referenceText } from './hash.ts'
import { stageCommit } from './history.ts'
import type { Filed } from './namespace.ts'
import { checkName } from './names.ts'
import { type AddedDefinition, propagate } from './propagate.ts'
import { encodeSource, isSameSource, isSameText } from './source-object.ts'
import { overlay } from './store.ts'
import type { TracedDefinition } from './trace.ts'
import type { BranchState, Workspace } from './workspace.ts'

export interface AddOptions {
  /** Message of the commit; by default the command. */
  readonly message?: string | undefined
  /** What was asked, for the reflog: `add stats.ts`. */
  readonly command: string
  /** Tell what would happen, and store nothing. */
  readonly preview?: boolean
  /** Add what was not rejected, instead of nothing. */
  readonly partial?: boolean
  /** Keeps what the addition came of, beside it. */
  readonly trace?: TraceToKeep
}

interface TraceToKeep {
  readonly key: string
  readonly write: (definitions: readonly TracedDefinition[]) => string
}

/** Traces that are kept; beyond them, others than the newest go. */
const MAX_TRACES = 64

/** What an addition did, or in a preview would do. Each name is in one list; lists are in ascending order. */
export interface AddResult extends Report {
  readonly rejected: readonly Rejection[]
  readonly warnings: readonly Rejection[]
  /** The head after it; null before the first commit, in a preview, and on refusal. */
  readonly commit: Hash | null
}

/** Files the definitions of `result` under their names. With rejections and without `partial`, nothing. */
export async function add(
  workspace: Workspace,
  result: DefineResult,
  options: AddOptions,
): Promise<AddResult> {
  const { rejected, warnings } = result
  if (rejected.length > 0 && options.partial !== true) {
    return {
      added: [],
      updated: [],
      propagated: [],
      unchanged: [],
      aliases: [],
      rejected,
      warnings,
      commit: null,
    }
  }
  return workspace.database.exclusively(async () => {
    const state = await workspace.readBranch()
    const addition = await planAddition(workspace, state, result)
    const report = await reportOf(workspace, state, addition)
    const moves = await moveWarnings(workspace, state, addition, report.updated)
    const commit = options.preview === true ? null : await store(workspace, state, addition, options)
    const told = [...warnings, ...aliasWarnings(state.names, addition), ...moves]
    return { ...report, rejected, warnings: told, commit }
  })
}

async function planAddition(
  workspace: Workspace,
  state: BranchState,
  result: DefineResult,
): Promise<Addition> {
  const { definitions, isTyped = false } = result
  const propagation = await propagate(workspace, state.names, addedDefinitions(result))
  const objects = new Map([...result.objects, ...propagation.objects])
  const filed = new Map<string, Filed>()
  const sources = new Map<string, Hash>()
  for (const definition of definitions) {
    const { name, source } = definition
    const reference = propagation.references.get(checkName(name)) ?? definition.reference
    const object = encodeSource(source)
    const hash = hashObject(object)
    const before = state.names.filed.get(name)
    objects.set(hash, object)
    sources.set(referenceText(reference), hash)
    filed.set(name, { reference, source: await sourceToFile(workspace, before, { source, hash, isTyped }) })
  }
  for (const [name, reference] of propagation.references) {
    const before = state.names.filed.get(name)
    if (filed.has(name) || (before && referenceText(before.reference) === referenceText(reference))) continue
    const source = before?.source ?? null
    filed.set(name, { reference, source })
    if (source) sources.set(referenceText(reference), source)
  }
  const components = readComponents(overlay(workspace.objects, objects))
  return { definitions, filed, objects, sources, components, hasMoved: propagation.references.size > 0 }
}

/**
 * A text that only moved within its files is no change of the namespace: the index alone follows it. Nor is one
 * of whose types less is known this time (they were not checked, or a package is there without its own): it
 * keeps the signature that was inferred before.
 */
async function sourceToFile(
  { components }: Workspace,
  before: Filed | undefined,
  {
    source,
    hash,
    isTyped,
  }: { readonly source: SourceRecord; readonly hash: Hash; readonly isTyped: boolean },
): Promise<Hash> {
  if (!before?.source || before.source === hash) return hash
  const kept = await readSource(components, before)
  const isAsKnown = isTyped && !knowsLess(source, kept)
  return kept && (isAsKnown ? isSameSource : isSameText)(kept, source) ? before.source : hash
}

function knowsLess({ signature }: SourceRecord, before: SourceRecord | undefined): boolean {
  const isVague = (text: string | null): boolean => text === null || /\bany\b/.test(text)
  return before !== undefined && isVague(signature) && !isVague(before.signature)
}

function addedDefinitions({ definitions }: DefineResult): Map<string, AddedDefinition> {
  return new Map(
    definitions.map(({ name, reference, member, source }) => [
      name,
      { member, reference, mentions: new Set(source.imports.map(([, mention]) => mention)) },
    ]),
  )
}

/** Writes the addition in one batch; returns the head after it. */
async function store(
  workspace: Workspace,
  state: BranchState,
  addition: Addition,
  { message, command, trace }: AddOptions,
): Promise<Hash | null> {
  const batch = new Batch()
  await workspace.objects.putHashed(batch, addition.hasMoved ? reachable(addition) : addition.objects)
  const before = await workspace.database.sources.getMany([...addition.sources.keys()])
  for (const [index, [reference, source]] of [...addition.sources].entries()) {
    if (before[index] !== source) batch.put(workspace.database.sources, reference, source)
  }
  if (trace && !addition.hasMoved) await stageTrace(batch, workspace, addition, trace)
  const commit = await stageCommit(batch, workspace, state, { edits: addition.filed, message, command })
  await workspace.database.write(batch)
  return commit
}

async function stageTrace(
  batch: Batch,
  { database }: Workspace,
  { definitions, filed, sources }: Addition,
  { key, write }: TraceToKeep,
): Promise<void> {
  const others = (await database.traces.keys()).filter((other) => other !== key)
  for (const other of others.slice(MAX_TRACES - 1)) batch.delete(database.traces, other)
  const traced = definitions.map(({ name, reference }): TracedDefinition => {
    const text = referenceText(reference)
    return [name, text, filed.get(name)?.source ?? null, sources.get(text) ?? '']
  })
  batch.put(database.traces, key, write(traced))
}

/** The objects that the filed names need: what was defined and then moved on is left out. */
function reachable({ filed, objects, sources }: Addition): Map<Hash, Uint8Array> {
  const needed = new Map<Hash, Uint8Array>()
  const pending = [...sources.values()]
  for (const { reference, source } of filed.values())
    pending.push(reference.hash, ...(source ? [source] : []))
  for (let hash = pending.pop(); hash !== undefined; hash = pending.pop()) {
    const object = objects.get(hash)
    if (!object || needed.has(hash)) continue
    needed.set(hash, object)
    pending.push(...linksOf(object))
  }
  return needed
}
