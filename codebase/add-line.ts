// The line at the top of a file that says how it is added: `// ucm add FILE --at math --as f=stats.g`.
// `ucm edit` writes it, and `ucm add FILE` alone then gives the names that it gives.

/** Where the definitions of a file go. */
export interface AddLine {
  readonly at?: string
  /** Own name → name below `at`, where the two differ. */
  readonly as: ReadonlyMap<string, string>
}

const LINE = /^\/\/ ucm add (.+)/

/** What the first line of a source text says. */
export function readAddLine(text: string): AddLine {
  const words = LINE.exec(text)?.[1]?.trim().split(/\s+/) ?? []
  let at: string | undefined
  const as = new Map<string, string>()
  for (const [index, word] of words.entries()) {
    const option = words[index - 1]
    if (option === '--at') at = word
    const equals = word.indexOf('=')
    if (option === '--as' && equals > 0) as.set(word.slice(0, equals), word.slice(equals + 1))
  }
  return { as, ...(at !== undefined && { at }) }
}

/** The line for `file`. */
export function writeAddLine(file: string, { at, as }: AddLine): string {
  const options = [...as].map(([own, name]) => ` --as ${own}=${name}`)
  return `// ucm add ${file}${at === undefined || at === '' ? '' : ` --at ${at}`}${options.join('')}`
}
