// READ FIRST: from source text to definitions, stage by stage.
// text → parse → resolve → permit → check types → normalise → component → encode → hash.
// What one definition is refused for never hides another: all of it is reported.

import { type Batch, type Candidate, collectBatch } from './batch.ts'
import { hashDefinitions } from './component.ts'
import type { DefineRequest, DefineResult, Environment } from './defined.ts'
import { typeBatch } from './typing.ts'
import { describeAll, type Hashed } from './describe.ts'
import { makeRows } from './rows.ts'
import { keepNominalNames } from './nominal-names.ts'
import { MAX_TERM_DEPTH } from './limits.ts'
import { normaliseCandidates, termDepth } from './numbering.ts'
import type { Problem } from './refusals.ts'
import { hashFailure, sortOut, tooDeep, tooLarge, warningsOf } from './rejecting.ts'
import { isSourceTooLarge } from './source-object.ts'

export type {
  Defined,
  DefineRequest,
  DefineResult,
  Environment,
  KnownAbility,
  SourceRecord,
} from './defined.ts'
export type { FileStamp, FileSystem } from './file-system.ts'
export type { Rejection } from './refusals.ts'

/**
 * Defines what the given files hold and what that needs of other files and packages. A refused
 * definition takes along what depends on it.
 * @throws KnownError when a given file does not parse or a given package is not there
 */
export async function define(request: DefineRequest, environment: Environment): Promise<DefineResult> {
  const { batch, types } = await typeBatch(await collectBatch(request, environment), environment)
  try {
    const found = new Map<Candidate, Problem>()
    for (;;) {
      const { rejected, ...hashed } = await hashBatch(batch, environment, found)
      const rows = await makeRows(hashed.hashed, hashed.accepted, environment)
      const definitions = describeAll(hashed, rows, types)
      const large = hashed.accepted.filter((_, index) => isSourceTooLarge(definitions[index]!.source))
      for (const each of large) found.set(...tooLarge(each, 'text'))
      if (large.length > 0) continue
      return {
        definitions: definitions.sort((a, b) => (a.name < b.name ? -1 : 1)),
        rejected,
        objects: new Map([...hashed.hashed.objects, ...rows.abilityObjects]),
        warnings: warningsOf(batch, hashed.accepted),
        isTyped: types !== undefined,
      }
    }
  } finally {
    types?.close()
  }
}

interface HashedBatch extends Hashed {
  readonly rejected: DefineResult['rejected']
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
  const failed = hashed.failures.map((failure) => hashFailure(accepted[failure.definition]!, failure))
  return hashBatch(batch, environment, new Map([...found, ...failed]))
}
