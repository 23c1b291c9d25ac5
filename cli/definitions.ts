// Definitions as people see them: aligned lines of name, short hash, and what it is.

import type { DefinitionView } from '#codebase'
import { type Paint, printable } from './output.ts'
import { count, table } from './table.ts'

/** Characters of a hash that people are shown; the library's constant is not loaded for it. */
const SHOWN_HASH_LENGTH = 10
/** A longer signature is cut in a list; `ucm view` shows it whole. */
const SHOWN_SIGNATURE_LENGTH = 72

/** `52chars.1` as `#k3f9ac42xy.1`. */
export function shortHash(text: string): string {
  const [hash = '', index] = text.split('.')
  return `#${hash.slice(0, SHOWN_HASH_LENGTH)}${index === undefined ? '' : `.${index}`}`
}

/** What stands in a row about one definition: name, hash, and its signature or kind. */
export function definitionCells(definition: DefinitionView, paint: Paint): string[] {
  return [
    paint.bold(printable(definition.name)),
    paint.yellow(shortHash(definition.hash)),
    paint.dim(printable(describe(definition))),
  ]
}

/** One aligned line per definition, or `nothing` when there is none. */
export function definitionTable(
  definitions: readonly DefinitionView[],
  paint: Paint,
  nothing: string,
): string {
  if (definitions.length === 0) return nothing
  return table(definitions.map((definition) => definitionCells(definition, paint)))
}

/** `lib.remeda@2_61_0` of a name that came with a package: what it is filed under. */
const PACKAGE = /^lib\..+?@[^.@/]+(?=\.)/

/** A package in a list: how many of its definitions would stand there. */
export interface PackageCount {
  readonly name: string
  readonly definitions: number
}

/** Parts a list into what people wrote and, counted, the packages that it came with. */
export function withoutPackages<Named extends { readonly name: string }>(
  definitions: readonly Named[],
): { own: Named[]; packages: PackageCount[] } {
  const own = definitions.filter(({ name }) => !PACKAGE.test(name))
  const counts = new Map<string, number>()
  for (const { name } of definitions) {
    const found = PACKAGE.exec(name)?.[0]
    if (found !== undefined) counts.set(found, (counts.get(found) ?? 0) + 1)
  }
  return { own, packages: [...counts].map(([name, definitions]) => ({ name, definitions })) }
}

/** What stands in a row about a package. */
export function packageCells({ name, definitions }: PackageCount, paint: Paint): string[] {
  return [paint.bold(printable(name)), count(definitions, 'definition')]
}

/** The signature on one line, else the kind with the abilities of the row. */
function describe({ kind, row, signature }: DefinitionView): string {
  if (signature === undefined) return row.length > 0 ? `${kind} ->{${row.join(', ')}}` : kind
  const line = signature.replace(/\s+/g, ' ')
  return line.length > SHOWN_SIGNATURE_LENGTH ? `${line.slice(0, SHOWN_SIGNATURE_LENGTH)}…` : line
}

/** An example call of a function for the hint that ends a command; undefined of anything else. */
export function exampleRun({ name, kind, signature }: DefinitionView): string | undefined {
  if (kind !== 'function' && kind !== 'generator') return undefined
  return `ucm run ${name}${signature?.startsWith('()') ? '' : ' ARGUMENT…'}`
}

/** How a command that moves names ends. */
export function commitLine(commit: string | null): string {
  return commit === null ? 'nothing to commit' : `commit ${shortHash(commit)}`
}
