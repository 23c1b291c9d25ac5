// Where workers find what they may answer by themselves.

const isSource = import.meta.url.endsWith('.ts')
const moduleOf = (name: string): string =>
  new URL(`./${name}.${isSource ? 'ts' : 'js'}`, import.meta.url).href

/** For a provider whose clock is this machine's. */
export const CLOCK_AT_HAND = moduleOf('clock')
/** For a provider whose randomness is this machine's. */
export const RANDOM_AT_HAND = moduleOf('random')
