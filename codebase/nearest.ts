// Which known names a misspelt one is nearest to.

/** Most names that are suggested. */
const SUGGESTIONS = 3

/**
 * The names nearest to `text`, nearest first, at most three; of those with one distance the shorter first.
 * A name counts by its full text and by its last segments, as many as `text` has; the distance may be a third of the length.
 */
export function nearest(text: string, names: readonly string[]): string[] {
  const allowed = Math.max(1, Math.floor(text.length / 3))
  const depth = text.split('.').length
  return names
    .map((name) => ({ name, distance: nameDistance(text.toLowerCase(), name.toLowerCase(), depth) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length)
    .slice(0, SUGGESTIONS)
    .map(({ name }) => name)
}

function nameDistance(text: string, name: string, depth: number): number {
  const suffix = name.split('.').slice(-depth).join('.')
  const last = text.slice(text.lastIndexOf('.') + 1)
  // A right last segment under a wrong path is one mistake.
  const misplaced = name.slice(name.lastIndexOf('.') + 1) === last ? 1 : Number.POSITIVE_INFINITY
  return Math.min(editDistance(text, name), editDistance(text, suffix), misplaced)
}

/** Levenshtein distance in UTF-16 units; a transposition of neighbours counts once. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1
      let least = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + change)
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, at(beforeLast, column - 2) + 1)
      }
      current.push(least)
    }
    beforeLast = last
    last = current
  }
  return at(last, b.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] as number
}
