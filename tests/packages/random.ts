// Seeded choice: the same seed gives the same calls on every machine.

/** A number in [0, 1), or a choice made with it. */
export interface Random {
  (): number
  below(limit: number): number
  pick<T>(items: readonly T[]): T
}

/** Xorshift from the characters of `seed`. */
export function randomOf(seed: string): Random {
  let state = 2166136261
  for (let at = 0; at < seed.length; at++) state = Math.imul(state ^ seed.charCodeAt(at), 16777619)
  state |= 1
  const random = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(random() * limit)
  return Object.assign(random, {
    below,
    pick: <T>(items: readonly T[]): T => items[below(items.length)] as T,
  })
}
