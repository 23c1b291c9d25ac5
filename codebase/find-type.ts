// Looking for definitions by their type: those of that very type, those that can stand for it,
// and those that have the text in their signature.

import { lastSegment } from './changes.ts'
import { parseDeclaration } from './declaration-links.ts'
import { definitionPath } from './declaration-path.ts'
import type { DefinitionView } from './definition-view.ts'
import { KnownError } from './errors.ts'
import { compareNames } from './namespace.ts'
import { isLibrary } from './names.ts'
import type { TypeChecker, TypeSearchResult } from './type-checker.ts'
import { typeNames } from './silent-mentions.ts'

/**
 * Of `all`, those of the type `query` up to the names of parameters, then those that are assignable to it, then those
 * whose signature holds the text, spaces aside; without a checker only these. Each in ascending order of names.
 * @throws KnownError `type-malformed` with the column within `query`
 */
export async function findByType(
  all: readonly DefinitionView[],
  query: string,
  types?: TypeChecker,
): Promise<DefinitionView[]> {
  const values = all.filter(({ kind }) => kind !== 'type' && kind !== 'ability')
  const found = types && query.trim() !== '' ? await search(all, values, { query, types }) : undefined
  const ranks = new Map<DefinitionView, number>()
  for (const view of all) {
    const rank = textRank(view, query)
    if (rank !== undefined) ranks.set(view, rank)
  }
  if (found && 'matches' in found) {
    for (const [index, match] of found.matches.entries())
      if (match !== 'other') ranks.set(values[index]!, match === 'same' ? SAME : FITS)
  }
  return [...ranks].sort(([a, x], [b, y]) => x - y || compareNames(a.name, b.name)).map(([view]) => view)
}

const [SAME, FITS, EXACT_TEXT, HOLDS_TEXT] = [0, 1, 2, 3] as const

function textRank({ signature }: DefinitionView, query: string): number | undefined {
  const [shown, wanted] = [withoutSpaces(signature ?? ''), withoutSpaces(query)]
  if (signature === undefined || !shown.includes(wanted)) return undefined
  return shown === wanted ? EXACT_TEXT : HOLDS_TEXT
}

function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, '').toLowerCase()
}

async function search(
  all: readonly DefinitionView[],
  values: readonly DefinitionView[],
  { query, types }: { readonly query: string; readonly types: TypeChecker },
): Promise<TypeSearchResult> {
  // The row, as signatures show it, is a computation.
  const type = query.replace(/->\{([^}]*)\}\s*(.+)$/s, (_, row: string, result: string) => {
    const names = row.split(',').flatMap((name) => (name.trim() ? [JSON.stringify(name.trim())] : []))
    return `=> Computation<${names.join(' | ') || 'never'}, ${result}>`
  })
  const candidates = values.map(({ name }) => definitionPath(name))
  const result = await types.search({ type, names: namesOf(type, all), candidates })
  if (!('malformed' in result)) return result
  const column = Math.min(result.at, query.length) + 1
  throw new KnownError(
    'usage',
    'type-malformed',
    `Cannot search for the type, column ${column}: ${result.malformed}`,
    {
      hint: "write a type as TypeScript has it: ': (xs: number[]) => number'",
      details: { type: query, column },
    },
  )
}

/** What the names in the type mean: a type or class of the branch that is called so, the author's own first. */
function namesOf(type: string, all: readonly DefinitionView[]): [string, string, string][] {
  const program = parseDeclaration(`type Wanted = ${type}`)
  return [...new Set(program ? typeNames(program) : [])].flatMap((local): [string, string, string][] => {
    if (/^(Computation|Value)$/.test(local)) return [[local, 'abilities', local]]
    const named = all.filter(
      ({ name, kind }) => lastSegment(name) === local && (kind === 'type' || kind === 'class'),
    )
    const meant = named.find(({ name }) => !isLibrary(name)) ?? named[0]
    return meant ? [[local, definitionPath(meant.name), local]] : []
  })
}
