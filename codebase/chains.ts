// How a refused construct reaches the definitions that are taken along with it, in the author's
// words: "`sample` uses `_baseRandom` uses `Math.random`, lodash-es/_baseRandom.js:15:23".

import type { Candidate } from './batch.ts'
import type { Declaration } from './declarations.ts'
import type { Problem } from './refusals.ts'

/** Ways from a definition to refused ones, the shortest first; each ends with the one that is refused for a reason of its own. */
export interface Chains {
  readonly ways: readonly (readonly Candidate[])[]
  /** What the end of the first way is refused for. */
  readonly problem: Problem
}

type Reasons = ReadonlyMap<Declaration, readonly [Candidate, Problem]>

/** Everything that depends on a refused declaration, with a shortest way to each of them. */
export function spread(candidates: readonly Candidate[], reasons: Reasons): Map<Declaration, Chains> {
  const users = usersOf(candidates)
  const found = new Map<Declaration, (readonly Candidate[])[]>()
  for (const [root] of reasons.values()) {
    for (const way of waysTo(root, users, reasons)) {
      const { declaration } = way[0]!
      const known = found.get(declaration)
      if (known) known.push(way)
      else found.set(declaration, [way])
    }
  }
  return new Map(
    [...found].map(([declaration, ways]) => {
      const sorted = ways.toSorted((a, b) => a.length - b.length)
      return [declaration, { ways: sorted, problem: reasons.get(sorted[0]!.at(-1)!.declaration)![1] }]
    }),
  )
}

function usersOf(candidates: readonly Candidate[]): Map<Declaration, Candidate[]> {
  const users = new Map<Declaration, Candidate[]>()
  for (const candidate of candidates) {
    for (const { link } of candidate.mentions) {
      if (link.kind !== 'declaration') continue
      const known = users.get(link.declaration)
      if (known) known.push(candidate)
      else users.set(link.declaration, [candidate])
    }
  }
  return users
}

/** Breadth first from one refused definition, through what is not refused for a reason of its own. */
function waysTo(
  root: Candidate,
  users: ReadonlyMap<Declaration, readonly Candidate[]>,
  reasons: Reasons,
): (readonly Candidate[])[] {
  const seen = new Set<Declaration>()
  const ways: (readonly Candidate[])[] = [[root]]
  for (const way of ways) {
    for (const user of users.get(way[0]!.declaration) ?? []) {
      if (reasons.has(user.declaration) || seen.has(user.declaration)) continue
      seen.add(user.declaration)
      ways.push([user, ...way])
    }
  }
  return ways.slice(1)
}

/** Reasons that are about one thing, which the reason begins with: it ends the chain. */
const ABOUT_ONE_THING = /^(effect-refused|code-from-text|name-unbound)$/

/** The first way in words, with the place that it leads to, and how many other refused definitions there are ways to. */
export function describeChains({ ways, problem }: Chains): string {
  const [way, ...others] = ways
  const { code, reason, place } = problem
  const steps = namesAlong(way!)
  const thing = ABOUT_ONE_THING.test(code) ? /^`[^`]+`/.exec(reason)?.[0] : undefined
  const at = `${shortFile(place.file)}:${place.line}:${place.column}`
  const chain = thing
    ? `${[...steps, thing].join(' uses ')}, ${at}`
    : `${steps.join(' uses ')}, which is refused: ${reason.replace(/\.$/, '')}, ${at}`
  if (others.length === 0) return chain
  const more = others.map((each) => namesAlong(each).at(-1)!)
  return `${chain}; it also uses ${listed(more)}`
}

const MAX_LISTED = 3

function listed(names: readonly string[]): string {
  const rest = names.length - MAX_LISTED
  return rest > 0
    ? `${names.slice(0, MAX_LISTED).join(', ')} and ${rest} more that are refused`
    : names.join(', ')
}

/** The names of a way, in quotes; where it comes into a package, with the name of that. */
function namesAlong(way: readonly Candidate[]): string[] {
  return way.map((candidate, index) => {
    const pack = candidate.module.package?.name
    if (pack === undefined) return `\`${candidate.name}\``
    const isInside = index > 0 && way[index - 1]!.module.package?.name === pack
    return `\`${isInside ? '' : `${pack}/`}${ownName(candidate)}\``
  })
}

/** The last segment of a name; of a default export, the one before it. */
function ownName({ name }: Candidate): string {
  return (
    name
      .split('.')
      .slice(2)
      .findLast((segment) => segment !== 'default') ?? 'default'
  )
}

/** A file of a package as it is imported. */
function shortFile(file: string): string {
  return file.split('node_modules/').at(-1)!
}
