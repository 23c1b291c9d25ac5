// docs/limits.md, made from the four files that hold every bound. Run as a program it writes the page.

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
export const LIMITS_PAGE = path.join(root, 'docs/limits.md')

const FILES = [
  'codebase/limits.ts',
  'abilities/limits.ts',
  'executor/limits.ts',
  'executor/network/network-limits.ts',
]

/** The text of the exported object `title`. */
function objectText(text: string, title: string): string {
  const start = text.search(new RegExp(`^export const ${title}\\b`, 'm'))
  return text.slice(start, text.indexOf('\n})', start))
}

/** The doc comment that stands before `name`, on one line; the one before it when fields share a comment. */
function documentation(text: string, name: string): string {
  const field = new RegExp(
    `\\/\\*\\*((?:(?!\\*\\/)[\\s\\S])*)\\*\\/\\s*(?:[^\\n]*\\n\\s*)??(?:export const |readonly )?${name}\\b`,
  )
  return (field.exec(text)?.[1] ?? '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
}

const show = (value: number): string => value.toLocaleString('en-US')

function rows(text: string, title: string, value: unknown): string[] {
  if (typeof value === 'number') return [`| \`${title}\` | ${show(value)} | ${documentation(text, title)} |`]
  if (typeof value !== 'object' || value === null) return []
  const own = objectText(text, title)
  return Object.entries(value)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(
      ([name, bound]) =>
        `| \`${title}.${name}\` | ${show(bound)} | ${documentation(own, name) || documentation(text, name)} |`,
    )
}

/** The page as it should be. */
export async function limitsPage(): Promise<string> {
  const parts = [
    '# Limits',
    '',
    'Made from the files named below; `node tests/support/limits-page.ts` writes it anew.',
    '',
  ]
  for (const file of FILES) {
    const text = readFileSync(path.join(root, file), 'utf8')
    const module = (await import(path.join(root, file))) as Record<string, unknown>
    const found = Object.entries(module).flatMap(([title, value]) => rows(text, title, value))
    parts.push(`## ${file}`, '', '| bound | value | what it bounds |', '|---|---|---|', ...found, '')
  }
  return parts.join('\n')
}

if (import.meta.main) writeFileSync(LIMITS_PAGE, await limitsPage())
