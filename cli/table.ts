// Aligned columns for people. Widths count characters, not colour codes.

import { stripVTControlCharacters } from 'node:util'
import { printable } from './output.ts'

/** Between two columns. */
const GAP = '  '
/** Names that are listed where there may be many; --json has them all. */
const SHOWN_NAMES = 8

/** Rows as aligned lines, each behind `indent`; the last column is not padded, empty ends are cut. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
  }
  const pad = (cell: string, column: number): string =>
    cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))
  return rows.map((row) => (indent + row.map(pad).join(GAP)).trimEnd()).join('\n')
}

/** `1 definition`, `2 definitions`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`
}

/** Names in a row; of many only the first ones, and how many more. */
export function someOf(names: readonly string[]): string {
  const more = names.length - SHOWN_NAMES
  return (
    printable(names.slice(0, SHOWN_NAMES).join(', ')) +
    (more > 0 ? ` and ${more.toLocaleString('en')} more` : '')
  )
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length
}
