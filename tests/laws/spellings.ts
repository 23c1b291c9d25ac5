// The laws of spelling by name: each says how a file may read otherwise and mean the same.

import { braced, parenthesised, recommaed, regrouped, unparenthesised } from './forms.ts'
import { loosened, tightened, withCarriageReturns } from './layout.ts'
import { respelledLiterals, respelledNames } from './literals.ts'
import { type Edit, edited, type Random, type Syntax, syntaxOf } from './text.ts'

export type Spelling = (syntax: Syntax, random: Random) => readonly Edit[]

export const SPELLINGS: Readonly<Record<string, Spelling>> = {
  'line breaks and comments between tokens': loosened,
  'no comments, no layout': tightened,
  'line breaks of another system': withCarriageReturns,
  'quotes, escapes and digits': respelledLiterals,
  'keys and members': respelledNames,
  parentheses: parenthesised,
  'no parentheses': unparenthesised,
  'braces and empty statements': braced,
  'groups of statements and declarations': regrouped,
  'commas and new': recommaed,
}

/** A text spelt otherwise. @throws Error when the new text is no module: the spelling is wrong, not the text */
export function respelled(text: string, file: string, spelling: Spelling, random: Random): string {
  let syntax: Syntax
  try {
    syntax = syntaxOf(text, file)
  } catch {
    return text // refused as it is, and as it stays
  }
  const result = edited(text, spelling(syntax, random))
  try {
    syntaxOf(result, file)
  } catch (error) {
    const at = (error as { pos?: number }).pos ?? 0
    throw new Error(`${file}: ${String(error)} at …${result.slice(Math.max(0, at - 60), at + 40)}…`, {
      cause: error,
    })
  }
  return result
}
