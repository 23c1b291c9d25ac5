// READ FIRST: from source text to definitions, stage by stage.
// text → parse → resolve → permit → normalise → component → encode → hash.
// What one definition is refused for never hides another: all of it is reported.

import { type Batch, type Candidate, collectBatch } from './batch.ts'
import type { Defined, DefineRequest, DefineResult, Environment } from './defined.ts'
import { type HashedDefinitions, hashDefinitions } from './component.ts'
import { makeRows } from './rows.ts'
import { invariant } from './errors.ts'
import { kindOf } from './kind.ts'
import { keepNominalNames } from './nominal-names.ts'
import { MAX_TERM_DEPTH } from './limits.ts'
import { normaliseCandidates, termDepth } from './numbering.ts'
import type { Problem } from './refusals.ts'
import { cyclicInitialiser, sortOut, tooDeep, warningsOf } from './rejecting.ts'
import { signatureOf, withRow } from './signature.ts'
import { makeSourceRecord } from './source-record.ts'
import type { Member } from './term.ts'

export type {
  Defined,
  DefineRequest,
  DefineResult,
  Environment,
  KnownAbility,
  SourceRecord,
} from './defined.ts'
export type { FileSystem } from './file-system.ts'
export type { Rejection } from './refusals.ts'

/**
 * Defines what the given files hold and what that needs of other files and packages. A refused
 * definition takes along what depends on it.
 * @throws KnownError when a given file does not parse or a given package is not there
 */
export async function define(request: DefineRequest, environment: Environment): Promise<DefineResult> {
  const batch = await collectBatch(request, environment)
  const { accepted, rejected, members, hashed } = await hashBatch(batch, environment)
  const rows = await makeRows(hashed, accepted, environment)
  const definitions = accepted.map((candidate, index) => {
    const member = members[index]
    const reference = hashed.references[index]
    invariant(member && reference, `${candidate.name} was accepted and not hashed`)
    const effects = rows.effectsOf(reference)
    return describe(candidate, { member, reference, effects, row: rows.rowOf(effects) }, accepted, hashed)
  })
  return {
    definitions: definitions.sort((a, b) => (a.name < b.name ? -1 : 1)),
    rejected,
    objects: new Map([...hashed.objects, ...rows.abilityObjects]),
    warnings: warningsOf(batch, accepted),
  }
}

interface HashedBatch {
  readonly accepted: readonly Candidate[]
  readonly rejected: DefineResult['rejected']
  /** Of `accepted`, in the same order, with their nodes' offsets. */
  readonly members: readonly Member[]
  readonly hashed: HashedDefinitions
}

/** Hashes what is not refused; what only the terms show is refused as the rest is. */
async function hashBatch(
  batch: Batch,
  environment: Environment,
  found: ReadonlyMap<Candidate, Problem> = new Map(),
): Promise<HashedBatch> {
  const { accepted, rejected } = sortOut(batch, found)
  const members = normaliseCandidates(accepted)
  const deep = accepted.filter((_, index) => termDepth(members[index]!) > MAX_TERM_DEPTH)
  if (deep.length > 0) return hashBatch(batch, environment, new Map([...found, ...deep.map(tooDeep)]))
  const hashed = hashDefinitions(members, await keepNominalNames(accepted, members, environment))
  if (hashed.failures.length === 0) return { accepted, rejected, members, hashed }
  const cyclic = hashed.failures.map((failure) => cyclicInitialiser(accepted[failure.definition]!, failure))
  return hashBatch(batch, environment, new Map([...found, ...cyclic]))
}

type Hashed = Pick<Defined, 'member' | 'reference' | 'effects' | 'row'>

/** Everything that people and programs are told of one definition. */
function describe(
  candidate: Candidate,
  { member, reference, effects, row }: Hashed,
  accepted: readonly Candidate[],
  hashed: HashedDefinitions,
): Defined {
  const { name, module, declaration, exported, mentions } = candidate
  const kind = kindOf(member)
  const written = signatureOf(module.source, declaration)
  const signature = kind === 'function' || kind === 'generator' ? withRow(written, row) : written
  const imports = mentions.map(({ link, local, name: asked }): readonly [string, string] => {
    const target =
      link.kind === 'declaration'
        ? accepted.find((other) => other.declaration === link.declaration)?.name
        : asked
    return [local, target ?? local]
  })
  const unique = [...new Map(imports.map((each) => [each.join('\n'), each])).values()]
  const source = makeSourceRecord(module.source, declaration.pieces, member, {
    signature: written,
    exported,
    imports: unique,
  })
  const placed = hashed.components.get(reference.hash)?.members[reference.index]
  return {
    name,
    reference,
    kind,
    row,
    effects,
    exported,
    ...(signature !== null && { signature }),
    member: placed ?? member,
    source,
  }
}
