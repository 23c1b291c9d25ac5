// `ucm add FILE…`: files the definitions on the current branch, all of them or none.

import type { Command } from 'commander'
import type { AddResult } from '#codebase'
import type { Context } from '../context.ts'
import {
  commitLine,
  definitionCells,
  exampleRun,
  packageCells,
  shortHash,
  withoutPackages,
} from '../definitions.ts'
import { examples } from '../help.ts'
import { type Paint, printable, type Report } from '../output.ts'
import { refusedList, rejectionError, rejectionOf, warningList } from '../rejections.ts'
import { repeatable } from '../run-options.ts'
import { requestFor } from '../sources.ts'
import { someOf, table } from '../table.ts'
import { typeCheckerOf } from '../types-folder.ts'

interface AddOptions {
  readonly as: readonly string[]
  readonly at?: string
  readonly message?: string
  readonly preview?: boolean
  readonly partial?: boolean
  /** False with `--no-check`. */
  readonly check?: boolean
}

export function register(command: Command, context: Context): void {
  command
    .description(
      'Add the definitions of files, and what they import, to the codebase: all of them or none. ' +
        'What depends on a definition that changed is rebuilt on it.',
    )
    .argument('<files...>', 'TypeScript or JavaScript files, or npm:PACKAGE')
    .option('--at <namespace>', 'file the names below this dotted path')
    .addOption(
      repeatable('--as <own=name>', 'file the definition OWN of a given file as NAME', 'its own name'),
    )
    .option('-m, --message <text>', 'message of the commit')
    .option('--preview', 'show what would happen, and store nothing')
    .option('--partial', 'add what can be although something is refused')
    .option('--no-check', 'skip the type checker')
    .addHelpText(
      'after',
      examples(
        'ucm add stats.ts',
        'ucm add npm:just-compare',
        'ucm add stats.ts --at math -m "more statistics"',
      ),
    )
    .action((files: string[], options: AddOptions) =>
      context.report('adding', () => add(files, { options, context })),
    )
}

function add(
  files: readonly string[],
  { options, context }: { options: AddOptions; context: Context },
): Promise<Report> {
  const { powers, output } = context
  return context.withCodebase(async (codebase) => {
    const { knownAbilities } = await import('#abilities')
    const request = await requestFor(files, { options, powers })
    const types = options.check === false ? undefined : await typeCheckerOf(codebase, powers)
    const { message, preview = false, partial = false } = options
    const document = await codebase
      .addFiles(
        request,
        { fileSystem: powers.files, abilities: knownAbilities(), types },
        { message, preview, partial, command: commandLine(files, options) },
      )
      .catch(asRefused)
    const isRefused = document.rejected.length > 0 && !partial
    return {
      document,
      text: describe(document, { isPreview: preview, isRefused, paint: output.paint }),
      next: isNothing(document) ? undefined : nextCommand(document),
      error: isRefused ? await rejectionError(document.rejected) : undefined,
    }
  })
}

/** What comes of a file that cannot be read further. */
function asRefused(error: unknown): AddResult {
  const rejection = rejectionOf(error)
  if (!rejection) throw error
  const rejected = [rejection]
  const [added, updated, propagated, unchanged, aliases, warnings] = [[], [], [], [], [], []]
  return { added, updated, propagated, unchanged, aliases, rejected, warnings, commit: null }
}

/** What was asked, for the history. */
function commandLine(files: readonly string[], { at, as }: AddOptions): string {
  return `add ${files.join(' ')}${at === undefined ? '' : ` --at ${at}`}${as.map((each) => ` --as ${each}`).join('')}`
}

interface Described {
  readonly isPreview: boolean
  /** Whether the first rejection is shown as the error, and need not be listed. */
  readonly isRefused: boolean
  readonly paint: Paint
}

function describe(result: AddResult, { isPreview, isRefused, paint }: Described): string {
  const moved = (label: string, { name, from, to }: AddResult['updated'][number]): string[] => [
    paint.cyan(label),
    paint.bold(printable(name)),
    `${paint.yellow(shortHash(from))} → ${paint.yellow(shortHash(to))}`,
    ...moves.filter((move) => move.name === name).map(({ message }) => paint.dim(movePart(message, name))),
  ]
  const moves = result.warnings.filter(({ code }) => code === 'name-moved')
  const { own, packages } = withoutPackages(result.added)
  const rows = [
    ...own.map((definition) => [paint.green('added'), ...definitionCells(definition, paint)]),
    ...packages.map((found) => [paint.green('added'), ...packageCells(found, paint)]),
    ...result.updated.map((update) => moved('updated', update)),
    ...result.propagated.map((update) => moved('propagated', update)),
    ...result.aliases.map(({ name, hash, of }) => [
      paint.green('alias'),
      paint.bold(printable(name)),
      paint.yellow(shortHash(hash)),
      paint.dim(printable(`also ${of.join(', ')}`)),
    ]),
  ]
  const isSame = rows.length === 0
  const isEmpty = isSame && result.unchanged.length + result.rejected.length === 0
  if (isEmpty) rows.push([paint.dim('no definitions')])
  if (result.unchanged.length > 0) rows.push([paint.dim('unchanged'), someOf(result.unchanged)])
  const doubts = result.warnings.filter((warning) => !moves.includes(warning))
  const parts = [table(rows), warningList(doubts, paint)]
  parts.push(refusedList(result.rejected, { isFirstShown: isRefused, paint }))
  if (isNothing(result) && !isRefused) parts.push('nothing could be added')
  else if (isPreview) parts.push('a preview: nothing was stored')
  else if (!isSame) parts.push(commitLine(result.commit))
  return parts.filter(Boolean).join('\n')
}

/** `now from t.ts, before from r.ts`, which stands in the line of the name. */
const movePart = (message: string, name: string): string => printable(message.slice(`${name} is `.length))

/** Whether all that was asked for is refused. */
function isNothing({ added, updated, propagated, aliases, unchanged, rejected }: AddResult): boolean {
  const there = added.length + updated.length + propagated.length + aliases.length + unchanged.length
  return there === 0 && rejected.length > 0
}

function nextCommand({ added, updated, propagated }: AddResult): string {
  const fresh = withoutPackages(added).own.find(
    ({ exported, kind }) => exported && /^(function|generator)$/.test(kind),
  )
  if (fresh) return exampleRun(fresh) ?? `ucm view ${fresh.name}`
  return updated.length + propagated.length > 0 ? 'ucm history' : 'ucm ls'
}
