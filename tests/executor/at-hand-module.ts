// What workers answer of Store in tests: `get` knows a few keys, and counts what it is asked for.

let asked = 0

export const get = (key: unknown): unknown => {
  if (key === 'count') return ++asked
  if (key === 'broken') throw new Error('out of order')
  return typeof key === 'string' && key.startsWith('near') ? { $bigint: `${key.length}` } : undefined
}
