// From candidates to terms: every link becomes a target, definitions by their
// position in the batch.

import type { Candidate } from './batch.ts'
import type { Declaration } from './declarations.ts'
import { InvariantError } from './errors.ts'
import type { EsNode } from './estree.ts'
import type { Link } from './links.ts'
import { normaliseDeclaration, type Target } from './normalise.ts'
import type { Binding } from './scope.ts'
import { childNodes, type Member, type Node } from './term.ts'
import { isType, typeMember } from './types.ts'

/** The terms of `candidates`, which depend on nothing else of their batch; same order. */
export function normaliseCandidates(candidates: readonly Candidate[]): Member[] {
  const positions = new Map(candidates.map(({ declaration }, index) => [declaration, index]))
  return candidates.map(({ module, declaration, links }) => {
    if (isType(declaration)) {
      return typeMember(declaration, module.source, (identifier) => {
        const link = links.get(identifier)
        if (link?.kind === 'reference') return link.reference
        return link?.kind === 'declaration' ? positions.get(link.declaration) : undefined
      })
    }
    const { scopes } = module.body()
    const isLocal = (binding: Binding): boolean => !binding.isModule || declaration.locals.has(binding)
    return normaliseDeclaration(declaration, {
      bindingOf: (identifier) => scopes.bindingOf(identifier),
      targetOf(identifier) {
        const link = links.get(identifier)
        const binding = link ? undefined : scopes.bindingOf(identifier)
        return binding && isLocal(binding) ? LOCAL : targetOf(link, identifier, positions)
      },
    })
  })
}

const LOCAL: Target = Object.freeze({ kind: 'local' })

function targetOf(
  link: Link | undefined,
  identifier: EsNode,
  positions: ReadonlyMap<Declaration, number>,
): Target {
  if (!link) throw new InvariantError(`\`${identifier['name']}\` was not linked`)
  switch (link.kind) {
    case 'declaration': {
      const definition = positions.get(link.declaration)
      if (definition === undefined)
        throw new InvariantError(`\`${identifier['name']}\` refers to what was not accepted`)
      return { kind: 'definition', definition }
    }
    case 'members':
      return {
        kind: 'namespace',
        members: link.members.map(({ name, link: inner }) => ({
          name,
          target: targetOf(inner, identifier, positions),
        })),
      }
    default:
      return link
  }
}

/** Nodes inside nodes, the value itself counting one. */
export function termDepth({ value, completions }: Member): number {
  const depthOf = (node: Node): number => {
    let deepest = 0
    for (const child of childNodes(node)) deepest = Math.max(deepest, depthOf(child))
    return deepest + 1
  }
  return Math.max(...[value, ...completions].map(depthOf))
}
