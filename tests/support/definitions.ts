// Definitions without a parser: small terms by name, hashed as sources would be, and
// codebases in temporary folders to put them in.

import path from 'node:path'
import {
  Codebase,
  hashDefinitions,
  kindOf,
  type Member,
  type Node,
  type Pending,
  type Reference,
} from '#codebase'
import type { DefineResult } from '../../codebase/define.ts'
import { temporaryFolder } from './temporary.ts'

/**
 * What a definition is: a number is a constant, a list is a function that returns its items, where text
 * is the name of a definition (of the same specs, else of the codebase) that the function refers to.
 */
export type Spec = number | readonly (number | string)[]
export type Specs = Readonly<Record<string, Spec>>

/** Where the made sources claim to stand. */
export interface SpecOptions {
  readonly file?: string
  readonly line?: number
  /** Put before each text, as a comment would be. */
  readonly comment?: string
}

/** What define() would make of sources with these meanings. */
export async function defineSpecs(
  codebase: Codebase,
  specs: Specs,
  options: SpecOptions = {},
): Promise<DefineResult> {
  const { file = 'specs.ts', line = 1, comment = '' } = options
  const names = Object.keys(specs)
  const outside = new Map<string, Reference>()
  for (const name of Object.values(specs).flatMap(usesOf)) {
    if (!names.includes(name)) outside.set(name, (await codebase.resolve(name)).reference)
  }
  const members = names.map((name): Member => {
    const use = (other: string): Node => nodeFor(names.indexOf(other), outside.get(other))
    return { nominal: null, value: termOf(specs[name] as Spec, use), completions: [] }
  })
  const { references, objects, components } = hashDefinitions(members)
  const effects = { performs: [], handles: [], masks: [] }
  const definitions = names.map((name, index) => {
    const reference = references[index] as Reference
    const member = components.get(reference.hash)?.members[reference.index] as Member
    const spec = specs[name] as Spec
    const signature = typeof spec === 'number' ? 'number' : '() => number[]'
    const imports = usesOf(spec).map((other) => [other, other] as const)
    const text = `${comment}export const ${name} = ${JSON.stringify(spec)}`
    const source = {
      text,
      file,
      line,
      column: 1,
      positions: [-1],
      parts: [],
      signature,
      exported: true,
      imports,
    }
    return {
      name,
      reference,
      kind: kindOf(member),
      row: [],
      effects,
      signature,
      exported: true,
      member,
      source,
    }
  })
  return { definitions, rejected: [], objects, warnings: [] }
}

function usesOf(spec: Spec): string[] {
  return typeof spec === 'number' ? [] : spec.filter((item) => typeof item === 'string')
}

function nodeFor(definition: number, reference: Reference | undefined): Node {
  if (!reference) return { type: 'Pending', definition } satisfies Pending as unknown as Node
  return { type: 'Reference', hash: reference.hash, index: reference.index }
}

function termOf(spec: Spec, use: (name: string) => Node): Node {
  if (typeof spec === 'number') return { type: 'Number', value: spec }
  const elements = spec.map(
    (item): Node => (typeof item === 'string' ? use(item) : { type: 'Number', value: item }),
  )
  const body = [{ type: 'Return', argument: { type: 'Array', elements } }]
  return { type: 'Arrow', async: false, params: [], body }
}

/** Powers whose clock ticks a second at each reading. */
export function fakePowers(author = 'tester') {
  let timeMs = Date.UTC(2030, 0, 1)
  return { author, clock: () => (timeMs += 1_000) }
}

/** A new codebase, closed when `use` ends. */
export async function withCodebase<T>(use: (codebase: Codebase, folder: string) => Promise<T>): Promise<T> {
  const folder = temporaryFolder()
  const codebase = await Codebase.init(folder, fakePowers())
  try {
    return await use(codebase, folder)
  } finally {
    await codebase.close()
  }
}

/** Adds the definitions as `ucm add` would. */
export async function addSpecs(
  codebase: Codebase,
  specs: Specs,
  options: SpecOptions & { readonly preview?: boolean } = {},
) {
  const result = await defineSpecs(codebase, specs, options)
  return codebase.add(result, {
    command: `add ${options.file ?? 'specs.ts'}`,
    preview: options.preview === true,
  })
}

/** Folder of the database in a codebase. */
export function databaseFolder(folder: string): string {
  return path.join(folder, '.ucm', 'db')
}
