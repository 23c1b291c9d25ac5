// Reads a JSON file as the module of one constant, which is its value.

import type { ModuleValue } from './commonjs.ts'
import { type EsNode, walk } from './estree.ts'
import { MODULE_VALUE } from './module-entries.ts'
import type { Problem } from './refusals.ts'
import { type Parse, parseSource, type SourceFile } from './source.ts'
import { constantOf } from './syntax.ts'

const BEFORE = 'export default '

/** A file to be read, and the parser to read it with. */
export interface Asked {
  readonly path: string
  readonly shownAs: string
  readonly text: string
  readonly parse: Parse | undefined
}

/** The value that stands in a JSON file, as a module. */
export interface JsonModule {
  readonly source: SourceFile
  readonly value: ModuleValue
  readonly shownNames: ReadonlyMap<string, string>
}

export function readJson({ path, shownAs, text, parse }: Asked): JsonModule | Problem {
  const place = { file: shownAs, line: 1, column: 1 }
  try {
    JSON.parse(text)
  } catch (error) {
    return { code: 'syntax-error', reason: (error as Error).message, hint: 'correct the JSON', place }
  }
  const source = parseSource(path, shownAs, BEFORE + text.replace(/^\uFEFF/, ''), parse)
  if ('place' in source) return source
  const [statement] = source.program['body'] as EsNode[]
  const literal: EsNode = statement!['declaration']
  // In JSON, `__proto__` is a key like any other.
  walk(literal, (node) => {
    if (node.type === 'Property' && node['key'].value === '__proto__') node['computed'] = true
  })
  const program = { ...source.program, body: [constantOf(MODULE_VALUE, literal, statement!)] }
  return {
    source: { ...source, program },
    value: { binding: MODULE_VALUE, isObject: false, isEsModule: false, properties: new Set() },
    shownNames: new Map([[MODULE_VALUE, 'default']]),
  }
}
