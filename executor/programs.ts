// Programs by what they were made of: a closure is loaded, verified and generated once, then kept
// for the next call, least recently used first out.

import { LRUCache } from 'lru-cache'
import { type ObjectSource, parseReference, type Reference, referenceText } from '#codebase'
import { type Closure, effectsIn, loadClosure } from './closure.ts'
import { abilityName, type Program, ProgramWriter } from './generate.ts'
import { EXECUTOR_LIMITS } from './limits.ts'

/** An ability of a row. */
export interface RowEntry {
  /** As text. */
  readonly reference: string
  readonly name: string
}

export interface LoadedProgram {
  readonly key: string
  readonly program: Program
  readonly closure: Closure
  /** What the definition and those in its arguments may perform. */
  readonly row: readonly RowEntry[]
  abilityName(reference: Reference): string
}

export class ProgramCache {
  readonly #programs = new LRUCache<string, LoadedProgram>({
    maxSize: EXECUTOR_LIMITS.programCacheBytes,
    // Text, places, objects and what is kept of terms are together some five times the text.
    sizeCalculation: ({ program }) => program.text.length * 5,
  })

  /** The program of a definition and those in its arguments. @throws as loadClosure() */
  async load(roots: readonly Reference[], objects: ObjectSource): Promise<LoadedProgram> {
    const key = [...new Set(roots.map(referenceText))].sort().join(' ')
    const kept = this.#programs.get(key)
    if (kept) return kept
    const writer = new ProgramWriter()
    const closure = await loadClosure(key.split(' ').map(parseReference), objects, {
      bounds: EXECUTOR_LIMITS,
      take: (hash, component) => writer.add(hash, component),
    })
    const loaded = Object.freeze({
      key,
      program: writer.end(closure),
      closure,
      row: rowOf(closure, roots),
      abilityName: (ability: Reference) => abilityName(closure, ability),
    })
    this.#programs.set(key, loaded)
    return loaded
  }
}

function rowOf(closure: Closure, roots: readonly Reference[]): RowEntry[] {
  const row = new Map<string, RowEntry>()
  for (const ability of roots.flatMap((root) => effectsIn(closure, root).performs)) {
    const reference = referenceText(ability)
    row.set(reference, { reference, name: abilityName(closure, ability) })
  }
  return [...row.values()]
}
