// What the type checker says of a batch: its diagnostics as problems of the definitions
// that they stand in, and the types of what the author did not annotate.

import { type Batch, type Candidate } from './batch.ts'
import type { Environment } from './defined.ts'
import type { EsNode } from './estree.ts'
import type { Module } from './modules.ts'
import type { Problem } from './refusals.ts'
import type { FileProblem } from './roots.ts'
import { placeAt } from './source.ts'
import type { CheckedFiles, TypeDiagnostic } from './type-checker.ts'

export interface TypedBatch {
  readonly batch: Batch
  /** Absent where nothing was checked; its `close` is called by whoever called typeBatch(). */
  readonly types: CheckedFiles | undefined
}

const HINT = 'correct the types, or add it unchecked with `--no-check`'

/** The batch with what is wrong with its types; as it is when the environment has no checker. */
export async function typeBatch(
  batch: Batch,
  { types: checker, fileSystem }: Environment,
): Promise<TypedBatch> {
  const modules = [...new Set(batch.candidates.map(({ module }) => module))].filter(isChecked)
  if (!checker || modules.length === 0) return { batch, types: undefined }
  const paths = modules.map(({ source }) => source.path)
  const types = await checker.check(paths, fileSystem)
  if ('unchecked' in types) {
    const fileWarnings = [...batch.fileWarnings, uncheckedWarning(modules[0]!, types.unchecked)]
    return { batch: { ...batch, fileWarnings }, types: undefined }
  }
  const byPath = new Map(modules.map((module) => [module.source.path, module]))
  const ofCandidates = new Map<Candidate, Problem[]>()
  const ofFiles: FileProblem[] = []
  for (const diagnostic of types.diagnostics) {
    const module = byPath.get(diagnostic.file)
    if (!module) continue
    const problem = problemOf(module, diagnostic)
    const candidate = candidateAt(batch, module, diagnostic.start)
    // What is wrong with the types of a refused definition follows from that, or buries it.
    if (candidate && candidate.problems.length > 0) continue
    if (candidate) ofCandidates.set(candidate, [...(ofCandidates.get(candidate) ?? []), problem])
    else if (batch.given.has(module) && !isReported(batch, module, diagnostic))
      ofFiles.push({ name: module.source.shownAs, problem })
  }
  const candidates = batch.candidates.map((candidate) => {
    const problems = ofCandidates.get(candidate)
    return problems ? { ...candidate, problems: [...candidate.problems, ...problems] } : candidate
  })
  return { batch: { ...batch, candidates, fileProblems: [...batch.fileProblems, ...ofFiles] }, types }
}

/** Whether the types of a module are checked: the author's own TypeScript, and JavaScript that asks for it. */
export function isChecked({ package: pack, source }: Module): boolean {
  if (pack) return false
  return /\.[cm]?tsx?$/.test(source.path) || /^\s*\/\/\s*@ts-check\b/m.test(source.text)
}

function problemOf({ source }: Module, { code, text, start }: TypeDiagnostic): Problem {
  return { code: 'type-error', reason: `${code}: ${text}`, hint: HINT, place: placeAt(source, start) }
}

/** The definition that `start` is in; the overloads of a function belong to it. */
function candidateAt({ candidates }: Batch, module: Module, start: number): Candidate | undefined {
  const own = candidates.filter((candidate) => candidate.module === module)
  const within = own.find(({ declaration }) =>
    declaration.pieces.some((piece) => piece.start <= start && start < piece.end),
  )
  if (within) return within
  const declared = statementAt(module, start)?.['declaration'] ?? statementAt(module, start)
  if (declared?.type !== 'TSDeclareFunction') return undefined
  return own.find(({ declaration }) => declaration.name === declared['id']?.name)
}

function statementAt({ source }: Module, start: number): EsNode | undefined {
  return (source.program['body'] as EsNode[]).find((item) => item.start <= start && start < item.end)
}

/** Whether what is wrong with an import has been said already: it leads nowhere. */
function isReported(batch: Batch, module: Module, { start }: TypeDiagnostic): boolean {
  const statement = statementAt(module, start)
  if (!statement?.['source']) return false
  const [from, to] = [placeAt(module.source, statement.start), placeAt(module.source, statement.end)]
  const problems = [
    ...batch.candidates.flatMap((candidate) => candidate.problems),
    ...batch.fileProblems.map(({ problem }) => problem),
  ]
  return problems.some(
    ({ place }) => place.file === from.file && place.line >= from.line && place.line <= to.line,
  )
}

function uncheckedWarning(module: Module, reason: string): FileProblem {
  const hint = 'install it to have types checked, or say `--no-check`'
  const place = { file: module.source.shownAs, line: 1, column: 1 }
  return { name: module.source.shownAs, problem: { code: 'types-unchecked', reason, hint, place } }
}
