// The definitions of one call of `define`: those of the given files, and all that
// they need of other files and packages.

import { importedTruth } from './imported-truth.ts'
import { checkDeclaration } from './check.ts'
import type { DefineRequest, Environment } from './defined.ts'
import type { Declaration } from './declarations.ts'
import { changedElsewhere } from './foreign.ts'
import { type Link, linkDeclaration, type Mention } from './links.ts'
import { meaningOf } from './meanings.ts'
import { type World } from './requests.ts'
import { type Module, problemOf } from './modules.ts'
import { isExported, makeNaming, type Naming } from './naming.ts'
import type { EsNode } from './estree.ts'
import type { Problem, Refusal } from './refusals.ts'
import {
  checkNames,
  emptyFile,
  type FileProblem,
  fileRefusals,
  openRoots,
  problemsOfRoot,
  type Wanted,
  wantedOf,
} from './roots.ts'
import { type ExportNote, exportNotes } from './reexports.ts'
import type { Binding } from './scope.ts'
import { placeAt } from './source.ts'
import { mentionedTypes, ownTypes, settledMentions, type SilentMention } from './silent-mentions.ts'
import { readConstants, type StaticContext } from './static-intrinsic.ts'

/** One definition on its way from text to hash. */
export interface Candidate {
  readonly module: Module
  readonly declaration: Declaration
  /** Full name. */
  readonly name: string
  readonly exported: boolean
  readonly links: ReadonlyMap<EsNode, Link>
  readonly mentions: readonly Mention[]
  /** What its text names and its term does not. */
  readonly silent: readonly SilentMention[]
  /** Whether nothing needs it but the texts of others: it is no loss then when it is refused. */
  readonly isBeside?: boolean
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
  /** What it completes of other packages, and what it is refused for when others mention that. */
  readonly completed: readonly { readonly declaration: Declaration; readonly problem: Problem }[]
}

export interface Batch {
  /** The author's own files that were asked for. */
  readonly given: ReadonlySet<Module>
  readonly candidates: readonly Candidate[]
  /** What was asked for itself, and not only followed. */
  readonly asked: ReadonlySet<Declaration>
  /** Problems of files as a whole, by the file's name. */
  readonly fileProblems: readonly FileProblem[]
  readonly fileWarnings: readonly FileProblem[]
  readonly notes: readonly ExportNote[]
}

/** Opens what was asked for and follows it. @throws KnownError when a given file cannot be read at all */
export async function collectBatch(request: DefineRequest, environment: Environment): Promise<Batch> {
  const { fileSystem, abilities, parse } = environment
  const world: World = {
    fileSystem,
    abilities,
    directory: request.directory,
    opened: new Map(),
    found: new Map(),
    files: new Map(),
    exported: new Map(),
    parse,
    truthOfImport: (module, local) => importedTruth(world, module, local),
  }
  const { roots, problems } = openRoots(world, request)
  const own = roots.filter((root) => root.names === undefined).map((root) => root.module.source.path)
  const naming = makeNaming(world, own, request)
  checkNames(request, roots)
  const wantedOfRoots = roots.map((root) => wantedOf(world, root))
  const wanted = wantedOfRoots.flat()
  const asked = new Set(wanted.map(({ declaration }) => declaration))
  const candidates = await follow(wanted, { world, environment, naming })
  const fileProblems = [...problems, ...roots.flatMap((root) => problemsOfRoot(world, root))]
  const followed = new Set(candidates.map((candidate) => candidate.module))
  const rooted = new Set(roots.map(({ module }) => module))
  const fileWarnings = [...followed].filter((module) => !rooted.has(module)).flatMap(fileRefusals)
  const changed = changedElsewhere(world)
  const judged = judgeCompletions(candidates).map((each) => withProblem(each, changed.get(each.declaration)))
  const given = new Set(roots.filter(({ names }) => names === undefined).map(({ module }) => module))
  const isNamed = ({ source }: Module): boolean => fileProblems.some(({ name }) => name === source.shownAs)
  const empty = roots
    .filter(({ names, module }, index) => !names && wantedOfRoots[index]!.length === 0 && !isNamed(module))
    .map(({ module }) => emptyFile(module))
  return {
    given,
    asked,
    candidates: withoutDuplicates(judged),
    fileProblems,
    fileWarnings: [...fileWarnings, ...empty],
    notes: [...given].flatMap((module) => exportNotes(world, module)),
  }
}

const withProblem = (candidate: Candidate, problem: Problem | undefined): Candidate =>
  problem ? { ...candidate, problems: [...candidate.problems, problem] } : candidate

interface Following {
  readonly world: World
  readonly environment: Environment
  readonly naming: Naming
}

/** Links and checks `wanted` and, breadth first, all that it mentions. */
async function follow(wanted: readonly Wanted[], following: Following): Promise<Candidate[]> {
  const candidates = new Map<Declaration, Candidate>()
  const contexts = new Map<Module, StaticContext>()
  const followAll = async (queue: Wanted[], isBeside: boolean): Promise<void> => {
    for (const next of queue) {
      if (candidates.has(next.declaration)) continue
      const candidate = await makeCandidate(next, following, contexts)
      candidates.set(next.declaration, { ...candidate, isBeside })
      for (const { link } of candidate.mentions) if (link.kind === 'declaration') queue.push(link)
    }
  }
  await followAll([...wanted], false)
  const beside = [...candidates.values()].flatMap(({ module, declaration }) => [
    ...settledMentions(following.world, module, declaration),
    ...ownTypes(following.world, module, declaration),
  ])
  await followAll(beside, true)
  return [...candidates.values()]
}

async function makeCandidate(
  { module, declaration }: Wanted,
  following: Following,
  contexts: Map<Module, StaticContext>,
): Promise<Candidate> {
  const { world, environment, naming } = following
  const { links, mentions, problems } = await linkDeclaration(world, environment, module, declaration)
  const found = checkDeclaration(declaration, contextOf(world, module, contexts))
  const isWithin = ({ start }: Refusal): boolean =>
    declaration.pieces.some((piece) => piece.start <= start && start < piece.end)
  const refusals = [...found.refusals, ...module.body().refusals.filter(isWithin)]
  const inOrder = [...problems, ...refusals.map((each) => problemOf(module, each))]
  return {
    module,
    declaration,
    links,
    mentions,
    silent: [
      ...mentionedTypes(world, module, declaration),
      ...settledMentions(world, module, declaration).map(({ local, declaration: target }) => ({
        local,
        target,
      })),
    ],
    name: naming.nameOf(module, declaration),
    exported: isExported(module, declaration),
    problems: eachOnce(
      inOrder.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column),
    ),
    warnings: eachOnce(found.warnings.map((each) => problemOf(module, each))),
    completed: found.completed.flatMap(({ binding, refused }) => {
      const link = mentions.find(({ local }) => local === binding.name)?.link
      const problem = problemOf(module, refused)
      return link?.kind === 'declaration' ? [{ declaration: link.declaration, problem }] : []
    }),
  }
}

/** The first of those with one reason. */
function eachOnce(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>()
  return problems.filter(({ code, reason }) => !seen.has(code + reason) && seen.add(code + reason))
}

function contextOf(world: World, module: Module, contexts: Map<Module, StaticContext>): StaticContext {
  const known = contexts.get(module)
  if (known) return known
  const { scopes, scratch } = module.body()
  const context: StaticContext = {
    scopes,
    scratch,
    constants: readConstants(scopes),
    imported: (binding: Binding) => {
      const meaning = meaningOf(world, module, binding.name)
      if (meaning?.kind !== 'declaration') return undefined
      const inner = contextOf(world, meaning.module, contexts)
      const { declaration } = meaning
      const constant = declaration.binding && inner.constants.get(declaration.binding)
      return { value: constant ?? declaration.value, context: inner }
    },
  }
  contexts.set(module, context)
  return context
}

/**
 * What a definition completes of another package is complete for those who reach it by way of that
 * definition. Whoever else mentions it would see it as it was: that is refused.
 */
function judgeCompletions(candidates: readonly Candidate[]): Candidate[] {
  const owners = new Map(candidates.map(({ declaration, module }) => [declaration, module.package]))
  const completers = new Map<Declaration, Candidate>()
  for (const each of candidates) {
    for (const { declaration } of each.completed) completers.set(declaration, each)
  }
  if (completers.size === 0) return [...candidates]
  return candidates.map((candidate): Candidate => {
    const { module, mentions, problems, completed } = candidate
    const own = completed.find(({ declaration }) => owners.get(declaration) === module.package)
    const seen = mentions.find(({ link }) => {
      const completer = link.kind === 'declaration' ? completers.get(link.declaration) : undefined
      const isWithin = link.kind === 'declaration' && owners.get(link.declaration) === module.package
      return completer !== undefined && completer !== candidate && !isWithin
    })
    const problem = own?.problem ?? (seen && completedElsewhere(module, seen, completers))
    return problem ? { ...candidate, problems: [...problems, problem] } : candidate
  })
}

function completedElsewhere(
  module: Module,
  { link, local, start }: Mention,
  completers: ReadonlyMap<Declaration, Candidate>,
): Problem {
  const completer = link.kind === 'declaration' ? completers.get(link.declaration)?.name : undefined
  return {
    code: 'state-refused',
    reason: `\`${local}\` is changed by \`${completer}\`, which only those see who reach it by way of that`,
    hint: `use what \`${completer}\` returns, or add the two apart`,
    place: placeAt(module.source, start),
  }
}

/** Of definitions that would get one name, all are refused. */
function withoutDuplicates(candidates: readonly Candidate[]): Candidate[] {
  const byName = Map.groupBy(candidates, (candidate) => candidate.name)
  const isFree = ({ isBeside, name }: Candidate): boolean => !isBeside || byName.get(name)!.length === 1
  return candidates.filter(isFree).map((candidate) => {
    const other = byName.get(candidate.name)!.find((each) => each !== candidate && isFree(each))
    if (!other) return candidate
    const [here, there] = [declaredAt(candidate), declaredAt(other)]
    const problem: Problem = {
      code: 'duplicate-name',
      reason: `\`${candidate.name}\` is defined at ${here.file}:${here.line}:${here.column} and at ${there.file}:${there.line}:${there.column}`,
      hint: 'rename one of them, or add the files apart with `--at`',
      place: here,
    }
    return { ...candidate, problems: [problem, ...candidate.problems] }
  })
}

/** Where a definition's name or value stands. */
export function declaredAt({ module, declaration }: Candidate): Problem['place'] {
  const statement = declaration.pieces[0]!.statement
  const id: EsNode | undefined = statement['declarations']?.[0].id ?? statement['id']
  return placeAt(module.source, (id ?? statement).start)
}
