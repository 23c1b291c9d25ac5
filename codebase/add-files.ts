// Files to names in one step, which remembers what it came of: an addition whose files and
// names are as they were is known without parsing, and reported as any other.

import { add, type AddOptions, type AddResult } from './add.ts'
import type { DefineRequest, Environment } from './defined.ts'
import { define } from './define.ts'
import type { Hash } from './hash.ts'
import { parseReference, referenceText } from './hash.ts'
import { compareNames } from './namespace.ts'
import type { Names } from './names.ts'
import { holds, recording, type TracedAddition, type TracedDefinition, traceKey } from './trace.ts'
import type { Workspace } from './workspace.ts'

/** Defines what `request` asks for and files it, as define() and add() do. @throws KnownError as they do */
export async function addFiles(
  workspace: Workspace,
  request: DefineRequest,
  { environment, options }: { readonly environment: Environment; readonly options: AddOptions },
): Promise<AddResult> {
  const { partial = false } = options
  const { types } = environment
  const key = traceKey(workspace.powers.build ?? '', {
    request,
    abilities: environment.abilities,
    flags: { partial, types: types?.rules(request.files) ?? null },
  })
  const known = await knownAddition(workspace, key, { environment, options })
  if (known) return known
  const recorded = recording(environment, workspace)
  const result = await define(request, recorded.environment)
  const { rejected, warnings } = result
  const trace = (definitions: readonly TracedDefinition[]): string => {
    const traced: TracedAddition = { ...recorded.trace(), definitions, rejected, warnings }
    return JSON.stringify(traced)
  }
  // What could not be checked is checked as soon as it can be.
  const isUnchecked = warnings.some(({ code }) => code === 'types-unchecked')
  return add(workspace, result, { ...options, ...(!isUnchecked && { trace: { key, write: trace } }) })
}

/** What the addition would report, when a trace says that nothing has changed; else undefined. */
async function knownAddition(
  workspace: Workspace,
  key: string,
  { environment, options }: { readonly environment: Environment; readonly options: AddOptions },
): Promise<AddResult | undefined> {
  const traced = parsed(await workspace.database.traces.get(key))
  if (!traced) return undefined
  return workspace.database.exclusively(async () => {
    const state = await workspace.readBranch()
    const isSame =
      isOnBranch(traced, state.names) &&
      (await holds(traced, environment.fileSystem, { workspace, state })) &&
      (await isInStore(traced, workspace))
    if (!isSame) return undefined
    const { definitions, rejected, warnings } = traced
    return {
      added: [],
      updated: [],
      propagated: [],
      unchanged: definitions.map(([name]) => name).sort(compareNames),
      aliases: [],
      rejected,
      warnings,
      commit: options.preview === true ? null : state.head,
    }
  })
}

/** A trace is derived, and one that does not parse is none. */
function parsed(text: string | undefined): TracedAddition | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as TracedAddition)
  } catch {
    return undefined
  }
}

function isOnBranch({ definitions }: TracedAddition, names: Names): boolean {
  return definitions.every(([name, reference, source]) => {
    const filed = names.filed.get(name)
    return filed?.source === source && referenceText(filed.reference) === reference
  })
}

/** Whether all objects are there, and each source is still the one that was added last. */
async function isInStore({ definitions }: TracedAddition, { database }: Workspace): Promise<boolean> {
  const last = await database.sources.getMany(definitions.map(([, reference]) => reference))
  if (!definitions.every(([, , , source], index) => last[index] === source)) return false
  const hashes = new Set<string>()
  for (const [, reference, filed, source] of definitions)
    for (const hash of [parseReference(reference).hash, filed as Hash | null, source])
      if (hash) hashes.add(hash)
  return (await database.objects.hasMany([...hashes])).every(Boolean)
}
