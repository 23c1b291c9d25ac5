// The laws of meaning: a change of meaning changes the hash of the definition that it is
// in and of all that depend on it, and nothing else.

import path from 'node:path'
import { type DefineResult, referenceText } from '#codebase'
import { diskFiles } from '../support/environment.ts'
import { defineRoots, FOLDER } from './corpus.ts'
import { type Mutation, mutationsOf } from './mutations.ts'
import { edited, pick, type Random, type Syntax, syntaxOf } from './text.ts'

/** A package, its definitions and the files that they are in. */
export interface Subject {
  readonly roots: readonly string[]
  readonly result: DefineResult
  /** Full names by file: those whose text stands there in one piece. */
  readonly files: ReadonlyMap<string, readonly Place[]>
}

interface Place {
  readonly name: string
  readonly start: number
  readonly end: number
}

export async function subjectOf(roots: readonly string[]): Promise<Subject> {
  const result = await defineRoots(roots)
  const files = new Map<string, Place[]>()
  for (const { name, kind, source } of result.definitions) {
    if (kind === 'ability' || kind === 'type') continue
    const file = path.join(FOLDER, source.file)
    const text = diskFiles.read(file) ?? ''
    const lines = text.split('\n').slice(0, source.line - 1)
    const start = lines.reduce((sum, line) => sum + line.length + 1, 0) + source.column - 1
    if (text.slice(start, start + source.text.length) !== source.text) continue
    files.set(file, [...(files.get(file) ?? []), { name, start, end: start + source.text.length }])
  }
  return { roots, result, files }
}

/** What a change came to: what is wrong with it, or why it says nothing. */
export interface Verdict {
  readonly kind: string
  readonly where: string
  readonly wrong: readonly string[]
  readonly isSkipped: boolean
}

/** Makes one change, drawn by `random`, and holds what follows from it against what should. */
export async function judgeMutation(subject: Subject, random: Random): Promise<Verdict | undefined> {
  const file = pick([...subject.files.keys()], random)
  const syntax = readSyntax(file)
  const drawn = syntax && drawMutation(syntax, subject.files.get(file) ?? [], random)
  if (!syntax || !drawn) return undefined
  const { mutation, owner } = drawn
  const text = edited(syntax.text, mutation.edits)
  const where = `${path.relative(FOLDER, file)}, ${owner}: ${shown(syntax.text, text)}`
  const verdict = { kind: mutation.kind, where, wrong: [], isSkipped: true }
  if (!readSyntax(file, text)) return verdict
  const after = await defineRoots(subject.roots, { respell: (old, name) => (name === file ? text : old) })
  const [was, is] = [hashesOf(subject.result), hashesOf(after)]
  if (!is.has(owner)) return verdict
  const moved = [...was].filter(([name, hash]) => is.get(name) !== hash).map(([name]) => name)
  const expected = dependentsOf(subject.result, owner)
  const wrong = [
    ...moved
      .filter((name) => !expected.has(name))
      .map((name) => `changed, and does not depend on it: ${name}`),
    ...[...expected]
      .filter((name) => !moved.includes(name))
      .map((name) => `depends on it, and did not change: ${name}`),
    ...[...is.keys()].filter((name) => !was.has(name)).map((name) => `is there now: ${name}`),
  ]
  return { ...verdict, wrong, isSkipped: false }
}

function drawMutation(
  syntax: Syntax,
  places: readonly Place[],
  random: Random,
): { readonly mutation: Mutation; readonly owner: string } | undefined {
  const mutations = mutationsOf(syntax)
  const kinds = [...new Set(mutations.map(({ kind }) => kind))]
  if (kinds.length === 0) return undefined
  const kind = pick(kinds, random)
  const mutation = pick(
    mutations.filter((each) => each.kind === kind),
    random,
  )
  const owners = places.filter(({ start, end }) => start <= mutation.start && mutation.start < end)
  return owners.length === 1 ? { mutation, owner: owners[0]!.name } : undefined
}

function readSyntax(file: string, text: string | undefined = diskFiles.read(file)): Syntax | undefined {
  try {
    return syntaxOf(text ?? '', file)
  } catch {
    return undefined
  }
}

function hashesOf({ definitions }: DefineResult): Map<string, string> {
  return new Map(definitions.map(({ name, reference }) => [name, referenceText(reference)]))
}

/** The definition and all that mention it, also through others. */
function dependentsOf({ definitions }: DefineResult, changed: string): ReadonlySet<string> {
  const users = new Map<string, string[]>()
  for (const { name, source } of definitions)
    for (const [, used] of source.imports) users.set(used, [...(users.get(used) ?? []), name])
  const reached = new Set([changed])
  for (const name of reached) for (const user of users.get(name) ?? []) reached.add(user)
  return reached
}

/** The place of a change with what is around it, before and after. */
function shown(before: string, after: string): string {
  let start = 0
  while (before[start] === after[start]) start++
  const part = (text: string): string => JSON.stringify(text.slice(Math.max(0, start - 30), start + 30))
  return `${part(before)} → ${part(after)}`
}
