// Which part of the corpus a run takes: all of it with LAWS=all, else a part that is
// drawn by LAWS_SEED (a number; 1 unless it is given), so that a run can be had again.

import process from 'node:process'
import { randomFrom } from './text.ts'

export const SEED = process.env['LAWS_SEED'] ?? '1'
export const TAKES_ALL = process.env['LAWS'] === 'all'

/** Packages that take seconds each for every law; the full run takes them. */
export const LARGE: ReadonlySet<string> = new Set(['fp-ts', 'lodash-es', 'mathjs'])

/** Whether this run tries the law called `law` on a package. */
export function isSampled(name: string, law: string, share = name.startsWith('just-') ? 0.2 : 0.4): boolean {
  if (TAKES_ALL) return true
  if (LARGE.has(name)) return false
  return randomFrom(`${SEED} ${law} ${name}`)() < share
}
