// A vector: a source text and the objects and hashes that it must come to, for ever
// within one format version.

import { define, type Environment, referenceText } from '#codebase'
import { emptyEnvironment } from './environment.ts'
import type { VectorSource } from './vector-sources.ts'

export interface Vector {
  readonly title: string
  readonly source: string
  readonly definitions: readonly VectorDefinition[]
}

export interface VectorDefinition {
  readonly name: string
  /** The reference: the object's hash, and the slot when it is not 0. */
  readonly hash: string
  /** The component's canonical bytes in hexadecimal. */
  readonly object: string
}

const FILE = '/vectors/vector.ts'

/** What define() makes of a vector's source. @throws Error when it refuses any of it */
export async function vectorOf({ title, source }: Pick<VectorSource, 'title' | 'source'>): Promise<Vector> {
  const { definitions, rejected, objects } = await define(
    { files: [FILE], directory: '/vectors' },
    environmentOf(source),
  )
  const [refused] = rejected
  if (refused) throw new Error(`${title}: ${refused.message} (${refused.line}:${refused.column})`)
  return {
    title,
    source,
    definitions: definitions.map(({ name, reference }) => ({
      name,
      hash: referenceText(reference),
      object: (objects.get(reference.hash) as Uint8Array).toHex(),
    })),
  }
}

/** An environment whose disk holds one file. */
function environmentOf(source: string): Environment {
  const fileSystem = {
    read: (file: string) => (file === FILE ? source : undefined),
    isFile: (file: string) => file === FILE,
    filesBelow: () => [],
    realpath: (file: string) => file,
  }
  return { ...emptyEnvironment(), fileSystem }
}
