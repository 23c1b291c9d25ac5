// `ucm ls [NS]`: all names below a namespace.

import type { Command } from 'commander'
import type { DefinitionView } from '#codebase'
import type { Context } from '../context.ts'
import { definitionCells, packageCells, withoutPackages } from '../definitions.ts'
import { examples } from '../help.ts'
import type { Paint, Report } from '../output.ts'
import { table } from '../table.ts'

export function register(command: Command, context: Context): void {
  command
    .description(
      'List the definitions below a namespace: name, hash and signature. Packages show as one line each until you name one.',
    )
    .argument('[namespace]', 'a dotted path such as math.stats; everything unless given')
    .addHelpText('after', examples('ucm ls', 'ucm ls math.stats --json', 'ucm ls lib.remeda@2_61_0'))
    .action((namespace?: string) => context.report('listing', () => list(namespace, context)))
}

function list(namespace: string | undefined, context: Context): Promise<Report> {
  const nothing = namespace === undefined ? 'the codebase is empty' : `nothing below ${namespace}`
  return context.withCodebase(async (codebase) => {
    const definitions = await codebase.list(namespace)
    return {
      document: { definitions },
      text: definitions.length === 0 ? nothing : describe(definitions, namespace, context.output.paint),
      next: definitions[0] ? `ucm view ${definitions[0].name}` : 'ucm add FILE.ts',
    }
  })
}

function describe(
  definitions: readonly DefinitionView[],
  namespace: string | undefined,
  paint: Paint,
): string {
  const isInside = namespace?.startsWith('lib.') ?? false
  const { own, packages } = isInside ? { own: definitions, packages: [] } : withoutPackages(definitions)
  return table([
    ...own.map((definition) => definitionCells(definition, paint)),
    ...packages.map((found) => packageCells(found, paint)),
  ])
}
