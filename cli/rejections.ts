// Refused definitions as people see them, and as the failure that ends the command.

import type { KnownError, Rejection } from '#codebase'
import { inputError } from './errors.ts'
import { isFailure, type Paint, placeText, printable } from './output.ts'
import { someOf } from './table.ts'

/** Ways to a refused construct that are shown for each; --json has them all. */
const SHOWN_CHAINS = 5

/** Each with its place on one line, the reason and what to write instead below it. */
export function rejectionList(label: string, rejections: readonly Rejection[], paint: Paint): string {
  return rejections.map((rejection) => describe(label, rejection, paint).join('\n')).join('\n')
}

/** Warnings: each as rejections are, but one line for what is only worth a note. */
export function warningList(warnings: readonly Rejection[], paint: Paint): string {
  const isNote = ({ code }: Rejection): boolean => code === 'exported-as'
  const doubts = warnings.filter((warning) => !isNote(warning))
  const notes = warnings
    .filter(isNote)
    .map(({ message, ...at }) => `${paint.dim('note')}  ${placeText({ ...at })}  ${printable(message)}`)
  return [rejectionList(paint.yellow('warning'), doubts, paint), ...notes].filter(Boolean).join('\n')
}

/**
 * Refused definitions by what they are refused for: those with a reason of their own, the ones that take most along
 * first, and below each what it takes along. Where the first one is shown as the failure, only the latter.
 */
export function refusedList(
  rejected: readonly Rejection[],
  { isFirstShown, paint }: { readonly isFirstShown: boolean; readonly paint: Paint },
): string {
  const taken = Map.groupBy(rejected.filter(isTaken), ({ because }) => because[0])
  const shown = new Set<string>()
  return rootsInOrder(rejected)
    .flatMap((root, index) => {
      const isShown = isFirstShown && index === 0
      // Of one definition that is refused for several reasons, the first tells what it takes along.
      const along = shown.has(root.name) ? [] : (taken.get(root.name) ?? [])
      shown.add(root.name)
      const own = isShown ? [] : describe(paint.red('refused'), root, paint)
      const title = isShown ? `${paint.red('refused')}  ${printable(root.name)}, as said below,` : ' '
      return [...own, ...describeTaken(title, along, paint)]
    })
    .join('\n')
}

/** What is refused for itself, what takes most along first. */
function rootsInOrder(rejected: readonly Rejection[]): Rejection[] {
  const taken = Map.groupBy(rejected.filter(isTaken), ({ because }) => because[0])
  const countOf = ({ name }: Rejection): number => taken.get(name)?.length ?? 0
  return rejected.filter((rejection) => !isTaken(rejection)).toSorted((a, b) => countOf(b) - countOf(a))
}

type Taken = Rejection & { readonly because: readonly string[] }

function isTaken(rejection: Rejection): rejection is Taken {
  return rejection.because !== undefined
}

function describe(label: string, rejection: Rejection, paint: Paint): string[] {
  const { message, hint } = rejection
  const lines = [`${label}  ${paint.bold(placeText({ ...rejection }))}`, `  ${printable(message)}`]
  if (hint) lines.push(`  ${paint.cyan('hint:')} ${printable(hint)}`)
  return lines
}

/** How many a refused definition takes along, and the ways from the author's own ones to it. */
function describeTaken(title: string, along: readonly Rejection[], paint: Paint): string[] {
  if (along.length === 0) return []
  const own = along.filter(({ name }) => !LIBRARY.test(name))
  const chains = own.slice(0, SHOWN_CHAINS).map(({ message, file, line, column }) => {
    const chain = message.slice(message.indexOf(': ') + 2)
    return `  ${paint.dim(placeText({ file, line, column }))}  ${printable(chain)}`
  })
  const names = someOf(along.map(({ name }) => name.replace(LIBRARY, '')))
  return [`${title} takes along ${along.length.toLocaleString('en')}: ${names}`, ...chains]
}

/** What the names of one package begin with. */
const LIBRARY = /^lib\.(@[^/]+\/)?[^.]+\./

/** A file that cannot be read further, as the one rejection of a document; undefined when `error` is something else. */
export function rejectionOf(error: unknown): Rejection | undefined {
  if (!isFailure(error) || typeof error.details['line'] !== 'number') return undefined
  const { code, message, hint = '' } = error
  const { file, line, column } = error.details as { file: string; line: number; column: number }
  return { name: file, file, line, column, code, message, hint }
}

/** The failure of a command that stores nothing because of `rejected`: the first of refusedList(), and how many that shows besides. */
export async function rejectionError(rejected: readonly Rejection[]): Promise<KnownError> {
  const roots = rootsInOrder(rejected)
  const [first] = roots as [Rejection]
  const { code, message, name, file, line, column } = first
  const others = roots.length === 1 ? '' : ` (and ${roots.length - 1} more, above)`
  return inputError(code, `${message}${others}`, {
    hint: first.hint,
    details: { name, file, line, column, rejected: rejected.length },
  })
}
