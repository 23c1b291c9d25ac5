// A short text for any value, for messages of failed assertions.

export function show(value, depth = 0) {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return '[function]'
  if (typeof value !== 'object' || value === null)
    return Object.is(value, -0) ? '-0' : String(value) + (typeof value === 'bigint' ? 'n' : '')
  if (value instanceof Error) return `[${value.name}: ${value.message}]`
  if (value instanceof Date) return `Date(${value.getTime()})`
  if (depth > 3) return '…'
  if (Array.isArray(value))
    return `[${value
      .slice(0, 20)
      .map((item) => show(item, depth + 1))
      .join(', ')}]`
  if (value instanceof Map || value instanceof Set)
    return `{${[...value].map((item) => show(item, depth + 1))}}`
  const entries = Object.entries(value).slice(0, 20)
  return `{ ${entries.map(([key, item]) => `${key}: ${show(item, depth + 1)}`).join(', ')} }`
}
