// The definitions of one call of `define`: those of the given files, and all that
// they need of other files and packages.

import { checkDeclaration } from './check.ts'
import type { DefineRequest, Environment } from './defined.ts'
import type { Declaration } from './declarations.ts'
import { KnownError } from './errors.ts'
import { type Link, linkDeclaration, type Mention } from './links.ts'
import { exportedMeaning, exportedNames, meaningOf, problemAt, type World } from './meanings.ts'
import { isModule, type Module, openModule } from './modules.ts'
import { isExported, makeNaming, type Naming } from './naming.ts'
import { fileOfPackage, findPackage } from './packages.ts'
import type { EsNode } from './estree.ts'
import type { Problem, Refusal } from './refusals.ts'
import type { Binding } from './scope.ts'
import { placeAt } from './source.ts'
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
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

export interface Batch {
  readonly candidates: readonly Candidate[]
  /** Problems of files as a whole, by the file's name. */
  readonly fileProblems: readonly { readonly name: string; readonly problem: Problem }[]
  readonly fileWarnings: readonly { readonly name: string; readonly problem: Problem }[]
}

interface Wanted {
  readonly module: Module
  readonly declaration: Declaration
}

/** Opens what was asked for and follows it. @throws KnownError when a given file cannot be read at all */
export async function collectBatch(request: DefineRequest, environment: Environment): Promise<Batch> {
  const { fileSystem, abilities } = environment
  const world: World = { fileSystem, abilities, directory: request.directory, opened: new Map() }
  const roots = request.files.map((file) => openRoot(world, request, file))
  const own = roots.filter((root) => root.names === undefined).map((root) => root.module.source.path)
  const naming = makeNaming(world, own, request.at)
  const candidates = await follow(
    roots.flatMap((root) => wantedOf(world, root)),
    { world, environment, naming },
  )
  const fileProblems = roots.flatMap((root) => problemsOfRoot(world, root))
  const followed = new Set(candidates.map((candidate) => candidate.module))
  const fileWarnings = [...followed]
    .filter((module) => !roots.some((root) => root.module === module))
    .flatMap(fileRefusals)
  return { candidates: withoutDuplicates(candidates), fileProblems, fileWarnings }
}

/** A given file, or a package's entry: then `names` are its exports. */
interface Root {
  readonly module: Module
  readonly names?: readonly string[]
}

function openRoot(world: World, request: DefineRequest, file: string): Root {
  if (file.startsWith('npm:')) return openPackage(world, request, file)
  const opened = openModule(world, world.fileSystem.realpath(file), undefined, true)
  if (isModule(opened)) return { module: opened }
  throw rootError(opened.code, `${opened.reason}`, opened.hint, { ...opened.place })
}

const PACKAGE = /^npm:((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?(?:\/(.+))?$/

function openPackage(world: World, request: DefineRequest, file: string): Root {
  const [, name = file.slice(4), version, subpath] = PACKAGE.exec(file) ?? []
  const pack = findPackage(world.fileSystem, name, request.directory)
  if (!pack)
    throw rootError(
      'import-unknown',
      `the package \`${name}\` is not installed`,
      `run \`npm install ${name}\``,
      { package: name },
    )
  if (version !== undefined && pack.version !== version) {
    throw rootError(
      'import-unknown',
      `\`${name}\` is installed as ${pack.version}, not ${version}`,
      `run \`npm install ${name}@${version}\``,
      { package: name },
    )
  }
  const found = fileOfPackage(world.fileSystem, pack, subpath === undefined ? '.' : `./${subpath}`)
  if ('reason' in found) throw rootError(found.code, found.reason, found.hint, { package: name })
  const opened = openModule(world, found.path, pack, true)
  if (!isModule(opened))
    throw rootError(opened.code, `the entry of \`${name}\` cannot be read: ${opened.reason}`, opened.hint, {
      ...opened.place,
    })
  return { module: opened, names: exportedNames(world, opened) }
}

function rootError(code: string, reason: string, hint: string, details: Record<string, unknown>): KnownError {
  return new KnownError('input', code, `Cannot define: ${reason}`, { hint, details })
}

function wantedOf(world: World, { module, names }: Root): Wanted[] {
  if (!names) return module.body().declarations.map((declaration) => ({ module, declaration }))
  return names.flatMap((name) => {
    const meaning = exportedMeaning(world, module, name)
    if (meaning?.kind === 'declaration') return [meaning]
    if (meaning?.kind !== 'namespace') return []
    return (meaning.namespace.names() ?? []).flatMap((member) => {
      const inner = meaning.namespace.member(member)
      return inner?.kind === 'declaration' ? [inner] : []
    })
  })
}

/** Refused statements of a given file, and exports that lead nowhere. */
function problemsOfRoot(world: World, { module, names }: Root): { name: string; problem: Problem }[] {
  const missing = (names ?? [...module.exports.keys()]).flatMap((name) => {
    const entry = module.exports.get(name)
    const meaning = exportedMeaning(world, module, name)
    if (meaning?.kind === 'problem') return [{ name, problem: meaning.problem }]
    if (meaning || !entry || entry.kind === 'from' || isDeclaredType(module, entry.local)) return []
    const problem = problemAt(
      { module, start: entry.start },
      'name-unbound',
      `\`${entry.local ?? name}\` is exported and not declared`,
      'declare it or take the export out',
    )
    return [{ name, problem }]
  })
  return [...fileRefusals(module), ...missing]
}

function isDeclaredType(module: Module, name: string | null): boolean {
  return module.source.program['body'].some((item: EsNode) => {
    const declared: EsNode = item['declaration'] ?? item
    return declared.type.startsWith('TS') && (name === null || declared['id']?.name === name)
  })
}

function fileRefusals(module: Module): { name: string; problem: Problem }[] {
  return module
    .body()
    .strays.map((stray) => ({ name: module.source.shownAs, problem: problemOf(module, stray) }))
}

export function problemOf(module: Module, { code, reason, hint, start }: Refusal): Problem {
  return { code, reason, hint, place: placeAt(module.source, start) }
}

interface Following {
  readonly world: World
  readonly environment: Environment
  readonly naming: Naming
}

/** Links and checks `wanted` and, breadth first, all that it mentions. */
async function follow(wanted: readonly Wanted[], following: Following): Promise<Candidate[]> {
  const candidates = new Map<Declaration, Candidate>()
  const contexts = new Map<Module, StaticContext>()
  const queue = [...wanted]
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (candidates.has(next.declaration)) continue
    const candidate = await makeCandidate(next, following, contexts)
    candidates.set(next.declaration, candidate)
    for (const { link } of candidate.mentions) if (link.kind === 'declaration') queue.push(link)
  }
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
    name: naming.nameOf(module, declaration),
    exported: isExported(module, declaration),
    problems: eachOnce(
      inOrder.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column),
    ),
    warnings: eachOnce(found.warnings.map((each) => problemOf(module, each))),
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
  const { scopes, program } = module.body()
  const context: StaticContext = {
    scopes,
    constants: readConstants(program, scopes),
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

/** Of definitions that would get one name, all are refused. */
function withoutDuplicates(candidates: readonly Candidate[]): Candidate[] {
  const byName = Map.groupBy(candidates, (candidate) => candidate.name)
  return candidates.map((candidate) => {
    const other = byName.get(candidate.name)!.find((each) => each !== candidate)
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
