// From problems to rejections: what is refused takes along what depends on it.

import { type Batch, type Candidate, declaredAt } from './batch.ts'
import { type Chains, describeChains, spread } from './chains.ts'
import type { DefinitionFailure } from './component.ts'
import type { Declaration } from './declarations.ts'
import { isFunction } from './estree.ts'
import { MAX_TERM_DEPTH, OBJECT_BOUNDS } from './limits.ts'
import type { Problem, Rejection } from './refusals.ts'
import { placeAt } from './source.ts'

/** The candidates without problems, and the rest as people are told of them. */
export interface Sorted {
  readonly accepted: readonly Candidate[]
  readonly rejected: readonly Rejection[]
}

/** Sorts a batch, reasons before what they take along; `more` are problems that were found later. */
export function sortOut(batch: Batch, more: ReadonlyMap<Candidate, Problem> = new Map()): Sorted {
  const reasons = new Map<Declaration, readonly [Candidate, Problem]>()
  // A candidate may have been changed since, its declaration not.
  const found = new Map([...more].map(([{ declaration }, problem]) => [declaration, problem]))
  const problemsOf = (candidate: Candidate): readonly Problem[] => {
    const later = found.get(candidate.declaration)
    return later ? [...candidate.problems, later] : candidate.problems
  }
  for (const candidate of batch.candidates) {
    const [problem] = problemsOf(candidate)
    if (problem) reasons.set(candidate.declaration, [candidate, problem])
  }
  const candidates = batch.candidates.map((candidate) => withoutStored(candidate, reasons))
  const dependents = spread(candidates, reasons)
  const mentioned = new Set(
    candidates.flatMap(({ mentions }) =>
      mentions.flatMap(({ link }) => (link.kind === 'declaration' ? [link.declaration] : [])),
    ),
  )
  const needed = candidates.filter(
    ({ isBeside, declaration }) => !isBeside && (batch.asked.has(declaration) || mentioned.has(declaration)),
  )
  const refused = needed.flatMap((candidate) =>
    problemsOf(candidate).map((problem) =>
      rejection(candidate.name, problem, `Cannot define ${candidate.name}`),
    ),
  )
  const taken = needed.flatMap((candidate) => {
    const chain = dependents.get(candidate.declaration)
    return chain ? [dependentRejection(candidate, chain)] : []
  })
  const ofFiles = batch.fileProblems.map(({ name, problem }) =>
    rejection(name, problem, `Cannot define what ${name} holds`),
  )
  return {
    accepted: candidates.filter(
      ({ declaration }) => !reasons.has(declaration) && !dependents.has(declaration),
    ),
    rejected: [...ofFiles, ...refused, ...taken],
  }
}

/**
 * A definition that only stores a function which has an effect, as one of the properties of an
 * object, does not have that effect: it goes in without it.
 */
function withoutStored(
  candidate: Candidate,
  reasons: ReadonlyMap<Declaration, readonly [Candidate, Problem]>,
): Candidate {
  const links = new Map(candidate.links)
  const left: Problem[] = []
  for (const { link, stored, local, start } of candidate.mentions) {
    if (link.kind !== 'declaration' || !stored) continue
    const [, problem] = reasons.get(link.declaration) ?? []
    if (problem?.code !== 'effect-refused' || !isFunction(link.declaration.value)) continue
    links.set(stored, { kind: 'left-out' })
    const reason = `\`${local}\` is left out, and fails when it is called: ${problem.reason}`
    left.push({
      code: 'left-out',
      reason,
      hint: problem.hint,
      place: placeAt(candidate.module.source, start),
    })
  }
  if (left.length === 0) return candidate
  const mentions = candidate.mentions.filter(
    ({ stored }) => !stored || links.get(stored)?.kind !== 'left-out',
  )
  return { ...candidate, links, mentions, warnings: [...candidate.warnings, ...left] }
}

/** Warnings of what was accepted, and of the files that were given or followed. */
export function warningsOf(batch: Batch, accepted: readonly Candidate[]): Rejection[] {
  const ofFiles = batch.fileWarnings.map(({ name, problem }) =>
    rejection(name, problem, FILE_WARNINGS.get(problem.code)?.(name) ?? `A part of ${name} is left out`),
  )
  const ofDefinitions = accepted.flatMap(({ name, warnings }) =>
    warnings.map((warning) => rejection(name, warning, `${name} is accepted with a doubt`)),
  )
  const names = new Map(accepted.map(({ declaration, name }) => [declaration, name]))
  const notes = batch.notes.flatMap(({ declaration, problem }): Rejection[] => {
    const name = names.get(declaration)
    if (name === undefined) return []
    const message = `${name} is ${problem.reason}, and filed under its own name`
    return [{ name, ...problem.place, code: problem.code, message, hint: problem.hint }]
  })
  return [...ofFiles, ...ofDefinitions, ...notes]
}

const FILE_WARNINGS: ReadonlyMap<string, (name: string) => string> = new Map([
  ['types-unchecked', (name) => `The types of ${name} are not checked`],
  ['no-definitions', (name) => `Nothing of ${name} is filed`],
])

function rejection(name: string, { code, reason, hint, place }: Problem, action: string): Rejection {
  return { name, ...place, code, message: `${action}: ${reason}`, hint }
}

function dependentRejection(candidate: Candidate, chains: Chains): Rejection {
  return {
    name: candidate.name,
    ...declaredAt(candidate),
    code: 'depends-on-rejected',
    message: `Cannot define ${candidate.name}: ${describeChains(chains)}`,
    hint: chains.problem.hint,
    because: chains.ways.map((way) => way.at(-1)!.name),
  }
}

/** A definition in whose term nodes stand too deep within each other. */
export function tooDeep(candidate: Candidate): [Candidate, Problem] {
  const reason = `its term is nested more than ${MAX_TERM_DEPTH} deep`
  const hint = 'name parts of it as constants or functions of their own'
  return [candidate, { code: 'too-deep', reason, hint, place: declaredAt(candidate) }]
}

/** A definition that no object can hold: its term, or its text as it is kept. */
export function tooLarge(candidate: Candidate, what: 'term' | 'text'): [Candidate, Problem] {
  const { maxBytes, maxItems } = OBJECT_BOUNDS
  const reason = `its ${what} takes more than the ${maxBytes} bytes or ${maxItems} items that an object may have`
  const hint = 'split it, or pass large data as an argument (`@file.json`)'
  return [candidate, { code: 'too-large', reason, hint, place: declaredAt(candidate) }]
}

/** A constant that is needed for its own initialiser, or what is too large. */
export function hashFailure(
  candidate: Candidate,
  { code, message }: DefinitionFailure,
): [Candidate, Problem] {
  if (code === 'too-large') return tooLarge(candidate, 'term')
  const reason = message.replace(/^Cannot define: /, '')
  const hint = 'make one of them a function, which is evaluated later'
  return [candidate, { code, reason, hint, place: declaredAt(candidate) }]
}
