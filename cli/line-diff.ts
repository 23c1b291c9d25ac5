// Two texts as one list of lines: kept, removed and added ones.

import { type Paint, printableSource } from './output.ts'

/** Lines of either text beyond which only the texts as wholes are shown: the table is quadratic. */
const MAX_LINES = 1_000

/** The lines of both texts in order: `- ` only in `from`, `+ ` only in `to`. */
export function lineDiff(from: string, to: string, paint: Paint): string {
  const before = from.split('\n')
  const after = to.split('\n')
  const removed = (line: string): string => paint.red(printableSource(`- ${line}`.trimEnd()))
  const added = (line: string): string => paint.green(printableSource(`+ ${line}`.trimEnd()))
  if (before.length > MAX_LINES || after.length > MAX_LINES)
    return [...before.map(removed), ...after.map(added)].join('\n')
  const common = commonLengths(before, after)
  const lines: string[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    if (i < before.length && before[i] === after[j]) {
      lines.push(printableSource(`  ${before[i]}`.trimEnd()))
      i++
      j++
    } else if (i < before.length && at(common, i + 1, j) >= at(common, i, j + 1))
      lines.push(removed(before[i++] as string))
    else if (j < after.length) lines.push(added(after[j++] as string))
    else lines.push(removed(before[i++] as string))
  }
  return lines.join('\n')
}

/** Length of the longest common subsequence of every pair of tails. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const table = Array.from({ length: before.length + 1 }, () => Array.from(after, () => 0).concat(0))
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const longer = Math.max(at(table, i + 1, j), at(table, i, j + 1))
      ;(table[i] as number[])[j] = before[i] === after[j] ? at(table, i + 1, j + 1) + 1 : longer
    }
  }
  return table
}

function at(table: readonly (readonly number[])[], i: number, j: number): number {
  return table[i]?.[j] ?? 0
}
