// Looking for definitions by what is known of them: part of a name, or a type.

import { describe, type DefinitionView } from './definition-view.ts'
import { lastSegment } from './changes.ts'
import { compareNames } from './namespace.ts'
import { type Names, namesBelow } from './names.ts'
import { findByType } from './find-type.ts'
import type { TypeChecker } from './type-checker.ts'
import type { Workspace } from './workspace.ts'

/** Every definition of the branch, or of the namespace `path` with all below it, by full name. */
export async function list(workspace: Workspace, names: Names, path?: string): Promise<DefinitionView[]> {
  const listed = path === undefined ? [...names.filed.keys()] : namesBelow(names, path)
  return describeNames(workspace, names, listed)
}

/**
 * Definitions whose name holds `query`, whatever its case: first the exact name, then suffixes, prefixes
 * (of a name or of its last segment) and other places. `: type` asks for a type: see findByType().
 */
export async function find(
  workspace: Workspace,
  { names, types }: { readonly names: Names; readonly types?: TypeChecker | undefined },
  query: string,
): Promise<DefinitionView[]> {
  if (query.trimStart().startsWith(':'))
    return findByType(await list(workspace, names), query.trimStart().slice(1), types)
  const wanted = query.trim().toLowerCase()
  const ranked = [...names.filed.keys()]
    .map((name) => ({ name, rank: rankOf(name.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((a, b) => a.rank - b.rank || compareNames(a.name, b.name))
  return describeNames(
    workspace,
    names,
    ranked.map(({ name }) => name),
  )
}

const NO_MATCH = 4

function rankOf(name: string, wanted: string): number {
  if (name === wanted) return 0
  if (name.endsWith(`.${wanted}`)) return 1
  if (name.startsWith(wanted) || lastSegment(name).startsWith(wanted)) return 2
  return name.includes(wanted) ? 3 : NO_MATCH
}

async function describeNames(
  workspace: Workspace,
  names: Names,
  listed: readonly string[],
): Promise<DefinitionView[]> {
  const views: DefinitionView[] = []
  for (const name of listed) {
    const filed = names.filed.get(name)
    if (filed) views.push(await describe(workspace.components, name, filed))
  }
  return views
}
