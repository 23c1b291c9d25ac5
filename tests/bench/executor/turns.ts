// Own work and its peers in turns, so that whatever else the machine does befalls all of them alike.

import { availableParallelism } from 'node:os'
import { median, type Row } from '../measure.ts'

/** Something to be timed, `calls` times in a row for one sample. */
export interface Work {
  readonly calls: number
  run(): unknown
}

const WARM_UP_ROUNDS = 2
export const CORES = availableParallelism()

/** Median microseconds of one call of each work; undefined for a work that is not there. */
export async function inTurns<Name extends string>(
  works: Readonly<Record<Name, Work | undefined>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const samples: Record<string, number[]> = {}
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const [name, work] of Object.entries<Work | undefined>(works)) {
      if (!work) continue
      const us = await sample(work)
      if (round >= 0) (samples[name] ??= []).push(us)
    }
  }
  const medians = Object.keys(works).map((name) => [name, median(samples[name] ?? [Number.NaN])])
  return Object.fromEntries(medians) as Record<Name, number>
}

async function sample({ calls, run }: Work): Promise<number> {
  const before = performance.now()
  for (let call = 0; call < calls; call++) {
    const running = run()
    if (running instanceof Promise) await running
  }
  return ((performance.now() - before) * 1000) / calls
}

export interface Goal {
  readonly most?: number
  readonly least?: number
}

/** A row about a figure of ours beside a peer's, and whether their ratio (`of` two numbers) meets the goal. */
export function compared(
  what: string,
  own: { readonly us: number; readonly note?: string },
  peer: { readonly name: string; readonly us: number; readonly goal?: Goal; readonly isInverse?: boolean },
): Row {
  const figure = `${time(own.us)}${own.note ? ` (${own.note})` : ''}`
  if (Number.isNaN(peer.us)) return { what, figure, peer: `${peer.name}: not installed, skipped`, ratio: '–' }
  const ratio = peer.isInverse ? peer.us / own.us : own.us / peer.us
  const text = `${digits(ratio)} ×${peer.isInverse ? ' faster' : ''}`
  return {
    what,
    figure,
    peer: `${peer.name}: ${time(peer.us)}`,
    ratio: `${text}${verdict(ratio, peer.goal)}`,
  }
}

/** `, goal ≤ 10: met`. */
export function verdict(value: number, { most, least }: Goal = {}): string {
  if (most !== undefined) return `, goal ≤ ${most}: ${value <= most ? 'met' : 'missed'}`
  return least === undefined ? '' : `, goal ≥ ${least}: ${value >= least ? 'met' : 'missed'}`
}

export function time(us: number): string {
  return us < 1000 ? `${digits(us)} µs` : `${digits(us / 1000)} ms`
}

/** Three digits, all of those before the point. */
export function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** The geometric mean. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}
