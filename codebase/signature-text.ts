// Types as text: their rows, their results, and what the checker prints made as people
// write it.

/** `signature` with the abilities that the definition may perform: `(url: string) ->{Http, Log} string`. */
export function withRow(signature: string | null, row: readonly string[]): string | null {
  if (row.length === 0 || signature === null || (!signature.startsWith('(') && !signature.startsWith('<')))
    return signature
  return signature
    .split('\n')
    .map((line) => rowed(line, row))
    .join('\n')
}

function rowed(line: string, row: readonly string[]): string {
  const arrow = arrowIndex(line)
  const abilities = `->{${row.join(', ')}}`
  if (arrow < 0) return `${line} ${abilities}`
  return `${line.slice(0, arrow)}${abilities} ${resultOfComputation(line.slice(arrow + 3))}`
}

/** Where `=> ` of the outermost function stands. */
export function arrowIndex(line: string): number {
  let depth = 0
  for (let i = 0; i < line.length; i++) {
    if ('([{<'.includes(line[i]!)) depth++
    else if (line.startsWith('=>', i) && depth === 0) return i
    else if (')]}'.includes(line[i]!) || (line[i] === '>' && line[i - 1] !== '=')) depth--
  }
  return -1
}

/** Of `Generator<…, R>` and `Computation<…, R>`, what is returned in the end. */
function resultOfComputation(type: string): string {
  const match = /^(?:Generator|AsyncGenerator|Computation|Iterator)<(.*)>$/s.exec(type)
  return (match && splitTypes(match[1]!)[1]) ?? type
}

/** The parts of a list at its top level. */
export function splitTypes(list: string, separator: ',' | '|' = ','): string[] {
  const types = ['']
  let depth = 0
  for (const [i, character] of list.split('').entries()) {
    if ('([{<'.includes(character)) depth++
    if (')]}'.includes(character) || (character === '>' && list[i - 1] !== '=')) depth--
    if (character === separator && depth === 0) types.push('')
    else types[types.length - 1] += character
  }
  return types.map((type) => type.trim())
}

/** `type` with what TypeScript infers of a generator that performs as a computation, and layout as people write it. */
export function tidyType(type: string): string {
  const line = type.replaceAll(/"(?:[^"\\]|\\.)*"|; }/g, (found) => (found === '; }' ? ' }' : found))
  const arrow = line.startsWith('(') || line.startsWith('<') ? arrowIndex(line) : -1
  if (arrow < 0) return line
  const result = line.slice(arrow + 3)
  return line.slice(0, arrow + 3) + (computationOf(result) ?? result)
}

/** `Generator<Performs<"A"> | Performs<"B">, R, unknown>` as `Computation<"A" | "B", R>`. */
function computationOf(result: string): string | undefined {
  const match = /^Generator<(.*)>$/s.exec(result)
  const [yielded, returned] = match ? splitTypes(match[1]!) : []
  if (yielded === undefined || returned === undefined) return undefined
  const parts = splitTypes(yielded, '|')
  const names = parts.flatMap((part) => /^(?:Performs|Row)<(.*)>$/s.exec(part)?.[1] ?? [])
  if (names.length < parts.length) return undefined
  names.sort((a, b) => (a < b ? -1 : 1))
  const results = new Set(splitTypes(returned, '|'))
  return `Computation<${names.join(' | ')}, ${[...results].join(' | ')}>`
}
