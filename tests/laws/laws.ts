// The laws of spelling, each as what it makes of a package: nothing may differ.

import path from 'node:path'
import { type DefineResult } from '#codebase'
import { defineRoots, differences, FOLDER, outcomeOf, type Reading } from './corpus.ts'
import { MARK, renamedText } from './names.ts'
import { reordered, split } from './order.ts'
import { respelled, SPELLINGS } from './spellings.ts'
import { edited, type Random, randomFrom, type Syntax, syntaxOf } from './text.ts'
import { parseAsTypeScript, typed } from './types.ts'

/** A law: what differs in a package that is read otherwise. `seed` decides all that is free. */
export interface Law {
  readonly name: string
  differencesIn(roots: readonly string[], seed: string): Promise<readonly string[]>
}

/** How the files of a package are read otherwise, given what it was before. */
type Rereading = (seed: string, before: DefineResult) => Reading

/** `outcome` is what has to stay: by default names with hashes, and names with the codes of refusals. */
function law(name: string, reread: Rereading, outcome: (result: DefineResult) => string[] = outcomeOf): Law {
  return {
    name,
    async differencesIn(roots, seed) {
      const before = await defineRoots(roots)
      return differences(outcome(before), outcome(await defineRoots(roots, reread(seed, before))))
    },
  }
}

/** What is free for `file`: the same wherever the checkout is. */
function randomFor(seed: string, file: string): Random {
  return randomFrom(seed + path.relative(FOLDER, file))
}

/** A text changed by way of its syntax; one that is no module is refused as it is, and stays. */
function changed(text: string, file: string, change: (syntax: Syntax) => string): string {
  let syntax: Syntax
  try {
    syntax = syntaxOf(text, file)
  } catch {
    return text
  }
  return change(syntax)
}

const spellings = Object.entries(SPELLINGS).map(([name, spelling]) =>
  law(name, (seed) => ({
    respell: (text, file) => respelled(text, file, spelling, randomFor(seed, file)),
  })),
)

const names = law(
  'names of locals, labels, private members and definitions',
  (_, before) => {
    const kept = nominalNames(before)
    return { respell: (text, file) => renamedText(text, file, kept.get(file) ?? new Set()) }
  },
  withoutNames,
)

const order = law('order of declarations', (seed) => ({
  respell: (text, file) => changed(text, file, (syntax) => reordered(syntax, randomFor(seed, file))),
}))

const types = law('types', (seed) => ({
  parse: parseAsTypeScript,
  respell: (text, file) =>
    changed(text, file, (syntax) => edited(text, typed(syntax, randomFor(seed, file)))),
}))

const files = law('the file that a function is in', (seed) => reSplit(seed), withoutNames)

export const LAWS: readonly Law[] = [...spellings, names, order, types, files]

/** Reads each file as one from which a function has gone to another file, beside it. */
function reSplit(seed: string): Reading {
  const more = new Map<string, string>()
  const respell = (text: string, file: string): string => {
    if (more.has(file)) return text
    return changed(text, file, (syntax) => {
      const other = file.replace(/(\.\w+)$/, '.moved$1')
      const made = split(
        syntax,
        `./${path.basename(file)}`,
        `./${path.basename(other)}`,
        randomFor(seed, file),
      )
      if (made) more.set(other, made.moved)
      return made?.text ?? text
    })
  }
  return { more, respell }
}

/** By file, the names that are part of a term. */
function nominalNames({ definitions }: DefineResult): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>()
  for (const { member, source } of definitions) {
    const nominal =
      member.nominal ?? (member.value.type === 'Class' ? (member.value['name'] as string) : null)
    const file = path.join(FOLDER, source.file)
    const own = nominal === null ? [] : nominal.split('+')
    names.set(file, new Set([...(names.get(file) ?? []), ...own]))
  }
  return names
}

/** Hashes, and refusals by the own names of what is refused: what an entry exports under two names goes by either. */
function withoutNames(result: DefineResult): string[] {
  return outcomeOf(result).map((line) => {
    const [name = '', rest = ''] = line.split(' ')
    return rest.includes('-') ? `${name.replaceAll(MARK, '').split('.').at(-1)} ${rest}` : rest
  })
}
