export function isEqual(a: unknown, b: unknown, strict: boolean): boolean
