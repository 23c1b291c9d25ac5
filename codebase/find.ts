// Looking for definitions by what is known of them: part of a name, or a type.

import { describe, type DefinitionView } from './definition-view.ts'
import { lastSegment } from './changes.ts'
import { compareNames } from './namespace.ts'
import { type Names, namesBelow } from './names.ts'
import type { Workspace } from './workspace.ts'

/** Every definition of the branch, or of the namespace `path` with all below it, by full name. */
export async function list(workspace: Workspace, names: Names, path?: string): Promise<DefinitionView[]> {
  const listed = path === undefined ? [...names.filed.keys()] : namesBelow(names, path)
  return describeNames(workspace, names, listed)
}

/**
 * Definitions whose name holds `query`, whatever its case: first the exact name, then suffixes, prefixes
 * (of a name or of its last segment) and other places. `: type` asks for signatures that hold the text, spaces aside.
 */
export async function find(workspace: Workspace, names: Names, query: string): Promise<DefinitionView[]> {
  if (query.trimStart().startsWith(':')) return findByType(workspace, names, query.trimStart().slice(1))
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

async function findByType(workspace: Workspace, names: Names, type: string): Promise<DefinitionView[]> {
  const wanted = withoutSpaces(type)
  const all = await list(workspace, names)
  const exact = (view: DefinitionView): number => (withoutSpaces(view.signature ?? '') === wanted ? 0 : 1)
  return all
    .filter(({ signature }) => signature !== undefined && withoutSpaces(signature).includes(wanted))
    .sort((a, b) => exact(a) - exact(b) || compareNames(a.name, b.name))
}

function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, '').toLowerCase()
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
