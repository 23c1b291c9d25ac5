// Refused definitions as people see them, and as the failure that ends the command.

import type { KnownError, Rejection } from '#codebase'
import { inputError } from './errors.ts'
import { type Paint, placeText, printable } from './output.ts'

/** Each with its place on one line, the reason and what to write instead below it. */
export function rejectionList(label: string, rejections: readonly Rejection[], paint: Paint): string {
  return rejections
    .map((rejection) => {
      const { message, hint } = rejection
      const lines = [
        `${label}  ${paint.bold(placeText(rejection as unknown as Record<string, unknown>))}`,
        `  ${printable(message)}`,
      ]
      if (hint) lines.push(`  ${paint.cyan('hint:')} ${printable(hint)}`)
      return lines.join('\n')
    })
    .join('\n')
}

/** The failure of a command that stores nothing because of `rejected`: the first one, and how many more. */
export async function rejectionError(rejected: readonly Rejection[]): Promise<KnownError> {
  const [first] = rejected as [Rejection]
  const { code, message, name, file, line, column } = first
  const others = rejected.length === 1 ? '' : ` (and ${rejected.length - 1} more, above)`
  return inputError(code, `${message}${others}`, {
    hint: first.hint,
    details: { name, file, line, column, rejected: rejected.length },
  })
}
