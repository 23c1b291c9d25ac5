// A search by type as a program for the checker: the type that is looked for, and beside it the
// type of every candidate.

import path from 'node:path'
import type { TypeMatch, TypeSearch } from '#codebase'

/** What the checker is asked of a search: a file below the declarations, and where in it the types are. */
export interface SearchProgram {
  readonly file: string
  readonly text: string
  /** Where the type stands that is looked for, and where the name of its alias. */
  readonly range: readonly [start: number, end: number]
  readonly wanted: number
  /** Places of the candidates' names, in their order. */
  readonly candidates: readonly number[]
  /** Files of the candidates. */
  readonly modules: readonly string[]
}

export function searchProgram({ type, names, candidates }: TypeSearch, types: string): SearchProgram {
  const imports = names.map(([local, file, name]) => {
    const module = JSON.stringify(`./${file}.js`)
    return name === local
      ? `import type { ${name} } from ${module}`
      : `import type { ${name} as ${local} } from ${module}`
  })
  const head = `${imports.join('\n')}\ntype $Wanted = `
  let text = `${head}${type}\n`
  const places = candidates.map((file, index) => {
    const place = text.length + 'declare const '.length
    text += `declare const $${index}: typeof import(${JSON.stringify(`./${file}.js`)}).default\n`
    return place
  })
  return {
    file: path.join(types, '#search.ts'),
    text,
    range: [head.length, head.length + type.length],
    wanted: head.length - '$Wanted = '.length,
    candidates: places,
    modules: candidates.map((each) => path.join(types, `${each}.d.ts`)),
  }
}

/** `same` when each can stand for the other. */
export function matchOf(fits: boolean, isFitted: () => boolean): TypeMatch {
  if (!fits) return 'other'
  return isFitted() ? 'same' : 'fits'
}
