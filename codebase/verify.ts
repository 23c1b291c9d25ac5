// Checks a whole codebase: every object against its hash and its grammar, every link,
// every entry of an index, and every head. Reports what is wrong; repairs nothing.

import { linksOf } from './cbor.ts'
import { checkObject } from './check-object.ts'
import { decodeCommit } from './commit.ts'
import { dependentKey } from './dependents-index.ts'
import { OBJECT_KINDS } from './encode.ts'
import { KnownError } from './errors.ts'
import { type Hash, hashObject, isHash, parseReference } from './hash.ts'
import { loadNames } from './namespace.ts'
import { kindOfObject } from './store.ts'
import type { Workspace } from './workspace.ts'

export interface Problem {
  /** The object, or what stands for it where there is none: a branch, an entry of an index. */
  readonly hash: string
  readonly problem: string
}

export interface VerifyResult {
  readonly objects: number
  /** Of all objects together. */
  readonly bytes: number
  readonly problems: readonly Problem[]
}

/** Reads everything once. A damaged object is a problem, never an error; a disk that cannot be read is an error. */
export async function verify(workspace: Workspace): Promise<VerifyResult> {
  const problems: Problem[] = []
  const report = (hash: string, problem: string): void => {
    problems.push({ hash, problem })
  }
  let objects = 0
  let commits = 0
  let bytes = 0
  for await (const hash of workspace.objects.hashes()) {
    // Past the store, which would refuse to hand out what is damaged.
    const object = (await workspace.database.objects.get(hash)) ?? new Uint8Array()
    objects++
    bytes += object.length
    if (isCommit(object)) commits++
    await verifyStored(workspace, hash, object, report)
  }
  await verifyIndexes(workspace, report)
  await verifyHeads(workspace, report)
  await verifyBranch(workspace, commits, report)
  return { objects, bytes, problems }
}

type Report = (hash: string, problem: string) => void

async function verifyStored(
  workspace: Workspace,
  hash: Hash,
  object: Uint8Array,
  report: Report,
): Promise<void> {
  const actual = hashObject(object)
  if (actual !== hash) return report(hash, `its bytes hash to ${actual}`)
  const malformed = grammarProblem(object)
  if (malformed !== undefined) return report(hash, malformed)
  const kind = kindOfObject(object)
  // A receipt names what somebody else ran: it need not be here.
  if (kind === OBJECT_KINDS.receipt) return
  for (const link of linksOf(object)) {
    if (!(await workspace.objects.has(link))) report(hash, `it links to ${link}, which is missing`)
    if (kind !== OBJECT_KINDS.component) continue
    if (!(await workspace.database.dependents.has(dependentKey(link, hash)))) {
      report(hash, `the index of dependents does not say that it depends on ${link}`)
    }
  }
}

/** What is wrong with the object by the grammar of its kind; undefined when nothing is. */
function grammarProblem(object: Uint8Array): string | undefined {
  try {
    checkObject(object)
    return undefined
  } catch (error) {
    if (error instanceof KnownError) return error.message
    throw error
  }
}

async function verifyIndexes({ database, objects }: Workspace, report: Report): Promise<void> {
  for (const key of await database.dependents.keys()) {
    const [dependency = '', dependent = ''] = key.split(':')
    const object = isHash(dependent) ? await database.objects.get(dependent) : undefined
    // A damaged dependent has been reported as such.
    if (object && hashObject(object) !== dependent) continue
    if (!object || !linksOf(object).includes(dependency as Hash)) {
      report(dependent, `the index of dependents says that it depends on ${dependency}, which it does not`)
    }
  }
  for (const [reference, source] of await database.sources.entries()) {
    if (!(await objects.has(parseReference(reference).hash)))
      report(reference, 'the index of sources names it, but it is missing')
    if (!(await objects.has(source as Hash))) report(source, `it is missing, and the source of ${reference}`)
  }
}

async function verifyHeads({ database, objects }: Workspace, report: Report): Promise<void> {
  for (const [branch, head] of await database.heads.entries()) {
    try {
      const object = await objects.get(head as Hash)
      if (!object) report(branch, `its head ${head} is missing`)
      else await loadNames(decodeCommit(object).namespace, objects)
    } catch (error) {
      if (!(error instanceof KnownError) || error.code === 'storage') throw error
      report(branch, `its head ${head} cannot be read: ${error.message}`)
    }
  }
}

/** What a lost record of the database leaves behind: no current branch, or commits that no branch leads to. */
async function verifyBranch({ database }: Workspace, commits: number, report: Report): Promise<void> {
  if ((await database.settings.get('branch')) === undefined)
    report('branch', 'the name of the current branch is lost')
  const hasHead = (await database.heads.keys()).length > 0
  if (commits > 0 && !hasHead) report('heads', `${commits} commits are stored, and no branch has a head`)
}

function isCommit(object: Uint8Array): boolean {
  try {
    return kindOfObject(object) === OBJECT_KINDS.commit
  } catch (error) {
    if (error instanceof KnownError) return false // damaged, and reported as that
    throw error
  }
}
