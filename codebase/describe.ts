// What people and programs are told of each definition of a batch: kind, row,
// signature, and what the author wrote.

import type { Candidate } from './batch.ts'
import type { HashedDefinitions } from './component.ts'
import type { Declaration } from './declarations.ts'
import type { Defined, SourceRecord } from './defined.ts'
import { invariant } from './errors.ts'
import type { Reference } from './hash.ts'
import { kindOf } from './kind.ts'
import type { Rows } from './rows.ts'
import { withRow } from './signature-text.ts'
import { makeSourceRecord } from './source-record.ts'
import type { Member } from './term.ts'
import type { CheckedFiles } from './type-checker.ts'
import { typedSignature } from './typed-signature.ts'

/** What a batch came to. Lists are in the order of `accepted`. */
export interface Hashed {
  readonly accepted: readonly Candidate[]
  /** With their nodes' offsets. */
  readonly members: readonly Member[]
  readonly hashed: HashedDefinitions
}

/** The definitions of a batch, in the order of its candidates. */
export function describeAll(
  { accepted, members, hashed }: Hashed,
  rows: Rows,
  types?: CheckedFiles,
): Defined[] {
  const names = new Map(accepted.map(({ declaration, name }) => [declaration, name]))
  return accepted.map((candidate, index) => {
    const member = members[index]
    const reference = hashed.references[index]
    invariant(member && reference, `${candidate.name} was accepted and not hashed`)
    const placed = hashed.components.get(reference.hash)?.members[reference.index] ?? member
    const typed = typedSignature(candidate, accepted, types)
    const imports = withTypeNames(importsOf(candidate, names), typed.names)
    const source = { member, imports, signature: typed.text }
    return describe(candidate, { reference, member: placed, source }, rows)
  })
}

/** Definitions that are mentioned, each once for each name that it is mentioned by. */
function importsOf(
  { mentions, silent }: Candidate,
  names: ReadonlyMap<Declaration, string>,
): (readonly [local: string, name: string])[] {
  const imports = new Map<string, readonly [string, string]>()
  for (const { link, local, name: asked } of mentions) {
    const target = (link.kind === 'declaration' ? names.get(link.declaration) : asked) ?? local
    imports.set(`${local}\n${target}`, [local, target])
  }
  for (const { local, target } of silent) {
    const name = typeof target === 'string' ? target : names.get(target)
    if (name !== undefined) imports.set(`${local}\n${name}`, [local, name])
  }
  return [...imports.values()]
}

/** `imports` with the types that an inferred signature names, where the text itself names nothing so. */
function withTypeNames(
  imports: SourceRecord['imports'],
  names: SourceRecord['imports'],
): SourceRecord['imports'] {
  if (names.length === 0) return imports
  const locals = new Set(imports.map(([local]) => local))
  return [...imports, ...names.filter(([local]) => !locals.has(local))]
}

interface Described {
  readonly reference: Reference
  /** As it stands in its component. */
  readonly member: Member
  /** The member with its nodes' offsets, and what it mentions. */
  readonly source: { readonly member: Member } & Pick<SourceRecord, 'signature' | 'imports'>
}

function describe(candidate: Candidate, { reference, member, source }: Described, rows: Rows): Defined {
  const { name, module, declaration, exported } = candidate
  const { imports, signature: written } = source
  const kind = kindOf(member)
  const effects = rows.effectsOf(reference)
  const row = rows.rowOf(effects)
  const signature = kind === 'function' || kind === 'generator' ? withRow(written, row) : written
  return {
    name,
    reference,
    kind,
    row,
    effects,
    exported,
    ...(signature !== null && { signature }),
    member,
    source: makeSourceRecord(module.source, declaration.pieces, source.member, {
      signature: written,
      exported,
      imports,
    }),
  }
}
