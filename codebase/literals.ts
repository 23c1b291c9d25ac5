// Literal values as JavaScript text, in ASCII where text allows it and on one line.

/** A string literal. */
export function stringLiteral(text: string): string {
  return escapeLineTerminators(JSON.stringify(text))
}

/** A numeric literal of a number without a sign. */
export function numberLiteral(value: number): string {
  return value === Number.POSITIVE_INFINITY ? '1e400' : String(value)
}

/** What stands between the substitutions of a template for `text` to come out. */
export function templateText(text: string): string {
  // JSON escapes control characters and lone surrogates as templates do.
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return escapeLineTerminators(escaped.replace(/`|\$(?=\{)/g, '\\$&'))
}

/** Whether `name` can stand after a dot or as a key without quotes. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name)
}

/** Whether `key` is written `[0]` rather than `["0"]`: the same property, found faster. */
export function isSmallIndex(key: string): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(key)
}

function escapeLineTerminators(text: string): string {
  return text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}
