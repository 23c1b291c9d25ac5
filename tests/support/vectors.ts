// A vector: a source text and the objects and hashes that it must come to, for ever
// within one format version.

import { define, type Environment, referenceText } from '#codebase'
import { emptyEnvironment } from './environment.ts'
import type { VectorSource } from './vector-sources.ts'

export interface Vector {
  readonly title: string
  readonly source: string
  readonly extension?: string
  readonly refused?: readonly string[]
  readonly definitions: readonly VectorDefinition[]
}

export interface VectorDefinition {
  readonly name: string
  /** The reference: the object's hash, and the slot when it is not 0. */
  readonly hash: string
  /** The component's canonical bytes in hexadecimal. */
  readonly object: string
}

type Given = Omit<VectorSource, 'name'>

/** What define() makes of a vector's source. @throws Error when it refuses other parts of it than it should */
export async function vectorOf({ title, source, extension, refused }: Given): Promise<Vector> {
  const file = `/vectors/vector.${extension ?? 'ts'}`
  const { definitions, rejected, objects } = await define(
    { files: [file], directory: '/vectors' },
    environmentOf(file, source),
  )
  const problem = rejected.find(({ name }) => !refused?.includes(name))
  if (problem) throw new Error(`${title}: ${problem.message} (${problem.line}:${problem.column})`)
  return {
    title,
    source,
    ...(extension && { extension }),
    ...(refused && { refused }),
    definitions: definitions.map(({ name, reference }) => ({
      name,
      hash: referenceText(reference),
      object: (objects.get(reference.hash) as Uint8Array).toHex(),
    })),
  }
}

/** An environment whose disk holds one file. */
function environmentOf(only: string, source: string): Environment {
  const fileSystem = {
    read: (file: string) => (file === only ? source : undefined),
    isFile: (file: string) => file === only,
    filesBelow: () => [],
    realpath: (file: string) => file,
  }
  return { ...emptyEnvironment(), fileSystem }
}
